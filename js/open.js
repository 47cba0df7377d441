// @ts-check
"use strict";

const { Deployment } = require("./deployment.js");
const { functionHandlers } = require("./functions.js");
const { listen } = require("./listening.js");
const { readOptions } = require("./options.js");
const { guardAuthData } = require("./parse/auth-data-guard.js");
const { showPresented } = require("./parse/presented.js");
const { register } = require("./register.js");
const { checkServer, checkTrust, start } = require("./start-up.js");
const { triggerHandlers } = require("./triggers.js");

/**
 * Starts the deployment, and registers the handlers that ask for the second factor.
 * @param {any} Parse
 * @param {import("./types.js").Options} options
 * @returns {import("./types.js").TwoFactorSignIn}
 * @throws {Error} for a server, options or keys that cannot be used, and for handlers of the app's own that ours would replace
 */
function open(Parse, options) {
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
  if (given.settings.statusCallback) listen(deployment);
  return {
    ready: start(deployment, given),
    requireStepUp: (request) => deployment.requireStepUp(request),
  };
}

module.exports = { open };
