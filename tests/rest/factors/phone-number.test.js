// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { refused } = require("../../support/answers");
const {
  BAD_REQUEST,
  PHONE_UNUSABLE,
  WRONG_ANSWER,
} = require("../../support/refusals");
const { wrongCode } = require("../../support/user");
const { startApp } = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

test("A number becomes a factor only once a code sent to it came back.", async () => {
  const phone = app.newNumber();
  const ada = (await app.user().create()).with({ phone });
  const { password } = ada;
  const session = await ada.session();

  const begun = await session.enrollNumber(phone, { password });

  const { enrollment } = begun;
  const to = `•••• ${phone.slice(-4)}`;
  assert.deepEqual(begun, { enrollment, to, expiresIn: 300, resendIn: 30 });
  await ada.loginByPassword();
  const code = ada.code();
  await refused(session.confirm(begun, wrongCode(code)), WRONG_ANSWER);
  await ada.loginByPassword();

  const { factor, recoveryCodes } = await session.confirm(begun, code);

  assert.equal(factor.method, "sms");
  assert.equal(factor.label, to);
  assert.equal(recoveryCodes.length, 10);
  const sign = await ada.login();
  assert.equal(sign.method, "sms");
  assert.equal(sign.to, to);
  assert.deepEqual(sign.methods, ["sms", "recovery"]);
  await ada.answer(sign, ada.code());
});

test("A number that codes cannot be sent to is not enrolled, and nothing is sent.", async () => {
  const ada = await app.user().create();
  const { password } = ada;
  const session = await ada.session();
  const sent = app.messages().length;
  for (const [phoneNumber, refusal] of /** @type {[any, number][]} */ ([
    [undefined, BAD_REQUEST],
    [14155550006, BAD_REQUEST],
    ["4155550006", PHONE_UNUSABLE],
    ["+1415", PHONE_UNUSABLE],
    ["+14155550006x", PHONE_UNUSABLE],
  ])) {
    await refused(session.enrollNumber(phoneNumber, { password }), refusal);
  }
  await refused(session.enrollNumber(app.newNumber()), BAD_REQUEST);
  assert.equal(app.messages().length, sent);
});

test("The user is told of a new factor over the number that was there before.", async () => {
  const ada = await app.user().withNumber().withTotp().create();
  assert.match(ada.messages[0].body, /second factor was added to your account/);
});
