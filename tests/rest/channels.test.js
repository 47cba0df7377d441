// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, afterEach, before, test } = require("node:test");
const { refused, result } = require("../support/answers");
const { startApp } = require("../support/app");
const { newKey } = require("../support/key");
const { NOT_SENT, OFF, UNREACHABLE } = require("../support/refusals");
const { SECOND } = require("../support/time");

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp({
    options: {
      keys: newKey(),
      channels: {
        sms: true,
        call: true,
        whatsapp: {
          contentSid: {
            en: `HX${"e".repeat(32)}`,
            de: `HX${"d".repeat(32)}`,
          },
        },
      },
    },
  });
});
after(() => app?.stop());
afterEach(async () => {
  app?.twilio.failWith(null);
  await app?.setSmsTimeout();
});

/** The code in what a person reads or hears. @param {{ body: string }} message */
const codeIn = ({ body }) => body.replace(/2FA|\D/g, "");

test("A code goes by the channel that is asked for, in the user's language, and signs in.", async () => {
  for (const [method, locale, body] of /** @type {const} */ ([
    ["sms", "en", /^Your 2FA code is \d{6}$/],
    ["call", "de", /^Guten Tag\. .* Ihr Code ist (\d, ){5}\d\.$/],
    ["whatsapp", "de", /^\*\d{6}\* /],
  ])) {
    const ada = await app.user({ locale }).withNumber().create();
    const sign = await ada.login({ method });
    assert.equal(sign.method, method);
    assert.deepEqual(sign.methods, ["sms", "call", "whatsapp"]);
    const [message] = ada.messages;
    assert.equal(message.channel, method);
    assert.match(message.body, body);
    assert.equal(message.validityPeriod, method === "call" ? undefined : 300);
    await ada.answer(sign, codeIn(message), { method });
    const [told] = (await ada.events()).filter(
      ({ what }) => what === "signed-in",
    );
    assert.equal(told.method, method);
  }
});

test("A further code comes by another channel, and the one before it is dead.", async () => {
  const ada = await app.user().withNumber().create();
  const { challenge } = await ada.login();
  await app.advance(30 * SECOND);
  const resent = result(
    await app.run("resendCode", { challenge, method: "call" }),
  );
  assert.equal(resent.method, "call");
  assert.equal(ada.messages[0].channel, "call");
  await ada.answer(resent, codeIn(ada.messages[0]));
});

test("A landline is called in the same call of ours, and a number that nothing reaches is refused.", async () => {
  const landline = "+15005550009";
  const ada = await app.user().withNumber(landline).create();
  const sign = await ada.login();
  assert.equal(sign.method, "call");
  assert.deepEqual(
    ada.messages.map(({ channel }) => channel),
    ["call"],
  );
  await ada.answer(sign, codeIn(ada.messages[0]));

  const bob = await app.user().withNumber("+15005550004").create();
  await refused(bob.login(), UNREACHABLE);
  const [told] = await bob.events();
  assert.equal(told.about, "•••• 0004, sms error 21610, call error 21216");
});

test("A number is enrolled by a call, and the status lists it as a number.", async () => {
  const phone = app.newNumber();
  const ada = (await app.user().create()).with({ phone });
  const { password } = ada;
  const session = await ada.session();
  const begun = await session.enroll({
    method: "call",
    phoneNumber: phone,
    password,
  });
  assert.equal(ada.messages[0].channel, "call");
  const { factor } = await session.confirm(begun, codeIn(ada.messages[0]));
  assert.equal(factor.method, "sms");
});

test("A provider that fails by a call or by WhatsApp uses up no code, and one that does not answer has not refused.", async () => {
  for (const method of ["call", "whatsapp"]) {
    for (const mode of /** @type {const} */ ([
      "rate-limit",
      "error",
      "reset",
    ])) {
      const ada = await app.user().withNumber().create();
      app.twilio.failWith(mode);
      await refused(ada.login({ method }), NOT_SENT);
      app.twilio.failWith(null);
      const sign = await ada.login({ method });
      await ada.answer(sign, codeIn(ada.messages[0]));
    }
    const ada = await app.user().withNumber().create();
    app.twilio.failWith("silence");
    await app.setSmsTimeout(200);
    const sign = await ada.login({ method });
    assert.equal(sign.resendIn, 30);
    app.twilio.failWith(null);
    await app.setSmsTimeout();
  }
});

test("A channel that the app has not turned on is refused as one that is off.", async () => {
  const plain = await startApp();
  try {
    const ada = await plain.user().withNumber().create();
    await refused(ada.login({ method: "call" }), OFF);
    assert.deepEqual((await ada.login()).methods, ["sms"]);
  } finally {
    await plain.stop();
  }
});
