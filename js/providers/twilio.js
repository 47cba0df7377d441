// @ts-check
"use strict";

/**
 * Twilio's account, its client, and the app's own sender there.
 */

const { StartUpError } = require("../start-up-error.js");

/** @param {any} value */
function isClient(value) {
  return typeof value?.messages?.create === "function";
}

/**
 * The client of the account in the environment.
 * @param {NodeJS.ProcessEnv} env
 * @returns {() => any} which throws where there is no account
 * @throws {StartUpError} for half an account
 */
function clientOf(env) {
  const { accountSid, authToken } = credentials(env);
  if (Boolean(accountSid) !== Boolean(authToken)) {
    const missing = accountSid ? "TWILLIO_AUTH_TOKEN" : "TWILLIO_ACCOUNT_SID";
    throw new StartUpError(
      `Half a Twilio account is set: ${missing} is missing.`,
    );
  }
  if (!accountSid) {
    return () => {
      throw new Error(
        "no SMS provider: set TWILLIO_ACCOUNT_SID and TWILLIO_AUTH_TOKEN, or give the option sms",
      );
    };
  }
  const client = createClient(accountSid, authToken);
  return () => client;
}

/**
 * @param {string} accountSid
 * @param {string | undefined} authToken
 * @throws {StartUpError} if the SDK is missing or does not take the account
 */
function createClient(accountSid, authToken) {
  try {
    return require("twilio")(accountSid, authToken);
  } catch (/** @type {any} */ error) {
    throw new StartUpError(
      error?.code === "MODULE_NOT_FOUND"
        ? "A Twilio account is set, but its SDK is not installed: npm install twilio."
        : `Twilio's SDK does not take TWILLIO_ACCOUNT_SID and TWILLIO_AUTH_TOKEN: ${error?.message}.`,
    );
  }
}

/**
 * The token by which Twilio signs what it asks of the account of a client. An API key does not have it.
 * @param {any} client
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
function authTokenOf(client, env) {
  const { accountSid, username, password } = client;
  if (accountSid && username === accountSid) return password;
  const inEnvironment = credentials(env);
  return inEnvironment.accountSid === accountSid
    ? inEnvironment.authToken
    : undefined;
}

/**
 * The tutorial spells it with two L, Twilio with one.
 * @param {NodeJS.ProcessEnv} env
 */
function credentials(env) {
  return {
    accountSid: env.TWILLIO_ACCOUNT_SID || env.TWILIO_ACCOUNT_SID,
    authToken: env.TWILLIO_AUTH_TOKEN || env.TWILIO_AUTH_TOKEN,
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {import("./index.js").Origin}
 */
function defaultSender(env) {
  const from = env.TWILLIO_FROM_NUMBER || env.TWILIO_FROM_NUMBER;
  if (from) return { from };
  const messagingServiceSid = env.TWILIO_MESSAGING_SERVICE_SID;
  return messagingServiceSid ? { messagingServiceSid } : {};
}

module.exports = {
  authTokenOf,
  clientOf,
  credentials,
  defaultSender,
  isClient,
};
