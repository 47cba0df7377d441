// @ts-check
"use strict";

const { Deployment } = require("./deployment.js");
const { functionHandlers } = require("./functions.js");
const { readOptions } = require("./options.js");
const { guardAuthData } = require("./parse/auth-data-guard.js");
const { showPresented } = require("./parse/presented.js");
const { register } = require("./register.js");
const { checkServer, checkTrust, start } = require("./start-up.js");
const { StartUpError } = require("./start-up-error.js");
const { triggerHandlers } = require("./triggers.js");

/**
 * Registers the Cloud functions and triggers. Call it once, in `cloud/main.js`.
 * @param {any} Parse the `Parse` of Cloud Code
 * @param {import("./types.js").Options} [options]
 * @returns {import("./types.js").TwoFactorSignIn}
 * @throws {StartUpError} for options or keys that cannot be used, and for handlers of the app's own that ours would replace
 */
function twoFactor(Parse, options = {}) {
  try {
    if (!Parse?.Cloud) {
      throw new StartUpError(
        "The first argument takes the Parse of Cloud Code, as in require('parse-two-factor')(Parse).",
      );
    }
    checkServer(Parse);
    const given = readOptions(options, process.env);
    const deployment = new Deployment(Parse, given);
    checkTrust(Parse, given.settings);
    guardAuthData(Parse);
    if (given.settings.federated === "trust") showPresented(Parse);
    register(
      Parse,
      functionHandlers(deployment, given),
      triggerHandlers(deployment, given.host),
    );
    return {
      ready: start(deployment, given),
      requireStepUp: (request) => deployment.requireStepUp(request),
    };
  } catch (error) {
    throw StartUpError.from(error);
  }
}

module.exports = /** @satisfies {typeof import("./index.d.ts")} */ (twoFactor);
