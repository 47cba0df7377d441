// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { refused } = require("../../support/answers");
const {
  NO_FACTOR,
  TOO_MANY_WRONG_CODES,
  WRONG_ANSWER,
} = require("../../support/refusals");
const { wrongCode } = require("../../support/user");
const { startApp } = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

/** A user with the tutorial's number and an authenticator app as well. */
const createUser = () => app.user().withNumber().withTotp().create();

test("Several factors are all answered, the authenticator app first.", async () => {
  const ada = await createUser();
  const sent = ada.messages.length;
  const sign = await ada.login();
  assert.equal(sign.method, "totp");
  assert.deepEqual(sign.methods, ["totp", "sms", "recovery"]);
  assert.ok(!("to" in sign), JSON.stringify(sign));
  assert.equal(ada.messages.length, sent);

  const { factors } = await ada.ownSession.status();
  assert.deepEqual(
    factors.map((/** @type {any} */ { id, method }) => [id, method]),
    [
      ["phone_number", "sms"],
      [ada.factor.id, "totp"],
    ],
  );
  assert.equal(factors[0].label, `•••• ${ada.phone.slice(-4)}`);
});

test("The client picks among several factors, on the first call or later on.", async () => {
  const ada = await createUser();
  const sign = await ada.login({ method: "sms" });
  assert.equal(sign.method, "sms");
  assert.equal(sign.to, `•••• ${ada.phone.slice(-4)}`);
  await ada.answer(sign, ada.code());

  const silent = await ada.login();
  const sent = await ada.login({ method: "sms" });
  assert.equal(sent.challenge, silent.challenge);
  await ada.answer(sent, ada.totp(), { method: "totp" });
});

test("A factor that the user does not have cannot be picked.", async () => {
  const ada = await app.user().withTotp().create();
  await refused(ada.login({ method: "sms" }), NO_FACTOR);
  const bob = await app.user().withNumber().create();
  for (const method of ["totp", "recovery"]) {
    await refused(bob.login({ method }), NO_FACTOR);
  }
});

test("Several factors share the attempts: one method failing opens no other's limits.", async () => {
  const ada = await createUser();
  const sign = await ada.login({ method: "sms" });
  const [sms, totp] = [ada.code(), ada.totp()];
  for (const [code, method] of [
    [wrongCode(sms), "sms"],
    [wrongCode(totp), "totp"],
    ["XXXXX-XXXXX", "recovery"],
    [wrongCode(sms, 2), "sms"],
    [wrongCode(totp, 2), "totp"],
  ]) {
    await refused(ada.answer(sign, code, { method }), WRONG_ANSWER);
  }
  for (const [code, method] of [
    [sms, "sms"],
    [totp, "totp"],
    [ada.recoveryCodes[0], "recovery"],
  ]) {
    await refused(ada.answer(sign, code, { method }), TOO_MANY_WRONG_CODES);
  }
});
