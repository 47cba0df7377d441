// @ts-check
"use strict";

/**
 * Keeps a trigger from ending the process.
 *
 * Once a trigger's handler has answered or refused, Parse Server (5 to 9) writes the trigger's object to its log and takes from it what
 * is to be saved, both outside of any `catch`. A value that cannot be written out (an invalid date, a file without an address inside an
 * object) then ends the process. The value may come from a save, or may have long been in the row: the authData of a sign-in reach the
 * row past every trigger, and so does whatever else writes to the database. Without a trigger Parse never looks, so whoever registers
 * one has to prevent this.
 */

/** Triggers after which Parse saves what it takes from the object. */
const SAVES = ["beforeSave"];

/**
 * A handler whose trigger ends no process, whatever its object holds.
 * @param {any} Parse
 * @param {import("./register.js").Handler} handler
 * @returns {import("./register.js").Handler}
 */
function guarded(Parse, handler) {
  return (/** @type {any} */ request) => {
    // Before anything is waited for: Parse also looks while a handler is under way.
    if (request.object) makeSafe(request.object);
    if (!SAVES.includes(request.triggerName)) return handler(request);
    return (async () => {
      refuseUnsaveable(Parse, request);
      const answer = await handler(request);
      // What the app's own handler has set is saved as well.
      refuseUnsaveable(Parse, request);
      return answer;
    })();
  };
}

/**
 * Gives an object ways to be written out that do not throw.
 * @param {any} object
 */
function makeSafe(object) {
  const { toJSON, _getSaveJSON } = object;
  /** @param {unknown} value */
  const own = (value) => ({ value, configurable: true, writable: true });
  Object.defineProperties(object, {
    toJSON: own((/** @type {any[]} */ ...args) => {
      try {
        return writable(toJSON.apply(object, args));
      } catch {
        return { objectId: object.id };
      }
    }),
    _getSaveJSON: own(() => {
      try {
        return writable(_getSaveJSON.call(object));
      } catch {
        // It counts every value that cannot be written as a changed one. What was asked to be changed has been looked at.
        return changes(object);
      }
    }),
  });
}

/**
 * @template T
 * @param {T} json
 * @returns {T} as it is
 * @throws {Error} if it is no JSON: nested too deep, say
 */
function writable(json) {
  JSON.stringify(json);
  return json;
}

/**
 * @param {any} object
 * @returns {Record<string, unknown>} what is to be changed, as Parse saves it
 * @throws {Error} if that cannot be written
 */
function changes(object) {
  const [pending] = object._getPendingOps();
  return writable(
    Object.fromEntries(
      Object.entries(pending).map(([name, change]) => [name, change.toJSON()]),
    ),
  );
}

/**
 * Refuses a save of a value that cannot be written. A value that stood in the row before does not stop the save, which leaves it out.
 * @param {any} Parse
 * @param {any} request a trigger's
 * @throws {Error} Parse's 111
 */
function refuseUnsaveable(Parse, { object, original }) {
  const isSound =
    succeeds(() => changes(object)) &&
    (isWritable(object) || (original && !isWritable(original)));
  if (isSound) return;
  throw new Parse.Error(111, "A value of the user cannot be saved.");
}

/**
 * @param {any} object
 * @returns {boolean} whether all of it can be written, in the way of its class
 */
function isWritable(object) {
  const { toJSON } = Object.getPrototypeOf(object);
  return succeeds(() => writable(toJSON.call(object)));
}

/** @param {() => unknown} attempt */
function succeeds(attempt) {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

module.exports = { guarded };
