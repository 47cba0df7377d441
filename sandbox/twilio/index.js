// @ts-check
"use strict";

/**
 * A stand-in of Twilio's REST API on loopback: the requests that send a message, make a call and drive a verification of Twilio Verify,
 * checked as Twilio checks them, those that ask what became of them, and the one that fetches the account. Nothing leaves the machine.
 */

const http = require("node:http");
const { account, authorized } = require("./account.js");
const { pressKey, reportCall, reportMessage } = require("./callbacks.js");
const calls = require("./calls.js");
const messages = require("./messages.js");
const whatsapp = require("./whatsapp.js");
const { answer, refusal, refuse } = require("./refusal.js");
const { captureSdk, httpClientTo, releaseSdk, requestTo } = require("./sdk.js");
const { SentBox } = require("./sent.js");
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
 * @typedef {"rate-limit" | "error" | "reset" | "silence" | "not-found"} Failure
 * 429 with code 20429, 500, a connection reset, no answer at all, or 404
 *
 * @typedef {import("./account.js").Credentials} Credentials
 *
 * @typedef {object} Twilio
 * @property {string} url
 * @property {Message[]} received newest first
 * @property {InstanceType<typeof Verifications>} verifications of Twilio Verify
 * @property {ReturnType<typeof httpClientTo>} httpClient the option `httpClient` of Twilio's SDK
 * @property {() => void} captureSdk every client of Twilio's SDK in this process talks to the stand-in, until stop()
 * @property {(mode: Failure | null, at?: RegExp) => void} failWith how to fail from now on, at requests whose method and path match; null: not
 *   any more
 * @property {(to: string, status: string, error?: number) => void} decide what becomes of messages and calls to a number from now on
 * @property {() => Record<string, string[]>} feedback what was told about messages, by SID
 * @property {(to: string) => void} letVoicemailAnswer calls to a number: it presses no key
 * @property {() => Promise<void>} settled once the app was told of everything that was sent
 * @property {() => Promise<void>} stop
 */

/**
 * @param {Credentials & {port?: number}} options
 * @returns {Promise<Twilio>}
 */
async function startTwilio({ port = 0, ...credentials }) {
  /** @type {Message[]} */
  const received = [];
  const sent = new SentBox();
  const verifications = new Verifications(credentials.accountSid);
  /** @type {Failure | null} */
  let failure = null;
  let failsAt = /./;
  /** Numbers whose calls voicemail answers. @type {Set<string>} */
  const voicemail = new Set();
  /** @type {Set<Promise<void>>} */
  const telling = new Set();

  /**
   * What follows on a message or a call that was taken.
   * @param {Taken} taken
   */
  async function follow({ resource, message, fields }) {
    // Twilio Verify tells nothing of its messages.
    if (!resource) return;
    const url = fields.get("StatusCallback");
    const fate = sent.fateOf(message.to, message.channel === "call");
    if (message.channel !== "call") {
      const arrived = { status: "delivered", error: null };
      if (url) {
        await reportMessage(credentials, resource, url, fate ?? arrived);
      }
      return;
    }
    const action = calls.actionOf(fields.get("Twiml") ?? "");
    if (action && !fate && !voicemail.has(message.to)) {
      const document = await pressKey(credentials, resource, action);
      if (calls.isDocument(document))
        message.body += ` ${calls.words(document)}`;
    }
    const end = fate?.status ?? "completed";
    if (url) await reportCall(credentials, resource, url, end);
  }

  const server = http.createServer(async (request, response) => {
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return; // The caller hung up.
    if (failure && failsAt.test(`${request.method} ${request.url}`)) {
      return fail(failure, request, response);
    }
    const taken = serve(request, response, body, credentials, {
      sent,
      verifications,
    });
    if (!taken) return;
    received.unshift(taken.message);
    const told = follow(taken).finally(() => telling.delete(told));
    telling.add(told);
  });
  const url = await listen(server, port);

  return {
    url,
    received,
    verifications,
    httpClient: httpClientTo(url),
    captureSdk: () => captureSdk(url),
    failWith(mode, at = /./) {
      failure = mode;
      failsAt = at;
    },
    decide: (to, status, error) => sent.decide(to, status, error ?? null),
    feedback: () => sent.feedback(),
    letVoicemailAnswer: (to) => void voicemail.add(to),
    async settled() {
      while (telling.size > 0) await Promise.all(telling);
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
  if (failure === "not-found") {
    refuse(
      response,
      refusal(404, 20404, "The requested resource was not found"),
    );
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
 * @param {{ sent: InstanceType<typeof SentBox>, verifications: InstanceType<typeof Verifications> }} kept
 * @typedef {{ resource?: import("./sent.js").Resource, message: Message, fields: URLSearchParams }} Taken
 * @returns {Taken | undefined} what it sends
 */
function serve(request, response, body, { accountSid, authToken }, kept) {
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
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://api");
  const path =
    pathname.startsWith(`${resource}/`) && pathname.endsWith(".json")
      ? pathname.slice(resource.length + 1, -".json".length)
      : "";
  const driven = kept.verifications.serve(
    request.method ?? "",
    request.url ?? "",
    fields,
  );
  if (driven && "code" in driven) {
    refuse(response, driven);
    return undefined;
  }
  if (driven) {
    answer(response, driven.status ?? 201, driven.resource);
    const { message } = driven;
    return message && { message: now(message), fields };
  }
  const later = kept.sent.answer(request.method, path, searchParams, fields);
  if (later) {
    if ("refused" in later) refuse(response, later.refused);
    else answer(response, later.created ? 201 : 200, later.body);
    return undefined;
  }
  const create = { Messages: createMessage, Calls: createCall }[path];
  if (!create) {
    const message = `The requested resource ${request.url} was not found`;
    refuse(response, refusal(404, 20404, message));
    return undefined;
  }
  if (request.method !== "POST") {
    refuse(response, refusal(405, 20004, "Method not allowed"));
    return undefined;
  }
  const made = create(fields, accountSid);
  if ("code" in made) {
    refuse(response, made);
    return undefined;
  }
  kept.sent.add(made.resource, fields);
  answer(response, 201, made.resource);
  return { resource: made.resource, message: now(made.message), fields };
}

/**
 * @param {Omit<Message, "at">} message
 * @returns {Message} sent now
 */
const now = (message) => ({ ...message, at: new Date().toISOString() });

/**
 * @typedef {{ resource: import("./sent.js").Resource, message: Omit<Message, "at"> }} Made
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
