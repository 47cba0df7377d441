// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, afterEach, before, test } = require("node:test");
const { refused, result } = require("../support/answers");
const { startApp } = require("../support/app");
const { newKey } = require("../support/key");
const { NOT_SENT, UNREACHABLE } = require("../support/refusals");
const { SECOND } = require("../support/time");

const SERVICE = `VA${"a5".repeat(16)}`;

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp({
    options: {
      keys: newKey(),
      channels: { sms: true, call: true, whatsapp: true },
      verify: { serviceSid: SERVICE },
    },
  });
});
after(() => app?.stop());
afterEach(async () => {
  if (!app) return;
  app.twilio.failWith(null);
  app.twilio.verifications.refusing = null;
  await app.setSmsTimeout();
});

/** The code in what a person reads or hears. @param {{ body: string }} message */
const codeIn = ({ body }) => body.replace(/\D/g, "");

/** Waits until Twilio has heard that this number's verification is over in this way. @param {string} to @param {string} status */
async function heard(to, status) {
  for (let looked = 0; looked < 100; looked += 1) {
    const [last] = app.twilio.verifications.all.filter((one) => one.to === to);
    if (last?.status === status) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`no verification of ${to} is ${status}`);
}

test("A code goes through Twilio Verify by each channel in the user's language, signs in, and is reported as redeemed.", async () => {
  for (const method of ["sms", "call", "whatsapp"]) {
    const ada = await app.user({ locale: "de-AT" }).withNumber().create();
    const sign = await ada.login({ method });
    assert.equal(sign.method, method);
    const [message] = ada.messages;
    assert.deepEqual(
      [message.channel, message.by, message.from, message.locale],
      ["verify", method, SERVICE, "de"],
    );
    await ada.answer(sign, codeIn(message), { method });
    await heard(ada.phone, "approved");
  }
});

test("A further code takes the place of the one before it at Twilio Verify, too.", async () => {
  const ada = await app.user().withNumber().create();
  const { challenge } = await ada.login();
  await app.advance(30 * SECOND);
  const call = { challenge, method: "call" };
  const resent = result(await app.run("resendCode", call));
  assert.deepEqual(
    app.twilio.verifications.all
      .filter(({ to }) => to === ada.phone)
      .map(({ status }) => status),
    ["pending", "canceled"],
  );
  await ada.answer(resent, codeIn(ada.messages[0]));
  await heard(ada.phone, "approved");
});

test("Of two users with one number, each signs in with the code that was sent for that user, in one moment or one after the other.", async () => {
  const phone = app.newNumber();
  const ada = await app.user().withNumber(phone).create();
  const bob = await app.user().withNumber(phone).create();
  const [first, second] = await Promise.all([ada.login(), bob.login()]);
  const codes = new Set(ada.messages.map(codeIn));
  assert.ok(codes.size >= 2, "two codes went out");
  for (const [user, sign] of /** @type {const} */ ([
    [ada, first],
    [bob, second],
  ])) {
    /** @type {(string | undefined)[]} */
    const opened = [];
    for (const code of codes) {
      const { challenge } = sign;
      const { body } = await app.run("login", { challenge, code });
      opened.push(body.result?.sessionToken);
    }
    assert.equal(opened.filter(Boolean).length, 1, `${user.phone}`);
  }
});

test("A landline is called through Twilio Verify, and a number that it refuses is refused as one.", async () => {
  const ada = await app.user().withNumber("+15005550009").create();
  const sign = await ada.login();
  assert.equal(sign.method, "call");
  await ada.answer(sign, codeIn(ada.messages[0]));
  const bob = await app.user().withNumber("+15005550001").create();
  await refused(bob.login(), UNREACHABLE);
  const [told] = await bob.events();
  assert.equal(told.about, "•••• 0001, error 60200");
});

test("Whatever Twilio Verify fails with, no code is used up, and no report of a redeemed code keeps anybody from signing in.", async () => {
  for (const [status, code] of [
    [403, 60204],
    [429, 60203],
    [403, 60410],
    [404, 20404],
    [503, 20503],
  ]) {
    const ada = await app.user().withNumber().create();
    const message = "+15005550006 is told to nobody";
    app.twilio.verifications.refusing = { status, code, message };
    await refused(ada.login(), NOT_SENT);
    const [told] = await ada.events();
    assert.equal(told.about, `•••• ${ada.phone.slice(-4)}, error ${code}`);
    app.twilio.verifications.refusing = null;
    const sign = await ada.login();
    await ada.answer(sign, codeIn(ada.messages[0]));
  }
  assert.doesNotMatch(app.log(), /is told to nobody/);
  for (const mode of /** @type {const} */ (["rate-limit", "error", "reset"])) {
    const ada = await app.user().withNumber().create();
    app.twilio.failWith(mode);
    await refused(ada.login(), NOT_SENT);
    app.twilio.failWith(null);
    const sign = await ada.login();
    app.twilio.failWith(mode);
    await ada.answer(sign, codeIn(ada.messages[0]));
    app.twilio.failWith(null);
  }
  await app.setSmsTimeout(200);
  const ada = await app.user().withNumber().create();
  app.twilio.failWith("silence");
  assert.equal((await ada.login()).resendIn, 30);
  app.twilio.failWith(null);
  await app.advance(30 * SECOND);
  const sign = await ada.login();
  app.twilio.failWith("silence");
  await ada.answer(sign, codeIn(ada.messages[0]));
});

test("The log says at the start that Twilio Verify sends no notices, and an enrollment sends none.", async () => {
  assert.match(app.log(), /Twilio Verify sends codes and nothing else/);
  const phone = app.newNumber();
  const ada = (await app.user().create()).with({ phone });
  const { password } = ada;
  const session = await ada.session();
  const begun = await session.enroll({
    method: "sms",
    phoneNumber: phone,
    password,
  });
  await session.confirm(begun, codeIn(ada.messages[0]));
  assert.equal(ada.messages.length, 1);
});
