// @ts-check
"use strict";

/**
 * What hangs on which key.
 */

const { wasm } = require("../js/core.js");
const { plural } = require("./output.js");

/** @typedef {{ factors: number, recoveryCodes: number, users: number }} Use */

/**
 * What hangs on each key, over all users, read a page at a time.
 * @param {import("./server.js").Server} server
 * @returns {Promise<Map<string, Use>>} by key id
 */
async function usesOf(server) {
  const uses = new Map();
  for await (const row of server.rows("TwoFactorAccount", "authenticators")) {
    for (const { kid, ...use } of wasm.keyUse(row)) {
      const sum = uses.get(kid) ?? { factors: 0, recoveryCodes: 0, users: 0 };
      sum.factors += use.factors;
      sum.recoveryCodes += use.recoveryCodes;
      sum.users += 1;
      uses.set(kid, sum);
    }
  }
  return uses;
}

/**
 * @param {string[]} ring
 * @param {string} kid
 */
function partOf(ring, kid) {
  const place = ring.indexOf(kid);
  return place < 0 ? "missing" : place === 0 ? "writes" : "reads";
}

/** @param {Use} use */
function amount({ factors, recoveryCodes, users }) {
  return `${plural(factors, "factor")} and ${plural(recoveryCodes, "recovery code")} of ${plural(users, "user")}`;
}

module.exports = { usesOf, partOf, amount };
