// @ts-check
"use strict";

/**
 * Twilio's Account resource, and the credentials that open it.
 */

const { createHash, timingSafeEqual } = require("node:crypto");

/** @typedef {{ accountSid: string, authToken: string }} Credentials */

/**
 * An active account that is not on trial.
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
 * Whether a request names the account with its auth token.
 * @param {import("node:http").IncomingMessage} request
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

module.exports = { account, authorized };
