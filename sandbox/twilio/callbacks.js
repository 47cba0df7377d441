// @ts-check
"use strict";

/**
 * What the stand-in asks of an app over HTTP, signed as Twilio signs it (https://www.twilio.com/docs/usage/security). It asks this machine
 * alone.
 */

const { createHmac } = require("node:crypto");

const HERE = ["localhost", "127.0.0.1", "[::1]"];
const PATIENCE_MILLISECONDS = 15_000;

/**
 * @param {string} authToken
 * @param {string} url
 * @param {Record<string, string>} fields
 */
function signatureOf(authToken, url, fields) {
  const signed = Object.keys(fields)
    .sort()
    .reduce((text, name) => text + name + fields[name], url);
  return createHmac("sha1", authToken).update(signed).digest("base64");
}

/**
 * @param {string} authToken
 * @param {string} url
 * @param {Record<string, string>} fields
 * @returns {Promise<{ status: number, type: string, body: string } | undefined>} nothing for another machine, and where nobody answers
 */
async function post(authToken, url, fields) {
  if (!URL.canParse(url) || !HERE.includes(new URL(url).hostname)) return;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "X-Twilio-Signature": signatureOf(authToken, url, fields) },
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
    const type = response.headers.get("content-type") ?? "";
    return { status: response.status, type, body: await response.text() };
  } catch {
    return undefined;
  }
}

/**
 * Tells an app what becomes of a message.
 * @param {import("./account.js").Credentials} account
 * @param {import("./sent.js").Resource} resource
 * @param {string} url
 * @param {{ status: string, error: number | null }} fate
 */
async function reportMessage({ accountSid, authToken }, resource, url, fate) {
  for (const { status, error } of [{ status: "sent", error: null }, fate]) {
    await post(authToken, url, {
      AccountSid: accountSid,
      ApiVersion: "2010-04-01",
      From: resource.from ?? "",
      MessageSid: resource.sid,
      MessageStatus: status,
      SmsSid: resource.sid,
      SmsStatus: status,
      To: resource.to,
      ...(error === null ? {} : { ErrorCode: String(error) }),
    });
  }
}

/**
 * The fields of a request about a call.
 * @param {string} accountSid
 * @param {import("./sent.js").Resource} resource
 * @param {string} status
 * @returns {Record<string, string>}
 */
function ofCall(accountSid, resource, status) {
  return {
    AccountSid: accountSid,
    ApiVersion: "2010-04-01",
    CallSid: resource.sid,
    CallStatus: status,
    Called: resource.to,
    Caller: resource.from,
    Direction: "outbound-api",
    From: resource.from,
    To: resource.to,
  };
}

/**
 * Presses a key in a call, and hears what follows.
 * @param {import("./account.js").Credentials} account
 * @param {import("./sent.js").Resource} resource
 * @param {string} url
 * @returns {Promise<string>} the document; empty where none comes
 */
async function pressKey({ accountSid, authToken }, resource, url) {
  const fields = {
    ...ofCall(accountSid, resource, "in-progress"),
    Digits: "1",
    FinishedOnKey: "",
    msg: "Gather End",
  };
  const answer = await post(authToken, url, fields);
  const isDocument = /^(text|application)\/xml\b/.test(answer?.type ?? "");
  return answer?.status === 200 && isDocument ? answer.body : "";
}

/**
 * Tells an app how a call ended.
 * @param {import("./account.js").Credentials} account
 * @param {import("./sent.js").Resource} resource
 * @param {string} url
 * @param {string} status
 */
async function reportCall({ accountSid, authToken }, resource, url, status) {
  await post(authToken, url, ofCall(accountSid, resource, status));
}

module.exports = {
  post,
  pressKey,
  reportCall,
  reportMessage,
  signatureOf,
};
