// @ts-check
"use strict";

// What shuts the doors has to be there whatever else cannot be loaded, so the rest is required within the `try`.
const { close } = require("./closed.js");
const { StartUpError } = require("./start-up-error.js");

/**
 * Registers the Cloud functions and triggers. Call it once, in `cloud/main.js`.
 * @param {any} Parse the `Parse` of Cloud Code
 * @param {import("./types.js").Options} [options]
 * @returns {import("./types.js").TwoFactorSignIn}
 * @throws {StartUpError} for options or keys that cannot be used, and for handlers of the app's own that ours would replace
 */
function twoFactor(Parse, options = {}) {
  try {
    if (!Parse?.Cloud) throw new StartUpError(NO_PARSE);
    const { open } = require("./open.js");
    return open(Parse, options);
  } catch (error) {
    const failure = StartUpError.from(error);
    // Whoever hands over something else has Cloud Code's Parse as a global, and that server must not stay open either. Nothing is served
    // before this line returns, so the doors are shut before anybody can come through.
    const own = Parse?.Cloud ? Parse : /** @type {any} */ (globalThis).Parse;
    try {
      if (own?.Cloud) close(own, failure, options);
    } catch {
      // What is no Cloud Code has no doors to shut, and must not hide why the start failed.
    }
    throw failure;
  }
}

const NO_PARSE =
  "The first argument takes the Parse of Cloud Code, as in require('parse-two-factor')(Parse).";

module.exports = /** @satisfies {typeof import("./index.d.ts")} */ (twoFactor);
