// @ts-check
"use strict";

/**
 * A trigger of the app's own inside of ours. Ours has to run whatever the app's validator says: Parse leaves a trigger out for the master
 * key if the validator says `skipWithMasterKey`, and once a row is written, a validator can stop nothing but what follows.
 */

const { StartUpError } = require("./start-up-error.js");

/**
 * @typedef {import("./register.js").Trigger} Trigger
 * @typedef {import("./register.js").Handler} Handler
 */

/** What can be looked at here as Parse does. */
const KNOWN = [
  "requireUser",
  "requireMaster",
  "validateMasterKey",
  "skipWithMasterKey",
];

/**
 * @param {Trigger | undefined} own the app's
 * @returns {{ run: Handler, validator: any }} what runs the app's handler; and the validator that Parse gets, which may stop ours as well,
 *   because nothing has happened yet
 */
function beforehand(own) {
  if (!own) return { run: () => undefined, validator: undefined };
  const { handler, validator } = own;
  if (!validator?.skipWithMasterKey) return { run: handler, validator };
  const others = { ...validator };
  delete others.skipWithMasterKey;
  return {
    run: (request) => (request.master ? undefined : handler(request)),
    validator: Object.keys(others).length > 0 ? others : undefined,
  };
}

/**
 * @param {string} option
 * @param {Trigger | undefined} own the app's
 * @returns {{ run: Handler }} what checks the app's validator, then runs the app's handler
 * @throws {StartUpError} for a validator that cannot be looked at here
 */
function afterwards(option, own) {
  if (!own) return { run: () => undefined };
  const { handler, validator } = own;
  if (validator === undefined) return { run: handler };
  if (typeof validator !== "function") checkKnown(option, validator);
  return {
    async run(request) {
      if (typeof validator === "function") await validator(request);
      else if (!isLetThrough(validator, request)) return undefined;
      return handler(request);
    },
  };
}

/**
 * @param {string} option
 * @param {object} validator
 */
function checkKnown(option, validator) {
  const other = Object.keys(validator).find((name) => !KNOWN.includes(name));
  if (other === undefined) return;
  throw new StartUpError(
    `The option ${option} takes no ${other} in its validator, because Parse has written the row by then and ours has to run in any case. It takes ${KNOWN.join(", ")}, or a function.`,
  );
}

/**
 * Whether Parse would run the app's handler.
 * @param {any} validator
 * @param {any} request
 */
function isLetThrough(validator, request) {
  if (request.master && validator.skipWithMasterKey) return false;
  if (request.master && !validator.validateMasterKey) return true;
  if (validator.requireMaster && !request.master) return false;
  return !validator.requireUser || Boolean(request.user);
}

module.exports = { afterwards, beforehand };
