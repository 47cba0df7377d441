// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const { endSessions } = require("../../js/effects/sessions");
const { Retention } = require("../../js/retention");

/** Parse Server's option `maxLimit`: it cuts every answer short, and says nothing. */
const MAX_LIMIT = 3;

const DAY = 86_400_000;

/** @param {any} row @param {any} where @returns {boolean} whether a row is one of those, as far as our queries go */
function matches(row, where) {
  return Object.entries(where).every(([column, wanted]) => {
    if (column === "$or") {
      return wanted.some((/** @type {any} */ one) => matches(row, one));
    }
    const value = row[column];
    if (Object(wanted) !== wanted) return value === wanted;
    const { $lt = Infinity, $lte = Infinity, $gte = -Infinity } = wanted;
    if ("$exists" in wanted) return (value !== undefined) === wanted.$exists;
    if ("$ne" in wanted) return value !== wanted.$ne;
    return value < $lt && value <= $lte && value >= $gte;
  });
}

/** @param {any[]} rows a class @returns {any} Parse's REST API over it */
function restOf(rows) {
  return async (
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {any} */ body,
  ) => {
    const at = rows.findIndex(({ objectId }) => path.endsWith(`/${objectId}`));
    if (method === "DELETE") rows.splice(at, 1);
    if (method === "PUT") {
      for (const column of Object.keys(body)) delete rows[at][column];
    }
    if (method !== "GET") return {};
    const found = rows.filter((row) => matches(row, body.where ?? {}));
    const most = Math.min(body.limit ?? 100, MAX_LIMIT);
    return { results: found.slice(0, most).map((row) => ({ ...row })) };
  };
}

describe("Where Parse Server cuts every answer short (maxLimit)", () => {
  test("Nothing personal stays in the trail of deleted users, however many entries and deletions there are.", async () => {
    const now = 100 * DAY;
    const rows = ["ada", "bob", "eve", "joe"].flatMap((user) =>
      Array.from({ length: 8 }, (_, nth) => ({
        objectId: `${user}${nth}`,
        user,
        what: nth === 7 ? "user-deleted" : "signed-in",
        at: DAY,
        address: "192.0.2.1",
        about: "by a session",
      })),
    );
    const limits = { eventDays: 400, eventDaysAfterDeletion: 30 };
    const retention = new Retention(restOf(rows), () => now, limits);
    // As many entries as come to the trail: each takes a look as long as something is left.
    for (let nth = 0; nth < 20; nth += 1) await retention.entryAdded();
    const personal = rows.filter(({ address, about }) => address ?? about);
    assert.deepEqual(personal, []);
    assert.equal(rows.length, 32, "what happened stays");
  });

  test("Entries that are too old go with the next ones, and not with those of the next hour.", async () => {
    const rows = Array.from({ length: 12 }, (_, nth) => ({
      objectId: `old${nth}`,
      user: "ada",
      what: "signed-in",
      at: DAY,
    }));
    const limits = { eventDays: 10, eventDaysAfterDeletion: 5 };
    const retention = new Retention(restOf(rows), () => 100 * DAY, limits);
    for (let nth = 0; nth < 5; nth += 1) await retention.entryAdded();
    assert.deepEqual(rows, []);
  });

  test("All sessions of a user end.", async () => {
    const rows = Array.from({ length: 50 }, (_, nth) => ({
      objectId: `s${nth}`,
    }));
    const rest = restOf(rows);
    const everything = /** @type {any} */ (
      (/** @type {string} */ method, /** @type {string} */ path) =>
        rest(method, path, { limit: 100 })
    );
    const reply = await endSessions(
      /** @type {any} */ ({ environment: { rest: everything, warn() {} } }),
      { do: "endSessions", user: "ada", but: undefined },
      new AbortController().signal,
    );
    assert.deepEqual(reply, { counted: { counts: [50, 0], opened: false } });
    assert.deepEqual(rows, []);
  });
});
