// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, before, describe, test } = require("node:test");
const { startApp, credentials, wrongCode } = require("./support/app");
const { granted, refused, tally } = require("./support/answers");
const { showsTransactions } = require("./support/parse-server");
const { callParse } = require("./support/rest");

/**
 * @typedef {import("./support/app").User} User
 * @typedef {import("./support/app").Answer} Answer
 * @typedef {Record<string, string>} Headers
 */

/** @type {import("./support/app").App} */
let app;

before(async () => {
  app = await startApp({
    hooks: ["beforeLogin", "afterLogin", "beforeSaveUser"],
    options: { keys: `a:${randomBytes(32).toString("base64")}` },
  });
});
after(() => app?.stop());

/**
 * @param {string} query
 * @param {object} variables
 * @param {Headers} [headers]
 * @returns {Promise<Answer>} in REST's form
 */
async function graphQL(query, variables, headers = {}) {
  const url = app.urls[0].replace(/\/parse$/, "/graphql");
  const request = { query, variables };
  const { status, body } = await callParse("POST", url, request, {
    "X-Parse-Application-Id": "tests",
    ...headers,
  });
  // What is refused before it gets to GraphQL, a stale session token say, has REST's form already.
  if (status >= 300 && !body.errors) return { status, body };
  if (!body.errors) return { status, body: body.data };
  const [{ message, extensions }] = body.errors;
  return { status: 400, body: { code: extensions?.code, error: message } };
}

/**
 * @param {object[]} requests
 * @param {Headers} headers
 * @returns {Promise<Answer>} to the last of them, in REST's form
 */
async function batch(requests, headers) {
  const { status, body } = await app.rest(
    "POST",
    "/batch",
    { requests },
    headers,
  );
  if (status !== 200) return { status, body };
  const { success, error } = body.at(-1);
  return success
    ? { status: 200, body: success }
    : { status: 400, body: error };
}

/** @param {User} user */
const houseKey = ({ username }) => ({ house: { id: username } });

/** The JavaScript SDK's way: everything in the body. */
const inBody = { "X-Parse-Application-Id": "", "Content-Type": "text/plain" };

/**
 * Parse's own ways from a credential to a session token.
 * @type {Record<string, (user: User, headers: Headers) => Promise<Answer>>}
 */
const ways = {
  "POST /login": (user, headers) =>
    app.rest("POST", "/login", credentials(user), headers),

  "GET /login": (user, headers) =>
    app.rest(
      "GET",
      `/login?${new URLSearchParams(credentials(user))}`,
      undefined,
      headers,
    ),

  "POST /login with a query": (user, headers) =>
    app.rest(
      "POST",
      `/login?${new URLSearchParams(credentials(user))}`,
      {},
      headers,
    ),

  "POST /login as the JavaScript SDK does it": (user, headers) =>
    app.rest(
      "POST",
      "/login",
      {
        ...credentials(user),
        _method: "GET",
        _ApplicationId: "tests",
        _InstallationId: "cloud",
        _context: { twoFactor: true, secondFactor: true, verified: true },
      },
      { ...headers, ...inBody },
    ),

  "POST /batch with /login": (user, headers) =>
    batch(
      [{ method: "POST", path: "/parse/login", body: credentials(user) }],
      headers,
    ),

  "GraphQL's logIn": (user, headers) =>
    graphQL(
      `mutation ($input: LogInInput!) { logIn(input: $input) { viewer { sessionToken } } }`,
      { input: credentials(user) },
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

  "POST /batch with a provider's word": (user, headers) =>
    batch(
      [
        {
          method: "POST",
          path: "/parse/users",
          body: { authData: houseKey(user) },
        },
      ],
      headers,
    ),
};

/** @param {Record<string, any>} [columns] */
async function createLinkedUser(columns) {
  const user = await app.createUser(columns);
  await app.asMaster("PUT", `/users/${user.id}`, { authData: houseKey(user) });
  // Parse Server 5 answers the master key's change with a session.
  await app.closeSessions(user.id);
  return user;
}

for (const [way, signIn] of Object.entries(ways)) {
  describe(way, () => {
    test("opens no session for a user with a second factor", async () => {
      const user = await createLinkedUser();
      refused(await signIn(user, {}), 4010);
      assert.deepEqual(await app.sessions(user.id), []);
      assert.deepEqual(app.messagesTo(user), []);
    });

    test("opens none whatever the client claims", async () => {
      const user = await createLinkedUser();
      const context = { twoFactor: true, secondFactor: true, verified: true };
      const claims = {
        "X-Parse-Cloud-Context": JSON.stringify(context),
        "X-Parse-Installation-Id": "cloud",
        "X-Forwarded-For": "127.0.0.1",
      };
      refused(await signIn(user, claims), 4010);
      assert.deepEqual(await app.sessions(user.id), []);
      assert.deepEqual(app.messagesTo(user), []);
    });

    test("opens none with a session token, stale or stolen, sent along", async () => {
      const user = await createLinkedUser();
      for (const token of [
        "r:00000000000000000000000000000000",
        await app.sessionOf(user),
      ]) {
        const held = await app.sessions(user.id);
        const { body } = await signIn(user, { "X-Parse-Session-Token": token });
        // Where Parse looks at the token it may refuse it before it comes to us, or answer with what is there.
        assert.doesNotMatch(
          JSON.stringify(body).replaceAll(token, ""),
          /r:[0-9a-f]{32}/,
        );
        assert.deepEqual(
          (await app.sessions(user.id)).map(({ objectId }) => objectId),
          held.map(({ objectId }) => objectId),
        );
      }
      assert.deepEqual(app.messagesTo(user), []);
    });

    test("stays open for a user without one, and the app's handlers run once", async () => {
      const user = await createLinkedUser({ phone_number: undefined });

      const { status, body } = await signIn(user, {});

      assert.equal(status, 200, JSON.stringify(body));
      assert.match(JSON.stringify(body), /"sessionToken":"r:[0-9a-f]{32}"/);
      assert.equal((await app.sessions(user.id)).length, 1);
      // Parse runs no afterLogin for a sign-in by a provider's word.
      const provider = /logInWith|provider/.test(way);
      assert.deepEqual(
        await loginCalls(user),
        provider ? ["beforeLogin"] : ["beforeLogin", "afterLogin"],
      );
    });
  });
}

/**
 * @param {User} user
 * @returns {Promise<string[]>} the app's own handlers that were called for the user's sign-in, in order
 */
async function loginCalls({ id, username }) {
  return (await app.seen("calls"))
    .filter(({ name }) => name.endsWith("Login"))
    .filter((call) => call.userId === id && call.username === username)
    .map(({ name }) => name);
}

describe("a session that the operator opens", () => {
  test("is the operator's to open: /loginAs wants the master key", async () => {
    const user = await app.createUser();
    const answer = await app.rest("POST", "/loginAs", { userId: user.id });
    assert.equal(answer.body.code, 119, JSON.stringify(answer));
    assert.deepEqual(await app.sessions(user.id), []);
  });
});

describe("checking a password", () => {
  test("at /verifyPassword opens no session, and shows no column but the app's own", async () => {
    const user = await app.createUser();
    await app.begin(user);

    const { status, body } = await app.rest(
      "GET",
      `/verifyPassword?${new URLSearchParams(credentials(user))}`,
    );

    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body).sort(), [
      "ACL",
      "createdAt",
      "objectId",
      "phone_number",
      "updatedAt",
      "username",
    ]);
    assert.deepEqual(await app.sessions(user.id), []);
  });
});

describe("a session made without a credential", () => {
  test("is not to be had", async () => {
    const user = await app.createUser();
    const pointer = {
      __type: "Pointer",
      className: "_User",
      objectId: user.id,
    };
    for (const route of [
      "/sessions",
      "/classes/_Session",
      "/upgradeToRevocableSession",
    ]) {
      const answer = await app.rest("POST", route, { user: pointer });
      assert.ok(answer.status >= 400, JSON.stringify(answer));
    }
    assert.deepEqual(await app.sessions(user.id), []);
  });
});

describe("our function, called another way", () => {
  test("in one batch with a hundred guesses has five of them looked at", async () => {
    const user = await app.createUser();
    const { challenge, code } = await app.begin(user);
    const requests = Array.from({ length: 100 }, (_, n) => ({
      method: "POST",
      path: "/parse/functions/login",
      body: { challenge, code: n === 99 ? code : wrongCode(code, n + 1) },
    }));

    const { body } = await app.rest("POST", "/batch", { requests });

    const answers = body.map((/** @type {any} */ { success, error }) => ({
      status: success ? 200 : 400,
      body: success ?? error,
    }));
    assert.deepEqual(tally(answers), { 141: 5, 4013: 95 });
    assert.deepEqual(await app.sessions(user.id), []);
  });

  /**
   * The ways to call a function with claims of one's own.
   * @type {Record<string, (name: string, params: object, sessionToken?: string) => Promise<Answer>>}
   */
  const calls = {
    "in a batch": (name, params, sessionToken) =>
      batch(
        [{ method: "POST", path: `/parse/functions/${name}`, body: params }],
        sessionToken ? { "X-Parse-Session-Token": sessionToken } : {},
      ),

    "as the JavaScript SDK does it": (name, params, sessionToken) =>
      app.rest(
        "POST",
        `/functions/${name}`,
        {
          ...params,
          _method: "POST",
          _ApplicationId: "tests",
          _InstallationId: "cloud",
          ...(sessionToken && { _SessionToken: sessionToken }),
          _context: { twoFactor: true, stepUp: true, master: true },
          master: true,
          user: { objectId: "x" },
        },
        inBody,
      ),

    "with claims in the headers": (name, params, sessionToken) =>
      app.run(name, params, {
        sessionToken,
        headers: {
          "X-Parse-Cloud-Context": JSON.stringify({
            twoFactor: true,
            stepUp: true,
            master: true,
          }),
          "X-Parse-Installation-Id": "cloud",
          "X-Forwarded-For": "127.0.0.1",
          "X-HTTP-Method-Override": "PUT",
        },
      }),
  };

  for (const [way, call] of Object.entries(calls)) {
    test(`${way}, login and resendCode spare nobody the code or the wait`, async () => {
      const user = await app.createUser();
      const first = await call("login", credentials(user));
      const { challenge } = first.body.result;
      const code = app.codeOf(user);
      refused(await call("login", { challenge, code: wrongCode(code) }), 141);
      const guess = { ...credentials(user), code: wrongCode(code, 2) };
      refused(await call("login", guess), 141);
      refused(await call("resendCode", { challenge }), 4014);
      assert.equal(app.messagesTo(user).length, 1);
      assert.deepEqual(await app.sessions(user.id), []);
      granted(await call("login", { challenge, code }));
      refused(await call("login", { challenge, code }), 4012);
    });

    test(`${way}, stepUp and confirmTwoFactor spare nobody the code`, async () => {
      const user = await app.createUser();
      const sessionToken = await app.sessionOf(user);
      const enrol = { method: "sms", phoneNumber: app.newNumber() };
      const begin = () => call("enrollTwoFactor", enrol, sessionToken);
      for (const name of ["stepUp", "enrollTwoFactor", "twoFactorStatus"]) {
        refused(await call(name, enrol), 209);
      }
      refused(await begin(), 4020);
      const up = (await call("stepUp", {}, sessionToken)).body.result;
      const { challenge } = up;
      const code = app.codeOf(user);
      const wrong = { challenge, code: wrongCode(code) };
      refused(await call("stepUp", wrong, sessionToken), 141);
      refused(await call("needsStepUp", {}, sessionToken), 4020);
      refused(await begin(), 4020);
      await call("stepUp", { challenge, code }, sessionToken);

      const { enrollment } = (await begin()).body.result;
      const sms = app.codeOf({ ...user, phone: enrol.phoneNumber });
      const confirm = (/** @type {string} */ code, token = sessionToken) =>
        call("confirmTwoFactor", { enrollment, code }, token);
      refused(await confirm(wrongCode(sms)), 141);
      const thief = await app.sessionOf(user);
      refused(await confirm(sms, thief), 4012);
      const { body } = await confirm(sms);
      assert.equal(body.result?.factor?.method, "sms", JSON.stringify(body));
    });
  }

  test("with a stale session token does not run: each function answers Parse's 209", async () => {
    const user = await app.createUser();
    const { challenge, code } = await app.begin(user);
    const sessionToken = "r:00000000000000000000000000000000";
    const held = await app.rows("TwoFactorAccount", { user: user.id });
    for (const name of [
      "login",
      "resendCode",
      "stepUp",
      "enrollTwoFactor",
      "confirmTwoFactor",
      "removeTwoFactor",
      "newRecoveryCodes",
      "twoFactorStatus",
      "resetTwoFactor",
    ]) {
      const params = { challenge, code, enrollment: challenge };
      refused(await app.run(name, params, { sessionToken }), 209);
    }
    assert.deepEqual(
      await app.rows("TwoFactorAccount", { user: user.id }),
      held,
    );
    assert.deepEqual(await app.sessions(user.id), []);
    granted(await app.run("login", { challenge, code }));
  });

  test("by another method than POST is not there", async () => {
    const user = await app.createUser();
    const url = `${app.urls[0]}/functions/login`;
    const query = new URLSearchParams(credentials(user));
    const headers = { "X-Parse-Application-Id": "tests" };
    for (const method of ["GET", "PUT", "DELETE"]) {
      const direct = await fetch(`${url}?${query}`, { method, headers });
      assert.equal(direct.status, 404, method);
      const overridden = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "text/plain" },
        body: JSON.stringify({
          ...credentials(user),
          _method: method,
          _ApplicationId: "tests",
        }),
      });
      assert.equal(overridden.status, 404, `_method ${method}`);
    }
    assert.deepEqual(app.messagesTo(user), []);
  });

  test("by GraphQL's callCloudCode asks for the code like anywhere else", async () => {
    const user = await app.createUser();
    const call = (/** @type {object} */ params) =>
      graphQL(
        `mutation ($params: Object) { callCloudCode(input: {functionName: login, params: $params}) { result } }`,
        { params },
      );
    const first = await call(credentials(user));
    const { challenge } = first.body.callCloudCode.result;
    assert.deepEqual(await app.sessions(user.id), []);
    refused(await call({ challenge, code: wrongCode(app.codeOf(user)) }), 141);
    const second = await call({ challenge, code: app.codeOf(user) });
    granted({ status: second.status, body: second.body.callCloudCode });
  });
});

describe("the app's own handlers", () => {
  test("run once for a sign-in with a code, on either wire", async () => {
    for (const wire of ["tutorial's", "challenge"]) {
      const user = await app.createUser();
      const { challenge, code } = await app.begin(user);
      const params =
        wire === "challenge"
          ? { challenge, code }
          : { ...credentials(user), code };

      granted(await app.run("login", params));

      assert.deepEqual(await loginCalls(user), ["beforeLogin", "afterLogin"]);
    }
  });

  test("run once for a sign-in of a user without a second factor", async () => {
    const user = await app.createUser({ phone_number: undefined });
    granted(await app.run("login", credentials(user)));
    assert.deepEqual(await loginCalls(user), ["beforeLogin", "afterLogin"]);
  });

  test("hear of no sign-in that did not come about", async () => {
    const user = await app.createUser();
    const { challenge, code } = await app.begin(user);
    refused(await app.run("login", { challenge, code: wrongCode(code) }), 141);
    assert.ok(!(await loginCalls(user)).includes("afterLogin"));
  });

  test("that turn a user away do so on our way in too", async () => {
    for (const phone_number of [undefined, app.newNumber()]) {
      const user = await app.createUser({
        username: `unwelcome-${app.newNumber().slice(1)}`,
        phone_number,
      });

      let answer = await app.run("login", credentials(user));
      if (answer.body.result?.challenge) {
        const { challenge } = answer.body.result;
        const code = app.codeOf(user);
        answer = await app.run("login", { challenge, code });
      }

      refused(answer, 1234);
      assert.equal(answer.body.error, "The house does not let you in");
      assert.deepEqual(await app.sessions(user.id), []);
      assert.ok(!(await loginCalls(user)).includes("afterLogin"));
    }
  });

  test("before a user is saved run once for each save", async () => {
    const user = await app.createUser();
    const saves = async () =>
      (await app.seen("calls")).filter(
        ({ name, userId }) => name === "beforeSaveUser" && userId === user.id,
      ).length;
    assert.equal(await saves(), 0);
    await app.asMaster("PUT", `/users/${user.id}`, { nickname: "Al" });
    assert.equal(await saves(), 1);
  });
});

describe("an app whose handler would replace ours, or ours its", () => {
  for (const [order, name] of ["beforehand", "afterwards"].flatMap((order) =>
    [
      "beforeLogin",
      "afterLogin",
      "beforeSaveUser",
      "beforeSave(Parse.User)",
      "login",
    ].map((name) => [order, name]),
  )) {
    test(`(${name}, ${order}) does not start, and says why`, async () => {
      /** @type {unknown} */
      let failure;
      try {
        const broken = await startApp({
          hooks: ["afterLogin"],
          [order]: [name],
        });
        await broken.stop();
      } catch (error) {
        failure = error;
      }
      assert.ok(failure instanceof Error, "it started");
      assert.match(
        failure.message,
        name.startsWith("beforeSave") ? /beforeSave/ : new RegExp(name),
      );
    });
  }
});

test("a number is not changed amid a transaction, which could end when there is a factor", async () => {
  const user = await app.createUser({ phone_number: undefined });
  const change = {
    method: "PUT",
    path: `/parse/users/${user.id}`,
    body: { phone_number: app.newNumber() },
  };
  const caller = { "X-Parse-Session-Token": await app.sessionOf(user) };
  const amid = { transaction: true, requests: [change] };

  const answer = await app.rest("POST", "/batch", amid, caller);

  const [row] = await app.rows("_User", { objectId: user.id });
  if (!showsTransactions && answer.status === 200) {
    assert.equal(row.phone_number, change.body.phone_number);
    return;
  }
  // Parse answers a transaction that a trigger refuses with a 500 of its own.
  assert.ok(answer.status >= 400, JSON.stringify(answer));
  assert.equal(row.phone_number, undefined);
});

describe("a session alone", () => {
  /**
   * The ways to write one's own row.
   * @type {Record<string, (user: User, token: string, change: object) => Promise<Answer>>}
   */
  const writes = {
    "PUT /users/:id": (user, token, change) =>
      app.rest("PUT", `/users/${user.id}`, change, {
        "X-Parse-Session-Token": token,
      }),

    "PUT /classes/_User/:id": (user, token, change) =>
      app.rest("PUT", `/classes/_User/${user.id}`, change, {
        "X-Parse-Session-Token": token,
      }),

    "POST /users/:id with _method": (user, token, change) =>
      app.rest(
        "POST",
        `/users/${user.id}`,
        {
          ...change,
          _method: "PUT",
          _ApplicationId: "tests",
          _SessionToken: token,
          _context: { twoFactor: true, stepUp: true, master: true },
        },
        inBody,
      ),

    "POST /batch": (user, token, change) =>
      batch(
        [{ method: "PUT", path: `/parse/users/${user.id}`, body: change }],
        { "X-Parse-Session-Token": token },
      ),

    "a claim in the headers": (user, token, change) =>
      app.rest("PUT", `/users/${user.id}`, change, {
        "X-Parse-Session-Token": token,
        "X-Parse-Cloud-Context": JSON.stringify({ stepUp: true, master: true }),
        "X-Parse-Installation-Id": "cloud",
      }),

    "GraphQL's updateUser": (user, token, fields) =>
      graphQL(
        `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { objectId } } }`,
        { input: { id: user.id, fields } },
        { "X-Parse-Session-Token": token },
      ),
  };

  for (const [way, write] of Object.entries(writes)) {
    test(`does not change the number, its sender or the password (${way})`, async () => {
      const user = await app.createUser();
      const token = await app.sessionOf(user);
      const changes = [
        { phone_number: app.newNumber() },
        { phone_number: null },
        { password: "a password of the thief" },
        { nickname: "Al", phone_number: app.newNumber() },
      ];
      for (const change of changes) {
        refused(await write(user, token, change), 4020);
      }
      if (!way.startsWith("GraphQL")) {
        const gone = { phone_number: { __op: "Delete" } };
        refused(await write(user, token, gone), 4020);
        const sender = { From: "+14155550199" };
        refused(await write(user, token, sender), 4020);
        const list = { From: { __op: "AddUnique", objects: ["+1"] } };
        refused(await write(user, token, list), 4020);
      }

      const [row] = await app.rows("_User", { objectId: user.id });
      assert.equal(row.phone_number, user.phone);
      assert.equal(row.nickname, undefined);
      assert.equal(row.From, undefined);
      await app.begin(user);
    });
  }

  test("changes any other column", async () => {
    const user = await app.createUser();
    await app.asMaster("PUT", `/users/${user.id}`, { nickname: "Al" });
    const token = await app.sessionOf(user);
    const answer = await writes["PUT /users/:id"](user, token, {
      nickname: "Bo",
    });
    assert.equal(answer.status, 200, JSON.stringify(answer));
    const [row] = await app.rows("_User", { objectId: user.id });
    assert.equal(row.nickname, "Bo");
  });

  test("changes the password of a user without a second factor, as ever", async () => {
    const user = await app.createUser({ phone_number: undefined });
    const token = await app.sessionOf(user);
    const password = "another password";

    const answer = await writes["PUT /users/:id"](user, token, { password });

    assert.equal(answer.status, 200, JSON.stringify(answer));
    granted(await app.run("login", { username: user.username, password }));
  });

  test("does not pass for a step-up", async () => {
    const user = await app.createUser();
    const sessionToken = await app.sessionOf(user);
    refused(await app.run("needsStepUp", {}, { sessionToken }), 4020);
  });

  test("that adds a provider gets no second session out of it", async () => {
    const user = await app.createUser();
    const token = await app.sessionOf(user);
    await writes["PUT /users/:id"](user, token, { authData: houseKey(user) });
    const held = (await app.sessions(user.id)).length;

    await ways["POST /users with a provider's word"](user, {});

    assert.equal((await app.sessions(user.id)).length, held);
  });
});

test("the sender is the master key's to change, and a new user's to bring along", async () => {
  const From = "+14155550199";
  const user = await app.createUser();
  await app.asMaster("PUT", `/users/${user.id}`, { From });
  await app.begin(user);
  assert.equal(app.messagesTo(user)[0].from, From);

  const phone = app.newNumber();
  const account = { username: `${user.username}-2`, password: "password" };
  const columns = { ...account, phone_number: phone, From };
  const { body } = await app.rest("POST", "/users", columns);
  assert.ok(body.objectId, JSON.stringify(body));
  const other = { ...account, id: body.objectId, phone };
  await app.begin(other);
  assert.equal(app.messagesTo(other)[0].from, From);
});

test("the master key changes number and password, and the new ones count", async () => {
  const user = await app.createUser();
  const phone = app.newNumber();
  const password = "a password from the operator";
  await app.asMaster("PUT", `/users/${user.id}`, {
    phone_number: phone,
    password,
  });

  const begun = await app.begin({ ...user, phone, password });

  granted(await app.run("login", begun));
  assert.deepEqual(app.messagesTo(user), []);
});

describe("a user whom Parse would not let in", () => {
  /** @type {import("./support/app").App} */
  let guarded;

  before(async () => {
    guarded = await startApp({
      server: {
        verifyUserEmails: true,
        preventLoginWithUnverifiedEmail: true,
        accountLockout: { duration: 5, threshold: 3 },
        // Nobody in this app is as old as this: a policy that holds must not lock everybody out.
        passwordPolicy: { maxPasswordAge: 30 },
      },
    });
  });
  after(() => guarded?.stop());

  let addresses = 0;
  const createVerified = async () => {
    const email = `user-${addresses++}@example.com`;
    const user = await guarded.createUser({ email });
    await guarded.asMaster("PUT", `/users/${user.id}`, { emailVerified: true });
    return user;
  };

  test("gets in as soon as nothing is against it", async () => {
    granted(
      await guarded.run("login", await guarded.begin(await createVerified())),
    );
  });

  test("is refused with an e-mail address that was not verified", async () => {
    const email = `user-${addresses++}@example.com`;
    const user = await guarded.createUser({ email });
    const natively = await guarded.rest("POST", "/login", credentials(user));
    assert.equal(natively.body.code, 205);

    const answer = await guarded.run("login", credentials(user));

    refused(answer, natively.body.code);
    assert.equal(answer.body.error, natively.body.error);
    assert.deepEqual(guarded.messagesTo(user), []);
    assert.deepEqual(await guarded.sessions(user.id), []);
  });

  test("is refused when banned, like a wrong password", async () => {
    const user = await createVerified();
    await guarded.asMaster("PUT", `/users/${user.id}`, { ACL: {} });

    const answer = await guarded.run("login", credentials(user));

    const wrong = { username: user.username, password: "not the password" };
    assert.deepEqual(answer, await guarded.run("login", wrong));
    refused(answer, 101);
    assert.deepEqual(guarded.messagesTo(user), []);
  });

  test("is refused when banned after the code was sent", async () => {
    for (const wire of ["tutorial's", "challenge"]) {
      const user = await createVerified();
      const { challenge, code } = await guarded.begin(user);
      await guarded.asMaster("PUT", `/users/${user.id}`, { ACL: {} });

      const answer = await guarded.run(
        "login",
        wire === "challenge"
          ? { challenge, code }
          : { ...credentials(user), code },
      );

      refused(answer, [101, 4012]);
      assert.deepEqual(await guarded.sessions(user.id), []);
    }
  });

  test("is refused when deleted after the code was sent", async () => {
    const user = await createVerified();
    const { challenge, code } = await guarded.begin(user);
    await guarded.asMaster("DELETE", `/users/${user.id}`);
    refused(await guarded.run("login", { challenge, code }), [101, 4012]);
    assert.deepEqual(await guarded.sessions(user.id), []);
  });

  test("is locked out by wrong passwords, and the right one does not help", async () => {
    const user = await createVerified();
    const { username } = user;
    for (let n = 0; n < 3; n++) {
      const password = `not the password ${n}`;
      refused(await guarded.run("login", { username, password }), 101);
    }
    const natively = await guarded.rest("POST", "/login", credentials(user));
    assert.match(natively.body.error, /locked/);

    const answer = await guarded.run("login", credentials(user));

    refused(answer, natively.body.code);
    assert.equal(answer.body.error, natively.body.error);
    assert.deepEqual(guarded.messagesTo(user), []);
  });

  test("is not held up by a transaction that holds the row", async () => {
    const user = await createVerified();
    const body = { username: user.username, password: "not the password" };
    const requests = ["/parse/login", "/parse/functions/login"].map((path) => ({
      method: "POST",
      path,
      body,
    }));

    const held = await guarded.rest("POST", "/batch", {
      transaction: true,
      requests,
    });

    assert.ok(held.status >= 400, JSON.stringify(held));
    granted(await guarded.run("login", await guarded.begin(user)));
  });

  test("who resets the password by mail still needs the code", async () => {
    const user = await createVerified();
    const [{ email }] = await guarded.rows("_User", { objectId: user.id });
    const password = "a password after the reset";
    await guarded.rest("POST", "/requestPasswordReset", { email });
    const { link } = (await guarded.seen("mails")).at(-1);
    const token = new URL(link).searchParams.get("token") ?? "";

    const reset = await fetch(
      `${guarded.urls[0]}/apps/tests/request_password_reset`,
      {
        method: "POST",
        headers: { "X-Requested-With": "XMLHttpRequest" },
        body: new URLSearchParams({
          token,
          username: user.username,
          new_password: password,
        }),
      },
    );

    assert.equal(reset.status, 200, await reset.text());
    assert.deepEqual(await guarded.sessions(user.id), []);
    const begun = await guarded.begin({ ...user, password });
    refused(
      await guarded.rest("POST", "/login", { ...credentials(user), password }),
      4010,
    );
    granted(await guarded.run("login", begun));
  });
});

test("a password past its age is refused on our way in too", async () => {
  // Expired as soon as it is set: no test waits for a day to pass on Parse's own clock.
  const strict = await startApp({
    server: { passwordPolicy: { maxPasswordAge: 1e-9 } },
  });
  try {
    for (const phone_number of [strict.newNumber(), undefined]) {
      const user = await strict.createUser({ phone_number });
      const natively = await strict.rest("POST", "/login", credentials(user));
      assert.match(natively.body.error, /expired/);

      const answer = await strict.run("login", credentials(user));

      refused(answer, natively.body.code);
      assert.equal(answer.body.error, natively.body.error);
      assert.deepEqual(strict.messagesTo(user), []);
      assert.deepEqual(await strict.sessions(user.id), []);
    }
  } finally {
    await strict.stop();
  }
});
