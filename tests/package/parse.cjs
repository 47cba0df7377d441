// @ts-check
"use strict";

/**
 * As much of Parse as the shim touches until the core refuses a sign-in: enough to see that it loads and runs where there is no
 * Parse Server.
 */

/** @type {Record<string, (request: object) => Promise<unknown>>} */
const functions = {};

class ParseError extends Error {
  /**
   * @param {number} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const Parse = {
  applicationId: "package",
  masterKey: "package-master-key",
  Error: ParseError,
  User: class {},
  Cloud: {
    /**
     * @param {string} name
     * @param {(request: object) => Promise<unknown>} handler
     */
    define(name, handler) {
      functions[name] = handler;
    },
    beforeLogin() {},
    afterLogin() {},
    beforeSave() {},
    afterSave() {},
    beforeDelete() {},
    afterDelete() {},
  },
  CoreManager: {
    getRESTController: () => ({
      request: async () => ({ results: [] }),
    }),
  },
};

/** Calls `login` with a challenge that is made up, and prints the code of the refusal: 4012 is the core's word for it. */
async function tryMadeUpChallenge() {
  const params = { challenge: "made up", code: "123456" };
  try {
    await functions.login({ params });
    console.log("no refusal");
  } catch (error) {
    console.log(/** @type {ParseError} */ (error).code ?? error);
  }
}

module.exports = { Parse, tryMadeUpChallenge };
