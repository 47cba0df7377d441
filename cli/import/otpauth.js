// @ts-check
"use strict";

const readline = require("node:readline");
const { CliError } = require("../cli-error.js");
const { isEmpty, read } = require("../key-lines.js");
const { plural, shown, table } = require("../output.js");
const { find, USER_FLAGS } = require("../users/find.js");
const { explained } = require("./reasons.js");

/**
 * @typedef {import("../server.js").Server} Server
 *
 * @typedef {object} Line what became of a line, or in a dry run would become. None of the secret is in it.
 * @property {number} line its number
 * @property {string} [user] as the line names the user
 * @property {string[]} [added] methods
 * @property {string} [refused] why the secret was not taken
 * @property {string} [failed] why the line could not be carried out
 */

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "import otpauth [--by id|username|email] [--dry-run] < FILE",
  summary: "take authenticator apps over from elsewhere",
  help: `Reads lines USER otpauth://… from standard input, and gives each secret to its user as an enrolled authenticator app, under which login asks for
its codes from then on. It also reads what export writes. Empty lines, and lines that begin with #, are skipped. Secrets never stand in
arguments: the list of processes shows those.

USER is an objectId, a user name or an e-mail address. A user may choose another one's objectId as a name, so what means two users is
refused: --by says which it is in all lines. A USER that begins with white space, a quotation mark or # stands as a JSON string.
Only SHA-1, 6 digits and 30 s are taken, in base32, from 112 bits on. The app's name in the URI becomes the factor's label.
A user of Parse Server's own adapter mfa goes first by import parse-mfa. Each line is carried out by itself, and running it again adds
nothing twice. Each import is an event (factor-enrolled, "imported totp").

The secrets travel in calls with the master key. So the URL has to be https, or of this machine, and the command refuses while Parse
Server's log prints the parameters of Cloud functions, or whole requests. doctor says what to set. Mind what else logs bodies in between.
--dry-run sends the secrets as well, changes nothing, and says what would be done.

Exit code 1 if a line was not imported.

Example:
  npx parse-two-factor import otpauth --by email --dry-run < secrets.txt`,
  flags: { "dry-run": { type: "boolean" }, by: { type: "string" } },
  takes: [0, 0],
  async run({ flags, server: connection }) {
    const { by } = flags;
    if (by !== undefined && !Object.hasOwn(USER_FLAGS, by)) {
      throw new CliError(
        `--by takes one of ${Object.keys(USER_FLAGS).join(", ")}.`,
      );
    }
    const server = connection();
    mustBePrivate(server);
    mustNotBeLogged(await server.health());
    const dryRun = Boolean(flags["dry-run"]);
    /** @type {Line[]} */
    const lines = [];
    for (const { number, text } of await fromStandardInput()) {
      lines.push({
        line: number,
        ...(await carriedOut(server, text, by, dryRun)),
      });
    }
    const left = lines.filter(({ added }) => !added);
    return {
      code: left.length > 0 || lines.length === 0 ? 1 : 0,
      json: { dryRun, lines },
      text: report(lines, dryRun),
    };
  },
};

/** @param {Server} server */
function mustBePrivate(server) {
  if (server.isPrivate) return;
  throw new CliError(
    "The secrets would travel in clear. Give the server's URL with https://, or run this on the server's own machine, with a URL of localhost. Nothing was read.",
  );
}

/**
 * What the server says of its log, of whichever node answers.
 * @param {any} health
 */
function mustNotBeLogged({ logged, logsRequests, logLevels, quietest }) {
  const nothing = "Nothing was read.";
  if (!Array.isArray(logged) || typeof logsRequests !== "boolean") {
    throw new CliError(
      `The server does not say what Parse Server's log prints, so the secrets might stand in it: an older version of parse-two-factor runs on it, or Parse Server is bundled. ${nothing}`,
    );
  }
  if (logsRequests) {
    throw new CliError(
      `Parse Server's log prints whole requests, and the secrets would stand in it: set logLevel: 'info', leave out verbose and the variable VERBOSE, and restart. ${nothing}`,
    );
  }
  const printed = logged.filter((name) => /^cloudFunction/.test(name));
  if (printed.length === 0) return;
  if (logLevels === false) {
    throw new CliError(
      `Parse Server's log prints the parameters of Cloud functions, and this Parse Server has no logLevels to turn that off. Run the import by a Parse Server 6 or newer that uses the same database. ${nothing}`,
    );
  }
  const settings = printed.map((name) => `${name}: '${quietest}'`).join(", ");
  throw new CliError(
    `Parse Server's log prints the parameters of Cloud functions, and the secrets would stand in it: set logLevels: { ${settings} }, and restart. ${nothing}`,
  );
}

/** @returns {Promise<{ number: number, text: string }[]>} the lines that say something */
async function fromStandardInput() {
  const { stdin } = process;
  if (stdin.isTTY) {
    throw new CliError(
      "Hand the lines in by standard input, so that no secret stands on the screen: import otpauth < FILE. Nothing was read.",
    );
  }
  const lines = [];
  let number = 0;
  for await (const text of readline.createInterface({ input: stdin })) {
    number += 1;
    if (!isEmpty(text)) lines.push({ number, text });
  }
  return lines;
}

/**
 * Goes on where one line fails, so that it holds up nobody else.
 * @param {Server} server
 * @param {string} text
 * @param {string | undefined} by
 * @param {boolean} dryRun
 * @returns {Promise<Omit<Line, "line">>}
 */
async function carriedOut(server, text, by, dryRun) {
  const said = read(text);
  if (typeof said === "string") return { failed: `${said}.` };
  const { user, secret, profile, label } = said;
  try {
    const { objectId } = await find(
      server,
      by ? [] : [user],
      by ? { [by]: user } : {},
    );
    if (await isInParses(server, objectId)) {
      return { user, failed: IN_PARSES };
    }
    const params = { userId: objectId, secret, profile, label, dryRun };
    const { added, refused } = await server.run("importTwoFactor", params);
    return refused ? { user, refused } : { user, added };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { user, failed: error.message };
  }
}

const IN_PARSES =
  "Parse Server's own adapter mfa has a second factor of this user, who could sign in nowhere with one here as well. Run import parse-mfa first.";

/**
 * Whether there is something to move from Parse Server's own adapter.
 * @param {Server} server
 * @param {string} userId
 */
async function isInParses(server, userId) {
  const params = { userId, dryRun: true };
  const { added, refused } = await server.run("importTwoFactor", params);
  return Boolean(refused) || added.length > 0;
}

/**
 * @param {Line[]} lines
 * @param {boolean} dryRun
 */
function report(lines, dryRun) {
  const rows = lines.map(({ line, user, ...of }) => [
    `line ${line}`,
    shown(user),
    outcome(of, dryRun),
  ]);
  const added = lines.filter((line) => line.added?.length).length;
  const done = dryRun
    ? "would be imported. Nothing was changed"
    : "imported. Delete the file with the secrets";
  return `${table(rows)}\n\n${plural(added, "authenticator app")} ${done}.`.trimStart();
}

/**
 * @param {Omit<Line, "line" | "user">} of
 * @param {boolean} dryRun
 */
function outcome({ added, refused, failed }, dryRun) {
  if (refused) return explained(refused, "otpauth");
  if (!added) return `not imported: ${shown(failed)}`;
  if (added.length === 0) return "there already";
  return dryRun ? "would be imported" : "imported";
}
