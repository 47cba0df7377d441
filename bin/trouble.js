// @ts-check
"use strict";

/** What keeps a command from being done, with a sentence for the operator. */
class Trouble extends Error {
  /**
   * @param {string} message what is wrong and what to do, without a secret
   * @param {1 | 2} [exitCode]
   */
  constructor(message, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

module.exports = { Trouble };
