// @ts-check
"use strict";

const { wasm } = require("./core.js");
const { surroundings } = require("./health.js");

/** The Cloud functions: the core has the list. */
const FUNCTIONS = wasm.functions();

/**
 * The handlers of the Cloud functions by name.
 * @param {import("./deployment.js").Deployment} deployment
 * @param {import("./options.js").HostOptions} options
 * @returns {Record<string, (request: any) => Promise<object>>}
 */
function functionHandlers(deployment, { sms }) {
  const handlers = Object.fromEntries(
    FUNCTIONS.map((name) => [
      name,
      (/** @type {any} */ request) => deployment.call(name, request),
    ]),
  );
  return {
    ...handlers,
    // The core cannot see the server's settings around it.
    async twoFactorHealth(request) {
      return {
        ...(await handlers.twoFactorHealth(request)),
        ...surroundings(deployment.Parse, {
          functions: FUNCTIONS,
          sms,
          env: process.env,
        }),
      };
    },
  };
}

module.exports = { functionHandlers };
