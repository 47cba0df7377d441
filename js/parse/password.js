// @ts-check
"use strict";

/**
 * Whether a password is right, by Parse's own `/verifyPassword`, and what a sign-in with it is founded on.
 *
 * Parse shows nobody the hash that it compared the password with. A row that is read before that or after it may have another one, and a
 * sign-in would then be founded on a password that nobody has checked. So the call runs in process, and what is founded on is taken off
 * the very row that Parse finds its user by.
 */

const { basisOf } = require("./basis.js");
const { inProcess } = require("./in-process.js");
const server = require("./server.js");

/**
 * With the master key, so that neither protected fields nor a closed class hide the number from us.
 * @param {import("../environment.js").Environment} environment
 * @param {{ username?: string, email?: string, password: string }} credentials
 * @returns {Promise<{ row: any, basis: string | null, found?: object }>} the user's row, and the row that the password was right for, with what Parse hides of it; no basis where this server does not show its parts, and then it lets nobody in
 * @throws {Error} Parse's refusal
 */
async function verifyPassword(environment, credentials) {
  const { Parse, rest } = environment;
  const config = server.config(Parse);
  const call = inProcess(Parse);
  if (!config || !call) {
    const row = await rest("GET", "verifyPassword", credentials);
    return { row, basis: null };
  }
  /** @type {Map<string, any>} */
  const found = new Map();
  config.database = watched(config.database, (row) => {
    // Parse Server 9.10 reads the user once more, when the password has been checked. A copy, since Parse takes the hash off its row.
    if (!found.has(row.objectId)) found.set(row.objectId, { ...row });
  });
  const asMaster = { useMasterKey: true };
  const path = "/verifyPassword";
  const row = await call("GET", path, credentials, asMaster, config);
  const compared = found.get(row.objectId);
  const basis = compared ? basisOf(compared, environment) : null;
  return { row, basis, found: compared };
}

/**
 * A database that shows the rows of users that it finds.
 * @param {any} database
 * @param {(row: any) => void} see
 */
function watched(database, see) {
  const own = {
    /** @type {(className: string, ...more: any[]) => Promise<any[]>} */
    async find(className, ...more) {
      const rows = await database.find(className, ...more);
      if (className === "_User") rows.forEach(see);
      return rows;
    },
  };
  return Object.assign(Object.create(database), own);
}

module.exports = { verifyPassword };
