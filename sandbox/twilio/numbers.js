// @ts-check
"use strict";

/**
 * Phone numbers and other senders: their forms, and the numbers that Twilio documents for its test credentials
 * (https://www.twilio.com/docs/iam/test-credentials), with the error that each of them brings.
 */

/** @type {Record<string, [number, (number: string) => string]>} */
const REFUSED_TO = {
  "+15005550001": [21211, (to) => `Invalid 'To' Phone Number: ${to}`],
  "+15005550002": [
    21612,
    (to) =>
      `The 'To' phone number: ${to}, is not currently reachable using the 'From' phone number`,
  ],
  "+15005550003": [
    21408,
    (to) =>
      `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${to}`,
  ],
  "+15005550004": [21610, () => "Attempt to send to unsubscribed recipient"],
  "+15005550009": [
    21614,
    (to) => `'To' number is not a valid mobile number: ${to}`,
  ],
};

/** @type {Record<string, [number, (number: string) => string]>} */
const REFUSED_FROM = {
  "+15005550001": [
    21212,
    (from) => `Invalid 'From' phone number, short code or sender ID: ${from}`,
  ],
  "+15005550007": [
    21606,
    (from) =>
      `The 'From' phone number ${from} is not a valid, SMS-capable phone number of this account`,
  ],
  "+15005550008": [
    21611,
    () => "This 'From' number has exceeded its queue of messages",
  ],
};

/** @param {string} number */
function isE164(number) {
  return /^\+[1-9][0-9]{6,14}$/.test(number);
}

/** @param {string} sender */
function isShortCode(sender) {
  return /^[0-9]{3,6}$/.test(sender);
}

/** @param {string} sender */
function isSenderId(sender) {
  return /^(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}$/.test(sender);
}

module.exports = { REFUSED_TO, REFUSED_FROM, isE164, isShortCode, isSenderId };
