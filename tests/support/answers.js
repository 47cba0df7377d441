// @ts-check
"use strict";

const assert = require("node:assert/strict");

/** @typedef {import("./app").Answer} Answer */

/**
 * @param {Answer} answer of a function that must succeed
 * @returns {any} what it returned
 */
function result(answer) {
  assert.equal(answer.status, 200, JSON.stringify(answer));
  assert.deepEqual(Object.keys(answer.body), ["result"]);
  return answer.body.result;
}

/**
 * @param {Answer} answer
 * @returns {string} the session token, which is all that the answer holds
 */
function granted(answer) {
  const { sessionToken, ...more } = result(answer);
  assert.match(sessionToken, /^r:[0-9a-f]{32}$/);
  assert.deepEqual(more, {});
  return sessionToken;
}

/**
 * @param {Answer} answer
 * @param {number | number[]} code
 */
function refused(answer, code) {
  const { status, body } = answer;
  const codes = [code].flat();
  assert.ok(
    codes.includes(body.code),
    `not ${codes}: ${JSON.stringify(answer)}`,
  );
  assert.ok(status >= 400 && status < 500, `status ${status}`);
  assert.deepEqual(Object.keys(body).sort(), ["code", "error"]);
  assert.equal(typeof body.error, "string");
}

/**
 * @param {Answer[]} answers
 * @returns {Record<string, number>} how often each came: `granted`, `challenge`, or the code of a refusal
 */
function tally(answers) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { body } of answers) {
    const { sessionToken, challenge } = body.result ?? {};
    const kind = sessionToken
      ? "granted"
      : challenge
        ? "challenge"
        : (body.code ?? JSON.stringify(body));
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

module.exports = { result, granted, refused, tally };
