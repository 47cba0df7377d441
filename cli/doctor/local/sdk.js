// @ts-check
"use strict";

const { createRequire } = require("node:module");
const path = require("node:path");

/** In milliseconds: Twilio answers within a second or two. */
const TIMEOUT = 10_000;

/**
 * A client of Twilio's, by the SDK as the app has it.
 * @param {string} folder
 * @param {string} accountSid
 * @param {string} authToken
 * @returns {any}
 */
function clientOf(folder, accountSid, authToken) {
  return sdk(folder)(accountSid, authToken, { timeout: TIMEOUT });
}

/**
 * @param {string} folder
 * @returns {any}
 */
function sdk(folder) {
  try {
    return createRequire(path.join(folder, "package.json"))("twilio");
  } catch {
    return require("twilio");
  }
}

module.exports = { clientOf };
