// @ts-check
"use strict";

const { wasm } = require("./core.js");
const { withPanel } = require("./dashboard/panel.js");
const { shownReset } = require("./dashboard/reset.js");
const server = require("./parse/server.js");
const { sentMessages } = require("./sent-messages.js");

/** The Cloud functions: the core has the list. */
const FUNCTIONS = wasm.functions();

/**
 * The handlers of the Cloud functions by what the app calls them.
 * @param {import("./deployment.js").Deployment} deployment
 * @param {import("./options.js").GivenOptions} options
 * @returns {Record<string, { handler: (request: any) => Promise<object | string>, validator?: object }>}
 */
function functionHandlers(deployment, { host, settings }) {
  const { givens, columns, triggers } = host;
  const functions = Object.fromEntries(
    FUNCTIONS.map((name) => [
      name,
      {
        handler: (/** @type {any} */ request) => deployment.call(name, request),
      },
    ]),
  );
  const { login, resetTwoFactor, twoFactorHealth, twoFactorStatus } = functions;
  const names = namesOf(settings);
  /** @type {Record<string, { handler: (request: any) => Promise<object | string>, validator?: object }>} */
  const handlers = {
    ...functions,
    login: {
      ...login,
      validator: rateLimitOf(triggers.beforeLogin?.validator),
    },
    twoFactorStatus: {
      handler: async (request) =>
        withPanel(await twoFactorStatus.handler(request), deployment.rest),
    },
    resetTwoFactor: {
      handler: async (request) =>
        shownReset(await resetTwoFactor.handler(request)),
    },
    // The core cannot see the server's settings around it.
    twoFactorHealth: {
      async handler(request) {
        const { surroundings } = require("./health.js");
        // It refuses whoever has not the master key.
        const health = await twoFactorHealth.handler(request);
        return {
          ...health,
          ...(await usersThere(deployment.Parse, request.params)),
          ...(await sentMessages(deployment, request.params)),
          ...(await surroundings(deployment.Parse, {
            functions: Object.values(names),
            givens,
            columns,
            env: process.env,
          })),
          statusCallback: settings.statusCallback ?? null,
        };
      },
    },
  };
  return Object.fromEntries(
    FUNCTIONS.map((name) => [names[name], handlers[name]]),
  );
}

/** Parameters that cannot be read, as the core says it. */
const BAD_REQUEST = 4021;

/**
 * Which of the ids that an operator's command names are a user's.
 * @param {any} Parse
 * @param {{ users?: unknown }} params
 * @returns {Promise<{ users?: string[] | null }>} nothing if it names none, `null` where the server does not show it
 */
async function usersThere(Parse, { users }) {
  if (users === undefined) return {};
  if (!Array.isArray(users)) {
    throw new Parse.Error(BAD_REQUEST, "users takes a list of objectIds.");
  }
  return { users: (await server.usersAmong(Parse, users)) ?? null };
}

/**
 * What clients call each function. The core has checked the names.
 * @param {Record<string, any>} settings
 * @returns {Record<string, string>} by our names
 */
function namesOf({ functions = {} }) {
  return Object.fromEntries(
    FUNCTIONS.map((name) => [name, functions[name] ?? name]),
  );
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

module.exports = { functionHandlers, namesOf };
