// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { onlyOne, refused, result } = require("../support/answers");
const { startApp } = require("../support/app");
const { newKey } = require("../support/key");
const { newId, signUp, usersOf, word } = require("../support/linked-user");
const {
  CHALLENGE_UNKNOWN,
  INVALID_CREDENTIALS,
  NATIVE_SIGN_IN,
} = require("../support/refusals");
const { totp } = require("../support/totp");

/**
 * Enrolling a first factor after a provider's word, where everyone needs one.
 * @type {import("../support/app").App}
 */
let app;
before(async () => {
  app = await startApp({
    nodes: 2,
    own: "signs in by providers",
    options: { keys: newKey(), require: "everyone" },
    server: {
      // What Parse enforces on a sign-in by password, and on no other.
      verifyUserEmails: true,
      preventLoginWithUnverifiedEmail: true,
      passwordPolicy: { maxPasswordAge: 30 },
    },
  });
  // Parse Server 5 fails a node's first look at a class that another node has made, so the node that is asked makes the first session. A
  // sign-up makes none here.
  await app.asMaster("POST", "/classes/_Session", {});
});
after(() => app?.stop());

/** @param {string} id */
async function enrollToken(id) {
  const answer = result(await app.run("login", word(id)));
  assert.equal(answer.status, "enroll", JSON.stringify(answer));
  return /** @type {string} */ (answer.enroll);
}

/**
 * @param {string} enroll
 * @param {import("../support/app").Caller} [caller]
 */
const begin = (enroll, caller) =>
  app.run("enrollTwoFactor", { enroll, method: "totp" }, caller);

/**
 * @param {any} begun
 * @param {import("../support/app").Caller} [caller]
 */
const confirm = ({ enrollment, secret }, caller) => {
  const code = totp(secret, app.now());
  return app.run("confirmTwoFactor", { enrollment, code }, caller);
};

test("A new user's word is answered with a token, and of confirmations at once on two nodes one opens the session.", async () => {
  const id = newId();
  const token = await enrollToken(id);
  const [{ objectId }] = await usersOf(app, "demo", id);
  assert.deepEqual(await app.sessions(objectId), []);
  await refused(app.rest("POST", "/users", word(id)), NATIVE_SIGN_IN);

  const begun = result(await begin(token, { node: 1 }));
  const nodes = [0, 1, 0, 1];
  const won = await onlyOne(
    nodes.map(async (node) => result(await confirm(begun, { node }))),
  );

  assert.match(won.sessionToken, /^r:/);
  assert.equal((await app.sessions(objectId)).length, 1);
  const headers = { "X-Parse-Session-Token": won.sessionToken };
  const me = await app.rest("GET", "/users/me", undefined, headers);
  assert.equal(me.body.objectId, objectId);
  await app.advance(30_000);
  const sign = result(await app.run("login", word(id)));
  assert.equal(sign.method, "totp");
  await refused(begin(token), CHALLENGE_UNKNOWN);
});

test("Parse's rules about passwords keep nobody out who enrolls after a word, and a ban does.", async () => {
  const id = newId();
  const ada = await signUp(app, id, { email: `${id}@example.com` });
  await ada.update({ emailVerified: false });
  const token = await enrollToken(id);
  const begun = result(await begin(token));
  const { sessionToken } = result(await confirm(begun));
  assert.match(sessionToken, /^r:/);

  const banned = newId();
  const bob = await signUp(app, banned);
  const bobs = await enrollToken(banned);
  const half = result(await begin(bobs));
  await bob.update({ ACL: {} });
  await refused(begin(bobs), INVALID_CREDENTIALS);
  await refused(confirm(half), INVALID_CREDENTIALS);
  assert.deepEqual(await bob.sessions(), []);
});

test("A token that a word got is void once a provider is linked, replaced or unlinked, and so is what it began.", async () => {
  /** @type {Record<string, (id: string) => object>} */
  const changes = {
    linked: (id) => ({
      authData: { ...word(id).authData, ...word(newId(), "other").authData },
    }),
    replaced: () => word(newId()),
    unlinked: () => ({ authData: { demo: null } }),
  };
  for (const [what, change] of Object.entries(changes)) {
    const id = newId();
    const ada = await signUp(app, id);
    const token = await enrollToken(id);
    const begun = result(await begin(token));
    const session = await ada.session();
    const answer = await session.change(change(id));
    assert.equal(answer.status, 200, JSON.stringify(answer));
    await refused(begin(token), CHALLENGE_UNKNOWN);
    await refused(confirm(begun), CHALLENGE_UNKNOWN);
    assert.equal((await ada.sessions()).length, 1, `${what}: no other session`);
  }
});

test("The status says that a user without a password brings a provider's word, and one with a password that.", async () => {
  const ada = await signUp(app, newId());
  assert.equal((await (await ada.session()).status()).asks, "authData");
  await ada.update({ password: "a password" });
  assert.equal((await (await ada.session()).status()).asks, "password");
});
