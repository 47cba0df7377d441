// @ts-check
"use strict";

/**
 * A stand-in of Twilio's REST API on loopback: the request that sends a message, checked as Twilio checks it, and the
 * one that fetches the account; with the numbers that Twilio documents for its test credentials
 * (https://www.twilio.com/docs/iam/test-credentials). Nothing leaves the machine.
 */

const { createHash, randomBytes, timingSafeEqual } = require("node:crypto");
const http = require("node:http");
const twilio = require("twilio");

const API = "https://api.twilio.com";
const MAX_BODY = 1600;
const { request: sdkRequest } = twilio.RequestClient.prototype;

/**
 * @typedef {object} Message
 * @property {string} to
 * @property {string} from the sender's number, or the messaging service's SID
 * @property {string} body
 * @property {string} at ISO 8601
 *
 * @typedef {"rate-limit" | "error" | "reset" | "silence"} Failure
 * 429 with code 20429, 500, a connection reset, or no answer at all
 *
 * @typedef {object} Twilio
 * @property {string} url
 * @property {Message[]} received newest first
 * @property {InstanceType<typeof twilio.RequestClient>} httpClient the option `httpClient` of Twilio's SDK
 * @property {() => void} captureSdk every client of Twilio's SDK in this process talks to the stand-in, until stop()
 * @property {(mode: Failure | null) => void} failWith how to fail from now on; null: not any more
 * @property {() => Promise<void>} stop
 *
 * @typedef {{status: number, code: number, message: string}} Refusal
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

/**
 * @param {{accountSid: string, authToken: string, port?: number}} options
 * @returns {Promise<Twilio>}
 */
async function startTwilio({ accountSid, authToken, port = 0 }) {
  /** @type {Message[]} */
  const received = [];
  /** @type {Failure | null} */
  let failure = null;

  const server = http.createServer(async (request, response) => {
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return; // The caller hung up.
    if (failure === "silence") return;
    if (failure === "reset") return request.socket.resetAndDestroy();
    if (failure === "rate-limit") {
      response.setHeader("Retry-After", "1");
      return refuse(response, refusal(429, 20429, "Too Many Requests"));
    }
    if (failure === "error") {
      return refuse(response, refusal(500, 20500, "Internal Server Error"));
    }

    const path = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
    if (!authorized(request, accountSid, authToken)) {
      response.setHeader("WWW-Authenticate", 'Basic realm="Twilio API"');
      return refuse(response, refusal(401, 20003, "Authenticate"));
    }
    const resource = `/2010-04-01/Accounts/${accountSid}.json`;
    if (request.url === resource && request.method === "GET") {
      return answer(response, 200, account(accountSid, authToken));
    }
    if (request.url !== path) {
      const message = `The requested resource ${request.url} was not found`;
      return refuse(response, refusal(404, 20404, message));
    }
    if (request.method !== "POST") {
      return refuse(response, refusal(405, 20004, "Method not allowed"));
    }

    // Twilio reads form fields only: a request in another encoding has none.
    const type = (request.headers["content-type"] ?? "").split(";")[0].trim();
    const form = type.toLowerCase() === "application/x-www-form-urlencoded";
    const fields = new URLSearchParams(form ? body : "");
    const bad = check(fields);
    if (bad) return refuse(response, bad);

    const message = created(fields, accountSid);
    received.unshift({
      to: message.to,
      from: message.from ?? message.messaging_service_sid ?? "",
      body: message.body,
      at: new Date().toISOString(),
    });
    answer(response, 201, message);
  });

  await /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    })
  );
  const address = /** @type {import("node:net").AddressInfo} */ (
    server.address()
  );
  const url = `http://127.0.0.1:${address.port}`;
  const httpClient = new twilio.RequestClient();
  httpClient.request = requestTo(url);

  return {
    url,
    received,
    httpClient,
    captureSdk() {
      twilio.RequestClient.prototype.request = requestTo(url);
    },
    failWith(mode) {
      failure = mode;
    },
    stop() {
      twilio.RequestClient.prototype.request = sdkRequest;
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/**
 * The SDK's own request, with Twilio's address replaced by ours: all else of it is what Twilio would get.
 * @param {string} url
 * @param {any} [own] that of another installation of the SDK
 * @returns {any}
 */
function requestTo(url, own = sdkRequest) {
  /**
   * @this {any}
   * @param {any} options
   */
  return async function (options) {
    // An edge, a region or another product has another host: better refused than sent to the network.
    if (!options.uri.startsWith(`${API}/`)) {
      throw new Error(
        `The stand-in answers for ${API}, not for ${options.uri}`,
      );
    }
    const uri = url + options.uri.slice(API.length);
    return own.call(this, { ...options, uri });
  };
}

/**
 * @param {URLSearchParams} fields
 * @returns {Refusal | undefined}
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
  if (!from && !/^MG[0-9a-fA-F]{32}$/.test(service ?? "")) {
    return bad(21701, "The Messaging Service does not exist");
  }
  if (body.length > MAX_BODY) {
    return bad(
      21617,
      `The concatenated message body exceeds the ${MAX_BODY} character limit`,
    );
  }
}

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

/**
 * Twilio's Message resource, as it stands right after its creation.
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
 * Twilio's Account resource: an account that is not on trial.
 * @param {string} accountSid
 * @param {string} authToken
 */
function account(accountSid, authToken) {
  const date = "Tue, 24 Nov 2026 10:00:00 +0000";
  return {
    auth_token: authToken,
    date_created: date,
    date_updated: date,
    friendly_name: "The stand-in's account",
    owner_account_sid: accountSid,
    sid: accountSid,
    status: "active",
    subresource_uris: {
      messages: `/2010-04-01/Accounts/${accountSid}/Messages.json`,
    },
    type: "Full",
    uri: `/2010-04-01/Accounts/${accountSid}.json`,
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

/**
 * @param {http.IncomingMessage} request
 * @param {string} accountSid
 * @param {string} authToken
 */
function authorized(request, accountSid, authToken) {
  const given = (request.headers.authorization ?? "").replace(/^basic +/i, "");
  const wanted = Buffer.from(`${accountSid}:${authToken}`).toString("base64");
  const digest = (/** @type {string} */ value) =>
    createHash("sha256").update(value).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

/**
 * @param {number} status
 * @param {number} code
 * @param {string} message
 * @returns {Refusal}
 */
function refusal(status, code, message) {
  return { status, code, message };
}

/**
 * @param {http.ServerResponse} response
 * @param {Refusal} refused
 */
function refuse(response, { status, code, message }) {
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  answer(response, status, { code, message, more_info, status });
}

/**
 * @param {http.ServerResponse} response
 * @param {number} status
 * @param {object} value
 */
function answer(response, status, value) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(value));
}

/**
 * @param {http.IncomingMessage} request
 * @returns {Promise<string>}
 */
async function text(request) {
  let body = "";
  request.setEncoding("utf8");
  for await (const chunk of request) body += chunk;
  return body;
}

module.exports = { startTwilio, requestTo };
