// @ts-check
"use strict";

/**
 * How long the event trail is kept. A few rows go at the start and as new ones come, so there is neither a timer nor a job to set up. The
 * limits `eventDays` and `eventDaysAfterDeletion` are the core's; it has checked them.
 */

const { wasm } = require("./core.js");
const { isParseError, NOT_FOUND } = require("./parse/rest.js");
const { erase, PATH } = require("./trail.js");

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Rows that one look removes or changes. As long as some are left, each new row brings a look: they go faster than they come. */
const AT_MOST = 16;

/** From one look to the next, once nothing is left. What is kept for days may stay for an hour more. */
const PAUSE = HOUR;

/** What was under way at a deletion may still write entries. No challenge and no session's answer takes longer. */
const AFTER_A_DELETION = HOUR;

class Retention {
  #rest;
  #clock;
  #limits;
  /** When the last look was. */
  #lookedAt = -Infinity;
  /** Whether it may have left something. */
  #hasMore = false;
  /** Deletions before this moment have been seen to. */
  #erasedUntil = 0;

  /**
   * @param {import("./parse/rest.js").Rest} rest
   * @param {() => number} clock
   * @param {any} limits those that the app gave
   */
  constructor(rest, clock, limits) {
    this.#rest = rest;
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * After a new entry: a look now and then, and with each entry as long as something is left. It never fails, as a later one tries again.
   */
  async entryAdded() {
    const isDue = Math.abs(this.#clock() - this.#lookedAt) >= PAUSE;
    if (this.#hasMore || isDue) await this.sweep();
  }

  /** Removes a few entries that are old, and erases what is personal in a few of deleted users. */
  async sweep() {
    this.#lookedAt = this.#clock();
    try {
      const hasOld = await this.#removeOld();
      const hasDeleted = await this.#eraseOfDeleted();
      this.#hasMore = hasOld || hasDeleted;
    } catch {
      this.#hasMore = false;
    }
  }

  /**
   * A limit in days. The core has those that the app did not give.
   * @param {"eventDays" | "eventDaysAfterDeletion"} name
   * @returns {number}
   */
  #days(name) {
    const isThat = (/** @type {{ name: string }} */ limit) =>
      limit.name === name;
    return this.#limits?.[name] ?? wasm.defaultLimits().find(isThat)?.value;
  }

  /** @returns {Promise<boolean>} whether there may be more */
  async #removeOld() {
    const before = this.#clock() - this.#days("eventDays") * DAY;
    const { results } = await this.#rest("GET", PATH, {
      where: { at: { $lt: before } },
      keys: "objectId",
      order: "at",
      limit: AT_MOST,
    });
    for (const { objectId } of results) {
      try {
        await this.#rest("DELETE", `${PATH}/${objectId}`);
      } catch (error) {
        // Another node was faster.
        if (!isParseError(error, NOT_FOUND)) throw error;
      }
    }
    // Parse Server's option `maxLimit` may find fewer than asked for, so what is not nothing may not be all.
    return results.length > 0;
  }

  /**
   * A deletion's own entry is emptied last: as long as something stands in it, the user's others are to be looked at. Only its part of the
   * trail is read that no look has been through, because there is no index over `what`.
   * @returns {Promise<boolean>} whether there may be more
   */
  async #eraseOfDeleted() {
    const what = "user-deleted";
    const until = this.#clock() - this.#days("eventDaysAfterDeletion") * DAY;
    const { results } = await this.#rest("GET", PATH, {
      where: {
        what,
        at: { $gte: this.#erasedUntil, $lte: until },
        about: { $exists: true },
      },
      keys: "user,at",
      order: "at",
      limit: AT_MOST,
    });
    let left = AT_MOST;
    for (const { objectId, user, at } of results) {
      // Where ids come back, what follows is somebody else's.
      const ofUser = { user, at: { $lte: at + AFTER_A_DELETION } };
      const others = { ...ofUser, what: { $ne: what } };
      for (;;) {
        const erased = await erase(this.#rest, others, left);
        left -= erased;
        if (left <= 0) return true;
        if (erased === 0) break;
      }
      left -= await erase(this.#rest, { objectId }, 1);
      this.#erasedUntil = at;
    }
    if (results.length > 0) return true;
    this.#erasedUntil = until;
    return false;
  }
}

exports.Retention = Retention;
