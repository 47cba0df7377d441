// @ts-check
"use strict";

/**
 * Effects that count: in rows of `TwoFactorWindow`, which are counters of one stretch of time, and over the event trail.
 */

const { createOnce } = require("../parse/create-once.js");
const { forDashboard } = require("../parse/dashboard-columns.js");

/** As many ids of window rows as are kept; the oldest goes first. */
const WINDOWS_KEPT = 1000;

/** @type {import("./index.js").Perform<"count">} */
async function count(
  { environment },
  { bucket: name, endsAt, counters, by: amount },
) {
  const { rest, windows } = environment;
  const bucket = `${name}:${endsAt}`;
  const known = windows.get(bucket);
  const id = known ?? (await createWindow(bucket, endsAt, environment));
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
    const values = counters.map((counter) => Math.max(0, counts[counter]));
    return { counted: { counts: values, opened: known === undefined } };
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
  return { counted: { counts: [count], opened: false } };
}

/** @type {import("./index.js").Perform<"sweepWindows">} */
async function sweepWindows(
  { environment: { rest } },
  { endedBefore, atMost },
) {
  const over = await rest("GET", "classes/TwoFactorWindow", {
    where: { endsAt: { $lt: endedBefore } },
    keys: "objectId",
    limit: atMost,
  });
  for (const { objectId } of over.results) {
    await rest("DELETE", `classes/TwoFactorWindow/${objectId}`).catch(() => {});
  }
  return "done";
}

/**
 * Finds or creates a window and remembers its id.
 * @param {string} bucket
 * @param {number} endsAt
 * @param {import("../environment.js").Environment} environment
 * @returns {Promise<string>} the row's id
 */
async function createWindow(bucket, endsAt, { rest, windows }) {
  const initial = { endsAt, counts: {}, ...forDashboard({}) };
  const row = await createOnce(rest, "TwoFactorWindow", { bucket }, initial);
  windows.set(bucket, row.objectId);
  if (windows.size > WINDOWS_KEPT) {
    windows.delete(/** @type {string} */ (windows.keys().next().value));
  }
  return row.objectId;
}

module.exports = { count, countEvents, sweepWindows };
