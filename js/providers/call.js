// @ts-check
"use strict";

/** In seconds: longer than the longest code takes to be said three times. A line that is left open costs money. */
const LONGEST_CALL = 90;

/** @type {import("./index.js").ByTwilio} */
module.exports = (client, message, origin) => {
  const { to, from, twiml, rings, statusCallback } = message;
  const caller = from ?? origin.from;
  if (!caller) {
    throw new Error(
      "there is no number to call from: set TWILLIO_FROM_NUMBER, as a messaging service makes no calls",
    );
  }
  return client.calls.create({
    to,
    from: caller,
    twiml,
    timeout: rings,
    timeLimit: LONGEST_CALL,
    ...(statusCallback ? { statusCallback } : {}),
  });
};
