// @ts-check
"use strict";

/**
 * What became of messages, for whoever holds the master key: `twoFactorHealth` with `messages: true` asks Twilio about the account's last
 * ones, with `message` about one. Each is one request, and the answer names nobody.
 */

const { CHANNELS } = require("./providers/index.js");
const { withTimeout } = require("./timeout.js");

/** How Twilio names messages and calls. It becomes a part of a URL. */
const SID = /^(SM|MM|CA)[0-9a-f]{32}$/i;

/** Parameters that cannot be read, as the core says it. */
const BAD_REQUEST = 4021;

/**
 * @param {import("./deployment.js").Deployment} deployment
 * @param {{ messages?: unknown, message?: unknown }} params
 * @returns {Promise<object>} nothing if nothing is asked; `null` in each place where no Twilio account sends
 */
async function sentMessages(deployment, { messages, message }) {
  const { Parse, senders } = deployment;
  if (messages !== undefined && typeof messages !== "boolean") {
    throw new Parse.Error(BAD_REQUEST, "messages must be true or false.");
  }
  if (
    message !== undefined &&
    !(typeof message === "string" && SID.test(message))
  ) {
    throw new Parse.Error(
      BAD_REQUEST,
      "message takes what Twilio names a message or a call by.",
    );
  }
  const sender = CHANNELS.map((channel) => senders[channel]).find(
    ({ isOwn }) => !isOwn,
  );
  /** @param {(sender: import("./providers/index.js").Sender) => Promise<object>} ask */
  const asked = async (ask) => {
    if (!sender) return null;
    try {
      return await withTimeout(ask(sender));
    } catch (/** @type {any} */ error) {
      // Twilio's texts repeat numbers.
      const { code, status } = error ?? {};
      return { failed: String(code ?? status ?? "no answer").slice(0, 32) };
    }
  };
  return {
    ...(messages && { messages: await asked(({ list }) => list()) }),
    ...(message !== undefined && {
      message: await asked(({ check }) => check(message)),
    }),
  };
}

module.exports = { sentMessages };
