// @ts-check
"use strict";

const assert = require("node:assert/strict");

/** @typedef {import("./rest").Answer} Answer */

/** A call that had to succeed and did not. */
class Refused extends Error {
  /** @param {Answer} answer */
  constructor(answer) {
    super(`refused: ${JSON.stringify(answer)}`);
    this.answer = answer;
  }
}

/**
 * @param {Answer} answer of a function that must succeed
 * @returns {any} what the function returned
 * @throws {Refused}
 */
function result(answer) {
  if (answer.status !== 200) throw new Refused(answer);
  assert.deepEqual(Object.keys(answer.body), ["result"]);
  return answer.body.result;
}

/**
 * @param {Answer} answer
 * @returns {string} the session token, which is all that the answer holds but for recovery codes left
 */
function granted(answer) {
  const { sessionToken, recoveryCodesLeft, ...more } = result(answer);
  assert.match(sessionToken, /^r:[0-9a-f]{32}$/);
  assert.deepEqual(more, { status: "signed-in" });
  assert.ok(recoveryCodesLeft === undefined || recoveryCodesLeft >= 0);
  return sessionToken;
}

/**
 * Waits for a call that must be refused.
 * @param {Promise<any>} call a call of a `User` or a `Session`, or a plain request
 * @param {number | number[]} code the code, or all that may come where the order of concurrent calls decides
 * @returns {Promise<string>} the message
 */
async function refused(call, code) {
  /** @type {any} */
  let answer;
  try {
    answer = await call;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    answer = error.answer;
  }
  const said = JSON.stringify(answer);
  const codes = [code].flat();
  assert.ok(codes.includes(answer?.body?.code), `not ${codes}: ${said}`);
  const { status, body } = answer;
  assert.ok(status >= 400 && status < 500, `status ${status}`);
  assert.deepEqual(Object.keys(body).sort(), ["code", "error"]);
  assert.equal(typeof body.error, "string");
  return body.error;
}

/**
 * Waits for calls made at once.
 * @param {Promise<any>[]} calls
 * @returns {Promise<Record<string, number>>} how often each end came: `granted`, `challenge`, `done`, or a refusal's code
 */
async function tally(calls) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const call of await Promise.allSettled(calls)) {
    const end = endOf(call);
    counts[end] = (counts[end] ?? 0) + 1;
  }
  return counts;
}

/** @param {PromiseSettledResult<any>} call */
function endOf(call) {
  if (call.status === "rejected") {
    if (!(call.reason instanceof Refused)) throw call.reason;
    const { body } = call.reason.answer;
    return body.code ?? JSON.stringify(body);
  }
  const { value } = call;
  if (typeof value === "string") return "granted";
  const { body } = value;
  if (body === undefined) return value.challenge ? "challenge" : "done";
  const { sessionToken, challenge } = body.result ?? {};
  if (sessionToken) return "granted";
  if (challenge) return "challenge";
  return body.code ?? JSON.stringify(body);
}

/**
 * Waits for calls made at once, of which one must succeed and the others must be refused.
 * @param {Promise<any>[]} calls
 * @returns {Promise<any>} what that one answered
 */
async function onlyOne(calls) {
  const said = JSON.stringify(await tally(calls));
  const ends = await Promise.allSettled(calls);
  const won = ends.flatMap((end) =>
    end.status === "fulfilled" ? [end.value] : [],
  );
  assert.equal(won.length, 1, said);
  return won[0];
}

module.exports = { result, granted, refused, tally, onlyOne };
