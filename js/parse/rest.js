// @ts-check
"use strict";

/**
 * Parse's documented REST API with the master key, in process where Parse Server allows it (`directAccess`).
 *
 * `Parse.Object` is not used: its `save` hides the server's answer, and that answer decides.
 */

/**
 * @param {any} Parse
 * @returns {Rest}
 */
function restClient(Parse) {
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
 * Whether an error is Parse's answer with this code.
 * @param {any} error
 * @param {number} code
 */
function isParseError(error, code) {
  return error?.code === code;
}

module.exports = {
  restClient,
  isParseError,
  NOT_FOUND,
  CLASS_EXISTS,
  DUPLICATE_VALUE,
};
