// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { elements } = require("../../support/account");
const { refused } = require("../../support/answers");
const {
  CHALLENGE_UNKNOWN,
  CODE_EXPIRED,
  NO_FACTOR,
  WRONG_ANSWER,
} = require("../../support/refusals");
const { MINUTE, SECOND } = require("../../support/time");
const { wrongCode } = require("../../support/user");
const startApp = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const createUser = () => app.user().withNumber().create();

test("A challenge takes its own user's code and no other user's.", async () => {
  const [mine, yours] = [await createUser(), await createUser()];
  await mine.login();
  const sign = await yours.login();

  await refused(yours.answer(sign, mine.code()), WRONG_ANSWER);
  assert.deepEqual(await yours.sessions(), []);
  assert.deepEqual(await mine.sessions(), []);
});

test("One user's used code blocks nobody else's.", async () => {
  const [mine, yours] = [await createUser(), await createUser()];
  const [first, second] = [await mine.login(), await yours.login()];
  await mine.answer(first, mine.code());
  await yours.answer(second, yours.code());
});

test("A challenge with any one character changed is unknown and costs its owner no attempt.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  const { challenge } = sign;
  const code = ada.code();

  for (let at = 0; at < challenge.length; at++) {
    const other = challenge[at] === "A" ? "B" : "A";
    const forged = challenge.slice(0, at) + other + challenge.slice(at + 1);
    await refused(ada.answer({ challenge: forged }, code), CHALLENGE_UNKNOWN);
  }

  assert.deepEqual(await ada.sessions(), []);
  await ada.answer(sign, code);
});

test("Answers to old challenges write nothing to their owner's row, however many come at once.", async () => {
  const ada = await createUser();
  /** @type {{challenge: string}[]} */
  const old = [];
  for (let n = 0; n < 3; n++) {
    const { challenge } = await ada.login();
    old.push({ challenge });
    await ada.reset();
    await app.advance(6 * MINUTE);
  }
  const before = await ada.account();

  const flood = Array.from({ length: 30 }, (_, n) =>
    n % 2 === 0
      ? refused(ada.answer(old[n % 3], "000000"), CHALLENGE_UNKNOWN)
      : refused(ada.resend(old[n % 3]), CHALLENGE_UNKNOWN),
  );
  await Promise.all(flood);

  assert.deepEqual(await ada.account(), before);
  await app.advance(2 * 60 * MINUTE);
  await refused(ada.answer(old[0], "000000"), CODE_EXPIRED);
  assert.deepEqual(await ada.account(), before);
});

test("A challenge that is cut short, made longer or made up is unknown.", async () => {
  const ada = await createUser();
  const { challenge } = await ada.login();
  for (const forged of [
    challenge.slice(0, -1),
    challenge.slice(1),
    `${challenge}A`,
    `${challenge}${challenge}`,
    challenge.slice(0, 10),
    "x",
    ada.id,
    "00000000000000000000000000000000",
  ]) {
    const sign = { challenge: forged };
    await refused(ada.answer(sign, ada.code()), CHALLENGE_UNKNOWN);
    await refused(ada.resend(sign), CHALLENGE_UNKNOWN);
  }
});

test("The id of a challenge's row is no credential.", async () => {
  const ada = await createUser();
  await ada.login();
  const row = await ada.account();
  const [{ id, kid }] = elements(row.challenges, "challenge");
  for (const challenge of [
    row.objectId,
    id,
    `${id}.${row.objectId}.${kid}`,
    `${id}.${row.objectId}.${kid}.`,
  ]) {
    await refused(ada.answer({ challenge }, ada.code()), CHALLENGE_UNKNOWN);
  }
  assert.deepEqual(await ada.sessions(), []);
});

test("A challenge that five wrong codes closed stays closed after its owner signed in by another.", async () => {
  const ada = await createUser();
  const closed = await ada.signInClosedByWrongCodes();
  const other = await ada.login();
  assert.notEqual(other.challenge, closed.challenge);
  await ada.answer(other, ada.code());

  const wrong = wrongCode(closed.code);
  for (const code of [wrong, closed.code, wrong, closed.code]) {
    await refused(ada.answer(closed, code), CHALLENGE_UNKNOWN);
  }
  await app.advance(31 * SECOND);
  await refused(ada.resend(closed), CHALLENGE_UNKNOWN);
  assert.equal((await ada.sessions()).length, 1);
});

test("A first call after a step-up does not go on with a challenge that five wrong codes closed.", async () => {
  const ada = await createUser();
  const session = await ada.session();
  const closed = await ada.signInClosedByWrongCodes();
  const other = await ada.login();
  const code = ada.code();
  await session.stepUp();
  await refused(ada.answer(closed, closed.code), CHALLENGE_UNKNOWN);

  const next = await ada.login();

  assert.equal(next.challenge, other.challenge);
  await ada.answerWithPassword(code);
});

test("A challenge takes no method that the user has not enrolled.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  for (const method of ["totp", "recovery"]) {
    await refused(ada.answer(sign, ada.code(), { method }), NO_FACTOR);
  }
  await ada.answer(sign, ada.code(), { method: "sms" });
});
