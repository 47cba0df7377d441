// @ts-check
"use strict";

const { CliError } = require("../cli-error.js");

/**
 * What a check found: its verdict, and a sentence that says what follows and what to do.
 * @typedef {"ok" | "warning" | "failure" | "skipped"} Verdict
 * @typedef {[Verdict, string]} Finding
 */

/**
 * Runs a check. One that cannot be carried out has failed.
 * @param {() => Finding | Promise<Finding>} check
 * @returns {Promise<Finding>}
 */
async function findingOf(check) {
  try {
    return await check();
  } catch (error) {
    if (error instanceof CliError) return ["failure", error.message];
    throw error;
  }
}

module.exports = { findingOf };
