// @ts-check
"use strict";

/**
 * What depends on a key: the factors sealed and the recovery codes hashed with it. Trusted browsers are counted apart, because they only ask
 * for the second factor once more without it.
 */

const { wasm } = require("../../js/core.js");
const { plural } = require("../output.js");

/** @typedef {{ factors: number, recoveryCodes: number, devices: number, users: number }} Use */

/** @returns {Use} */
const unused = () => ({ factors: 0, recoveryCodes: 0, devices: 0, users: 0 });

/**
 * What depends on each key, over all users, read a page at a time.
 * @param {import("../server.js").Server} server
 * @returns {Promise<Map<string, Use>>} by key id
 */
async function usesOf(server) {
  const uses = new Map();
  for await (const row of server.rows(
    "TwoFactorAccount",
    "authenticators,devices",
  )) {
    for (const { kid, ...use } of wasm.keyUse(row)) {
      const sum = uses.get(kid) ?? unused();
      sum.factors += use.factors;
      sum.recoveryCodes += use.recoveryCodes;
      sum.devices += use.devices;
      if (use.factors + use.recoveryCodes > 0) sum.users += 1;
      uses.set(kid, sum);
    }
  }
  return uses;
}

/** @param {Use} use */
function amount({ factors, recoveryCodes, users }) {
  return `${plural(factors, "factor")} and ${plural(recoveryCodes, "recovery code")} of ${plural(users, "user")}`;
}

module.exports = { usesOf, unused, amount };
