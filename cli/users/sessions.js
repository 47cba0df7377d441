// @ts-check
"use strict";

const { plural, shown, table } = require("../output.js");
const { find, USER_FLAGS, USER_HELP } = require("./find.js");

/** How many sessions one look finds. */
const PAGE = 100;

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

/**
 * @typedef {object} Session
 * @property {string} id
 * @property {string} createdAt
 * @property {string | null} endsAt
 * @property {string | null} openedBy how it was opened, as Parse Server says
 * @property {string | null} installation
 */

/**
 * @param {import("../server.js").Server} server
 * @param {string} user
 * @returns {Promise<Session[]>} all of them, the newest first
 */
async function list(server, user) {
  const sessions = [];
  for (;;) {
    const { results } = await server.request("GET", "/classes/_Session", {
      query: {
        where: { user: pointer(user) },
        order: "-createdAt,objectId",
        keys: "createdAt,expiresAt,createdWith,installationId",
        limit: PAGE,
        skip: sessions.length,
      },
    });
    sessions.push(...results.map(sessionOf));
    if (results.length < PAGE) return sessions;
  }
}

/**
 * @param {any} row
 * @returns {Session}
 */
function sessionOf(row) {
  const { action, authProvider } = row.createdWith ?? {};
  return {
    id: row.objectId,
    createdAt: row.createdAt,
    endsAt: row.expiresAt?.iso ?? null,
    openedBy: [action, authProvider].filter(Boolean).join(" ") || null,
    installation: row.installationId ?? null,
  };
}

/** @param {Session} session */
function line({ id, createdAt, endsAt, openedBy, installation }) {
  return [
    id,
    `since ${createdAt}`,
    endsAt ? `until ${endsAt}` : "without end",
    openedBy ?? "",
    installation ?? "",
  ];
}

/**
 * Ends what a look finds, until one finds nothing that was not tried.
 * @param {import("../server.js").Server} server
 * @param {string} user
 */
async function endAll(server, user) {
  /** @type {Set<string>} */
  const tried = new Set();
  let ended = 0;
  for (;;) {
    const sessions = await list(server, user);
    const untried = sessions.filter(({ id }) => !tried.has(id));
    if (untried.length === 0) return { ended, left: sessions.length };
    for (const { id } of untried) {
      tried.add(id);
      const path = `/classes/_Session/${id}`;
      const { status } = await server.send("DELETE", path);
      if (status < 300) ended += 1;
    }
  }
}

/** @param {string} user */
function pointer(user) {
  return { __type: "Pointer", className: "_User", objectId: user };
}
