// @ts-check
"use strict";

/**
 * The operator's command: `npx parse-two-factor`. It talks to a running Parse Server by its URL with the master key, and looks at the
 * folder in which it is called.
 */

const { parseArgs } = require("node:util");
const { version } = require("../package.json");
const { CliError } = require("./cli-error.js");
const { COMMANDS, FLAGS, find } = require("./commands.js");
const { help } = require("./help.js");
const { printable, toJson } = require("./output.js");
const { Server } = require("./server.js");

const OPTIONS = /** @type {const} */ ({
  url: { type: "string" },
  "app-id": { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
});

/**
 * Carries out what the arguments ask for and prints the outcome.
 * @param {string[]} argv
 * @returns {Promise<0 | 1 | 2>} the exit code
 */
async function main(argv) {
  try {
    const { values, words } = parse(argv);
    const { code, text, json } = await carryOut(values, words);
    const output = values.json ? toJson(json) : printable(text);
    process.stdout.write(`${output.trimEnd()}\n`);
    return code;
  } catch (/** @type {any} */ error) {
    const known = error instanceof CliError;
    // Of a bug of ours the stack is printed, since its place helps. Nothing that is called here puts a secret into an error.
    process.stderr.write(
      printable(
        `parse-two-factor: ${known ? error.message : (error?.stack ?? error)}\n`,
      ),
    );
    return known ? error.exitCode : 2;
  }
}

/**
 * @param {Record<string, any>} values the options
 * @param {string[]} words everything else
 * @returns {Promise<import("./commands.js").Outcome>}
 */
async function carryOut(values, words) {
  if (values.version) return { code: 0, text: version, json: { version } };
  if (words[0] === "help" || values.help || words.length === 0) {
    const text = help(words.filter((word) => word !== "help"));
    return { code: 0, text, json: { help: text } };
  }
  const { name, args } = find(words);
  const command = COMMANDS[name];
  const [least, most] = command.takes;
  if (args.length < least || args.length > most) {
    throw new CliError(`Usage: parse-two-factor ${command.usage}`);
  }
  for (const flag of Object.keys(FLAGS)) {
    if (values[flag] !== undefined && !(flag in (command.flags ?? {}))) {
      throw new CliError(
        `"${name}" has no option --${flag}. Usage: parse-two-factor ${command.usage}`,
      );
    }
  }
  return command.run({
    args,
    flags: values,
    server: () => Server.named(values, process.env),
    env: process.env,
    folder: process.cwd(),
  });
}

/**
 * @param {string[]} argv
 * @returns {{ values: Record<string, any>, words: string[] }}
 * @throws {CliError} for an option that there is not
 */
function parse(argv) {
  try {
    const { values, positionals: words } = parseArgs({
      args: argv,
      options: { ...OPTIONS, ...FLAGS },
      allowPositionals: true,
    });
    return { values, words };
  } catch (/** @type {any} */ error) {
    if (!String(error?.code).startsWith("ERR_PARSE_ARGS")) throw error;
    throw new CliError(`${error.message} See parse-two-factor --help.`);
  }
}

module.exports = { main };
