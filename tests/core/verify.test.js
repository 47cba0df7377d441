// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { effects } = require("../../js/effects/index.js");
const { throughVerify } = require("../../js/providers/verify.js");

const service = `VA${"0a".repeat(16)}`;
const START = {
  channel: "sms",
  to: "+15005550006",
  code: "123456",
  locale: "de",
  appHash: null,
};

/**
 * A world whose Twilio account answers in this way.
 * @param {(request: object) => Promise<any>} answer
 */
function world(answer) {
  /** @type {string[]} */
  const warnings = [];
  /** @type {any[]} */
  const requests = [];
  const heard = (/** @type {object} */ request) => {
    requests.push(request);
    return answer(request);
  };
  const verifications = Object.assign(
    (/** @type {string} */ of) => ({
      update: (/** @type {object} */ changed) => heard({ of, ...changed }),
    }),
    { create: heard },
  );
  const services = (/** @type {string} */ sid) => {
    assert.equal(sid, service);
    return { verifications };
  };
  const verify = throughVerify(() => ({ verify: { v2: { services } } }));
  const warn = (/** @type {string} */ warning) => warnings.push(warning);
  const perform = effects(/** @type {any} */ ({ warn, verify }), {});
  return {
    warnings,
    requests,
    /** @param {object} step */
    ask: (step) =>
      perform(/** @type {any} */ ({ do: "verify", service, step })),
  };
}

/** What Twilio's SDK throws. @param {number} status @param {number} code */
const refusal = (status, code) =>
  Object.assign(new Error("+15005550006 is told to nobody"), { status, code });

test("A code is handed to Twilio Verify with its language, and the core hears which verification it is and how many messages that has had.", async () => {
  const { ask, requests } = world(async () => ({
    sid: "VE1",
    sendCodeAttempts: [{}, {}],
  }));
  const reply = await ask({ start: START });
  assert.deepEqual(reply, { verification: { sid: "VE1", messages: 2 } });
  const { channel, to, code: customCode, locale } = START;
  assert.deepEqual(requests, [{ channel, to, customCode, locale }]);
  const more = { ...START, locale: null, appHash: "FA+9qCX9VSu" };
  await ask({ start: more });
  const { appHash } = more;
  assert.deepEqual(requests[1], { channel, to, customCode, appHash });
});

test("What is pending for a number is canceled by the number, and the core hears whether anything was.", async () => {
  const { ask, requests } = world(async () => ({}));
  assert.equal(await ask({ cancel: { to: START.to } }), "done");
  assert.deepEqual(requests, [{ of: START.to, status: "canceled" }]);
  const none = world(async () => {
    throw refusal(404, 20404);
  });
  assert.equal(await none.ask({ cancel: { to: START.to } }), "missing");
  assert.deepEqual(none.warnings, []);
});

test("The core hears Twilio's code of what Verify refuses, and the log has no number.", async () => {
  for (const step of [{ start: START }, { cancel: { to: START.to } }]) {
    const { ask, warnings } = world(async () => {
      throw refusal(429, 60203);
    });
    const refused = { code: 60203, message: "" };
    assert.deepEqual(await ask(step), { refused });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], /Twilio error 60203, status 429/);
    assert.doesNotMatch(warnings[0], /5005550006/);
  }
});

test("A report that a code was redeemed is answered at once, whatever Twilio Verify does with it.", async () => {
  const approve = { approve: { sid: "VE1" } };
  /** @type {[(request: object) => Promise<any>, number][]} */
  const answers = [
    [() => new Promise(() => {}), 0],
    [async () => ({}), 0],
    [() => Promise.reject(refusal(404, 20404)), 0],
    [() => Promise.reject(refusal(500, 20500)), 1],
    [
      () => Promise.reject(Object.assign(new Error(), { code: "ETIMEDOUT" })),
      1,
    ],
  ];
  for (const [answer, told] of answers) {
    const { ask, requests, warnings } = world(answer);
    assert.equal(await ask(approve), "done");
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(requests, [{ of: "VE1", status: "approved" }]);
    assert.equal(warnings.length, told);
  }
});
