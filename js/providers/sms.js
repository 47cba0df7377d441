// @ts-check
"use strict";

/** @type {import("./index.js").ByTwilio} */
module.exports = (
  client,
  { to, from, body, code, validityPeriod, statusCallback },
  origin,
) =>
  client.messages.create({
    to,
    body,
    ...(from ? { from } : origin),
    ...(validityPeriod ? { validityPeriod } : {}),
    ...(statusCallback ? { statusCallback } : {}),
    // Of a code that comes back Twilio is told.
    ...(code === null ? {} : { provideFeedback: true }),
  });
