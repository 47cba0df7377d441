// @ts-check
"use strict";

/**
 * Effects that count: in rows of `TwoFactorWindow`, which are counters of one stretch of time, and over the event trail.
 */

const { createOnce } = require("../parse/create-once.js");

/** As many ids of window rows as are kept; the oldest goes first. */
const WINDOWS_KEPT = 1000;

/** @type {import("./index.js").Perform<"count">} */
async function count(
  { environment },
  { bucket: name, endsAt, counters, by: amount },
) {
  const { rest, windows } = environment;
  const bucket = `${name}:${endsAt}`;
  const id =
    windows.get(bucket) ?? (await createWindow(bucket, endsAt, environment));
  const change = Object.fromEntries(
    counters.map((counter) => [
      `counts.${counter}`,
      { __op: "Increment", amount },
    ]),
  );
  try {
    const { counts } = await rest(
      "PUT",
      `classes/TwoFactorWindow/${id}`,
      change,
    );
    return { counts: counters.map((name) => Math.max(0, counts[name])) };
  } catch (error) {
    windows.delete(bucket);
    throw error;
  }
}

/** @type {import("./index.js").Perform<"countEvents">} */
async function countEvents({ environment: { rest } }, { what, method, since }) {
  const where = { what: { $in: what }, method, at: { $gte: since } };
  const path = "classes/TwoFactorEvent";
  const { count } = await rest("GET", path, { where, count: 1, limit: 0 });
  return { counts: [count] };
}

/**
 * Finds or creates a window and remembers its id.
 * @param {string} bucket
 * @param {number} endsAt
 * @param {import("../environment.js").Environment} environment
 * @returns {Promise<string>} the row's id
 */
async function createWindow(bucket, endsAt, { rest, windows, clock }) {
  const initial = { endsAt, counts: {} };
  const row = await createOnce(rest, "TwoFactorWindow", { bucket }, initial);
  windows.set(bucket, row.objectId);
  if (windows.size > WINDOWS_KEPT) {
    windows.delete(/** @type {string} */ (windows.keys().next().value));
  }
  await sweep(rest, clock());
  return row.objectId;
}

/**
 * Removes a few windows that are over. It runs whenever a window is created, so they go twice as fast as they come.
 * @param {import("../parse/rest.js").Rest} rest
 * @param {number} now
 */
async function sweep(rest, now) {
  const over = await rest("GET", "classes/TwoFactorWindow", {
    where: { endsAt: { $lt: now - 3_600_000 } },
    keys: "objectId",
    limit: 2,
  });
  for (const { objectId } of over.results) {
    await rest("DELETE", `classes/TwoFactorWindow/${objectId}`).catch(() => {});
  }
}

module.exports = { count, countEvents };
