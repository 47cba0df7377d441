// @ts-check
"use strict";

const { wasm } = require("../core.js");
const { TimeoutError, withTimeout } = require("../timeout.js");
const { rowOf, userObject } = require("./users.js");

/** What Node and the HTTP client of Twilio's SDK call it when nobody answers in time. */
const TIMEOUTS = ["ECONNABORTED", "ETIMEDOUT"];

/** Of a refusal without a code of the provider's. */
const NO_CODE = 0;

/** What an app's own sender may answer: the core has the list. */
const OWN_REFUSALS = wasm.ownRefusals();

/** @type {import("./index.js").Perform<"sendMessage">} */
async function sendMessage(call, message) {
  const { senders, warn, Parse } = call.environment;
  // What goes by mail is another effect.
  const channel = /** @type {import("../providers/index.js").Channel} */ (
    message.channel
  );
  const sender = senders[channel];
  try {
    const user = sender.isOwn
      ? userObject(Parse, await rowOf(call, message.user))
      : undefined;
    const answer = await withTimeout(sender.send(message, user));
    if (!sender.isOwn) {
      const { sid } = answer ?? {};
      return typeof sid === "string" ? { taken: sid } : "done";
    }
    const word = answer?.refused;
    return word === undefined ? "done" : refusedByApp(word, message, warn);
  } catch (error) {
    return refusalOf(error, "a message was not sent", warn, sender.isOwn);
  }
}

/**
 * What an error of the provider's is for the core, which knows what each of Twilio's codes means.
 * @param {any} error
 * @param {string} what did not happen
 * @param {(message: string) => void} warn
 * @param {boolean} [isOwn] whether an app's own function threw it
 * @returns {{ refused: { code: number, message: string } }}
 * @throws {TimeoutError} where nobody answered, so that nobody knows what became of it
 */
function refusalOf(error, what, warn, isOwn = false) {
  const { code, status } = error ?? {};
  if (error instanceof TimeoutError || TIMEOUTS.includes(code)) {
    throw new TimeoutError("no answer in time");
  }
  // An error of Twilio's has both.
  const isTwilios = Number.isInteger(code) && Number.isInteger(status);
  warn(`${what} (${reasonOf(error, isOwn)})`);
  return { refused: { code: isTwilios ? code : NO_CODE, message: "" } };
}

/**
 * Whose error it is, and which. Twilio's texts repeat the number, so only its code is logged. Of an app's own function no digit is shown.
 * @param {any} error
 * @param {boolean} [isOwn]
 */
function reasonOf(error, isOwn = false) {
  const { code, status, message } = error ?? {};
  if (!isOwn && (code || status)) {
    return `Twilio error ${code}, status ${status}`;
  }
  const text = String(message ?? error).replace(/\d/g, "•");
  return isOwn ? `the app's own sender threw: ${text}` : text;
}

/**
 * @param {unknown} word
 * @param {import("../providers/index.js").Message} message
 * @param {(message: string) => void} warn
 */
function refusedByApp(word, { channel }, warn) {
  const place = OWN_REFUSALS.indexOf(String(word));
  if (place < 0) {
    warn(
      `the app's own sender of ${channel} answered refused: '${String(word).slice(0, 32)}', which is none of ${OWN_REFUSALS.join(", ")}; it counts as temporary`,
    );
  }
  return { refused: { code: place < 0 ? NO_CODE : -1 - place, message: "" } };
}

/**
 * Mail has no provider of ours, and no number of a message.
 * @param {import("../../pkg/parse_two_factor.cjs").Channel} channel
 */
function byProvider(channel) {
  return /** @type {import("../providers/index.js").Channel} */ (channel);
}

/** @type {import("./index.js").Perform<"checkMessage">} */
async function checkMessage({ environment: { senders } }, { channel, sid }) {
  try {
    return {
      became: await withTimeout(senders[byProvider(channel)].check(sid)),
    };
  } catch (error) {
    throw new Error(`Twilio did not say (${reasonOf(error, false)})`, {
      cause: error,
    });
  }
}

/** Senders of whose feedback the log has spoken. A key that may only send is refused at every sign-in. */
const spokenOf = new WeakSet();

/**
 * Whoever signs in waits for nothing of it.
 * @type {import("./index.js").Perform<"confirmMessage">}
 */
async function confirmMessage(call, { channel, sid }) {
  const { senders, warn } = call.environment;
  const sender = senders[byProvider(channel)];
  withTimeout(sender.confirm(sid)).catch((error) => {
    if (spokenOf.has(sender)) return;
    spokenOf.add(sender);
    warn(
      `Twilio was not told that a code came back (${reasonOf(error, false)}). It chooses better routes by that. This is said once`,
    );
  });
  return "done";
}

module.exports = {
  checkMessage,
  confirmMessage,
  reasonOf,
  refusalOf,
  sendMessage,
};
