// @ts-check
"use strict";

/**
 * The effects: what the core asks for, carried out over Parse's public API. An effect decides nothing. It answers with what happened.
 */

const { withTimeout } = require("../timeout.js");
const {
  createAccount,
  loadAccount,
  readAccount,
  removeAccount,
  updateAccount,
} = require("./accounts.js");
const { count, countEvents, sweepWindows } = require("./counters.js");
const { findSignIn, recordEvent } = require("./events.js");
const { clearParseMfa, readParseMfa } = require("./imports.js");
const { sendMail } = require("./mail.js");
const { checkMessage, confirmMessage, sendMessage } = require("./messages.js");
const { checkProvider, loadIdentity } = require("./providers.js");
const { checkSignIn, endSessions, openSession } = require("./sessions.js");
const { wait } = require("./time.js");
const {
  askRequirement,
  checkPassword,
  loadUser,
  nameAccount,
  readBasis,
  removeNumber,
} = require("./users.js");
const { verify } = require("./verify.js");

/**
 * A database waits for a lock as long as somebody holds it, and Parse waits for its database. A time limit within an effect counts
 * besides this one.
 */
const EFFECT_MILLISECONDS = 15_000;

/** @typedef {import("../core.js").Effect} Effect */
/** @typedef {import("../core.js").Reply} Reply */
/** @typedef {import("../core.js").Replies} Replies */

/**
 * @typedef {object} Call one call of a Cloud function or trigger
 * @property {import("../environment.js").Environment} environment
 * @property {any} request the Cloud function's or trigger's
 * @property {any} [user] the row of `_User` that this call read last, so that the app's own triggers need not read it again
 * @property {any} [found] the row of `_User` that this call's password was right for, with what Parse hides of it
 */

/**
 * A function that carries out the effect of this name.
 * @template {Effect["do"]} K
 * @typedef {(call: Call, effect: Extract<Effect, { do: K }>, givenUp: AbortSignal) => Promise<Replies[K]>} Perform
 */

/** All effects. The type refuses a table without one of them. @type {{ [K in Effect["do"]]: Perform<K> }} */
const EFFECTS = {
  checkPassword,
  checkProvider,
  loadIdentity,
  loadUser,
  askRequirement,
  nameAccount,
  loadAccount,
  readAccount,
  createAccount,
  updateAccount,
  removeAccount,
  count,
  sweepWindows,
  countEvents,
  sendMessage,
  checkMessage,
  confirmMessage,
  sendMail,
  verify,
  checkSignIn,
  readBasis,
  openSession,
  endSessions,
  removeNumber,
  readParseMfa,
  clearParseMfa,
  recordEvent,
  findSignIn,
  wait,
};

/**
 * The effects of one call.
 * @param {import("../environment.js").Environment} environment
 * @param {any} request the Cloud function's or trigger's
 * @returns {(effect: Effect) => Promise<Reply>}
 */
function effects(environment, request) {
  /** @type {Call} */
  const call = { environment, request };
  return async (effect) => {
    const perform = /** @type {Perform<any>} */ (EFFECTS[effect.do]);
    const givenUp = new AbortController();
    try {
      const reply = perform(call, effect, givenUp.signal);
      return cut(await withTimeout(reply, EFFECT_MILLISECONDS));
    } catch (error) {
      givenUp.abort();
      const { name, code, message } = /** @type {any} */ (error ?? {});
      const what = [name, code, message].filter(Boolean).join(" ");
      environment.warn(`${effect.do} failed: ${what}`);
      return "failed";
    }
  };
}

/**
 * What Parse and the app's own triggers refuse with may repeat what a client stored, and memory of the core's is never given back.
 */
const LONGEST_MESSAGE = 1024;

/**
 * @param {Reply} reply
 * @returns {Reply} with a refusal's message cut
 */
function cut(reply) {
  if (typeof reply !== "object" || !("refused" in reply)) return reply;
  const { code, message } = reply.refused;
  return { refused: { code, message: message.slice(0, LONGEST_MESSAGE) } };
}

module.exports = { effects };
