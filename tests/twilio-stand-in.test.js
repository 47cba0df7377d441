// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const twilio = require("twilio");
const { startTwilio } = require("./support/sandbox");

const ACCOUNT = {
  accountSid: `AC${"0".repeat(32)}`,
  authToken: "1".repeat(32),
};
const TO = "+14155550123";

/** @type {import("./support/sandbox").Twilio} */
let standIn;
before(async () => {
  standIn = await startTwilio(ACCOUNT);
});
after(() => standIn?.stop());

/** What Twilio answers to a message, as its SDK tells it. @param {object} message */
async function codeOf(message) {
  const { accountSid, authToken } = ACCOUNT;
  const { httpClient } = standIn;
  const client = twilio(accountSid, authToken, {
    httpClient: /** @type {any} */ (httpClient),
  });
  try {
    await client.messages.create(
      /** @type {any} */ ({ to: TO, body: "123456", ...message }),
    );
    return undefined;
  } catch (/** @type {any} */ error) {
    return error.code;
  }
}

test("The stand-in answers 21705 to a malformed SID of a messaging service, with a sender or without one.", async () => {
  const service = `MG${"a".repeat(32)}`;
  assert.equal(await codeOf({ messagingServiceSid: service }), undefined);
  for (const messagingServiceSid of ["MG", "MG0", `XX${"a".repeat(32)}`]) {
    assert.equal(await codeOf({ messagingServiceSid }), 21705);
    const from = "+14155550100";
    assert.equal(await codeOf({ messagingServiceSid, from }), 21705);
  }
});

test("The stand-in answers 21266 to a message from a number to itself.", async () => {
  assert.equal(await codeOf({ from: TO }), 21266);
  assert.equal(await codeOf({ from: "+14155550124" }), undefined);
});
