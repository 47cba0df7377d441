// @ts-check
"use strict";

/**
 * What an error code of Twilio's means, and what to do (`twilio.com/docs/api/errors`).
 */

/** @type {Record<number, string>} */
const EXPLAINED = {
  20003:
    "Twilio does not take the account or its key: compare them with its console",
  20404:
    "Twilio does not know this message or service: it is of another account, or was deleted there",
  20429: "too many requests at once: Twilio takes the next ones again",
  21211: "there is no such number: have the user correct it",
  21408:
    "the account does not send to this country: turn the country on under Messaging, Geo permissions, in Twilio's console",
  21606: "the sender is no number of this account that sends messages",
  21608: "the account is on trial and sends to verified numbers alone",
  21610: "the recipient once replied STOP, and gets messages after a START",
  21612: "this sender does not reach this number: take another sender",
  21614: "the number takes no messages: turn on calls (channels.call)",
  21635: "the number is a landline: turn on calls (channels.call)",
  21660: "the sender is a number of another account",
  30001: "messages wait for too long: send fewer at once, or by more senders",
  30002: "the account is suspended: Twilio's console says why",
  30003: "the phone is off or out of reach, which may pass",
  30004: "the recipient or the carrier blocks this sender",
  30005: "no phone has this number, or none at the moment",
  30006: "the number is a landline: turn on calls (channels.call)",
  30007:
    "the message was filtered as spam by Twilio or the carrier: register the sender, or ask Twilio's support",
  30008: "the carrier did not say why, which may pass",
  30022: "more messages than the carrier takes from this sender",
  30023: "the carrier's messages of this day are used up for this sender",
  30032: "the toll-free sender is not verified: verify it in Twilio's console",
  30034:
    "the sender is not registered for messages to the United States (A2P 10DLC): register it in Twilio's console",
  30036:
    "the message waited for as long as its code lives: send fewer at once, or by more senders",
  30410: "the carrier did not answer in time, which may pass",
  30453: "Twilio took the message for SMS pumping (SMS Pumping Protection)",
  60200: "there is no such number: have the user correct it",
  60203: "many codes went to this number, which passes within ten minutes",
  60204:
    'turn on "Enable Custom Verification Code" for the service in Twilio\'s console',
  60205: "the number is a landline: turn on calls (channels.call)",
  60212: "many codes went to this number, which passes within ten minutes",
  60220:
    "Twilio looks at codes to China before it sends any: write to its support",
  60223:
    "the service does not send by this channel: turn it on in Twilio's console",
  60238: "Twilio looks at the account first: write to its support",
  60410:
    "Fraud Guard has blocked a block of numbers for twelve hours: look whether somebody pumps messages",
  60605:
    "Verify does not send to this country: turn it on under Verify, Geo permissions",
  63003: "the number has no WhatsApp",
  63007: "the sender is none that WhatsApp knows",
  63016: "WhatsApp takes a code in an approved template alone",
  63018: "more messages than WhatsApp takes from this sender",
  63024: "the number has no WhatsApp",
};

/**
 * @param {number} code
 * @returns {string} a part of a sentence
 */
function explained(code) {
  if (code === 0) return "Twilio does not say why";
  return (
    EXPLAINED[code] ?? `see https://www.twilio.com/docs/api/errors/${code}`
  );
}

module.exports = { explained };
