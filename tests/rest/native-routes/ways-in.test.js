// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, describe, test } = require("node:test");
const { refused } = require("../../support/answers");
const {
  NATIVE_SIGN_IN,
  OPERATION_FORBIDDEN,
  STEP_UP_REQUIRED,
} = require("../../support/refusals");
const {
  CLAIMS,
  batch,
  graphQL,
  houseKey,
  inBody,
  loginCalls,
  startApp,
} = require("./app");

/**
 * @typedef {import("./app").User} User
 * @typedef {import("./app").Answer} Answer
 * @typedef {import("./app").Headers} Headers
 */

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

/** @param {User} user */
const query = ({ credentials }) => `/login?${new URLSearchParams(credentials)}`;

/**
 * Parse's own ways from a credential to a session token.
 * @type {Record<string, (user: User, headers: Headers) => Promise<Answer>>}
 */
const ways = {
  "POST /login": (user, headers) =>
    app.rest("POST", "/login", user.credentials, headers),

  "GET /login": (user, headers) =>
    app.rest("GET", query(user), undefined, headers),

  "POST /login with a query": (user, headers) =>
    app.rest("POST", query(user), {}, headers),

  "POST /login as the JavaScript SDK does it": (user, headers) =>
    app.rest(
      "POST",
      "/login",
      {
        ...user.credentials,
        _method: "GET",
        _ApplicationId: "tests",
        _InstallationId: "cloud",
        _context: CLAIMS,
      },
      { ...headers, ...inBody },
    ),

  "POST /batch with /login": ({ credentials }, headers) =>
    batch(
      [{ method: "POST", path: "/parse/login", body: credentials }],
      headers,
    ),

  "GraphQL's logIn": (user, headers) =>
    graphQL(
      `mutation ($input: LogInInput!) { logIn(input: $input) { viewer { sessionToken } } }`,
      { input: user.credentials },
      headers,
    ),

  "GraphQL's logInWith": (user, headers) =>
    graphQL(
      `mutation ($input: LogInWithInput!) { logInWith(input: $input) { viewer { sessionToken } } }`,
      { input: { authData: houseKey(user) } },
      headers,
    ),

  "POST /users with a provider's word": (user, headers) =>
    app.rest("POST", "/users", { authData: houseKey(user) }, headers),

  "POST /batch with a provider's word": (user, headers) => {
    const body = { authData: houseKey(user) };
    return batch([{ method: "POST", path: "/parse/users", body }], headers);
  },
};

/** @param {import("../../support/user").NewUser} newUser */
async function createLinked(newUser) {
  const user = await newUser.create();
  await user.update({ authData: houseKey(user) });
  // Parse Server 5 answers the master key's change with a session.
  await app.closeSessions(user.id);
  return user;
}

for (const [way, signIn] of Object.entries(ways)) {
  describe(way, () => {
    test(`${way} opens no session for a user with a second factor.`, async () => {
      const ada = await createLinked(app.user().withNumber());
      await refused(signIn(ada, {}), NATIVE_SIGN_IN);
      assert.deepEqual(await ada.sessions(), []);
      assert.deepEqual(ada.messages, []);
    });

    test(`${way} opens no session whatever the client claims.`, async () => {
      const ada = await createLinked(app.user().withNumber());
      const claims = {
        "X-Parse-Cloud-Context": JSON.stringify(CLAIMS),
        "X-Parse-Installation-Id": "cloud",
        "X-Forwarded-For": "127.0.0.1",
      };
      await refused(signIn(ada, claims), NATIVE_SIGN_IN);
      assert.deepEqual(await ada.sessions(), []);
      assert.deepEqual(ada.messages, []);
    });

    test(`${way} opens no session with a session token, stale or stolen, sent along.`, async () => {
      const ada = await createLinked(app.user().withNumber());
      for (const token of [
        "r:00000000000000000000000000000000",
        (await ada.session()).token,
      ]) {
        const held = await ada.sessions();
        const { body } = await signIn(ada, { "X-Parse-Session-Token": token });
        // Where Parse looks at the token it may refuse it before it comes to us, or answer with what is there.
        assert.doesNotMatch(
          JSON.stringify(body).replaceAll(token, ""),
          /r:[0-9a-f]{32}/,
        );
        assert.deepEqual(
          (await ada.sessions()).map(({ objectId }) => objectId),
          held.map(({ objectId }) => objectId),
        );
      }
      assert.deepEqual(ada.messages, []);
    });

    test(`${way} stays open for a user without a second factor, and the app's handlers run once.`, async () => {
      const ada = await createLinked(app.user());

      const { status, body } = await signIn(ada, {});

      assert.equal(status, 200, JSON.stringify(body));
      assert.match(JSON.stringify(body), /"sessionToken":"r:[0-9a-f]{32}"/);
      assert.equal((await ada.sessions()).length, 1);
      // Parse runs no afterLogin for a sign-in by a provider's word.
      const provider = /logInWith|provider/.test(way);
      assert.deepEqual(
        await loginCalls(ada),
        provider ? ["beforeLogin"] : ["beforeLogin", "afterLogin"],
      );
    });
  });
}

test("A provider that a session alone adds opens no second session.", async () => {
  const ada = await app.user().withNumber().create();
  const session = await ada.session();
  const change = session.change({ authData: houseKey(ada) });
  await refused(change, STEP_UP_REQUIRED);
  const held = (await ada.sessions()).length;

  await ways["POST /users with a provider's word"](ada, {});

  assert.equal((await ada.sessions()).length, held);
});

test("Only the master key opens a session by /loginAs.", async () => {
  const ada = await app.user().withNumber().create();
  const answer = await app.rest("POST", "/loginAs", { userId: ada.id });
  assert.equal(answer.body.code, OPERATION_FORBIDDEN, JSON.stringify(answer));
  assert.deepEqual(await ada.sessions(), []);
});

test("Checking a password at /verifyPassword opens no session, and shows no column but the app's own.", async () => {
  const ada = await app.user().withNumber().create();
  await ada.login();

  const query = new URLSearchParams(ada.credentials);
  const { status, body } = await app.rest("GET", `/verifyPassword?${query}`);

  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body).sort(), [
    "ACL",
    "createdAt",
    "objectId",
    "phone_number",
    "updatedAt",
    "username",
  ]);
  assert.deepEqual(await ada.sessions(), []);
});

test("A session without a credential is not to be had.", async () => {
  const ada = await app.user().withNumber().create();
  const user = { __type: "Pointer", className: "_User", objectId: ada.id };
  for (const route of [
    "/sessions",
    "/classes/_Session",
    "/upgradeToRevocableSession",
  ]) {
    const answer = await app.rest("POST", route, { user });
    assert.ok(answer.status >= 400, JSON.stringify(answer));
  }
  assert.deepEqual(await ada.sessions(), []);
});

test("A session alone does not pass for a step-up.", async () => {
  const ada = await app.user().withNumber().create();
  const session = await ada.session();
  await refused(session.needsStepUp(), STEP_UP_REQUIRED);
});
