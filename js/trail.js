// @ts-check
"use strict";

/**
 * What can lead to a person in the event trail: addresses, number endings, labels of factors and browsers, and what a session is looked up
 * by. The server erases them some days after a user's deletion, and the operator's command at once.
 */

const PATH = "classes/TwoFactorEvent";

/** The columns. What happened, when, to which id and with which outcome stays, so that an attack can still be counted. */
const PERSONAL = ["address", "about", "session", "claim"];

/** A change that empties them. */
const EMPTIED = Object.fromEntries(
  PERSONAL.map((column) => [column, { __op: "Delete" }]),
);

/** Entries in which one of them holds something. */
const IS_PERSONAL = {
  $or: PERSONAL.map((column) => ({ [column]: { $exists: true } })),
};

/**
 * Erases what is personal in a few of these entries, the oldest first.
 * @param {import("./parse/rest.js").Rest} rest
 * @param {object} where
 * @param {number} atMost
 * @returns {Promise<number>} in how many; none is left once it was none, as Parse Server's option `maxLimit` may find fewer than asked for
 */
async function erase(rest, where, atMost) {
  const { results } = await rest("GET", PATH, {
    where: { ...where, ...IS_PERSONAL },
    keys: "objectId",
    order: "at",
    limit: atMost,
  });
  for (const { objectId } of results) {
    await rest("PUT", `${PATH}/${objectId}`, EMPTIED);
  }
  return results.length;
}

module.exports = { erase, IS_PERSONAL, PATH };
