// @ts-check
"use strict";

/** By which tokens what Twilio posts is known, and the start without one. */

const assert = require("node:assert/strict");
const { test } = require("node:test");
const twilio = require("twilio");
const { authTokens, createSenders } = require("../../js/providers/index.js");

const ACCOUNT = `AC${"a".repeat(32)}`;
const OTHER = `AC${"b".repeat(32)}`;
const KEY = `SK${"c".repeat(32)}`;
const TOKEN = "1".repeat(32);
const ENV = { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: TOKEN };

/**
 * @param {import("../../js/providers/index.js").Givens} givens
 * @param {NodeJS.ProcessEnv} env
 */
function tokensOf(givens, env) {
  const { sms, call } = createSenders(givens, env);
  return authTokens([sms, call]);
}

/** @param {string} accountSid */
const byKey = (accountSid) => twilio(KEY, "secret", { accountSid });

test("The token of the account is that of the environment, or of the app's own client.", () => {
  assert.deepEqual(tokensOf({}, ENV), [TOKEN]);
  const by = twilio(OTHER, "2".repeat(32));
  assert.deepEqual(tokensOf({ sms: { by } }, ENV), ["2".repeat(32)]);
  assert.deepEqual(tokensOf({ call: { by } }, ENV), [TOKEN, "2".repeat(32)]);
  assert.deepEqual(tokensOf({ sms: { by: byKey(ACCOUNT) } }, ENV), [TOKEN]);
  const own = { sms: { by: async () => {} } };
  assert.deepEqual(tokensOf(own, ENV), [TOKEN]);
});

test("An API key alone, that of another account, a subaccount without its own token, and no account at all stop the start with statusCallback.", () => {
  const subaccount = twilio(ACCOUNT, TOKEN, { accountSid: OTHER });
  for (const [givens, env] of /** @type {[any, NodeJS.ProcessEnv][]} */ ([
    [{ sms: { by: byKey(ACCOUNT) } }, {}],
    [{ sms: { by: byKey(OTHER) } }, ENV],
    [{ call: { by: byKey(OTHER) } }, ENV],
    [{ sms: { by: subaccount } }, ENV],
    [{}, {}],
  ])) {
    assert.throws(
      () => tokensOf(givens, env),
      /needs the auth token .* API key/,
    );
  }
});

test("An app whose own functions send everything has no use for statusCallback, and the start says so.", () => {
  const by = async () => {};
  const givens = { sms: { by }, call: { by } };
  assert.throws(() => tokensOf(givens, ENV), /statusCallback .* leave it out/);
});
