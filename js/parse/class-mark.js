// @ts-check
"use strict";

/**
 * The mark that the state classes are ours.
 *
 * Parse Server gives a class that stands in `schema.definitions` our indexes and locks it, whoever made it, before we can look. Then nothing
 * about the class shows whether a client wrote its rows. No client can write to `_Idempotency`, and none can give a request the name of
 * this row: it holds a character that no HTTP header can.
 */

const { isParseError, DUPLICATE_VALUE } = require("./rest.js");

const NAME = "two-factor•classes";
/** Rows of this class end. This one does not. */
const NEVER = { __type: "Date", iso: "9999-12-31T00:00:00.000Z" };

/**
 * @param {import("./rest.js").Rest} rest
 * @returns {Promise<boolean>} whether we found the state classes in order once
 */
async function areMarked(rest) {
  const path = "classes/_Idempotency";
  const { results } = await rest("GET", path, { where: MARKED, limit: 1 });
  return results.length > 0;
}

/** @param {import("./rest.js").Rest} rest */
async function mark(rest) {
  try {
    await rest("POST", "classes/_Idempotency", { ...MARKED, expire: NEVER });
  } catch (error) {
    // Another node was quicker.
    if (!isParseError(error, DUPLICATE_VALUE)) throw error;
  }
}

/** The query for the mark. */
const MARKED = { reqId: NAME };

module.exports = { areMarked, mark, MARKED };
