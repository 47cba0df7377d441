// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { startApp } = require("../support/app");
const { refused, result } = require("../support/answers");
const { newKey } = require("../support/key");
const { newId, signUp, word } = require("../support/linked-user");
const {
  DISABLED,
  INVALID_SESSION_TOKEN,
  NATIVE_SIGN_IN,
  STEP_UP_REQUIRED,
  TOO_MANY,
  WRONG_ANSWER,
} = require("../support/refusals");
const { Session } = require("../support/session");
const { MINUTE } = require("../support/time");
const { User, wrongCode } = require("../support/user");

/**
 * What a thief of one thing can do: the claims of the table in docs/security.md that no other test shows.
 *
 * @typedef {import("../support/app").App} App
 */

const FAILURES = 2;
const MESSAGES_PER_NUMBER = 4;

/** @type {App} */
let app;
before(async () => {
  app = await startApp({
    own: "signs in by providers",
    options: {
      keys: newKey(),
      limits: { failures: FAILURES, messagesPerNumber: MESSAGES_PER_NUMBER },
    },
  });
});
after(() => app?.stop());

const withNumber = (/** @type {string} */ id) =>
  signUp(app, id, { phone_number: app.newNumber() });

test("Wrong codes after a provider's word count among those that disable codes.", async () => {
  const id = newId();
  const ada = await withNumber(id);
  const sign = result(await app.run("login", word(id)));
  for (let n = 1; n <= FAILURES; n++) {
    await refused(ada.answer(sign, wrongCode(ada.code(), n)), WRONG_ANSWER);
  }
  await refused(app.run("login", word(id)), DISABLED);
});

test("A provider's word removes no factor, nor does the challenge that it began.", async () => {
  const id = newId();
  const ada = await withNumber(id);
  const { challenge } = result(await app.run("login", word(id)));
  for (const proof of [word(id), { challenge, code: ada.code() }]) {
    const removal = { factor: "phone_number", ...proof };
    await refused(app.run("removeTwoFactor", removal), INVALID_SESSION_TOKEN);
  }
  assert.equal((await ada.row()).phone_number, ada.phone);
});

test("Parse's own sign-in links no identity that comes beside the right password of a user with a second factor.", async () => {
  const ada = await app.user().withNumber().create();
  const { authData } = word(newId());
  const login = { ...ada.credentials, authData };
  await refused(app.rest("POST", "/login", login), NATIVE_SIGN_IN);
  assert.equal((await ada.row()).authData, undefined);
});

test("Nobody links a provider to another user, with a session of one's own or with none.", async () => {
  const id = newId();
  const ada = await withNumber(id);
  const before = await ada.row();
  const other = await (await app.user().create()).session();
  for (const headers of [{}, other.headers]) {
    const { status, body } = await app.rest(
      "PUT",
      `/users/${ada.id}`,
      word(newId(), "other"),
      headers,
    );
    assert.ok(status >= 400 && status < 500, JSON.stringify(body));
  }
  assert.deepEqual((await ada.row()).authData, before.authData);
});

test("A session reads its user's whole number and the tokens of the user's other sessions by Parse's own routes.", async () => {
  const ada = await app.user().withNumber().create();
  const [session, another] = [await ada.session(), await ada.session()];
  const get = async (/** @type {string} */ path) =>
    (await app.rest("GET", path, undefined, session.headers)).body;
  assert.equal((await get("/users/me")).phone_number, ada.phone);
  const { results } = await get("/sessions");
  const tokens = results.map((/** @type {any} */ row) => row.sessionToken);
  assert.ok(tokens.includes(another.token), JSON.stringify(results));
});

test("A session that a stepped-up session opens has not stepped up.", async () => {
  const ada = await app.user().withNumber().create();
  const session = await ada.session();
  await session.stepUp();
  const { status, body } = await app.rest(
    "POST",
    "/sessions",
    {},
    session.headers,
  );
  assert.equal(status, 201, JSON.stringify(body));
  const further = new Session(app, ada, body.sessionToken);
  await refused(further.needsStepUp(), STEP_UP_REQUIRED);
  await refused(further.remove("phone_number"), STEP_UP_REQUIRED);
});

test("A session alone changes the e-mail address of a user with a second factor.", async () => {
  const email = `${newId()}@example.com`;
  const ada = await app.user({ email }).withNumber().create();
  const session = await ada.session();
  const changed = { email: `${newId()}@example.com` };
  const { status, body } = await session.change(changed);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal((await ada.row()).email, changed.email);
});

test("Whoever signs up with somebody's number uses up the messages that it gets in an hour.", async () => {
  const ada = await app.user().withNumber().create();
  const account = { username: newId(), password: "the stranger's own" };
  const columns = { ...account, phone_number: ada.phone };
  const { status, body } = await app.rest("POST", "/users", columns);
  assert.equal(status, 201, JSON.stringify(body));
  const stranger = new User(app, { ...account, id: body.objectId });
  for (let n = 1; n <= MESSAGES_PER_NUMBER; n++) {
    await stranger.login();
    await app.advance(MINUTE);
  }
  await refused(ada.login(), TOO_MANY);
  await app.advance(60 * MINUTE);
  await ada.signIn();
});

test("Codes to a number of a fresh session's own keep back the notice to the owner's number, and not the entry in the trail.", async () => {
  const ada = await app.user().withNumber().create();
  const session = new Session(app, ada, await ada.signIn());
  const own = app.newNumber();
  const before = ada.messages.length;
  let begun;
  // With the sign-in's, these are the five messages of a quarter of an hour.
  for (let n = 1; n <= 4; n++) {
    await app.advance(MINUTE / 2);
    begun = await session.enrollNumber(own);
  }
  const thief = ada.with({ phone: own });
  await session.confirm(/** @type {any} */ (begun), thief.code());
  assert.equal(ada.messages.length, before);
  const events = (await ada.events()).map(({ what }) => what);
  assert.ok(events.includes("factor-enrolled"), JSON.stringify(events));
});
