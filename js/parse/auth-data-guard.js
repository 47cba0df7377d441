// @ts-check
"use strict";

/**
 * Refuses a save of a user that reaches into `authData` by a path, as Parse Server 9 does.
 *
 * Parse asks a provider about the whole of `authData`. A part of it that is named by a path gets past that, on some versions only where
 * there is a trigger of saves, and ours is one. Once the trigger runs, nothing tells such a part from one that a provider has vouched for.
 */

const server = require("./server.js");

/** Parse's own, for a name that no column has. */
const INVALID_KEY_NAME = 105;

/** Marks what is guarded already. */
const GUARDED = Symbol("parse-two-factor");

/**
 * @param {any} Parse
 */
function guardAuthData(Parse) {
  const exports = server.running(Parse, "RestWrite.js");
  const prototype = (exports?.default ?? exports)?.prototype;
  const original = prototype?.runBeforeSaveTrigger;
  if (!original || original[GUARDED]) return;
  /** @this {any} */
  function runBeforeSaveTrigger() {
    const { className, data, auth } = this;
    const isTrusted = auth?.isMaster || auth?.isMaintenance;
    if (className === "_User" && !isTrusted && hasPath(data)) {
      throw new Parse.Error(INVALID_KEY_NAME, "Invalid key name: authData.");
    }
    return original.call(this);
  }
  prototype.runBeforeSaveTrigger = Object.assign(runBeforeSaveTrigger, {
    [GUARDED]: true,
  });
}

/** @param {object} [data] what is to be saved */
function hasPath(data = {}) {
  return Object.keys(data).some((name) => name.startsWith("authData."));
}

module.exports = { guardAuthData };
