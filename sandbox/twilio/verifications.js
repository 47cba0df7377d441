// @ts-check
"use strict";

/**
 * Twilio Verify's Service and Verification resources, as far as codes of one's own go through them: requests checked as Twilio checks them,
 * and what Twilio answers. What Twilio does not document is refused, another code while one is pending among it.
 */

const { randomBytes } = require("node:crypto");
const { isE164 } = require("./numbers.js");
const { refusal } = require("./refusal.js");

/** In milliseconds: how long a verification is pending. */
const PENDING = 600_000;
const MOST_MESSAGES = 5;
const NAME = "Demo";

/** A service that nobody made, and one that takes no codes of one's own. */
const UNKNOWN_SERVICE = `VA${"0".repeat(32)}`;
const WITHOUT_OWN_CODES = `VA${"1".repeat(32)}`;

const CHANNELS = ["sms", "call", "whatsapp"];
const LOCALES =
  "af ar ca zh zh-CN zh-HK hr cs da nl en en-GB et fi fr de el he hi hu id it ja kn ko lt ms mr nb pl pt-BR pt ro ru sk es sv tl te th tr uk vi".split(
    " ",
  );

/** The parameters of Twilio's OpenAPI description. */
const PARAMETERS =
  "To Channel CustomFriendlyName CustomMessage SendDigits Locale CustomCode Amount Payee RateLimits ChannelConfiguration AppHash TemplateSid TemplateCustomSubstitutions Templates DeviceIp EnableSnaClientToken RiskCheck Tags".split(
    " ",
  );

/** Numbers like those of Twilio's test credentials, which Verify has none of. @type {Record<string, [number, number, string]>} */
const REFUSED_TO = {
  "+15005550001": [400, 60200, "Invalid parameter `To`: +15005550001"],
  "+15005550002": [403, 60410, "Verification delivery attempt blocked"],
  "+15005550003": [403, 60605, "Verification delivery attempt blocked"],
};
const LANDLINE = "+15005550009";

/**
 * @typedef {object} Verification
 * @property {string} sid
 * @property {string} service
 * @property {string} to
 * @property {string} channel of the last message
 * @property {string} code
 * @property {"pending" | "approved" | "canceled"} status
 * @property {{ time: string, channel: string, attempt_sid: string }[]} attempts
 * @property {number} begun
 *
 * @typedef {import("./refusal.js").Refusal} Refusal
 * @typedef {Omit<import("./index.js").Message, "at">} Message
 * @typedef {{ status?: number, resource: object, message?: Message }} Made what Twilio answers, and the message that it sends
 */

/** The verifications of one account. */
class Verifications {
  #accountSid;
  /** Newest first. @type {Verification[]} */
  all = [];
  /** What every further code is refused with. @type {Refusal | null} */
  refusing = null;

  /** @param {string} accountSid */
  constructor(accountSid) {
    this.#accountSid = accountSid;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {URLSearchParams} fields
   * @returns {Made | Refusal | undefined} `undefined` for what is no resource of Verify's
   */
  serve(method, path, fields) {
    const found =
      /^\/v2\/Services\/(VA[0-9a-fA-F]{32})(\/Verifications(?:\/([^/?]+))?)?$/.exec(
        path,
      );
    if (!found) return undefined;
    const [, service, ofVerifications, of] = found;
    if (service === UNKNOWN_SERVICE) return notFound(path);
    if (!ofVerifications) {
      return method === "GET"
        ? { status: 200, resource: this.#service(service) }
        : refusal(405, 20004, "Method not allowed");
    }
    if (of === undefined) {
      return method === "POST"
        ? this.#start(service, fields)
        : refusal(405, 20004, "Method not allowed");
    }
    const named = this.#pending(service, decodeURIComponent(of));
    if (!named) return notFound(path);
    if (method === "POST") {
      const status = fields.get("Status");
      if (status !== "approved" && status !== "canceled") {
        return invalid("Status", status);
      }
      named.status = status;
    }
    return { status: 200, resource: this.#resource(named) };
  }

  /**
   * What is pending, by its SID or by its number.
   * @param {string} service
   * @param {string} of
   */
  #pending(service, of) {
    return this.all.find(
      (one) =>
        one.service === service &&
        (one.sid === of || one.to === of) &&
        one.status === "pending" &&
        Date.now() < one.begun + PENDING,
    );
  }

  /**
   * @param {string} service
   * @param {URLSearchParams} fields
   * @returns {Made | Refusal}
   */
  #start(service, fields) {
    const bad = this.refusing ?? check(service, fields);
    if (bad) return bad;
    const [to, channel, code] = ["To", "Channel", "CustomCode"].map(
      (name) => fields.get(name) ?? "",
    );
    const pending = this.#pending(service, to);
    if (pending && pending.code !== code) {
      return refusal(
        400,
        60200,
        "Invalid parameter `CustomCode`: Twilio does not say what becomes of another code while one is pending",
      );
    }
    if (pending && pending.attempts.length >= MOST_MESSAGES) {
      return refusal(429, 60203, "Max send attempts reached");
    }
    const one = pending ?? this.#begun(service, to, code);
    one.channel = channel;
    one.attempts.push({
      time: new Date().toISOString(),
      channel: channel.toUpperCase(),
      attempt_sid: sid("VL"),
    });
    const locale = fields.get("Locale");
    const body = `Your ${NAME} verification code is: ${code}`;
    const by = { by: channel, ...(locale ? { locale } : {}) };
    const message = { to, from: service, body, ...by };
    return {
      status: 201,
      resource: this.#resource(one),
      message: { ...message, channel: "verify" },
    };
  }

  /**
   * @param {string} service
   * @param {string} to
   * @param {string} code
   */
  #begun(service, to, code) {
    /** @type {Verification} */
    const one = {
      sid: sid("VE"),
      service,
      to,
      channel: "",
      code,
      status: "pending",
      attempts: [],
      begun: Date.now(),
    };
    this.all.unshift(one);
    return one;
  }

  /** @param {Verification} one */
  #resource({ sid, service, to, channel, status, attempts, begun }) {
    const date = new Date(begun).toISOString().replace(/\.\d+/, "");
    return {
      sid,
      service_sid: service,
      account_sid: this.#accountSid,
      to,
      channel,
      status,
      valid: status === "approved",
      lookup: {},
      amount: null,
      payee: null,
      send_code_attempts: attempts,
      sna: null,
      date_created: date,
      date_updated: date,
      url: `https://verify.twilio.com/v2/Services/${service}/Verifications/${sid}`,
    };
  }

  /** @param {string} service */
  #service(service) {
    return {
      sid: service,
      account_sid: this.#accountSid,
      friendly_name: NAME,
      code_length: 6,
      custom_code_enabled: service !== WITHOUT_OWN_CODES,
      url: `https://verify.twilio.com/v2/Services/${service}`,
    };
  }
}

/**
 * What Verify has against these fields.
 * @param {string} service
 * @param {URLSearchParams} fields
 * @returns {Refusal | undefined}
 */
function check(service, fields) {
  for (const name of fields.keys()) {
    if (!PARAMETERS.includes(name)) return invalid(name, fields.get(name));
  }
  const [to, channel, code, locale, hash] = [
    "To",
    "Channel",
    "CustomCode",
    "Locale",
    "AppHash",
  ].map((name) => fields.get(name));
  if (service === WITHOUT_OWN_CODES) {
    return refusal(403, 60204, "Custom code not allowed");
  }
  if (!to || !isE164(to)) return invalid("To", to);
  if (!channel || !CHANNELS.includes(channel)) {
    return invalid("Channel", channel);
  }
  if (!code || !/^[0-9A-Za-z]{4,10}$/.test(code)) {
    return invalid("CustomCode", code);
  }
  if (hash !== null && (channel !== "sms" || hash.length !== 11)) {
    return invalid("AppHash", hash);
  }
  if (locale !== null && !LOCALES.includes(locale)) {
    return refusal(404, 20404, `The locale ${locale} was not found`);
  }
  if (to in REFUSED_TO) return refusal(...REFUSED_TO[to]);
  if (to === LANDLINE && channel === "sms") {
    const message = "SMS is not supported by landline phone number";
    return refusal(403, 60205, message);
  }
}

/**
 * @param {string} name
 * @param {string | null} value
 */
const invalid = (name, value) =>
  refusal(400, 60200, `Invalid parameter \`${name}\`: ${value}`);

/** @param {string} path */
const notFound = (path) =>
  refusal(404, 20404, `The requested resource ${path} was not found`);

/** @param {string} prefix */
const sid = (prefix) => prefix + randomBytes(16).toString("hex");

module.exports = { Verifications, UNKNOWN_SERVICE, WITHOUT_OWN_CODES };
