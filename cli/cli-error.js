// @ts-check
"use strict";

/** A reason why a command cannot be done, in a sentence for the operator. */
class CliError extends Error {
  /**
   * @param {string} message what is wrong and what to do, without a secret
   * @param {1 | 2} [exitCode]
   */
  constructor(message, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

module.exports = { CliError };
