// @ts-check
"use strict";

/**
 * Twilio's Message resource for WhatsApp: what is checked there, and what a template shows.
 */

const { REFUSED_TO, isE164 } = require("./numbers.js");
const { refusal } = require("./refusal.js");

const PREFIX = "whatsapp:";

/** @param {string | null} address */
const isOfWhatsapp = (address) => Boolean(address?.startsWith(PREFIX));

/** @param {string} address */
const plain = (address) => address.replace(PREFIX, "");

/**
 * What Twilio has against these fields.
 * @param {URLSearchParams} fields
 * @returns {import("./refusal.js").Refusal | undefined}
 */
function check(fields) {
  const to = plain(fields.get("To") ?? "");
  const [from, service] = [
    fields.get("From"),
    fields.get("MessagingServiceSid"),
  ];
  const bad = (/** @type {number} */ code, /** @type {string} */ message) =>
    refusal(400, code, message);

  if (!isE164(to) || to === "+15005550001") {
    return bad(21211, REFUSED_TO["+15005550001"][1](to));
  }
  if (!from && !service) {
    return bad(21603, "A 'From' phone number is required.");
  }
  if (from && (!isOfWhatsapp(from) || !isE164(plain(from)))) {
    return bad(
      63007,
      "Twilio could not find a Channel with the 'From' address",
    );
  }
  if (service && !/^MG[0-9a-fA-F]{32}$/.test(service)) {
    return bad(21705, "The Messaging Service Sid is invalid");
  }
  if (!/^HX[0-9a-fA-F]{32}$/.test(fields.get("ContentSid") ?? "")) {
    return bad(21655, "The ContentSid is invalid");
  }
  if (variable(fields) === undefined) {
    return bad(21656, "The ContentVariables parameter is invalid");
  }
}

/**
 * The one variable of a template for authentication.
 * @param {URLSearchParams} fields
 * @returns {string | undefined}
 */
function variable(fields) {
  try {
    const variables = JSON.parse(fields.get("ContentVariables") ?? "");
    const { 1: code, ...others } = variables;
    const isAlone = Object.keys(others).length === 0;
    return isAlone && /^[A-Za-z0-9]{1,15}$/.test(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What WhatsApp shows: its own text around the code.
 * @param {URLSearchParams} fields
 */
function filled(fields) {
  return `*${variable(fields)}* is your verification code.`;
}

module.exports = { check, filled, isOfWhatsapp, plain };
