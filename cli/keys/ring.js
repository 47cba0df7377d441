// @ts-check
"use strict";

/**
 * A key ring: the ids in `TWO_FACTOR_KEYS`, the one that writes first.
 */

const { wasm } = require("../../js/core.js");
const { CliError } = require("../cli-error.js");

/**
 * The ring in the environment of this command, if there is one.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[] | undefined} the ids
 * @throws {CliError} if it cannot be read
 */
function ringOf(env) {
  if (!env.TWO_FACTOR_KEYS) return undefined;
  try {
    return wasm.keyIds(env.TWO_FACTOR_KEYS);
  } catch (/** @type {any} */ error) {
    throw new CliError(error.message);
  }
}

/**
 * What a key does in a ring.
 * @param {string[]} ring
 * @param {string} kid
 */
function partOf(ring, kid) {
  const place = ring.indexOf(kid);
  return place < 0 ? "missing" : place === 0 ? "writes" : "reads";
}

module.exports = { ringOf, partOf };
