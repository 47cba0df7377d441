// @ts-check
"use strict";

const { CliError } = require("../cli-error.js");
const { confirm } = require("../confirm.js");
const { plural, shown, table } = require("../output.js");
const { explained } = require("./reasons.js");

/**
 * @typedef {import("../server.js").Server} Server
 *
 * @typedef {object} Line what became of a user, or in a dry run would become
 * @property {string} user
 * @property {string[]} added methods
 * @property {boolean} cleared whether Parse's adapter keeps nothing of the user any more
 * @property {string} [refused] why the user was left as is
 * @property {string} [failed] the server's words, where it could not be done
 */

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "import parse-mfa [--dry-run] [--user ID]",
  summary: "move users from Parse Server's own MFA adapter",
  help: `Moves the users of Parse Server's own adapter mfa, one after the other, while it is still configured: first the factor is stored
sealed, then authData.mfa is set to null. From then on login asks that user for the second factor, and Parse's own sign-in refuses (4010):
change your clients first. Run it again after an interruption: it repairs who was in between, and adds nothing twice.

Authenticator apps with SHA-1, 6 digits and 30 s go on with the secret that they have. Numbers are written in E.164. Recovery codes are not
imported: users make new ones (newRecoveryCodes). Who cannot be imported is named with the reason and what to do, and keeps Parse's
adapter. No secret crosses the wire: the server reads it in its own process. Each import is an event (factor-enrolled, "imported totp").

--dry-run changes nothing and says what would be done. --user ID moves one user, by objectId.
The command says when nobody is left. Take mfa out of Parse Server's option auth only then: without the adapter, Parse Server answers
sign-ins of those who are left with 500.

Exit code 1 if somebody is left.

Example:
  npx parse-two-factor import parse-mfa --dry-run`,
  flags: { "dry-run": { type: "boolean" }, user: { type: "string" } },
  takes: [0, 0],
  async run({ flags, server: connection }) {
    const server = connection();
    await server.health();
    const planned =
      flags.user === undefined
        ? await everybody(server)
        : [await importOne(server, flags.user, true)];
    const isDry = Boolean(flags["dry-run"]);
    const lines = isDry ? planned : await importAll(server, planned);
    const next = await server.run("importTwoFactor", { dryRun: true });
    const isEmpty = next.user === null;
    const left = lines.filter(({ refused, failed }) => refused ?? failed);
    const json = { dryRun: isDry, users: lines, empty: isEmpty };
    const code = left.length > 0 || (!isDry && !isEmpty) ? 1 : 0;
    return { code, json, text: report(lines, isDry, isEmpty) };
  },
};

/**
 * Everybody of whom Parse's adapter keeps something, with what an import would do.
 * @param {Server} server
 */
async function everybody(server) {
  /** @type {Line[]} */
  const lines = [];
  for (;;) {
    const after = lines.at(-1)?.user;
    const params = { dryRun: true, ...(after !== undefined && { after }) };
    const line = await server.run("importTwoFactor", params);
    if (line.user === null) return lines;
    lines.push(line);
  }
}

/**
 * Goes on where one user fails, so that one bad row holds up nobody else.
 * @param {Server} server
 * @param {Line[]} planned
 */
async function importAll(server, planned) {
  const movable = planned.filter(({ refused }) => !refused);
  if (movable.length > 0) {
    await confirm(
      `This moves ${plural(movable.length, "user")} from Parse Server's own adapter. From then on login asks them for the second factor.`,
    );
  }
  const lines = [];
  for (const plan of planned) {
    lines.push(plan.refused ? plan : await importOne(server, plan.user, false));
  }
  return lines;
}

/**
 * @param {Server} server
 * @param {string} userId
 * @param {boolean} dryRun
 * @returns {Promise<Line>}
 */
async function importOne(server, userId, dryRun) {
  try {
    return await server.run("importTwoFactor", { userId, dryRun });
  } catch (error) {
    if (!(error instanceof CliError) || dryRun) throw error;
    const failed = `${error.message} Run the command again.`;
    return { user: userId, added: [], cleared: false, failed };
  }
}

/**
 * @param {Line[]} lines
 * @param {boolean} isDry
 * @param {boolean} isEmpty whether no row has authData.mfa any more
 */
function report(lines, isDry, isEmpty) {
  const rows = lines.map((line) => [line.user, said(line, isDry)]);
  const moved = lines.filter(({ refused, failed }) => !refused && !failed);
  const end = isEmpty
    ? "No row has authData.mfa any more: now take mfa out of Parse Server's option auth."
    : isDry
      ? "Nothing was changed. Leave Parse Server's adapter mfa configured until nobody is left."
      : "Rows with authData.mfa are left: leave Parse Server's adapter mfa configured, and run this again.";
  const count = `${plural(moved.length, "user")} ${isDry ? "would be moved" : "moved"}.`;
  return `${table(rows)}\n\n${count} ${end}`.trimStart();
}

/**
 * @param {Line} line
 * @param {boolean} isDry
 */
function said({ added, cleared, refused, failed }, isDry) {
  if (refused) return explained(refused, "parse-mfa");
  if (failed) return shown(failed);
  const what = added.join(", ") || "nothing to add";
  if (isDry) return `would be moved: ${what}`;
  return cleared ? `moved: ${what}` : "nothing there";
}
