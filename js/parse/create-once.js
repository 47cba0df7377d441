// @ts-check
"use strict";

/**
 * A row that exists once over all nodes.
 *
 * Parse has no unique index for an app's own classes, but `_Idempotency.reqId` is one, on every database: whoever creates the row
 * there may create the other, the rest wait for it to appear.
 */

const { isParseError, DUPLICATE_VALUE } = require("./rest.js");

/** How long a node may hold the lock; one that died with it is succeeded after that. */
const LOCK_MILLISECONDS = 30_000;
const ROUNDS = 100;
const PAUSE_MILLISECONDS = 50;

/**
 * Finds the row, or creates it exactly once.
 * @param {import("./rest.js").Rest} rest
 * @param {string} className
 * @param {Record<string, string>} key the fields that name it
 * @param {object} initial its other fields at creation
 * @returns {Promise<any>} the row
 * @throws {Error} if another node holds the lock for too long
 */
async function createOnce(rest, className, key, initial) {
  // A character that no HTTP header can hold: the class has the ids of clients' requests as well.
  const name = `two-factor•${className}:${Object.values(key).join(":")}`;
  for (let round = 0; round < ROUNDS; round += 1) {
    const row = await find(rest, className, key);
    if (row) return row;
    const lock = await acquire(rest, name);
    if (lock) {
      try {
        // Looked up again under the lock: the one before us may have created it since.
        const there = await find(rest, className, key);
        if (there) return there;
        const fields = { ...key, ...initial };
        const created = await rest("POST", `classes/${className}`, fields);
        return { ...fields, ...created };
      } finally {
        await rest("DELETE", `classes/_Idempotency/${lock}`).catch(() => {});
      }
    }
    await pause();
  }
  throw new Error(`${className} could not be created: its lock is taken`);
}

/**
 * @param {import("./rest.js").Rest} rest
 * @param {string} className
 * @param {Record<string, string>} key
 */
async function find(rest, className, key) {
  const { results } = await rest("GET", `classes/${className}`, {
    where: key,
    order: "createdAt,objectId",
    limit: 1,
  });
  return results[0];
}

/**
 * @param {import("./rest.js").Rest} rest
 * @param {string} name
 * @returns {Promise<string | undefined>} the lock's id, if we have it
 */
async function acquire(rest, name) {
  const now = Date.now();
  try {
    const lock = await rest("POST", "classes/_Idempotency", {
      reqId: name,
      expire: date(now + LOCK_MILLISECONDS),
    });
    return lock.objectId;
  } catch (error) {
    if (!isParseError(error, DUPLICATE_VALUE)) throw error;
  }
  // PostgreSQL keeps expired rows; whoever destroys this one only opens the race for the next.
  const { results } = await rest("GET", "classes/_Idempotency", {
    where: { reqId: name, expire: { $lt: date(now) } },
    limit: 1,
  });
  for (const { objectId } of results) {
    await rest("DELETE", `classes/_Idempotency/${objectId}`).catch(() => {});
  }
  return undefined;
}

/** @param {number} time in milliseconds since 1970 */
function date(time) {
  return { __type: "Date", iso: new Date(time).toISOString() };
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
}

module.exports = { createOnce, find };
