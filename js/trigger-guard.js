// @ts-check
"use strict";

/**
 * Keeps a trigger from ending the process.
 *
 * Around a trigger, Parse Server (5 to 9) writes the trigger's object to its log and takes from it what is to be saved, outside of any
 * `catch`: once the handler has answered or refused, and already when a validator refuses. LiveQuery does so as well. A value that cannot
 * be written out (an invalid date, a file without an address inside an object) then ends the process. The value may come from a save, or
 * may have long been in the row: the authData of a sign-in reach the row past every trigger, and so does whatever else writes to the
 * database. Without a trigger Parse never looks, so whoever registers one has to prevent this.
 */

/** Triggers after which Parse saves what it takes from the object. */
const SAVES = ["beforeSave"];

/** Marks what is wrapped already. */
const SAFE = Symbol("parse-two-factor");

/** While we look ourselves whether something can be written. */
let isStrict = false;

/**
 * Gives users ways to be written out that do not throw.
 * @param {any} Parse
 */
function keepWritable(Parse) {
  const { prototype } = Parse.User ?? {};
  const { toJSON, _getSaveJSON } = prototype ?? {};
  if (typeof toJSON !== "function" || toJSON[SAFE]) return;
  /**
   * @param {"toJSON" | "_getSaveJSON"} name
   * @param {Function} original
   * @param {(user: any) => unknown} otherwise
   */
  const wrap = (name, original, otherwise) => {
    /** @this {any} @param {any[]} args */
    function safe(...args) {
      if (isStrict) return original.apply(this, args);
      try {
        return writable(original.apply(this, args));
      } catch {
        return otherwise(this);
      }
    }
    const value = Object.assign(safe, { [SAFE]: true });
    const shape = { value, configurable: true, writable: true };
    Object.defineProperty(prototype, name, shape);
  };
  wrap("toJSON", toJSON, ({ id }) => ({ objectId: id }));
  // It counts every value that cannot be written as a changed one. What was asked to be changed has been looked at.
  wrap("_getSaveJSON", _getSaveJSON, changes);
}

/**
 * A handler after which Parse finds nothing to save that cannot be written.
 * @param {any} Parse
 * @param {import("./register.js").Handler} handler
 * @returns {import("./register.js").Handler}
 */
function guarded(Parse, handler) {
  return (/** @type {any} */ request) => {
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

/** @param {any} object */
function isWritable(object) {
  return succeeds(() => writable(object.toJSON()));
}

/** @param {() => unknown} attempt that waits for nothing */
function succeeds(attempt) {
  isStrict = true;
  try {
    attempt();
    return true;
  } catch {
    return false;
  } finally {
    isStrict = false;
  }
}

module.exports = { guarded, keepWritable };
