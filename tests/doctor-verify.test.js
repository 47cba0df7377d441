// @ts-check
"use strict";

const assert = require("node:assert/strict");
const path = require("node:path");
const { after, before, test } = require("node:test");
const verify = require("../cli/doctor/local/verify.js");
const { startTwilio } = require("./support/sandbox");

const ACCOUNT = {
  accountSid: `AC${"0".repeat(32)}`,
  authToken: "1".repeat(32),
};
const ENV = {
  TWILIO_ACCOUNT_SID: ACCOUNT.accountSid,
  TWILIO_AUTH_TOKEN: ACCOUNT.authToken,
};

/** @type {import("./support/sandbox").Twilio} */
let standIn;
before(async () => {
  standIn = await startTwilio(ACCOUNT);
  standIn.captureSdk();
});
after(() => standIn?.stop());

test("The doctor finds a Verify service that is not there, and one that takes no codes of ours.", async () => {
  const folder = path.join(__dirname, "..");
  const of = (/** @type {string} */ digit) => ({
    verify: `VA${digit.repeat(32)}`,
  });
  for (const [
    health,
    env,
    verdict,
    word,
  ] of /** @type {[any, any, string, RegExp][]} */ ([
    [of("5"), ENV, "ok", /takes codes/],
    [of("0"), ENV, "failure", /verify\.serviceSid/],
    [of("1"), ENV, "failure", /Custom Verification Code/],
    [of("5"), { ...ENV, TWILIO_AUTH_TOKEN: "wrong" }, "warning", /20003/],
    [of("5"), {}, "skipped", /no Twilio account/],
    [{ verify: null }, ENV, "ok", /do not go through/],
    [undefined, ENV, "skipped", /did not say/],
  ])) {
    const [found, sentence] = await verify(folder, env, health);
    assert.equal(found, verdict, sentence);
    assert.match(sentence, word);
  }
});
