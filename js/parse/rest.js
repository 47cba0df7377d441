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
const FORBIDDEN = 119;
const DUPLICATE_VALUE = 137;

/**
 * Whether an error is Parse's answer with this code.
 * @param {any} error
 * @param {number} code
 */
function isParseError(error, code) {
  return error?.code === code;
}

/** With this code an adapter's second factor is asked for, and other things that have no code of their own. */
const OTHER_CAUSE = -1;

/**
 * Parse's own refusal, to be passed on; `undefined` for an error that is a failure.
 * @param {any} error
 * @returns {{ code: number, message: string } | undefined}
 */
function refusalOf(error) {
  const { code, message } = error ?? {};
  const isRefusal =
    Number.isInteger(code) && (code > 100 || code === OTHER_CAUSE);
  return isRefusal ? { code, message: String(message) } : undefined;
}

module.exports = {
  restClient,
  isParseError,
  refusalOf,
  NOT_FOUND,
  CLASS_EXISTS,
  FORBIDDEN,
  DUPLICATE_VALUE,
};
