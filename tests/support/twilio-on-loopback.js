// @ts-check
"use strict";

/**
 * Loaded before a program (`node --require`), it leads the requests of Twilio's SDK in that process to the stand-in whose address stands
 * in `TEST_TWILIO_URL`.
 */

const twilio = require("twilio");
const { requestTo } = require("./sandbox");

twilio.RequestClient.prototype.request = requestTo(
  String(process.env.TEST_TWILIO_URL),
);
