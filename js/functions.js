// @ts-check
"use strict";

const { surroundings } = require("./health.js");

/** The Cloud functions. @type {import("../pkg/parse_two_factor.cjs").FunctionName[]} */
const FUNCTIONS = [
  "login",
  "resendCode",
  "twoFactorStatus",
  "enrollTwoFactor",
  "confirmTwoFactor",
  "removeTwoFactor",
  "newRecoveryCodes",
  "stepUp",
  "resetTwoFactor",
  "twoFactorHealth",
];

/**
 * The handlers of the Cloud functions by name.
 * @param {import("./deployment.js").Deployment} deployment
 * @param {import("./options.js").HostOptions} options
 * @returns {Record<string, (request: any) => Promise<object>>}
 */
function functionHandlers(deployment, { sms, require }) {
  const handlers = Object.fromEntries(
    FUNCTIONS.map((name) => [
      name,
      (/** @type {any} */ request) => deployment.call(name, request),
    ]),
  );
  return {
    ...handlers,
    // The core cannot see what surrounds it: the server's settings, and a `require` that is a function.
    async twoFactorHealth(request) {
      return {
        ...(await handlers.twoFactorHealth(request)),
        ...(require && { require: "function" }),
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
