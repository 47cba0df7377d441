// @ts-check
"use strict";

const { CliError } = require("../cli-error.js");
const { plural, table } = require("../output.js");
const { find, USER_FLAGS, USER_HELP } = require("../users/find.js");
const { since } = require("./since.js");

const DAY = 86_400_000;

/** Entries of one query. */
const PAGE = 500;

/** What an entry has, as it is printed. */
const COLUMNS = /** @type {const} */ ([
  "at",
  "what",
  "user",
  "method",
  "outcome",
  "address",
  "about",
]);

/** @typedef {{ [K in typeof COLUMNS[number]]: string | number | null }} Entry */

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "events [USER] [--since TIME] [--json | --csv]",
  summary: "the event trail, of all users or of one",
  help: `Prints the entries of the event trail, the oldest first: when, what, whose, by which method, with which outcome (0, or the code of the
refusal), from which address, and about what. Of all users it prints those of the last day, of one user all that are kept.
--since TIME is some time ago (90m, 24h, 7d) or a date (2026-11-24, 2026-11-24T12:00Z).
--csv prints them for a table, with a line of names. What a table would take for a formula has an apostrophe in front.
${USER_HELP}
Of a user who was deleted, give the objectId.

Example:
  npx parse-two-factor events --username ada --since 7d`,
  flags: {
    since: { type: "string" },
    csv: { type: "boolean" },
    ...USER_FLAGS,
  },
  takes: [0, 1],
  async run({ args, flags, server: connection }) {
    if (flags.csv && flags.json) throw new CliError("Say --json or --csv.");
    const server = connection();
    const { now } = await server.health();
    const isOfOne =
      args.length > 0 ||
      Object.keys(USER_FLAGS).some((flag) => flags[flag] !== undefined);
    const from = since(flags.since, now, isOfOne ? 0 : now - DAY);
    const user = isOfOne ? await idOf(server, args, flags) : undefined;
    const events = await list(server, user, from);
    const text = flags.csv ? csv(events) : plain(events);
    return { code: 0, json: { events }, text };
  },
};

/**
 * The id of the user who is meant; of one who is gone as long as the trail has entries under it.
 * @param {import("../server.js").Server} server
 * @param {string[]} args
 * @param {Record<string, any>} flags
 * @returns {Promise<string>}
 */
async function idOf(server, args, flags) {
  try {
    return (await find(server, args, flags)).objectId;
  } catch (error) {
    const id = args[0] ?? flags.id;
    if (!(error instanceof CliError) || id === undefined) throw error;
    const { results } = await server.request("GET", "/classes/TwoFactorEvent", {
      query: { where: { user: id }, keys: "user", limit: 1 },
    });
    const users = await server.request("GET", "/users", {
      query: { where: { objectId: id }, keys: "objectId" },
    });
    if (results.length === 0 || users.results.length > 0) throw error;
    return id;
  }
}

/**
 * @param {import("../server.js").Server} server
 * @param {string | undefined} user
 * @param {number} from
 * @returns {Promise<Entry[]>} the oldest first
 */
async function list(server, user, from) {
  /** @type {any[]} */
  const rows = [];
  for (;;) {
    const last = rows.at(-1);
    const { results } = await server.request("GET", "/classes/TwoFactorEvent", {
      query: {
        where: {
          ...(user !== undefined && { user }),
          ...(last ? after(last) : { at: { $gte: from } }),
        },
        order: "at,objectId",
        keys: COLUMNS.join(","),
        limit: PAGE,
      },
    });
    // Not the first short page: Parse Server's option `maxLimit` cuts each of them.
    if (results.length === 0) return rows.map(entryOf);
    rows.push(...results);
  }
}

/** @param {{ at: number, objectId: string }} row the last of a page */
function after({ at, objectId }) {
  return { $or: [{ at: { $gt: at } }, { at, objectId: { $gt: objectId } }] };
}

/**
 * @param {any} row
 * @returns {Entry}
 */
function entryOf(row) {
  const entry = COLUMNS.map((column) => [column, row[column] ?? null]);
  return { ...Object.fromEntries(entry), at: new Date(row.at).toISOString() };
}

/** @param {Entry[]} events */
function plain(events) {
  const rows = events.map((event) =>
    COLUMNS.map((column) => String(event[column] ?? "")),
  );
  return `${table(rows)}\n\n${plural(events.length, "event")}.`.trimStart();
}

/** As of RFC 4180, with every cell in quotes. @param {Entry[]} events */
function csv(events) {
  const lines = events.map((event) =>
    COLUMNS.map((column) => cell(event[column])).join(","),
  );
  return [COLUMNS.join(","), ...lines].join("\n");
}

/**
 * Where a program for tables may find a formula: at the start of a text, of a line, and after what separates cells in another country. It
 * looks past white space and what is not seen, and full-width signs are signs to some.
 */
const FORMULA = /(^|[;\t\n\r])(?=[\s\p{Cc}\p{Cf}]*[=+\-@|＝＋－＠])/gu;

/**
 * Labels are what users wrote, and a table must not run them.
 * @param {string | number | null} value
 */
function cell(value) {
  const tame = String(value ?? "").replace(FORMULA, "$1'");
  return `"${tame.replaceAll('"', '""')}"`;
}
