// @ts-check
"use strict";

/**
 * An answer of Twilio's, and its form of an error.
 *
 * @typedef {{status: number, code: number, message: string}} Refusal
 */

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
 * @param {import("node:http").ServerResponse} response
 * @param {Refusal} refused
 */
function refuse(response, { status, code, message }) {
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  answer(response, status, { code, message, more_info, status });
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {object} value
 */
function answer(response, status, value) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(value));
}

module.exports = { refusal, refuse, answer };
