// @ts-check
"use strict";

const { plural, shown, table } = require("../output.js");
const { find, USER_FLAGS, USER_HELP } = require("./find.js");
const { endAll, list } = require("./session-rows.js");

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "sessions USER [--end]",
  summary: "a user's sessions, or the end of all of them",
  help: `Lists a user's sessions: since when, until when, and how each was opened. No token is shown.
With --end all of them end: the user is signed out everywhere and signs in again. That is also what to do after the event sessions-ended
with the outcome 4022: a change of a factor was to end the other sessions, and some were left. Other nodes may honor an ended session
for as long as Parse Server's cacheTTL, five seconds by default.
${USER_HELP}
Exit code 1 if sessions are left after --end.

Example:
  npx parse-two-factor sessions --username ada --end`,
  flags: { end: { type: "boolean" }, ...USER_FLAGS },
  takes: [0, 1],
  async run({ args, flags, server: connection }) {
    const server = connection();
    await server.health();
    const { objectId, username } = await find(server, args, flags);
    const who = `${objectId} ${shown(username)}`.trimEnd();
    const user = { userId: objectId, username: username ?? null };
    if (!flags.end) {
      const sessions = await list(server, objectId);
      const text = `${who}: ${plural(sessions.length, "session")}.\n${table(sessions.map(line))}`;
      return { code: 0, json: { ...user, sessions }, text };
    }
    const { ended, left } = await endAll(server, objectId);
    const text =
      left === 0
        ? `${who}: ${plural(ended, "session")} ended, none left.`
        : `${who}: ${plural(ended, "session")} ended, ${left} left. Call this again.`;
    return { code: left === 0 ? 0 : 1, json: { ...user, ended, left }, text };
  },
};

/** @param {import("./session-rows.js").Session} session */
function line({ id, createdAt, endsAt, openedBy, installation }) {
  return [
    id,
    `since ${createdAt}`,
    endsAt ? `until ${endsAt}` : "without end",
    openedBy ?? "",
    installation ?? "",
  ];
}
