// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { onlyOne, refused } = require("../../support/answers");
const {
  CHALLENGE_UNKNOWN,
  INVALID_SESSION_TOKEN,
  STEP_UP_REQUIRED,
  WRONG_ANSWER,
} = require("../../support/refusals");
const { Session } = require("../../support/session");
const { MINUTE } = require("../../support/time");
const { STEP } = require("../../support/totp");
const { wrongCode } = require("../../support/user");
const { startApp } = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const createUser = () => app.user().withTotp().create();

test("A step-up opens an app's guarded function for that session and for five minutes.", async () => {
  const ada = await createUser();
  const session = ada.ownSession;
  const other = await ada.session();
  await refused(app.run("needsStepUp"), INVALID_SESSION_TOKEN);
  await refused(session.needsStepUp(), STEP_UP_REQUIRED);

  const until = await session.stepUp();

  assert.equal(until, app.now() + 5 * MINUTE);
  assert.equal(await session.needsStepUp(), "done");
  await refused(other.needsStepUp(), STEP_UP_REQUIRED);
  await app.advance(5 * MINUTE - 1);
  assert.equal(await session.needsStepUp(), "done");
  await app.advance(1);
  await refused(session.needsStepUp(), STEP_UP_REQUIRED);
});

test("A step-up by the tutorial's number works as well.", async () => {
  const ada = await app.user().withNumber().create();
  const session = await ada.session();
  const up = await session.beginStepUp();
  assert.equal(up.method, "sms");
  assert.equal(up.to, `•••• ${ada.phone.slice(-4)}`);
  const wrong = session.answerStepUp(up, wrongCode(ada.code()));
  await refused(wrong, WRONG_ANSWER);
  await refused(session.needsStepUp(), STEP_UP_REQUIRED);
  await session.answerStepUp(up, ada.code());
  assert.equal(await session.needsStepUp(), "done");
});

test("A step-up's challenge is unknown to a sign-in and to another session, and a sign-in's to a step-up.", async () => {
  const ada = await createUser();
  const session = ada.ownSession;
  const sign = await ada.login();
  const up = await session.beginStepUp();
  assert.notEqual(up.challenge, sign.challenge);
  const code = ada.totp();
  await refused(ada.answer(up, code), CHALLENGE_UNKNOWN);
  await refused(session.answerStepUp(sign, code), CHALLENGE_UNKNOWN);
  const other = await ada.session();
  await refused(other.answerStepUp(up, code), CHALLENGE_UNKNOWN);
  await session.answerStepUp(up, code);
});

test("A sign-in that passed the second factor is a step-up of its session for five minutes, and of no other.", async () => {
  const ada = await createUser();
  const session = new Session(app, ada, await ada.signIn());
  assert.equal(await session.needsStepUp(), "done");
  const { steppedUpUntil, asks } = await session.status();
  assert.deepEqual([steppedUpUntil, asks], [app.now() + 5 * MINUTE, null]);
  const other = await ada.session();
  await refused(other.needsStepUp(), STEP_UP_REQUIRED);
  assert.equal((await other.status()).asks, "stepUp");
  await app.advance(5 * MINUTE);
  await refused(session.needsStepUp(), STEP_UP_REQUIRED);
  assert.equal((await session.status()).steppedUpUntil, null);
});

test("A sign-in's step-up ends with an operator's reset, and its session's hash is not handed to the app.", async () => {
  const ada = await createUser();
  const session = new Session(app, ada, await ada.signIn());
  const [signedIn] = (await ada.events()).filter(
    ({ what }) => what === "signed-in",
  );
  assert.match(signedIn.session, /^[A-Za-z0-9_-]{22}$/);
  assert.match(signedIn.claim, /^[A-Za-z0-9_-]{8}$/);
  const told = (await app.seen("events")).filter(
    ({ what, user }) => what === "signed-in" && user === ada.id,
  );
  assert.equal(told.length, 1);
  assert.ok(!("session" in told[0]) && !("claim" in told[0]));
  await ada.reset();
  await refused(session.needsStepUp(), STEP_UP_REQUIRED);
});

test("A step-up outlives a sign-in of the same user on another device.", async () => {
  const ada = await createUser();
  await ada.ownSession.stepUp();
  await app.advance(STEP);
  await ada.signIn();
  assert.equal(await ada.ownSession.needsStepUp(), "done");
});

test("A step-up sent twice at once, as by a double click, is good.", async () => {
  const ada = await createUser();
  const session = ada.ownSession;
  for (let round = 0; round < 5; round++) {
    const up = await session.beginStepUp();
    const code = ada.totp();
    await onlyOne([1, 2].map(() => session.answerStepUp(up, code)));
    assert.equal(await session.needsStepUp(), "done");
    await app.advance(16 * MINUTE);
  }
});
