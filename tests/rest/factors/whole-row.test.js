// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { refused } = require("../../support/answers");
const { STEP_UP_REQUIRED } = require("../../support/refusals");
const { Session } = require("../../support/session");
const { MINUTE } = require("../../support/time");
const { User } = require("../../support/user");
const { startApp } = require("./app");

/** @typedef {import("../../support/app").App} App */

/** @type {App} */
let app;
before(async () => {
  app = await startApp();
});

const From = "+14155550199";

test("A client that saves the whole user needs no step-up, in whatever form it writes the number that is there.", async () => {
  const ada = await app.user({ From }).withNumber().create();
  const session = await ada.session();
  const written = [
    ada.phone,
    ada.phone.replace("+1415", "+1 (415) "),
    ada.phone.replace("+", "00"),
  ];

  for (const [n, phone_number] of written.entries()) {
    const nickname = `Ada the ${n}.`;
    const saved = await session.change({ nickname, phone_number, From });
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
    const row = await ada.row();
    assert.deepEqual(
      [row.nickname, row.phone_number, row.From],
      [nickname, ada.phone, From],
      "the row's own form stays, since codes reach it",
    );
  }
  for (const change of [
    { phone_number: app.newNumber(), From },
    { phone_number: ada.phone, From: "+14155550198" },
    { phone_number: "", From },
  ]) {
    await refused(session.change(change), STEP_UP_REQUIRED);
  }
});

test("A client saves the whole user with a number that no code reaches, as long as it stays as it is.", async () => {
  const phone_number = "0888 123 456";
  const ada = await app.user({ phone_number }).create();
  const session = await ada.session();

  const saved = await session.change({ nickname: "Al", phone_number });

  assert.equal(saved.status, 200, JSON.stringify(saved.body));
  assert.equal((await ada.row()).nickname, "Al");
});

test("The master key saves a whole row without voiding step-ups or the sign-in under way, in whatever form it writes the numbers that are there.", async () => {
  const ada = await app.user({ From }).withNumber().create();
  const session = await ada.session();
  await session.stepUp();
  const sign = await ada.login();
  const code = ada.code();

  for (const write of [
    (/** @type {string} */ number) => number,
    (/** @type {string} */ number) => number.replace("+1415", "+1 (415) "),
    (/** @type {string} */ number) => number.replace("+", "00"),
  ]) {
    await ada.update({
      nickname: "Al",
      phone_number: write(ada.phone),
      From: write(From),
    });
  }

  assert.equal(await session.needsStepUp(), "done");
  await ada.answer(sign, code);
  assert.equal((await ada.row()).nickname, "Al");
});

/**
 * Somebody who signed up with a number, and the session of that.
 * @returns {Promise<{ ada: User, session: Session, signUp: { username: string, password: string } }>}
 */
async function signedUp() {
  const { username, password } = await app.user().create();
  const signUp = { username: `${username}-2`, password };
  const phone = app.newNumber();
  const columns = { ...signUp, phone_number: phone };
  const { status, body } = await app.rest("POST", "/users", columns);
  assert.equal(status, 201, JSON.stringify(body));
  const ada = new User(app, { ...signUp, id: body.objectId, phone });
  return { ada, session: new Session(app, ada, body.sessionToken), signUp };
}

test("A number that no code came back from is corrected once by the session that signed up with it, and by no other.", async () => {
  const { ada: mistaken, session, signUp } = await signedUp();
  const phone = app.newNumber();
  const ada = new User(app, { ...signUp, id: mistaken.id, phone });
  const other = await ada.session();

  await refused(other.change({ phone_number: phone }), STEP_UP_REQUIRED);
  const corrected = await session.change({ phone_number: phone });
  assert.equal(corrected.status, 200, JSON.stringify(corrected.body));
  assert.equal((await ada.row()).phone_number, phone);
  const again = { phone_number: app.newNumber() };
  await refused(session.change(again), STEP_UP_REQUIRED);
  await app.advance(15 * MINUTE);
  await ada.signIn();
  await app.advance(15 * MINUTE);
  await refused(session.change(again), STEP_UP_REQUIRED);
});

test("Of several corrections in one batch one goes through.", async () => {
  const { ada, session } = await signedUp();
  const numbers = [app.newNumber(), app.newNumber(), app.newNumber()];
  const path = `/parse/users/${ada.id}`;
  const requests = numbers.map((phone_number) => ({
    method: "PUT",
    path,
    body: { phone_number },
  }));

  const { body } = await app.rest(
    "POST",
    "/batch",
    { requests },
    session.headers,
  );

  const taken = numbers.filter((_, place) => body[place].success);
  const codes = body.flatMap(
    (/** @type {any} */ { error }) => error?.code ?? [],
  );
  assert.equal(taken.length, 1, JSON.stringify(body));
  assert.deepEqual(codes, [STEP_UP_REQUIRED, STEP_UP_REQUIRED]);
  assert.equal((await ada.row()).phone_number, taken[0]);
});
