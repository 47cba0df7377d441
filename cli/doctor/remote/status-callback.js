// @ts-check
"use strict";

const TIMEOUT_MILLISECONDS = 10_000;

/**
 * Whether our handler answers under the address that Twilio is given. It is asked from this machine, without a message.
 * @type {import("./index.js").RemoteCheck}
 */
module.exports = async function statusCallback(_, { statusCallback }) {
  if (!statusCallback) {
    return [
      "ok",
      "statusCallback is not set: a code that did not arrive is noticed when the next one is asked for.",
    ];
  }
  try {
    const { status, headers } = await fetch(statusCallback, {
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    if (status === 405 && headers.get("allow") === "POST") {
      return ["ok", "the handler answers at statusCallback."];
    }
    return [
      "failure",
      `what answers at statusCallback is not our handler (status ${status}), so Twilio's reports are lost and calls speak no code: mount it there, by require("parse-two-factor/callback")().`,
    ];
  } catch (/** @type {any} */ error) {
    const why = error?.cause?.code ?? error?.name ?? "no answer";
    return [
      "failure",
      `nothing answers at statusCallback (${why}), so Twilio's reports are lost and calls speak no code: is the address right, and public?`,
    ];
  }
};
