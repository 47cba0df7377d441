// @ts-check
"use strict";

/**
 * The commands by name. A name is one word or two.
 */

const { CliError } = require("./cli-error.js");

/**
 * @typedef {object} Context
 * @property {string[]} args the command's arguments
 * @property {Record<string, any>} flags the command's own options
 * @property {() => import("./server.js").Server} server the deployment that flags and environment name; throws if they name none
 * @property {NodeJS.ProcessEnv} env
 * @property {string} folder where the command was called
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
  doctor: require("./doctor/index.js"),
  status: require("./users/status.js"),
  reset: require("./users/reset.js"),
  forget: require("./users/forget.js"),
  sessions: require("./users/sessions.js"),
  numbers: require("./users/numbers.js"),
  "import parse-mfa": require("./import/parse-mfa.js"),
  "import otpauth": require("./import/otpauth.js"),
  export: require("./export.js"),
  devices: require("./users/devices.js"),
  events: require("./trail/events.js"),
  stats: require("./trail/stats.js"),
  "keys new": require("./keys/new.js"),
  "keys status": require("./keys/status.js"),
  "keys retire": require("./keys/retire.js"),
  policy: require("./policy.js"),
};

/** The options of all commands together: the parser of arguments has to know each of them. */
const FLAGS = Object.assign(
  {},
  ...Object.values(COMMANDS).map((command) => command.flags ?? {}),
);

/**
 * The command that the words name.
 * @param {string[]} words
 * @returns {{ name: string, args: string[] }}
 * @throws {CliError} if they name none
 */
function find(words) {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(" ");
    if (Object.hasOwn(COMMANDS, name)) {
      return { name, args: words.slice(length) };
    }
  }
  const group = inGroup(words[0]);
  const known = group.length > 0 ? group : Object.keys(COMMANDS);
  throw new CliError(
    `There is no command "${words.join(" ")}". There are: ${known.join(", ")}. See parse-two-factor --help.`,
  );
}

/**
 * The names of the commands whose first word of two this is.
 * @param {string} word
 */
function inGroup(word) {
  return Object.keys(COMMANDS).filter((name) => name.startsWith(`${word} `));
}

module.exports = { COMMANDS, FLAGS, find, inGroup };
