// @ts-check
"use strict";

/** @type {import("./index.js").ByTwilio} */
module.exports = (client, { to, from, body, validityPeriod }, origin) =>
  client.messages.create({
    to,
    body,
    ...(from ? { from } : origin),
    ...(validityPeriod ? { validityPeriod } : {}),
  });
