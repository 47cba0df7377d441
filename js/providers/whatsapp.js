// @ts-check
"use strict";

/** What Twilio's SDK is told where a number is one of WhatsApp's. @param {string} number */
const ofWhatsapp = (number) =>
  number.startsWith("whatsapp:") ? number : `whatsapp:${number}`;

/** @type {import("./index.js").ByTwilio} */
module.exports = (client, message, origin, options) => {
  const { to, code, contentSid, validityPeriod, statusCallback } = message;
  const from = options.from ?? origin.from;
  return client.messages.create({
    to: ofWhatsapp(to),
    ...(from ? { from: ofWhatsapp(from) } : origin),
    contentSid,
    // WhatsApp's templates for authentication have one variable.
    contentVariables: JSON.stringify({ 1: code }),
    ...(validityPeriod ? { validityPeriod } : {}),
    ...(statusCallback ? { statusCallback } : {}),
  });
};
