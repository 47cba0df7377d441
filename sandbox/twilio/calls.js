// @ts-check
"use strict";

/**
 * Twilio's Call resource: a request to make one, checked as Twilio checks it, and what Twilio answers.
 */

const { randomBytes } = require("node:crypto");
const { isE164 } = require("./numbers.js");
const { refusal } = require("./refusal.js");

const LONGEST_TWIML = 4000;
/** In seconds. */
const LONGEST_RING = 600;

/**
 * Numbers that Twilio documents for calls with its test credentials (https://www.twilio.com/docs/iam/test-credentials).
 * @type {Record<string, [number, (to: string) => string]>}
 */
const REFUSED_TO = {
  "+15005550001": [
    21217,
    (to) => `Phone number does not appear to be valid: ${to}`,
  ],
  "+15005550002": [21214, (to) => `'To' phone number cannot be reached: ${to}`],
  "+15005550003": [
    21215,
    (to) => `Account not authorized to call ${to}: international permissions`,
  ],
  "+15005550004": [21216, (to) => `Account not allowed to call ${to}`],
};

/**
 * What Twilio has against these fields.
 * @param {URLSearchParams} fields
 * @returns {import("./refusal.js").Refusal | undefined}
 */
function check(fields) {
  const [to, from] = [fields.get("To"), fields.get("From")];
  const twiml = fields.get("Twiml");
  const bad = (/** @type {number} */ code, /** @type {string} */ message) =>
    refusal(400, code, message);

  if (!to) return bad(21201, "No 'To' number is specified");
  if (!from) return bad(21213, "A 'From' phone number is required");
  if (!twiml) return bad(21205, "A URL or TwiML is required");
  if (to in REFUSED_TO) {
    const [code, message] = REFUSED_TO[to];
    return bad(code, message(to));
  }
  if (!isE164(to)) {
    return bad(21217, `Phone number does not appear to be valid: ${to}`);
  }
  if (!isE164(from) || from === "+15005550001") {
    return bad(21212, `Invalid 'From' phone number: ${from}`);
  }
  if (twiml.length > LONGEST_TWIML) {
    return bad(21218, `TwiML has more than ${LONGEST_TWIML} characters`);
  }
  if (!isDocument(twiml)) return bad(12100, "Document parse failure");
  const rings = Number(fields.get("Timeout") ?? 60);
  if (!Number.isInteger(rings) || rings < 1 || rings > LONGEST_RING) {
    return bad(20001, `Timeout is not valid: ${fields.get("Timeout")}`);
  }
  const limit = fields.get("TimeLimit");
  if (limit !== null && !/^[1-9][0-9]{0,4}$/.test(limit)) {
    return bad(20001, `TimeLimit is not valid: ${limit}`);
  }
}

/** What a document of TwiML may hold here, with nothing nested. */
const VERB = /<(Say|Pause)((?: [a-z]+="[^"<&]*")*)(?:\/>|>([^<&]*)<\/\1>)/g;

/** Waiting for a key, with what is said meanwhile. */
const GATHER = /<Gather((?: [a-zA-Z]+="(?:[^"<&]|&amp;)*")*)>(.*?)<\/Gather>/gs;

/** @param {string} twiml */
function isDocument(twiml) {
  const inside = /^(?:<\?xml [^>]*\?>)?<Response>(.*)<\/Response>$/s.exec(
    twiml,
  );
  const flat = inside?.[1].replace(GATHER, "$2").replace("<Hangup/>", "");
  return flat?.replace(VERB, "").trim() === "";
}

/**
 * The address that is asked once somebody presses a key.
 * @param {string} twiml
 * @returns {string | undefined}
 */
function actionOf(twiml) {
  const action = / action="([^"]*)"/.exec(twiml)?.[1];
  return action?.replaceAll("&amp;", "&");
}

/**
 * The words that somebody hears, each sentence once.
 * @param {string} twiml
 */
function words(twiml) {
  const verbs = [...twiml.matchAll(VERB)];
  return verbs
    .filter(([, verb]) => verb === "Say")
    .map(([, , , text]) => text)
    .join(" ");
}

/**
 * The resource right after its creation.
 * @param {URLSearchParams} fields
 * @param {string} accountSid
 */
function created(fields, accountSid) {
  const sid = `CA${randomBytes(16).toString("hex")}`;
  const now = new Date().toUTCString().replace("GMT", "+0000");
  return {
    account_sid: accountSid,
    annotation: null,
    answered_by: null,
    api_version: "2010-04-01",
    caller_name: null,
    date_created: now,
    date_updated: now,
    direction: "outbound-api",
    duration: null,
    end_time: null,
    forwarded_from: null,
    from: fields.get("From"),
    from_formatted: fields.get("From"),
    group_sid: null,
    parent_call_sid: null,
    phone_number_sid: null,
    price: null,
    price_unit: "USD",
    queue_time: "0",
    sid,
    start_time: null,
    status: "queued",
    subresource_uris: {},
    to: fields.get("To") ?? "",
    to_formatted: fields.get("To"),
    trunk_sid: null,
    uri: `/2010-04-01/Accounts/${accountSid}/Calls/${sid}.json`,
  };
}

module.exports = { actionOf, check, created, isDocument, words };
