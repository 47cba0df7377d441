// @ts-check
"use strict";

/**
 * What Twilio tells an app under the address in the option `statusCallback`: `app.post("/parse-two-factor/callback",
 * require("parse-two-factor/callback")())` in `cloud/app.js`. It reads what is posted and hands it to the core, which looks at the
 * signature first.
 */

const { readForm, Unreadable } = require("./form.js");
const { listening } = require("./listening.js");

/** By the code of a refusal; anything else is for asking again. @type {Record<number, number>} */
const STATUSES = { 119: 403, 4012: 404, 4021: 400, 4023: 503, 4027: 404 };

/** In characters: longer than any token of ours, or any sealed code. */
const LONGEST = 1024;

/**
 * @typedef {import("node:http").IncomingMessage & { body?: any, originalUrl?: string }} Request
 * @typedef {{ status: number, type?: string, body?: string, headers?: Record<string, string> }} Reply
 */

/**
 * A handler for Express, or for `http.createServer` of Node itself.
 * @returns {import("./callback.js").Callback}
 */
function callback() {
  return async (
    /** @type {Request} */ request,
    /** @type {import("node:http").ServerResponse} */ response,
  ) => {
    const { status, type, body, headers } =
      await replyTo(request).catch(failed);
    if (response.headersSent || response.destroyed) return;
    // What was not read to its end would be taken for the next request.
    const isRead = request.readableEnded || request.complete;
    response.writeHead(status, {
      ...(type && { "Content-Type": type }),
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      ...(isRead ? {} : { Connection: "close" }),
      ...headers,
    });
    response.end(body);
  };
}

/**
 * @param {any} error
 * @returns {Reply}
 */
function failed(error) {
  if (error instanceof Unreadable) {
    const { status, headers } = error;
    return { ...refusal(BAD_REQUEST, error.message, status), headers };
  }
  const { code, message } = error ?? {};
  // Of what is no refusal nobody outside learns anything.
  return Number.isInteger(code) && code in STATUSES
    ? refusal(code, message, STATUSES[code])
    : refusal(TRY_AGAIN, "That did not go through: try again.", 503);
}

const BAD_REQUEST = 4021;
const TRY_AGAIN = 4022;

/**
 * @param {number} code
 * @param {string} error
 * @param {number} status
 * @returns {Reply}
 */
function refusal(code, error, status) {
  const body = JSON.stringify({ code, error });
  return { status, type: "application/json; charset=utf-8", body };
}

/**
 * @param {Request} request
 * @returns {Promise<Reply>}
 */
async function replyTo(request) {
  if (request.method !== "POST") {
    throw new Unreadable(405, "Twilio posts here.", { Allow: "POST" });
  }
  const { message, code } = tokensOf(request);
  const fields = await readForm(request);
  const signature = String(request.headers["x-twilio-signature"] ?? "");
  const call = { message, code, signature: signature.slice(0, 64), fields };
  /** @type {unknown} */
  let refused = new Unreadable(
    503,
    "parse-two-factor is not started here, or has no option statusCallback.",
  );
  // Several apps in one process have an address each, and the signature tells which one is meant.
  for (const deployment of listening()) {
    try {
      const { twiml } = /** @type {any} */ (
        await deployment.providerCall(call)
      );
      return twiml === undefined
        ? { status: 204 }
        : { status: 200, type: "text/xml; charset=utf-8", body: twiml };
    } catch (error) {
      refused = error;
    }
  }
  throw refused;
}

/**
 * The token and the sealed code in the address. Where the app has mounted us below a path, Express has cut `url`.
 * @param {Request} request
 */
function tokensOf({ originalUrl, url = "" }) {
  const query = (originalUrl ?? url).split("?").slice(1).join("?");
  const named = new URLSearchParams(query);
  const message = named.get("message") ?? "";
  const code = named.get("code");
  if (message.length > LONGEST || (code?.length ?? 0) > LONGEST) {
    throw new Unreadable(414, "The address is too long.");
  }
  if (!message)
    throw new Unreadable(404, "There is no message in the address.");
  return { message, code };
}

module.exports = callback;
