// @ts-check
"use strict";

/**
 * Who sends what: each channel goes out through Twilio's SDK, or through a function of the app's own. A sender decides nothing. It hands
 * over what the core wrote.
 *
 * @typedef {Extract<import("../core.js").Effect, { do: "sendMessage" }>} Message
 * @typedef {Exclude<Message["channel"], "email">} Channel
 * @typedef {{ from?: string, messagingServiceSid?: string }} Origin the app's own sender
 * @typedef {(client: any, message: Message, origin: Origin, options: { from?: string }) => Promise<unknown>} ByTwilio
 *
 * @typedef {object} Sender
 * @property {boolean} isOwn whether it is a function of the app's own
 * @property {(message: Message, user?: any) => Promise<any>} send
 * @property {(sid: string) => Promise<import("./sent.js").Became>} check what became of a message that was sent
 * @property {(sid: string) => Promise<unknown>} confirm that the code of a message came back
 * @property {() => Promise<import("./sent.js").Listed>} list the account's last messages
 * @property {() => string | undefined} authToken the account's; throws where there is no account
 *
 * @typedef {{ [K in Channel]?: import("../channels.js").Given }} Givens what the app gave, by channel
 */

const { StartUpError } = require("../start-up-error.js");
const sent = require("./sent.js");
const twilio = require("./twilio.js");

/** @type {Record<Channel, ByTwilio>} */
const BY_TWILIO = {
  sms: require("./sms.js"),
  call: require("./call.js"),
  whatsapp: require("./whatsapp.js"),
};

/** All channels to numbers. */
const CHANNELS = /** @type {Channel[]} */ (Object.keys(BY_TWILIO));

/**
 * One account for all channels and for Twilio Verify: that of the option sms, if it is a client, or else that of the environment.
 * @param {Givens} givens
 * @param {NodeJS.ProcessEnv} env
 * @returns {() => any} which throws where there is no account
 * @throws {StartUpError} for half an account
 */
function accountOf(givens, env) {
  return twilio.isClient(givens.sms?.by)
    ? () => givens.sms?.by
    : twilio.clientOf(env);
}

/**
 * @param {Givens} givens
 * @param {NodeJS.ProcessEnv} env
 * @param {() => any} [shared] the account for all channels
 * @returns {Record<Channel, Sender>}
 * @throws {StartUpError} for half an account
 */
function createSenders(givens, env, shared = accountOf(givens, env)) {
  const origin = twilio.defaultSender(env);
  /** @param {Channel} channel */
  const senderOf = (channel) => {
    const { by, ...options } = givens[channel] ?? {};
    if (typeof by === "function") return ownSender(by, origin);
    const client = by ? () => by : shared;
    return {
      isOwn: false,
      send: async (/** @type {Message} */ message) =>
        BY_TWILIO[channel](client(), message, origin, options),
      check: async (/** @type {string} */ sid) => sent.check(client(), sid),
      confirm: async (/** @type {string} */ sid) => sent.confirm(client(), sid),
      list: async () => sent.list(client()),
      authToken: () => twilio.authTokenOf(client(), env),
    };
  };
  return /** @type {Record<Channel, Sender>} */ (
    Object.fromEntries(CHANNELS.map((channel) => [channel, senderOf(channel)]))
  );
}

/**
 * @param {(message: object) => unknown} by
 * @param {Origin} origin
 * @returns {Sender}
 */
function ownSender(by, origin) {
  return {
    isOwn: true,
    async send({ channel, to, from, body, code, locale, purpose }, user) {
      const sender = from ? { from } : origin;
      const message = { channel, to, ...sender, body, locale, purpose, user };
      return by(code === null ? message : { ...message, code });
    },
    // Twilio sent it, and the app has a sender of its own by now.
    check: async () => ({ status: "unknown", error: null }),
    confirm: async () => {},
    list: async () => ({ looked: 0, errors: [] }),
    authToken: () => undefined,
  };
}

/**
 * Who sends text messages, and whether there is a sender for users without a `From`.
 * @param {Givens} givens
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ sms: "none" | "option" | "twilio", sender: boolean }}
 */
function describeSender(givens, env) {
  const { accountSid, authToken } = twilio.credentials(env);
  const byEnvironment = accountSid && authToken ? "twilio" : "none";
  return {
    sms: givens.sms?.by ? "option" : byEnvironment,
    sender: Object.keys(twilio.defaultSender(env)).length > 0,
  };
}

/**
 * The tokens by which Twilio signs what it tells of messages of these senders.
 * @param {Sender[]} senders those of the channels that are on
 * @returns {string[]}
 * @throws {StartUpError} if what it signs cannot be told from what anybody sends
 */
function authTokens(senders) {
  const byTwilio = senders.filter(({ isOwn }) => !isOwn);
  if (byTwilio.length === 0) {
    throw new StartUpError(
      "The option statusCallback is for messages that go out by Twilio, and all channels go out by functions of your own: leave it out.",
    );
  }
  const tokens = byTwilio.map(({ authToken }) => {
    try {
      return authToken();
    } catch {
      return undefined;
    }
  });
  if (tokens.some((token) => !token)) {
    throw new StartUpError(
      "The option statusCallback needs the auth token of the Twilio account, by which Twilio signs what it sends there, and there is none: an API key does not have it. Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN beside it, or leave statusCallback out.",
    );
  }
  return [...new Set(/** @type {string[]} */ (tokens))];
}

/**
 * Refuses what can send nothing.
 * @param {string} option
 * @param {any} by
 * @throws {StartUpError}
 */
function checkSender(option, by) {
  if (typeof by === "function" || twilio.isClient(by)) return;
  throw new StartUpError(
    `The option ${option} takes a Twilio client, or a function of { to, from, body, code, user, locale, purpose, channel }.`,
  );
}

module.exports = {
  accountOf,
  authTokens,
  CHANNELS,
  checkSender,
  createSenders,
  describeSender,
};
