// @ts-check
"use strict";

/**
 * Twilio's Message resource: a request to create one, checked as Twilio checks it, and what Twilio answers.
 */

const { randomBytes } = require("node:crypto");
const {
  REFUSED_TO,
  REFUSED_FROM,
  isE164,
  isShortCode,
  isSenderId,
} = require("./numbers.js");
const { refusal } = require("./refusal.js");

const MAX_BODY = 1600;

/**
 * What Twilio has against these fields.
 * @param {URLSearchParams} fields
 * @returns {import("./refusal.js").Refusal | undefined}
 */
function check(fields) {
  const to = fields.get("To");
  const from = fields.get("From");
  const service = fields.get("MessagingServiceSid");
  const body = fields.get("Body");
  const bad = (/** @type {number} */ code, /** @type {string} */ message) =>
    refusal(400, code, message);

  if (!to) return bad(21604, "A 'To' phone number is required.");
  if (!from && !service) {
    return bad(21603, "A 'From' phone number is required.");
  }
  if (!body) return bad(21602, "Message body is required.");
  if (to in REFUSED_TO) {
    const [code, message] = REFUSED_TO[to];
    return bad(code, message(to));
  }
  if (!isE164(to)) return bad(21211, `Invalid 'To' Phone Number: ${to}`);
  if (from && from in REFUSED_FROM) {
    const [code, message] = REFUSED_FROM[from];
    return bad(code, message(from));
  }
  // Test credentials know one sender, +15005550006. An account owns whichever it bought, and so does this one.
  if (from && !isE164(from) && !isShortCode(from) && !isSenderId(from)) {
    const [code, message] = REFUSED_FROM["+15005550001"];
    return bad(code, message(from));
  }
  if (from && from === to) {
    return bad(21266, `'To' and 'From' number cannot be the same: ${from}`);
  }
  if (service && !/^MG[0-9a-fA-F]{32}$/.test(service)) {
    return bad(21705, "The Messaging Service Sid is invalid");
  }
  const validity = fields.get("ValidityPeriod");
  if (validity !== null && !isValidity(validity)) {
    return bad(21626, `ValidityPeriod ${validity} is out of range`);
  }
  if (body.length > MAX_BODY) {
    return bad(
      21617,
      `The concatenated message body exceeds the ${MAX_BODY} character limit`,
    );
  }
}

/** @param {string} seconds */
function isValidity(seconds) {
  return /^[1-9][0-9]*$/.test(seconds) && Number(seconds) <= 36_000;
}

/**
 * The resource right after its creation.
 * @param {URLSearchParams} fields
 * @param {string} accountSid
 */
function created(fields, accountSid) {
  const service = fields.get("MessagingServiceSid");
  const body = fields.get("Body") ?? "";
  const sid = `SM${randomBytes(16).toString("hex")}`;
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${sid}`;
  const now = new Date().toUTCString().replace("GMT", "+0000");
  return {
    account_sid: accountSid,
    api_version: "2010-04-01",
    body,
    date_created: now,
    date_sent: null,
    date_updated: now,
    direction: "outbound-api",
    error_code: null,
    error_message: null,
    from: fields.get("From"),
    messaging_service_sid: service,
    num_media: "0",
    // A messaging service picks the sender later, so Twilio does not know the segments yet.
    num_segments: service ? "0" : String(segments(body)),
    price: null,
    price_unit: service ? null : "USD",
    sid,
    status: service ? "accepted" : "queued",
    subresource_uris: { media: `${uri}/Media.json` },
    tags: null,
    to: fields.get("To") ?? "",
    uri: `${uri}.json`,
  };
}

/**
 * How many SMS a text takes. ASCII stands for the GSM alphabet here, which is close enough for a code.
 * @param {string} body
 */
function segments(body) {
  const [single, part] = /^[\n\r\x20-\x7e]*$/.test(body)
    ? [160, 153]
    : [70, 67];
  return body.length <= single ? 1 : Math.ceil(body.length / part);
}

module.exports = { check, created };
