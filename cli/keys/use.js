// @ts-check
"use strict";

/**
 * What depends on a key: the factors sealed and the recovery codes hashed with it. Trusted browsers are counted apart, because they only ask
 * for the second factor once more without it.
 */

const { wasm } = require("../../js/core.js");
const { plural } = require("../output.js");

const { accounts } = require("../users/orphans.js");

/** @typedef {{ factors: number, recoveryCodes: number, devices: number, users: number }} Use */

/** @returns {Use} */
const unused = () => ({ factors: 0, recoveryCodes: 0, devices: 0, users: 0 });

/**
 * What depends on each key, over all users, read a page at a time. What is left of users who are gone depends on nothing.
 * @param {import("../server.js").Server} server
 * @returns {Promise<{ uses: Map<string, Use>, orphans: number }>} by key id; and how many accounts are left without their user
 */
async function usesOf(server) {
  const uses = new Map();
  let orphans = 0;
  for await (const { row, isOrphan } of accounts(server)) {
    if (isOrphan) {
      orphans += 1;
      continue;
    }
    for (const { kid, ...use } of wasm.keyUse(row)) {
      const sum = uses.get(kid) ?? unused();
      sum.factors += use.factors;
      sum.recoveryCodes += use.recoveryCodes;
      sum.devices += use.devices;
      if (use.factors + use.recoveryCodes > 0) sum.users += 1;
      uses.set(kid, sum);
    }
  }
  return { uses, orphans };
}

/** @param {Use} use */
function amount({ factors, recoveryCodes, users }) {
  return `${plural(factors, "factor")} and ${plural(recoveryCodes, "recovery code")} of ${plural(users, "user")}`;
}

module.exports = { usesOf, unused, amount };
