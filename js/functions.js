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
 * @returns {Record<string, { handler: (request: any) => Promise<object>, validator?: object }>}
 */
function functionHandlers(deployment, { sms, triggers }) {
  const functions = Object.fromEntries(
    FUNCTIONS.map((name) => [
      name,
      {
        handler: (/** @type {any} */ request) => deployment.call(name, request),
      },
    ]),
  );
  const { twoFactorHealth, login } = functions;
  return {
    ...functions,
    login: {
      ...login,
      validator: rateLimitOf(triggers.beforeLogin?.validator),
    },
    // The core cannot see the server's settings around it.
    twoFactorHealth: {
      async handler(request) {
        return {
          ...(await twoFactorHealth.handler(request)),
          ...(await surroundings(deployment.Parse, {
            functions: FUNCTIONS,
            sms,
            env: process.env,
          })),
        };
      },
    },
  };
}

/** Of Parse's own sign-in. For a function Parse knows both. */
const OF_ANOTHER_ROUTE = ["requestPath", "requestMethods"];

/** A sign-in with a code is two calls. */
const CALLS_OF_A_SIGN_IN = 2;

/**
 * What the app's beforeLogin limits Parse's own sign-in to holds for ours as well: it is where the sign-ins have gone.
 * @param {any} validator
 * @returns {object | undefined}
 */
function rateLimitOf(validator) {
  const { rateLimit } = validator ?? {};
  if (!rateLimit) return undefined;
  const limit = Object.entries(rateLimit).filter(
    ([name]) => !OF_ANOTHER_ROUTE.includes(name),
  );
  const requestCount = rateLimit.requestCount * CALLS_OF_A_SIGN_IN;
  return { rateLimit: { ...Object.fromEntries(limit), requestCount } };
}

module.exports = { functionHandlers };
