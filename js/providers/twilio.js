// @ts-check
"use strict";

/**
 * Messages go out through Twilio's SDK, or through a function of the app's own.
 */

const { StartUpError } = require("../start-up-error.js");
const { withTimeout } = require("../timeout.js");

/** @typedef {{ to: string, from?: string, messagingServiceSid?: string, body: string, validityPeriod?: number }} Message */
/** @typedef {(message: Message) => Promise<unknown>} Send */

/**
 * @param {any} sms a Twilio client, a function, or nothing: then the account in the environment
 * @param {NodeJS.ProcessEnv} env
 * @returns {Send}
 */
function createSender(sms, env) {
  const send = provider(sms, env);
  const origin = defaultSender(env);
  return ({ from, ...message }) =>
    withTimeout(send({ ...message, ...(from ? { from } : origin) }));
}

/**
 * @param {any} sms
 * @param {NodeJS.ProcessEnv} env
 * @returns {Send}
 * @throws {StartUpError} for an option that is neither, and for half an account
 */
function provider(sms, env) {
  if (typeof sms?.messages?.create === "function") {
    return (message) => sms.messages.create(message);
  }
  if (typeof sms === "function") {
    return async (message) => {
      // How long a message may take is between Twilio and us.
      const own = { ...message };
      delete own.validityPeriod;
      return sms(own);
    };
  }
  if (sms) {
    throw new StartUpError(
      "The option sms takes a Twilio client, or a function of { to, from, messagingServiceSid, body }.",
    );
  }
  const { accountSid, authToken } = credentials(env);
  if (Boolean(accountSid) !== Boolean(authToken)) {
    const missing = accountSid ? "TWILLIO_AUTH_TOKEN" : "TWILLIO_ACCOUNT_SID";
    throw new StartUpError(
      `Half a Twilio account is set: ${missing} is missing.`,
    );
  }
  if (!accountSid) {
    return async () => {
      throw new Error(
        "no SMS provider: set TWILLIO_ACCOUNT_SID and TWILLIO_AUTH_TOKEN, or give the option sms",
      );
    };
  }
  const client = createClient(accountSid, authToken);
  return (message) => client.messages.create(message);
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
 * Who sends messages, and whether there is a sender for users without a `From`.
 * @param {any} sms
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ sms: "none" | "option" | "twilio", sender: boolean }}
 */
function describeSender(sms, env) {
  const { accountSid, authToken } = credentials(env);
  const byEnvironment = accountSid && authToken ? "twilio" : "none";
  return {
    sms: sms ? "option" : byEnvironment,
    sender: Object.keys(defaultSender(env)).length > 0,
  };
}

/** @param {NodeJS.ProcessEnv} env */
function defaultSender(env) {
  const from = env.TWILLIO_FROM_NUMBER || env.TWILIO_FROM_NUMBER;
  if (from) return { from };
  const messagingServiceSid = env.TWILIO_MESSAGING_SERVICE_SID;
  return messagingServiceSid ? { messagingServiceSid } : {};
}

module.exports = { createSender, describeSender, credentials };
