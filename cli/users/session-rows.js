// @ts-check
"use strict";

/**
 * The rows of `_Session` of a user, who may be gone.
 */

/** How many sessions one look finds. */
const PAGE = 100;

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
    // Not the first short page: Parse Server's option `maxLimit` cuts each of them.
    if (results.length === 0) return sessions;
    sessions.push(...results.map(sessionOf));
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

module.exports = { endAll, list };
