// @ts-check
"use strict";

/** @typedef {{status: number, body: any}} Answer */

/**
 * Calls Parse's API over HTTP.
 * @param {string} method
 * @param {string} url
 * @param {any} body a string goes as it is
 * @param {Record<string, string>} headers whose app it is among them
 * @returns {Promise<Answer>}
 */
async function callParse(method, url, body, headers) {
  const response = await fetch(url, {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    body:
      body === undefined || typeof body === "string"
        ? body
        : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

module.exports = { callParse };
