// @ts-check
"use strict";

/**
 * The option `channels`: what the core takes of it, in the app's order, and who sends.
 */

const { CHANNELS, checkSender } = require("./providers/index.js");
const { StartUpError } = require("./start-up-error.js");

/**
 * @typedef {import("./providers/index.js").Channel} Channel
 *
 * @typedef {object} Given what the app gave for one channel
 * @property {any} [by] a Twilio client or a function; without it the account of the option sms or of the environment
 * @property {string} [from] of WhatsApp: the app's sender there
 *
 * @typedef {{ channel: Channel | "email", fallback?: unknown, contentSid?: unknown }} Setting
 */

/** Codes go to an address by it, through Parse Server's own adapter. */
const EMAIL = "email";

/** What stands in an object for one channel. */
const PARTS = ["by", "fallback", "contentSid", "from"];

/**
 * @param {unknown} channels the option
 * @param {unknown} sms the option, which is older and means `channels.sms`
 * @returns {{ givens: import("./providers/index.js").Givens, settings: Setting[] }}
 * @throws {StartUpError}
 */
function readChannels(channels = {}, sms) {
  if (
    typeof channels !== "object" ||
    channels === null ||
    Array.isArray(channels)
  ) {
    throw new StartUpError(
      "The option channels takes an object: { sms: true, call: true }.",
    );
  }
  const named = /** @type {Record<string, any>} */ (channels);
  for (const name of Object.keys(named)) {
    if ([...CHANNELS, EMAIL].includes(name)) continue;
    throw new StartUpError(
      `There is no channel ${name}. There are: ${[...CHANNELS, EMAIL].join(", ")}.`,
    );
  }
  if (sms !== undefined && sms !== null) checkSender("sms", sms);
  // Text messages are on unless the app says no, and first unless it names another place.
  const inOrder = "sms" in named ? named : { sms: true, ...named };
  /** @type {import("./providers/index.js").Givens} */
  const givens = {};
  /** @type {Setting[]} */
  const settings = [];
  for (const [name, value] of Object.entries(inOrder)) {
    if (value === false || value === undefined) continue;
    if (name === EMAIL) {
      if (value !== true) throw new StartUpError(NO_SENDER);
      settings.push({ channel: EMAIL });
      continue;
    }
    const channel = /** @type {Channel} */ (name);
    const { by, from, fallback, contentSid } = partsOf(name, value);
    givens[channel] = { by, from };
    settings.push({
      channel,
      ...(fallback === undefined ? {} : { fallback }),
      ...(contentSid === undefined ? {} : { contentSid }),
    });
  }
  if (sms) {
    if (givens.sms?.by) {
      throw new StartUpError(
        "The options sms and channels.sms say who sends: give one of them.",
      );
    }
    givens.sms = { ...givens.sms, by: sms };
  }
  return { givens, settings };
}

const NO_SENDER =
  "The option channels.email takes true or false: mails go through the emailAdapter of Parse Server.";

/**
 * @param {string} name
 * @param {any} value
 * @returns {Record<string, any>}
 */
function partsOf(name, value) {
  const option = `channels.${name}`;
  if (value === true) return {};
  const isGroup =
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).length > 0 &&
    Object.keys(value).every((part) => PARTS.includes(part));
  const parts = isGroup ? value : { by: value };
  if (parts.by !== undefined) checkSender(option, parts.by);
  if (parts.from !== undefined && typeof parts.from !== "string") {
    throw new StartUpError(`The option ${option}.from takes text.`);
  }
  return parts;
}

/**
 * Refuses what Twilio Verify cannot carry: it sends by Twilio's own senders, in one account.
 * @param {import("./providers/index.js").Givens} givens
 * @throws {StartUpError}
 */
function checkVerify(givens) {
  for (const [name, { by, from }] of Object.entries(givens)) {
    if (from !== undefined) {
      throw new StartUpError(
        `The option channels.${name}.from cannot be used with verify: Twilio Verify has senders of its own.`,
      );
    }
    if (by === undefined) continue;
    if (name !== "sms" || typeof by === "function") {
      throw new StartUpError(
        `The option verify sends every code by Twilio Verify, so channels.${name} cannot name another sender: take true, or leave verify out. A Twilio client for all of them stands in the option sms.`,
      );
    }
    if (!by.verify) {
      throw new StartUpError(
        "The client in the option sms does not know Twilio Verify: take one of Twilio's SDK 4 or newer.",
      );
    }
  }
}

module.exports = { checkVerify, readChannels };
