// @ts-check
"use strict";

const { CliError } = require("../cli-error.js");
const { shown } = require("../output.js");

/** How a user may be named: the flag, and the column that it is looked for in. */
const COLUMNS = /** @type {const} */ ({
  id: "objectId",
  username: "username",
  email: "email",
});

/** The options of a command that concerns one user. */
const USER_FLAGS = Object.fromEntries(
  Object.keys(COLUMNS).map((flag) => [
    flag,
    { type: /** @type {const} */ ("string") },
  ]),
);

/** For the help of such a command. */
const USER_HELP = `USER is an objectId, a user name or an e-mail address. A user may choose another one's objectId as a name, so what means two users is
refused: --id, --username or --email in its place says which it is.`;

/**
 * The one user who is meant.
 * @param {import("../server.js").Server} server
 * @param {readonly string[]} args
 * @param {Record<string, any>} flags
 * @returns {Promise<{ objectId: string, username?: string }>}
 * @throws {CliError} if there is none, or more than one
 */
async function find(server, [wanted], flags) {
  const given = Object.entries(COLUMNS).filter(
    ([flag]) => flags[flag] !== undefined,
  );
  if (given.length + (wanted === undefined ? 0 : 1) !== 1) {
    throw new CliError(
      "Name one user: USER, --id ID, --username NAME or --email ADDRESS.",
    );
  }
  const [flag] = given[0] ?? [];
  const text = flag ? flags[flag] : wanted;
  const columns = given.length > 0 ? given : Object.entries(COLUMNS);
  const where = { $or: columns.map(([, column]) => ({ [column]: text })) };
  /** @type {any[]} */
  const results = [];
  for await (const page of server.pages(
    "_User",
    "objectId,username,email",
    where,
  )) {
    results.push(...page);
  }
  if (results.length === 1) return results[0];
  const names = columns.map(([, column]) => NAMES[column]).join(", ");
  if (results.length === 0) {
    throw new CliError(
      `There is no user with this ${names}: "${shown(text)}".`,
      1,
    );
  }
  const meant = results.map((/** @type {any} */ user) => {
    const by = columns.filter(([, column]) => user[column] === text);
    const flags = by.map(([flag]) => `--${flag}`).join(" or ");
    return `${user.objectId} (${flags})`;
  });
  throw new CliError(
    `"${shown(text)}" means ${results.length} users: ${meant.join(", ")}. Make sure which one it is, and give one of these options in its place.`,
    1,
  );
}

/** @type {Record<string, string>} */
const NAMES = {
  objectId: "objectId",
  username: "username",
  email: "e-mail address",
};

module.exports = { find, USER_FLAGS, USER_HELP };
