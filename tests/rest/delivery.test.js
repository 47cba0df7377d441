// @ts-check
"use strict";

/** What became of a message after Twilio took it: asked with the next code, and told when a code comes back. */

const assert = require("node:assert/strict");
const { after, afterEach, before, test } = require("node:test");
const { elements } = require("../support/account");
const { refused } = require("../support/answers");
const { startApp } = require("../support/app");
const { newKey } = require("../support/key");
const { BAD_REQUEST, UNREACHABLE } = require("../support/refusals");
const { SECOND } = require("../support/time");

/** Requests to Twilio about what was sent before. */
const STATUS = /^GET .*\/(Messages|Calls)\//;
const FEEDBACK = /\/Feedback\.json$/;

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp({
    options: { keys: newKey(), channels: { call: true } },
  });
});
after(() => app?.stop());
afterEach(async () => {
  app?.twilio.failWith(null);
  await app?.setSmsTimeout();
});

/** The code in what a person reads or hears. @param {{ body: string }} message */
const codeIn = ({ body }) => body.replace(/2FA|\D/g, "");

/** @param {import("../support/user").User} user */
async function sids(user) {
  const { challenges } = (await user.account()) ?? {};
  return elements(challenges, "delivered").map(({ sid }) => sid);
}

/** Waits until Twilio has heard of a message. @param {string} sid */
async function heardOf(sid) {
  for (let n = 0; n < 200; n++) {
    if (app.twilio.feedback()[sid]) return app.twilio.feedback()[sid];
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return undefined;
}

test("A message that did not arrive is followed by a call, and Twilio hears of the code that came back by message.", async () => {
  const ada = await app.user().withNumber().create();
  const sign = await ada.login();
  const [sid] = await sids(ada);
  assert.match(sid, /^SM[0-9a-f]{32}$/);
  app.twilio.decide(ada.phone, "undelivered", 30006);
  await app.advance(30 * SECOND);
  const resent = await ada.resend(sign);
  assert.equal(resent.method, "call");
  assert.equal(ada.messages[0].channel, "call");
  const told = (await ada.events()).find(
    ({ what }) => what === "code-undelivered",
  );
  assert.deepEqual(
    [told.method, told.about.slice(-11), told.outcome],
    ["sms", "error 30006", UNREACHABLE],
  );
  await ada.answer(resent, codeIn(ada.messages[0]));
  assert.equal(app.twilio.feedback()[sid], undefined);

  const bob = await app.user().withNumber().create();
  const begun = await bob.login();
  const [message] = await sids(bob);
  await bob.answer(begun, bob.code());
  assert.deepEqual(await heardOf(message), ["confirmed"]);
});

test("A Twilio that does not say what became of a message, or takes no feedback, keeps nobody from a code or a session.", async () => {
  for (const mode of /** @type {const} */ ([
    "not-found",
    "rate-limit",
    "error",
    "reset",
    "silence",
  ])) {
    const ada = await app.user().withNumber().create();
    const sign = await ada.login();
    app.twilio.decide(ada.phone, "undelivered", 30006);
    await app.advance(30 * SECOND);
    if (mode === "silence") await app.setSmsTimeout(200);
    app.twilio.failWith(mode, STATUS);
    const resent = await ada.resend(sign);
    assert.equal(resent.method, "sms", mode);
    app.twilio.failWith(mode, FEEDBACK);
    const begun = Date.now();
    await ada.answer(resent, ada.code());
    if (mode === "silence") assert.ok(Date.now() - begun < 5 * SECOND);
    app.twilio.failWith(null);
    await app.setSmsTimeout();
  }
  assert.match(app.log(), /Twilio was not told that a code came back/);
  assert.equal(app.log().match(/Twilio was not told/g)?.length, 1);
});

test("The operator hears what became of the last messages and of one, and the answer names nobody.", async () => {
  const ada = await app.user().withNumber().create();
  await ada.login();
  app.twilio.decide(ada.phone, "undelivered", 30034);
  const ask = async (/** @type {any} */ params) =>
    (await app.run("twoFactorHealth", params, { master: true })).body;
  const { result } = await ask({ messages: true });
  const unregistered = result.messages.errors.find(
    (/** @type {any} */ { code }) => code === 30034,
  );
  assert.deepEqual(unregistered, { code: 30034, count: 1 });
  assert.ok(!JSON.stringify(result.messages).includes(ada.phone.slice(-4)));
  const [sid] = await sids(ada);
  const one = await ask({ message: sid });
  assert.deepEqual(one.result.message, { status: "undelivered", error: 30034 });
  const unknown = await ask({ message: `SM${"0".repeat(32)}` });
  assert.deepEqual(unknown.result.message, { failed: "20404" });
  for (const params of [
    { message: "../Accounts" },
    { message: ["SM"] },
    { messages: "yes" },
  ]) {
    await refused(
      app.run("twoFactorHealth", params, { master: true }),
      BAD_REQUEST,
    );
  }
  const { result: plain } = await ask({});
  assert.ok(!("messages" in plain) && !("message" in plain));
});
