// @ts-check
"use strict";

const { DEFAULTS } = require("../../js/parse/columns.js");
const { table } = require("../output.js");
const { accounts } = require("../users/orphans.js");
const { since } = require("./since.js");

const DAY = 86_400_000;

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "stats [--since TIME]",
  summary: "how many users have what, and what happened how often",
  help: `Counts the users with a number in phone_number (another column, if the option columns names it), with each kind of enrolled factor, with recovery codes and with a trusted browser; and
the entries of the event trail of the last thirty days by what happened, by which method and with which outcome.
--since TIME is some time ago (90m, 24h, 7d) or a date (2026-11-24).

Example:
  npx parse-two-factor stats --since 7d --json`,
  flags: { since: { type: "string" } },
  takes: [0, 0],
  async run({ flags, server: connection }) {
    const server = connection();
    const { now, columns } = await server.health();
    const from = since(flags.since, now, now - 30 * DAY);
    const users = await usersOf(server, (columns ?? DEFAULTS).phoneNumber);
    const events = await eventsOf(server, from);
    const rows = [
      ...Object.entries(users).map(([what, count]) => [what, String(count)]),
      ["", ""],
      ...events.map(({ what, method, outcome, count }) => [
        [what, method, outcome || undefined].filter(Boolean).join(" "),
        String(count),
      ]),
    ];
    const json = { since: new Date(from).toISOString(), users, events };
    return { code: 0, json, text: table(rows) };
  },
};

/**
 * How many users have what.
 * @param {import("../server.js").Server} server
 * @param {string} column of the number
 */
async function usersOf(server, column) {
  const enrolled = { enrolled: 0, totp: 0, sms: 0, email: 0, webauthn: 0 };
  let [recoveryCodes, trustedBrowsers] = [0, 0];
  for await (const { row, isOrphan } of accounts(server)) {
    if (isOrphan) continue;
    const elements = row.authenticators ?? [];
    const confirmed = new Set(
      elements.map((/** @type {any} */ { confirmed }) => confirmed),
    );
    const methods = new Set(
      elements
        .map((/** @type {any} */ { factor }) => factor)
        .filter(
          (/** @type {any} */ factor) => factor && confirmed.has(factor.id),
        )
        .map((/** @type {any} */ { method }) => method),
    );
    for (const method of /** @type {const} */ ([
      "totp",
      "sms",
      "email",
      "webauthn",
    ])) {
      if (methods.has(method)) enrolled[method] += 1;
    }
    if (methods.size > 0) enrolled.enrolled += 1;
    if (elements.some((/** @type {any} */ { recoveryCode }) => recoveryCode)) {
      recoveryCodes += 1;
    }
    if (row.devices?.length > 0) trustedBrowsers += 1;
  }
  const all = await count(server, "_User", { objectId: { $exists: true } });
  const number = await withNumber(server, column);
  return { users: all, number, ...enrolled, recoveryCodes, trustedBrowsers };
}

/**
 * @param {import("../server.js").Server} server
 * @param {string} column
 */
async function withNumber(server, column) {
  // A database that has no such column answers a query for it with an error of its own.
  const { fields } = await server.request("GET", "/schemas/_User");
  if (!fields[column]) return 0;
  return count(server, "_User", { [column]: { $exists: true, $ne: "" } });
}

/**
 * What happened how often.
 * @param {import("../server.js").Server} server
 * @param {number} from
 * @returns {Promise<{ what: string, method: string | null, outcome: number, count: number }[]>}
 */
async function eventsOf(server, from) {
  /** @type {Map<string, { what: string, method: string | null, outcome: number, count: number }>} */
  const counts = new Map();
  const columns = "at,what,method,outcome";
  const where = { at: { $gte: from } };
  for await (const page of server.pages("TwoFactorEvent", columns, where)) {
    for (const { what, method = null, outcome = 0 } of page) {
      const key = `${what} ${method} ${outcome}`;
      const sum = counts.get(key) ?? { what, method, outcome, count: 0 };
      sum.count += 1;
      counts.set(key, sum);
    }
  }
  return [...counts.keys()]
    .sort()
    .map((key) => /** @type {any} */ (counts.get(key)));
}

/**
 * @param {import("../server.js").Server} server
 * @param {string} className
 * @param {object} where not empty: PostgreSQL only estimates how many there are of all
 * @returns {Promise<number>}
 */
async function count(server, className, where) {
  const { count } = await server.request("GET", `/classes/${className}`, {
    query: { where, count: 1, limit: 0 },
  });
  return count;
}
