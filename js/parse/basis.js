// @ts-check
"use strict";

/**
 * What a sign-in is founded on in the user's row, as a digest: password, providers, ACL, number and sender. The core compares it, so that
 * a change of any of them voids the sign-ins that began before it, whatever becomes of the process that makes the change.
 *
 * Parse's REST API does not show a password's hash, so the row is read where Parse's own sign-in reads it.
 */

const { createHash } = require("node:crypto");
const { numberOf, senderOf } = require("./column.js");
const server = require("./server.js");

/**
 * @param {any} row of `_User`, as the database controller gives it
 * @returns {string}
 */
function basisOf({ password, authData, ACL, phone_number, From }) {
  const providers = Object.entries(authData ?? {}).map(([name, data]) => [
    name,
    // Tokens may change with each sign-in.
    String(Object(data?.id) === data?.id ? typeof data.id : data?.id),
  ]);
  const access = Object.entries(ACL ?? {}).map(([who, may]) => [
    who,
    Boolean(may?.read),
    Boolean(may?.write),
  ]);
  const founded = [
    password ?? null,
    providers.sort(byName),
    ACL ? access.sort(byName) : null,
    numberOf(phone_number),
    senderOf(From),
  ];
  return createHash("sha256").update(JSON.stringify(founded)).digest("hex");
}

/** @param {any[]} one @param {any[]} other */
function byName([one], [other]) {
  return one < other ? -1 : Number(one > other);
}

/**
 * @param {any} Parse
 * @param {string} user
 * @returns {Promise<string | undefined>} `undefined` if there is no such user
 * @throws {Error} where this server does not show its database
 */
async function readBasis(Parse, user) {
  const row = await readRow(Parse, user);
  return row && basisOf(row);
}

/**
 * @param {any} Parse
 * @param {string} user
 * @returns {Promise<any>} the row as the database controller gives it
 */
async function readRow(Parse, user) {
  return (await find(Parse, { objectId: user }))[0];
}

/**
 * By id, of each user whom Parse may find by these. They are read before Parse checks a password: a digest that is read after that may be
 * of a password which nobody has checked.
 * @param {any} Parse
 * @param {{ username: string | null, email: string | null }} names
 * @returns {Promise<Map<string, string>>} empty where the server does not show them; then it lets nobody in
 */
async function readBases(Parse, { username, email }) {
  const both = [
    ...(username === null ? [] : [{ username }, { email: username }]),
    ...(email === null ? [] : [{ email }]),
  ];
  try {
    const rows = await find(Parse, { $or: both });
    return new Map(
      rows.map((/** @type {any} */ row) => [row.objectId, basisOf(row)]),
    );
  } catch {
    // A name that no database would hold, for one. What Parse says of it is the answer.
    return new Map();
  }
}

/**
 * @param {any} Parse
 * @param {object} where
 * @returns {Promise<any[]>}
 */
async function find(Parse, where) {
  const config = server.config(Parse);
  if (!config) throw new Error("Parse Server does not show its database");
  return config.database.find("_User", where, {});
}

module.exports = { basisOf, readBases, readBasis, readRow };
