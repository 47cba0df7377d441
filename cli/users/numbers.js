// @ts-check
"use strict";

const { wasm } = require("../../js/core.js");
const { DEFAULTS } = require("../../js/parse/columns.js");
const { confirm } = require("../confirm.js");
const { plural, shown, table } = require("../output.js");

/**
 * @typedef {object} Found
 * @property {string} userId
 * @property {string | null} username
 * @property {string} stored as the column has it
 * @property {string | null} reading what it is in E.164, if it can be read in one way
 * @property {boolean} reached whether codes go to it
 */

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "numbers [--fix]",
  summary: "numbers in phone_number that codes cannot reach",
  help: `Lists the values of the column phone_number (another one, if the option columns names it) that no code can be sent to: what is no number, and numbers of countries that the option
countries leaves out. It also lists those that are not written in E.164, with what they are read as.
With --fix those that can be read in one way are written in E.164. The command lists them first, and asks on a terminal. It changes no other
value: correct the rest by hand, with the master key. A sign-in that is under
way with such a number goes on. Whether a number is in service only the provider knows.

Exit code 1 if there are users whom no code reaches.

Example:
  npx parse-two-factor numbers --fix`,
  flags: { fix: { type: "boolean" } },
  takes: [0, 0],
  async run({ flags, server: connection }) {
    const server = connection();
    const health = await server.health();
    const column = (health.columns ?? DEFAULTS).phoneNumber;
    const found = await look(server, column, health);
    const fixable = found.filter(({ reading }) => reading);
    const fixed =
      flags.fix && fixable.length > 0 ? await fix(server, column, fixable) : [];
    const unreached = found.filter(({ reached }) => !reached);
    const json = { numbers: found, fixed: fixed.map(({ userId }) => userId) };
    return {
      code: unreached.length > 0 ? 1 : 0,
      json,
      text: report(found, unreached.length, fixed.length, flags.fix),
    };
  },
};

/**
 * The numbers that are not in E.164, or that no code goes to.
 * @param {import("../server.js").Server} server
 * @param {string} column
 * @param {{ defaultCountry: string | null, countries: string[] }} settings
 */
async function look(server, column, { defaultCountry, countries }) {
  /** @type {Found[]} */
  const found = [];
  for await (const row of server.rows("_User", `username,${column}`)) {
    const stored = textOf(row[column]);
    if (stored === "") continue;
    const country = defaultCountry ?? undefined;
    const number = wasm.readNumber(stored, country, []);
    const reached = wasm.readNumber(stored, country, countries) !== undefined;
    if (number === stored && reached) continue;
    // A column of another type takes no text.
    const isText = typeof row[column] === "string";
    found.push({
      userId: row.objectId,
      username: row.username ?? null,
      stored,
      reading: isText && number !== stored ? (number ?? null) : null,
      reached,
    });
  }
  return found;
}

/** @param {unknown} value */
function textOf(value) {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * @param {import("../server.js").Server} server
 * @param {string} column
 * @param {Found[]} fixable
 * @returns {Promise<Found[]>} those that were written
 */
async function fix(server, column, fixable) {
  const rows = fixable.map(({ userId, username, stored, reading }) => [
    userId,
    shown(username),
    stored,
    `-> ${reading}`,
  ]);
  await confirm(
    `${table(rows)}\n${plural(rows.length, "number")} will be written in E.164.`,
  );
  const fixed = [];
  for (const one of fixable) {
    const path = `/users/${encodeURIComponent(one.userId)}`;
    const row = await server.request("GET", path, {
      query: { keys: column },
    });
    // The user was faster.
    if (row[column] !== one.stored) continue;
    await server.request("PUT", path, { body: { [column]: one.reading } });
    fixed.push(one);
  }
  return fixed;
}

/**
 * @param {Found[]} found
 * @param {number} unreached
 * @param {number} fixed
 * @param {boolean} asked
 */
function report(found, unreached, fixed, asked) {
  if (found.length === 0) {
    return "Every number is in E.164, and codes may go to it.";
  }
  const rows = found.map(({ userId, username, stored, reading, reached }) => [
    userId,
    shown(username),
    stored,
    reading ? `is ${reading}` : "",
    reached ? "" : "no code can be sent to it",
  ]);
  const done = asked
    ? `${plural(fixed, "number")} written in E.164.`
    : "--fix writes those that are read as a number in E.164.";
  return `${table(rows)}\n\n${plural(unreached, "number")} that no code can be sent to. ${done}`;
}
