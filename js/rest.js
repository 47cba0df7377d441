// @ts-check
"use strict";

/**
 * Parse's documented REST API with the master key, in process where Parse Server allows it (`directAccess`).
 *
 * Not `Parse.Object`: its `save` hides what the server answered, and the answer is what decides.
 */

/**
 * @param {any} Parse
 * @returns {Rest}
 */
function rest(Parse) {
  return (method, path, body = {}, options = {}) =>
    Parse.CoreManager.getRESTController().request(method, path, body, {
      useMasterKey: true,
      ...options,
    });
}

/** @typedef {(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object, options?: object) => Promise<any>} Rest */

/** Parse's error codes that the shim tells apart. */
const NOT_FOUND = 101;
const CLASS_EXISTS = 103;
const DUPLICATE_VALUE = 137;

/**
 * Whether an error is this answer of Parse's.
 * @param {any} error
 * @param {number} code
 */
function is(error, code) {
  return error?.code === code;
}

module.exports = { rest, is, NOT_FOUND, CLASS_EXISTS, DUPLICATE_VALUE };
