// @ts-check
"use strict";

const { withTimeout } = require("../timeout.js");
const { reasonOf, refusalOf } = require("./messages.js");

/** No such verification: it is over, or another user's code took its place. */
const NOT_FOUND = 404;

/** For a request that only makes room for the next one. */
const CANCEL_MILLISECONDS = 5000;

/** @type {import("./index.js").Perform<"verify">} */
async function verify({ environment }, { service, step }) {
  if ("approve" in step) {
    // Nobody waits for it: a report must neither delay nor fail a sign-in.
    void report(environment, service, step.approve.sid);
    return "done";
  }
  const { verify, warn } = environment;
  if ("cancel" in step) {
    try {
      const canceled = verify.end(service, step.cancel.to, "canceled");
      await withTimeout(canceled, CANCEL_MILLISECONDS);
      return "done";
    } catch (/** @type {any} */ error) {
      if (error?.status === NOT_FOUND) return "missing";
      return refusalOf(error, "a verification was not canceled", warn);
    }
  }
  try {
    const { sid, sendCodeAttempts } = await withTimeout(
      verify.start(service, step.start),
    );
    const messages = sendCodeAttempts?.length ?? 1;
    return { verification: { sid, messages } };
  } catch (error) {
    return refusalOf(error, "a code was not sent by Twilio Verify", warn);
  }
}

/**
 * Reports that the code of a verification came back.
 * @param {import("../environment.js").Environment} environment
 * @param {string} service
 * @param {string} sid
 */
async function report({ verify, warn }, service, sid) {
  try {
    await withTimeout(verify.end(service, sid, "approved"));
  } catch (/** @type {any} */ error) {
    if (error?.status === NOT_FOUND) return;
    warn(
      `a redeemed code was not reported to Twilio Verify (${reasonOf(error)})`,
    );
  }
}

module.exports = { verify };
