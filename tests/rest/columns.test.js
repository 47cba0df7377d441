// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { finding, environment } = require("../command/command");
const { granted, refused, result } = require("../support/answers");
const { startApp } = require("../support/app");
const { newKey } = require("../support/key");
const { writeRow } = require("../support/raw-row");
const {
  BAD_REQUEST,
  CHALLENGE_UNKNOWN,
  NATIVE_SIGN_IN,
  NOT_CONFIGURED,
  STEP_UP_REQUIRED,
} = require("../support/refusals");
const { SECOND } = require("../support/time");

/** An app that keeps number, sender and language in columns of its own. The tests build on each other's columns. */

const COLUMNS = { phoneNumber: "mobile", from: "senderId", locale: "language" };
/** @type {import("../support/app").App} */
let app;
const keys = newKey();
before(async () => {
  app = await startApp({ options: { keys, columns: COLUMNS } });
});
after(() => app?.stop());

const text = { type: "String" };

test("Until the columns that an app names are there, our functions and Parse's own sign-in are closed (4023), and log and doctor say what is missing.", async () => {
  const user = await app.user().create();
  const found = await finding(environment(app), "columns", "failure");
  assert.match(found, /^_User has no column mobile, /);
  for (const missing of Object.values(COLUMNS)) {
    await refused(app.run("login", user.credentials), NOT_CONFIGURED);
    await refused(user.nativeLogin(), NOT_CONFIGURED);
    assert.ok(app.log().includes(`_User has no column ${missing}, `));
    const fields = { [missing]: text };
    await app.asMaster("PUT", "/schemas/_User", { fields });
    await app.advance(SECOND);
  }
  granted(await app.run("login", user.credentials));
  assert.equal((await user.nativeLogin()).status, 200);
  await finding(environment(app), "columns", "ok");
  const health = result(await app.run("twoFactorHealth", {}, { master: true }));
  assert.deepEqual(health.columns, COLUMNS);
});

test("Number, sender and language are taken from the columns that the app names, and on the wire the factor's id stays phone_number.", async () => {
  const user = await app
    .user({ senderId: "ACME", language: "de" })
    .withNumber()
    .create();
  const sign = await user.login();
  const [message] = user.messages;
  assert.equal(message.from, "ACME");
  assert.doesNotMatch(message.body, /^Your /);
  const code = /[0-9]{6}/.exec(message.body)?.[0];
  const sessionToken = await user.answer(sign, code);
  await refused(user.nativeLogin(), NATIVE_SIGN_IN);
  const asUser = { sessionToken };
  const status = result(await app.run("twoFactorStatus", {}, asUser));
  const [{ id }] = status.factors;
  assert.equal(id, "phone_number");
  result(await app.run("removeTwoFactor", { factor: id }, asUser));
  const { mobile, senderId } = await user.row();
  assert.deepEqual([mobile, senderId], [undefined, "ACME"]);
});

test("What stands in a column that the app names is guarded as the tutorial's is: a change takes a step-up, and what stays as it is is not written.", async () => {
  const user = await app.user({ senderId: "ACME" }).withNumber().create();
  const session = await user.session();
  for (const columns of [
    { mobile: app.newNumber() },
    { mobile: { __op: "Delete" } },
    { senderId: "MALLORY" },
  ]) {
    await refused(session.change(columns), STEP_UP_REQUIRED);
  }
  const same = { mobile: user.phone, senderId: "ACME", nickname: "Ada" };
  assert.equal((await session.change(same)).status, 200);
  await session.stepUp();
  const phone = app.newNumber();
  const sent = user.messages.length;
  assert.equal((await session.change({ mobile: phone })).status, 200);
  assert.equal(user.messages.length, sent + 1, "the old number is told");
  assert.match(user.messages[0].body, /removed/);
});

test("A sign-in is void by itself once number or sender in the columns that the app names have changed, whoever wrote them.", async () => {
  for (const column of ["mobile", "senderId"]) {
    const user = await app.user().withNumber().create();
    const sign = await user.login();
    const code = user.code();
    await writeRow(app.databaseURI, user.id, column, app.newNumber());
    await refused(user.answer(sign, code), CHALLENGE_UNKNOWN);
  }
});

test("No client leaves a number where nobody asks for one, and one that is left there closes everything until it is gone.", async () => {
  const user = await app.user().withNumber().create();
  const bare = await app.user().create();
  const left = { phone_number: app.newNumber() };
  await refused((await bare.session()).change(left), BAD_REQUEST);
  const signUp = { ...bare.credentials, username: `${bare.username}2` };
  const path = "/users";
  await refused(app.rest("POST", path, { ...signUp, ...left }), BAD_REQUEST);

  await bare.update(left);
  await refused(app.run("login", user.credentials), NOT_CONFIGURED);
  await refused(bare.nativeLogin(), NOT_CONFIGURED);
  const session = await user.session();
  const change = session.change({ password: "another" });
  await refused(change, NOT_CONFIGURED);
  const found = await finding(environment(app), "columns", "failure");
  assert.match(found, /\b1 user has a value in phone_number\b/);

  const allowing = await startApp({
    databaseURI: app.databaseURI,
    options: { keys, columns: COLUMNS, allow: ["columns"] },
  });
  try {
    await user.on(allowing).login();
    const shown = await finding(environment(allowing), "columns", "warning");
    assert.match(shown, /It is allowed/);
  } finally {
    await allowing.stop();
  }

  await bare.update({ phone_number: { __op: "Delete" } });
  await user.login();
  await finding(environment(app), "columns", "ok");
});

test("A number that another node leaves in the tutorial's column closes its user's sign-in on this one at once, and everybody's within ten seconds.", async () => {
  const user = await app.user().withNumber().create();
  const bare = await app.user().create();
  const session = await bare.session();
  const other = await startApp({
    databaseURI: app.databaseURI,
    options: { keys, columns: COLUMNS },
  });
  try {
    await user.login();
    await bare.on(other).update({ phone_number: app.newNumber() });

    await refused(app.run("login", bare.credentials), NOT_CONFIGURED);
    await refused(bare.nativeLogin(), NOT_CONFIGURED);
    await refused(session.change({ password: "another" }), STEP_UP_REQUIRED);
    await app.advance(10 * SECOND);
    await refused(app.run("login", user.credentials), NOT_CONFIGURED);
  } finally {
    await bare.update({ phone_number: { __op: "Delete" } });
    await other.stop();
  }
  granted(await app.run("login", bare.credentials));
});

test("A column that is dropped closes everything within ten seconds.", async () => {
  const columns = { locale: "language" };
  const other = await startApp({ options: { columns } });
  try {
    const path = "/schemas/_User";
    await other.asMaster("PUT", path, { fields: { language: text } });
    const user = await other.user().create();
    await other.advance(SECOND);
    granted(await other.run("login", user.credentials));
    const gone = { language: { __op: "Delete" } };
    await other.asMaster("PUT", path, { fields: gone });
    await other.advance(10 * SECOND);
    await refused(other.run("login", user.credentials), NOT_CONFIGURED);
    await refused(user.nativeLogin(), NOT_CONFIGURED);
  } finally {
    await other.stop();
  }
});

test("A column of another type than String closes our functions and Parse's own sign-in.", async () => {
  const other = await startApp({ options: { columns: { from: "logins" } } });
  try {
    const fields = { logins: { type: "Number" } };
    await other.asMaster("PUT", "/schemas/_User", { fields });
    await other.advance(SECOND);
    const user = await other.user().create();
    const text = await refused(user.nativeLogin(), NOT_CONFIGURED);
    assert.match(text, /the option columns/);
    assert.ok(other.log().includes("is of the type Number and not String"));
  } finally {
    await other.stop();
  }
});
