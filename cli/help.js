// @ts-check
"use strict";

/**
 * What `--help` prints.
 */

const { COMMANDS, find, inGroup } = require("./commands.js");

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

/**
 * @param {string[]} words a command, the first word of several, or nothing
 * @returns {string}
 * @throws {import("./cli-error.js").CliError} if no command is called so
 */
function help(words) {
  if (words.length === 0) return helpOf(Object.keys(COMMANDS));
  const group = inGroup(words[0]);
  if (words.length === 1 && group.length > 0) return helpOf(group);
  const command = COMMANDS[find(words).name];
  return `Usage: parse-two-factor ${command.usage}\n\n${command.help.trim()}\n\n${CONNECTION}\n\n${EXIT_CODES}\n`;
}

/** @param {string[]} names of several commands */
function helpOf(names) {
  const shown = names.map((name) => COMMANDS[name]);
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

module.exports = { help };
