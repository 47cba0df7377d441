// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { startApp } = require("../support/app");
const { granted, refused, result } = require("../support/answers");
const { newKey } = require("../support/key");
const { newId, signUp, usersOf, word } = require("../support/linked-user");
const {
  BAD_REQUEST,
  CHALLENGE_UNKNOWN,
  INVALID_CREDENTIALS,
  STEP_UP_REQUIRED,
} = require("../support/refusals");

/**
 * What a session can do with the providers of its user: each of them is a first factor.
 *
 * @typedef {import("../support/app").App} App
 * @typedef {import("../support/user").User} User
 */

const INVALID_KEY_NAME = 105;

/** @type {App} */
let app;
before(async () => {
  app = await startApp({
    own: "signs in by providers",
    options: { keys: newKey() },
  });
});
after(() => app?.stop());

/** @param {string} id */
const withNumber = (id) => signUp(app, id, { phone_number: app.newNumber() });

/** What the row holds of the user's providers. @param {User} user */
const linksOf = async (user) => (await user.row()).authData;

describe("For a user with a second factor", () => {
  /** @type {Record<string, (id: string) => object>} */
  const changes = {
    "links another provider": (id) => ({
      authData: { ...word(id).authData, ...word(newId(), "other").authData },
    }),
    "links another provider alone": () => word(newId(), "other"),
    "replaces an identity": () => word(newId()),
    "unlinks a provider": () => ({ authData: { demo: null } }),
    "links one and changes a column beside it": () => ({
      nickname: "Al",
      ...word(newId(), "other"),
    }),
  };
  for (const [what, change] of Object.entries(changes)) {
    test(`A session that ${what} needs a step-up first (4020), and nothing is stored.`, async () => {
      const id = newId();
      const ada = await withNumber(id);
      const session = await ada.session();
      const before = await linksOf(ada);

      await refused(session.change(change(id)), STEP_UP_REQUIRED);

      assert.deepEqual(await linksOf(ada), before);
      await session.stepUp();
      const answer = await session.change(change(id));
      assert.equal(answer.status, 200, JSON.stringify(answer));
      assert.notDeepEqual(await linksOf(ada), before);
    });
  }

  test("A session refreshes the token of an identity that is linked, and saves the whole user, without a step-up.", async () => {
    const id = newId();
    const ada = await withNumber(id);
    const session = await ada.session();
    const refreshed = word(id, "demo", { expires: "2027-01-01" });
    for (const change of [refreshed, await ada.row().then(wholeUser)]) {
      const answer = await session.change(change);
      assert.equal(answer.status, 200, JSON.stringify(answer));
    }
  });

  test("A change is in the trail and is told by SMS, and voids sign-ins and other step-ups, but not this session's.", async () => {
    const id = newId();
    const ada = await withNumber(id);
    const [session, thief] = [await ada.session(), await ada.session()];
    const sign = result(await app.run("login", word(id)));
    const code = ada.code();
    await app.advance(31_000);
    await session.stepUp();
    await app.advance(31_000);
    await thief.stepUp();
    const messages = ada.messages.length;

    await session.change({
      authData: { ...word(newId(), "other").authData, demo: null },
    });

    const trail = (await ada.events()).filter(({ what }) =>
      what.startsWith("provider-"),
    );
    assert.deepEqual(
      trail.map(({ what, about }) => `${what} ${about}`).sort(),
      ["provider-linked other", "provider-unlinked demo"],
    );
    assert.ok(!JSON.stringify(trail).includes(id));
    assert.equal(ada.messages.length, messages + 1);
    assert.match(ada.messages[0].body, /^A way to sign in to your account/);
    await refused(ada.answer(sign, code), CHALLENGE_UNKNOWN);
    await refused(thief.needsStepUp(), STEP_UP_REQUIRED);
    assert.equal(await session.needsStepUp(), "done");
  });

  test("What is no word of a provider's changes none of them, in whatever form it comes.", async () => {
    const id = newId();
    const ada = await withNumber(id);
    const session = await ada.session();
    const before = await linksOf(ada);
    const stolen = { id: newId(), token: "forged" };
    for (const change of [
      { authData: null },
      { authData: { __op: "Delete" } },
      { authData: { __op: "AddUnique", objects: [stolen] } },
      { authData: [] },
      { authData: "demo" },
      { authData: { other: stolen } },
      { authData: { demo: stolen } },
      { "authData.other": stolen },
      { "authData.demo": { id: stolen.id, token: `token-of-${stolen.id}` } },
      { "authData.demo": null },
      { "authData.demo.id": stolen.id },
      { _auth_data_demo: stolen },
    ]) {
      const answer = await session.change(change);
      const said = JSON.stringify([change, answer]);
      assert.deepEqual(await linksOf(ada), before, said);
    }
    await session.change({ authData: {} });
    assert.deepEqual(await linksOf(ada), before);
  });

  test("An identity that the operator unlinks while its code is awaited opens nothing.", async () => {
    const id = newId();
    const ada = await withNumber(id);
    const sign = result(await app.run("login", word(id)));
    await ada.update({ authData: { demo: null } });
    // Parse Server 5 to 8 answer the master key's change with a session.
    await app.closeSessions(ada.id);
    await refused(ada.answer(sign, ada.code()), CHALLENGE_UNKNOWN);
    assert.deepEqual(await ada.sessions(), []);
  });
});

/**
 * What an SDK sends that saves all that it knows of its user.
 * @param {any} row
 */
function wholeUser({ authData, phone_number, username }) {
  return { authData, phone_number, username };
}

describe("For a user without a second factor", () => {
  test("A session links, replaces and unlinks providers as ever.", async () => {
    const ada = await signUp(app, newId());
    const session = await ada.session();
    const [linked, replaced] = [newId(), newId()];
    for (const change of [word(linked, "other"), word(replaced)]) {
      const answer = await session.change(change);
      assert.equal(answer.status, 200, JSON.stringify(answer));
    }
    const { demo, other } = await linksOf(ada);
    assert.deepEqual([demo.id, other.id], [replaced, linked]);
    granted(await app.run("login", word(linked, "other")));
    const answer = await session.change({ authData: { demo: null } });
    assert.equal(answer.status, 200, JSON.stringify(answer));
    // With PostgreSQL, Parse Server 5 to 8 unlink all of them at once.
    assert.equal((await linksOf(ada))?.demo, undefined);
  });

  test("A session links nothing by a path into authData, which no provider is asked about.", async () => {
    const [own, owners] = [newId(), newId()];
    const thief = await signUp(app, own);
    const owner = await signUp(app, owners);
    const session = await thief.session();
    const before = await linksOf(thief);
    for (const id of [owners, newId()]) {
      const forged = { id, token: "forged" };
      for (const change of [
        { "authData.demo": forged },
        { "authData.other": forged },
        { "authData.demo.id": id },
      ]) {
        await refused(session.change(change), INVALID_KEY_NAME);
      }
    }
    assert.deepEqual(await linksOf(thief), before);
    assert.deepEqual(
      (await usersOf(app, "demo", owners)).map(({ objectId }) => objectId),
      [owner.id],
    );
  });
});

describe("Enrolling the first factor by a provider's word", () => {
  test("A user without a password enrolls by the provider's word, and is asked for the new factor from then on.", async () => {
    const id = newId();
    const ada = await signUp(app, id);
    const session = await ada.session();
    const { secret, recoveryCodes } = await session.addTotp(word(id));
    assert.equal(recoveryCodes.length, 10);
    await app.advance(30_000);
    const sign = result(await app.run("login", word(id)));
    assert.equal(sign.method, "totp");
    const bob = ada.with({ secret });
    assert.match(await ada.answer(sign, bob.totp()), /^r:/);
  });

  test("A session enrolls nothing by itself, by another's word, by nobody's, which makes no user, or where there is a password.", async () => {
    const [id, another, nobodys] = [newId(), newId(), newId()];
    const ada = await signUp(app, id);
    await signUp(app, another);
    const session = await ada.session();
    const enroll = (/** @type {object} */ params) => session.enrollTotp(params);
    await refused(enroll({}), BAD_REQUEST);
    await refused(enroll(word(another)), INVALID_CREDENTIALS);
    await refused(enroll(word(nobodys)), INVALID_CREDENTIALS);
    await refused(enroll({ authData: { demo: { id } } }), INVALID_CREDENTIALS);
    await refused(enroll({ ...word(id), password: "x" }), BAD_REQUEST);
    assert.deepEqual(await usersOf(app, "demo", nobodys), []);

    await ada.update({ password: "a password" });
    const own = await ada.session();
    await refused(own.enrollTotp(word(id)), BAD_REQUEST);
    const begun = await own.enrollTotp({ password: "a password" });
    assert.ok(begun.secret);
  });
});
