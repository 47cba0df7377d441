// @ts-check
"use strict";

/**
 * What a sign-in is founded on in the user's row, as a digest: password, providers, ACL, number and sender, and where codes go by mail the address. The core compares it, so that
 * a change of any of them voids the sign-ins that began before it, whatever becomes of the process that makes the change.
 *
 * Parse's REST API does not show a password's hash, so the row is read where Parse's own sign-in reads it.
 */

const { createHash } = require("node:crypto");
const { wasm } = require("../core.js");
const { emailOf, numberOf, senderOf } = require("./column.js");
const server = require("./server.js");

/**
 * @typedef {Pick<import("../environment.js").Environment, "columns" | "defaultCountry" | "sendsCodesByMail">} Reading how numbers are found and read, and whether the address counts
 */

/**
 * @param {any} row of `_User`, as the database controller gives it
 * @param {Reading} reading
 * @returns {string}
 */
function basisOf(row, { columns, defaultCountry, sendsCodesByMail }) {
  // A number in another form is the same number.
  const same = (/** @type {string} */ text) =>
    wasm.readNumber(text, defaultCountry, []) ?? text;
  const { password, authData, ACL, email } = row;
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
    same(numberOf(row[columns.phoneNumber])),
    same(senderOf(row[columns.from])),
    ...(sendsCodesByMail ? [emailOf(email).toLowerCase()] : []),
  ];
  return createHash("sha256").update(JSON.stringify(founded)).digest("hex");
}

/** @param {any[]} one @param {any[]} other */
function byName([one], [other]) {
  return one < other ? -1 : Number(one > other);
}

/**
 * @param {Reading & Pick<import("../environment.js").Environment, "Parse">} environment
 * @param {string} user
 * @returns {Promise<string | undefined>} `undefined` if there is no such user
 * @throws {Error} where this server does not show its database
 */
async function readBasis(environment, user) {
  const row = await readRow(environment.Parse, user);
  return row && basisOf(row, environment);
}

/**
 * @param {any} Parse
 * @param {string} user
 * @returns {Promise<any>} the row as the database controller gives it
 * @throws {Error} where this server does not show its database
 */
async function readRow(Parse, user) {
  const config = server.config(Parse);
  if (!config) throw new Error("Parse Server does not show its database");
  return (await config.database.find("_User", { objectId: user }, {}))[0];
}

module.exports = { basisOf, readBasis, readRow };
