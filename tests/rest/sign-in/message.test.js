// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { refused } = require("../../support/answers");
const {
  NATIVE_SIGN_IN,
  NOT_SENT,
  PHONE_UNUSABLE,
  UNREACHABLE,
} = require("../../support/refusals");
const startApp = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

test("The message is the tutorial's, to the user's number, from the app's.", async () => {
  const ada = await app.user().withNumber().create();
  await ada.login();

  assert.equal(ada.messages.length, 1);
  assert.match(ada.messages[0].body, /^Your 2FA code is [0-9]{6}$/);
  assert.equal(ada.messages[0].from, "+15005550006");
  assert.equal(
    ada.messages[0].validityPeriod,
    300,
    "as long as the code lives",
  );
});

test("The message comes from the number in the user's From column if there is one.", async () => {
  const From = "+14155550199";
  const ada = await app.user({ From }).withNumber().create();
  await ada.login();
  assert.equal(ada.messages[0].from, From);
});

test("A number that cannot be used is no way in.", async () => {
  for (const number of [
    "4155550100",
    "+1 415 555 0100",
    "+1(415)5550100",
    "+04155550100",
    "+1415555010012345",
    "+",
    "+14155550100\n",
    "tel:+14155550100",
    "＋１４１５５５５０１００",
    "call me",
  ]) {
    const ada = await app.user().withNumber(number).create();
    const sent = app.messages().length;

    await refused(ada.login(), PHONE_UNUSABLE);
    await refused(ada.nativeLogin(), NATIVE_SIGN_IN);

    assert.equal(app.messages().length, sent);
    assert.deepEqual(await ada.sessions(), []);
  }
});

test("When Twilio refuses a number, the client hears none of Twilio's reasons.", async () => {
  for (const [number, refusal] of /** @type {const} */ ([
    ["+15005550001", UNREACHABLE],
    ["+15005550002", NOT_SENT],
    ["+15005550003", UNREACHABLE],
    ["+15005550004", UNREACHABLE],
    ["+15005550009", UNREACHABLE],
  ])) {
    const ada = await app.user().withNumber(number).create();
    const message = await refused(ada.login(), refusal);
    assert.doesNotMatch(
      message,
      /5005550|21\d{3}|twilio|unsubscribed|region|mobile/i,
    );
  }
});
