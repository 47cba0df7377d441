#!/usr/bin/env node
// @ts-check
"use strict";

/**
 * The operator's command: `npx parse-two-factor`. It speaks to a running Parse Server by its URL with the master key, and looks at the
 * folder it is called in.
 */

const { parseArgs } = require("node:util");
const { version } = require("../package.json");
const { toJson } = require("./output.js");
const { Trouble } = require("./trouble.js");
const { connect } = require("./server.js");

/**
 * @typedef {object} Context
 * @property {string[]} args what the command takes
 * @property {Record<string, any>} flags its own options
 * @property {() => import("./server.js").Server} server connects, or says what is missing
 * @property {NodeJS.ProcessEnv} env
 * @property {string} folder where it was called
 *
 * @typedef {object} Outcome
 * @property {0 | 1 | 2} code
 * @property {object} json
 * @property {string} text
 *
 * @typedef {object} Command
 * @property {string} usage
 * @property {string} summary
 * @property {string} help
 * @property {Record<string, { type: "boolean" | "string" }>} [flags]
 * @property {[number, number]} takes the least and the most arguments
 * @property {(context: Context) => Outcome | Promise<Outcome>} run
 */

/** @type {Record<string, Command>} */
const COMMANDS = {
  doctor: require("./doctor.js"),
  ...require("./users.js"),
  ...require("./keys.js"),
  policy: require("./policy.js"),
};

const CONNECTION = `Environment:
  PARSE_SERVER_URL             where Parse is mounted: https://example.com/parse
  PARSE_SERVER_APPLICATION_ID  the app's id
  PARSE_SERVER_MASTER_KEY      the master key; it has no flag, as flags stand in the list of processes

Options:
  --url URL      in place of PARSE_SERVER_URL
  --app-id ID    in place of PARSE_SERVER_APPLICATION_ID
  --json         one JSON object on standard output, for programs
  --help         this text; after a command, that command's`;

const EXIT_CODES = `Exit codes:
  0  all is well, or done
  1  something to look at: a warning, a key that is still needed or missing, a disabled or unknown user
  2  a check failed, the server could not be asked, or the command was not understood`;

const OPTIONS = /** @type {const} */ ({
  url: { type: "string" },
  "app-id": { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
});

/** @param {string} [name] */
function help(name) {
  const command = name ? COMMANDS[name] : undefined;
  if (command) {
    return `Usage: parse-two-factor ${command.usage}\n\n${command.help.trim()}\n\n${CONNECTION}\n\n${EXIT_CODES}\n`;
  }
  const shown = Object.values(COMMANDS).filter(
    ({ usage }) => !name || usage.startsWith(`${name} `),
  );
  const width = Math.max(...shown.map(({ usage }) => usage.length));
  const lines = shown.map(
    ({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`,
  );
  return `Usage: parse-two-factor COMMAND

For whoever runs an app with parse-two-factor: looks at a deployment, unlocks users, keeps the keys.

${lines.join("\n")}

  parse-two-factor help COMMAND says more, with an example.

${CONNECTION}

${EXIT_CODES}
`;
}

/**
 * The command that the words name: its name is one word or two.
 * @param {string[]} words
 * @returns {{ name: string, args: string[] }}
 */
function find(words) {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(" ");
    if (Object.hasOwn(COMMANDS, name))
      return { name, args: words.slice(length) };
  }
  const group = Object.keys(COMMANDS).filter((name) =>
    name.startsWith(`${words[0]} `),
  );
  const known = group.length > 0 ? group : Object.keys(COMMANDS);
  throw new Trouble(
    `There is no command "${words.join(" ")}". There are: ${known.join(", ")}. See parse-two-factor --help.`,
  );
}

/**
 * @param {string[]} argv
 * @returns {Promise<Outcome & { asJson: boolean }>}
 */
async function main(argv) {
  const flags = Object.assign(
    {},
    ...Object.values(COMMANDS).map((command) => command.flags ?? {}),
  );
  const { values, positionals } = parse(argv, { ...OPTIONS, ...flags });
  const asJson = Boolean(values.json);
  if (values.version) return said(version, { version });
  if (positionals[0] === "help" || values.help || positionals.length === 0) {
    const words = positionals.filter((word) => word !== "help");
    const isGroup = Object.keys(COMMANDS).some((name) =>
      name.startsWith(`${words[0]} `),
    );
    const name =
      words.length === 1 && isGroup && !COMMANDS[words[0]]
        ? words[0]
        : words.length > 0
          ? find(words).name
          : undefined;
    return said(help(name), { help: help(name) });
  }

  const { name, args } = find(positionals);
  const command = COMMANDS[name];
  const [least, most] = command.takes;
  if (args.length < least || args.length > most) {
    throw new Trouble(`Usage: parse-two-factor ${command.usage}`);
  }
  for (const flag of Object.keys(flags)) {
    if (values[flag] !== undefined && !(flag in (command.flags ?? {}))) {
      throw new Trouble(
        `"${name}" has no option --${flag}. Usage: parse-two-factor ${command.usage}`,
      );
    }
  }
  const outcome = await command.run({
    args,
    flags: values,
    server: () => connect(values, process.env),
    env: process.env,
    folder: process.cwd(),
  });
  return { ...outcome, asJson };

  /**
   * @param {string} text
   * @param {object} json
   */
  function said(text, json) {
    return { code: /** @type {const} */ (0), text, json, asJson };
  }
}

/**
 * @param {string[]} argv
 * @param {any} options
 * @returns {{ values: Record<string, any>, positionals: string[] }}
 */
function parse(argv, options) {
  try {
    return parseArgs({ args: argv, options, allowPositionals: true });
  } catch (/** @type {any} */ error) {
    if (!String(error?.code).startsWith("ERR_PARSE_ARGS")) throw error;
    throw new Trouble(`${error.message} See parse-two-factor --help.`);
  }
}

main(process.argv.slice(2)).then(
  ({ code, text, json, asJson }) => {
    const out = asJson ? toJson(json) : text;
    process.stdout.write(`${out.trimEnd()}\n`);
    process.exitCode = code;
  },
  (error) => {
    const known = error instanceof Trouble;
    // A bug of ours: its place helps, and none of what is called here keeps a secret in an error.
    process.stderr.write(
      `parse-two-factor: ${known ? error.message : (error?.stack ?? error)}\n`,
    );
    process.exitCode = known ? error.exitCode : 2;
  },
);
