// @ts-check
"use strict";

/**
 * A stand-in of Twilio's REST API on loopback: the requests that send a message, make a call and drive a verification of Twilio Verify,
 * checked as Twilio checks them, and the one that fetches the account. Nothing leaves the machine.
 */

const http = require("node:http");
const { account, authorized } = require("./account.js");
const calls = require("./calls.js");
const messages = require("./messages.js");
const whatsapp = require("./whatsapp.js");
const { answer, refusal, refuse } = require("./refusal.js");
const { captureSdk, httpClientTo, releaseSdk, requestTo } = require("./sdk.js");
const { Verifications } = require("./verifications.js");

/**
 * @typedef {object} Message
 * @property {string} to the plain number
 * @property {string} from the sender's number, or the messaging service's SID
 * @property {string} body what a person reads or hears
 * @property {"sms" | "whatsapp" | "call" | "verify"} channel
 * @property {string} [by] of Twilio Verify: by which way
 * @property {string} [locale] of Twilio Verify: the language, if one was asked for
 * @property {string} at ISO 8601
 * @property {number} [validityPeriod] in seconds, if one was asked for
 *
 * @typedef {"rate-limit" | "error" | "reset" | "silence"} Failure
 * 429 with code 20429, 500, a connection reset, or no answer at all
 *
 * @typedef {{accountSid: string, authToken: string}} Credentials
 *
 * @typedef {object} Twilio
 * @property {string} url
 * @property {Message[]} received newest first
 * @property {InstanceType<typeof Verifications>} verifications of Twilio Verify
 * @property {ReturnType<typeof httpClientTo>} httpClient the option `httpClient` of Twilio's SDK
 * @property {() => void} captureSdk every client of Twilio's SDK in this process talks to the stand-in, until stop()
 * @property {(mode: Failure | null) => void} failWith how to fail from now on; null: not any more
 * @property {() => Promise<void>} stop
 */

/**
 * @param {Credentials & {port?: number}} options
 * @returns {Promise<Twilio>}
 */
async function startTwilio({ port = 0, ...credentials }) {
  /** @type {Message[]} */
  const received = [];
  const verifications = new Verifications(credentials.accountSid);
  /** @type {Failure | null} */
  let failure = null;

  const server = http.createServer(async (request, response) => {
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return; // The caller hung up.
    if (failure) return fail(failure, request, response);
    const message = serve(request, response, body, credentials, verifications);
    if (message) received.unshift(message);
  });
  const url = await listen(server, port);

  return {
    url,
    received,
    verifications,
    httpClient: httpClientTo(url),
    captureSdk: () => captureSdk(url),
    failWith(mode) {
      failure = mode;
    },
    stop() {
      releaseSdk();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/**
 * @param {Failure} failure
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 */
function fail(failure, request, response) {
  if (failure === "reset") request.socket.resetAndDestroy();
  if (failure === "rate-limit") {
    response.setHeader("Retry-After", "1");
    refuse(response, refusal(429, 20429, "Too Many Requests"));
  }
  if (failure === "error") {
    refuse(response, refusal(500, 20500, "Internal Server Error"));
  }
}

/**
 * Answers a request as Twilio would.
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 * @param {string} body
 * @param {Credentials} credentials
 * @param {InstanceType<typeof Verifications>} verifications
 * @returns {Message | undefined} the message that it sends
 */
function serve(
  request,
  response,
  body,
  { accountSid, authToken },
  verifications,
) {
  const resource = `/2010-04-01/Accounts/${accountSid}`;
  if (!authorized(request, accountSid, authToken)) {
    response.setHeader("WWW-Authenticate", 'Basic realm="Twilio API"');
    refuse(response, refusal(401, 20003, "Authenticate"));
    return undefined;
  }
  if (request.url === `${resource}.json` && request.method === "GET") {
    answer(response, 200, account(accountSid, authToken));
    return undefined;
  }
  // Twilio reads form fields only: a request in another encoding has none.
  const type = (request.headers["content-type"] ?? "").split(";")[0].trim();
  const form = type.toLowerCase() === "application/x-www-form-urlencoded";
  const fields = new URLSearchParams(form ? body : "");
  const { method = "", url = "" } = request;
  const driven = verifications.serve(method, url, fields);
  if (driven) return answered(response, driven);
  const create = {
    [`${resource}/Messages.json`]: createMessage,
    [`${resource}/Calls.json`]: createCall,
  }[request.url ?? ""];
  if (!create) {
    const message = `The requested resource ${request.url} was not found`;
    refuse(response, refusal(404, 20404, message));
    return undefined;
  }
  if (request.method !== "POST") {
    refuse(response, refusal(405, 20004, "Method not allowed"));
    return undefined;
  }

  return answered(response, create(fields, accountSid));
}

/**
 * @param {http.ServerResponse} response
 * @param {Made | import("./refusal.js").Refusal} made
 * @returns {Message | undefined} the message that it sends
 */
function answered(response, made) {
  if ("code" in made) {
    refuse(response, made);
    return undefined;
  }
  answer(response, made.status ?? 201, made.resource);
  const { message } = made;
  return message && { ...message, at: new Date().toISOString() };
}

/**
 * @typedef {{ status?: number, resource: object, message?: Omit<Message, "at"> }} Made
 * @param {URLSearchParams} fields
 * @param {string} accountSid
 * @returns {Made | import("./refusal.js").Refusal}
 */
function createMessage(fields, accountSid) {
  const isWhatsapp = whatsapp.isOfWhatsapp(fields.get("To"));
  const bad = isWhatsapp ? whatsapp.check(fields) : messages.check(fields);
  if (bad) return bad;
  if (isWhatsapp) fields.set("Body", whatsapp.filled(fields));
  const resource = messages.created(fields, accountSid);
  const validityPeriod = fields.get("ValidityPeriod");
  return {
    resource,
    message: {
      ...(validityPeriod ? { validityPeriod: Number(validityPeriod) } : {}),
      to: whatsapp.plain(resource.to),
      from: whatsapp.plain(
        resource.from ?? resource.messaging_service_sid ?? "",
      ),
      body: resource.body,
      channel: isWhatsapp ? "whatsapp" : "sms",
    },
  };
}

/**
 * @param {URLSearchParams} fields
 * @param {string} accountSid
 * @returns {Made | import("./refusal.js").Refusal}
 */
function createCall(fields, accountSid) {
  const bad = calls.check(fields);
  if (bad) return bad;
  const body = calls.words(fields.get("Twiml") ?? "");
  const resource = calls.created(fields, accountSid);
  const { to } = resource;
  const from = resource.from ?? "";
  return { resource, message: { to, from, body, channel: "call" } };
}

/**
 * @param {http.Server} server
 * @param {number} port
 * @returns {Promise<string>} its address
 */
function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = /** @type {import("node:net").AddressInfo} */ (
        server.address()
      );
      resolve(`http://127.0.0.1:${address.port}`);
    });
  });
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
