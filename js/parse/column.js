// @ts-check
"use strict";

const { storedLinks } = require("./links.js");

/**
 * A column's value as text, whatever its type: a number stored as a Number is still a number to check. An object may have a `toString`
 * that is no function, so JSON shows it.
 * @param {unknown} value
 * @returns {string | null}
 */
function asText(value) {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * How much of each column enters the core, in UTF-16 units. A client can store megabytes in a column, and memory that WebAssembly once grew to
 * is never given back. Each is longer than anything that works, so that no cut turns a bad value into a good one: the core reads 40 characters of a number, a
 * sender of Twilio's has 34, a language tag 35 (RFC 5646 §4.4.1), an address 254 (RFC 5321 §4.5.3.1.3).
 */
const LONGEST = {
  username: 1024,
  number: 64,
  sender: 64,
  locale: 35,
  email: 320,
};

/**
 * @template {string | null} T
 * @param {T} text
 * @param {number} longest
 * @returns {T}
 */
function cut(text, longest) {
  return text === null ? text : /** @type {T} */ (text.slice(0, longest));
}

/**
 * What the core wants to know of a user's row.
 * @param {any} row
 * @param {Pick<import("../environment.js").Environment, "columns" | "emptyColumn">} environment
 * @returns {import("../core.js").User}
 */
function factsOf(row, { columns, emptyColumn }) {
  const locale = row[columns.locale];
  return {
    id: row.objectId,
    username: cut(asText(row.username), LONGEST.username),
    phoneNumber: cut(asText(row[columns.phoneNumber]), LONGEST.number),
    from: cut(asText(row[columns.from]), LONGEST.sender),
    email: cut(asText(row.email), LONGEST.email),
    emailVerified: row.emailVerified === true,
    locale: cut(typeof locale === "string" ? locale : null, LONGEST.locale),
    links: storedLinks(row.authData),
    isMisplaced: emptyColumn !== undefined && numberOf(row[emptyColumn]) !== "",
  };
}

/**
 * The number that a save sets; empty where it removes it.
 * @param {unknown} value
 * @returns {string}
 */
function numberOf(value) {
  return cut(asText(value) ?? "", LONGEST.number);
}

/**
 * The sender that a save sets; empty where it removes it.
 * @param {unknown} value
 * @returns {string}
 */
function senderOf(value) {
  return cut(asText(value) ?? "", LONGEST.sender);
}

/**
 * The e-mail address that a save sets; empty where it removes it.
 * @param {unknown} value
 * @returns {string}
 */
function emailOf(value) {
  return cut(asText(value) ?? "", LONGEST.email);
}

module.exports = { emailOf, factsOf, numberOf, senderOf };
