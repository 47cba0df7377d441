// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, before, describe, test } = require("node:test");
const { register } = require("../../js/register.js");
const { withTimeout } = require("../../js/timeout.js");
const { startApp } = require("../support/app");
const {
  canRead,
  hasPolicies,
  outlivesSessions,
} = require("../support/parse-server");
const { readRow, writeRow, writeAuthData } = require("../support/raw-row");

/**
 * No value in a row or in a save ends the process. Parse Server looks at the object of a trigger outside of any catch, and a trigger of
 * ours is what makes it look: without us nothing would happen.
 */

/** Functions that go as far as they can without a parameter. */
const NEEDS_NOTHING = ["twoFactorStatus", "stepUp", "newRecoveryCodes"];
const FUNCTIONS = [
  ...NEEDS_NOTHING,
  "login",
  "resendCode",
  "enrollTwoFactor",
  "confirmTwoFactor",
  "removeTwoFactor",
  "renameTwoFactor",
  "forgetDevice",
];

const LONGEST_MILLISECONDS = 60_000;
const MASTER = { "X-Parse-Master-Key": "tests-master-key" };

/** Parse closes the connection after each 500. A next call on it would fail as if the process had ended. */
const CLOSE = { Connection: "close" };

const FILE = { __type: "File", name: "n" };

/** What ended the process: it becomes an object with a file in it, which cannot be written out. */
const NESTED_FILE = {
  __type: "Object",
  className: "Foo",
  objectId: "x",
  f: FILE,
};

/** Values that Parse's types do not allow, and some that they do. @type {Record<string, any>} */
const VALUES = {
  "an object with a file": NESTED_FILE,
  "a user with a file": { ...NESTED_FILE, className: "_User" },
  "an object with an invalid date": {
    ...NESTED_FILE,
    f: { __type: "Date", iso: "never" },
  },
  "an object with a pointer to nothing": {
    ...NESTED_FILE,
    f: { __type: "Pointer", className: "Bar" },
  },
  "an object with an impossible place": {
    ...NESTED_FILE,
    f: { __type: "GeoPoint", latitude: 999, longitude: 1 },
  },
  "an object without a class": { __type: "Object" },
  "an object of a class that is a number": {
    __type: "Object",
    className: 5,
    objectId: "x",
  },
  "an object with an ACL that is a number": { ...NESTED_FILE, f: 1, ACL: 5 },
  "a file": FILE,
  "a file without a name": { __type: "File" },
  "an invalid date": { __type: "Date", iso: "never" },
  "a date that is none": { __type: "Date", iso: null },
  "a pointer without a class": { __type: "Pointer" },
  "a pointer without an id": { __type: "Pointer", className: "Foo" },
  "an impossible place": { __type: "GeoPoint", latitude: 999, longitude: 999 },
  "a place that is text": { __type: "GeoPoint", latitude: "a", longitude: "b" },
  "a relation without a class": { __type: "Relation" },
  "a polygon of one corner": { __type: "Polygon", coordinates: [[0, 0]] },
  "bytes that are a number": { __type: "Bytes", base64: 5 },
  "a type that nobody has": { __type: "Nonsense" },
  "an operation": { __op: "Increment", amount: "x" },
  "an operation with a file": { __op: "Add", objects: [NESTED_FILE] },
  "a list of files": [FILE, [NESTED_FILE]],
  "a method's name": { toJSON: 1 },
  "a deep nest": JSON.parse(`${'{"a":'.repeat(1200)}1${"}".repeat(1200)}`),
};

for (const directAccess of [true, false]) {
  const access = `with directAccess ${directAccess ? "on" : "off"}`;

  describe(`A value that cannot be written out, ${access}`, () => {
    /** @type {import("../support/app").App} */
    let app;
    before(async () => {
      app = await startApp({
        own: "saves an invalid date",
        hooks: ["beforeLogin", "afterLogin"],
        server: { directAccess },
      });
      const fields = {
        profile: { type: "Object" },
        things: { type: "Array" },
        nickname: { type: "String" },
      };
      const exists = await app.rest("GET", "/schemas/_User", undefined, MASTER);
      await app.asMaster(
        exists.status === 200 ? "PUT" : "POST",
        "/schemas/_User",
        { className: "_User", fields },
      );
    });
    after(() => app?.stop());

    /**
     * A call that has to be answered, whatever the answer is.
     * @param {string} method
     * @param {string} route
     * @param {any} [body]
     * @param {Record<string, string>} [headers]
     */
    const answered = async (method, route, body, headers) => {
      try {
        return await withTimeout(
          app.rest(method, route, body, { ...headers, ...CLOSE }),
          LONGEST_MILLISECONDS,
        );
      } catch (/** @type {any} */ error) {
        const what = `${method} ${route} ${JSON.stringify(body)?.slice(0, 300)}`;
        throw new Error(
          `${what}: ${error.message}\n${app.log().slice(-1000)}`,
          { cause: error },
        );
      }
    };

    const signUp = async () => {
      const name = `poisoned-${randomBytes(6).toString("hex")}`;
      const credentials = { username: name, password: "p" };
      const authData = { anonymous: { id: name } };
      const email = `${name}@example.com`;
      const { body } = await answered("POST", "/users", {
        ...credentials,
        authData,
        email,
      });
      assert.ok(body.objectId, JSON.stringify(body));
      return { id: body.objectId, credentials, authData, email };
    };

    /**
     * Every route that reads or writes a user.
     * @param {Awaited<ReturnType<typeof signUp>>} user
     * @param {unknown} value in the user's row
     */
    const touchEverywhere = async (
      { id, credentials, authData, email },
      value,
    ) => {
      const own = `/users/${id}`;
      const query = new URLSearchParams(credentials);
      const where = encodeURIComponent(JSON.stringify({ objectId: id }));
      const { body } = await answered(
        "POST",
        "/loginAs",
        { userId: id },
        MASTER,
      );
      /** @type {Record<string, string>} */
      const session =
        outlivesSessions || canRead(value)
          ? { "X-Parse-Session-Token": body.sessionToken }
          : {};
      await answered("POST", "/users", { authData });
      await answered("POST", "/users", {
        authData: { anonymous: { ...authData.anonymous, more: 1 } },
      });
      await answered("POST", "/login", credentials);
      await answered("GET", `/login?${query}`);
      await answered("POST", "/login", { ...credentials, authData });
      await answered("GET", `/verifyPassword?${query}`);
      await answered("POST", "/batch", {
        requests: [{ method: "POST", path: "/parse/login", body: credentials }],
      });
      for (const headers of [session, MASTER]) {
        await answered("GET", own, undefined, headers);
        await answered("GET", `/classes/_User/${id}`, undefined, headers);
        await answered("GET", `/users?where=${where}`, undefined, headers);
        await answered("PUT", own, { nickname: "n" }, headers);
        await answered("PUT", own, { "profile.more": 1 }, headers);
        await answered(
          "PUT",
          own,
          { things: { __op: "Add", objects: [1] } },
          headers,
        );
        await answered("PUT", own, { phone_number: "+14155550123" }, headers);

        await answered(
          "POST",
          "/batch",
          {
            requests: [
              { method: "PUT", path: `/parse${own}`, body: { nickname: "m" } },
            ],
          },
          headers,
        );
      }
      await answered("PUT", own, { password: "p" }, MASTER);
      await answered("GET", "/users/me", undefined, session);
      await answered("GET", "/sessions/me?include=user", undefined, session);
      await answered("GET", "/sessions?include=user", undefined, MASTER);
      await answered("POST", "/sessions", {}, session);
      await answered("POST", "/upgradeToRevocableSession", {}, session);
      // Parse Server 5 has no such route, and its answer is a page.
      if (hasPolicies) {
        await answered("POST", "/challenge", {
          ...credentials,
          authData,
          challengeData: { anonymous: value },
        });
      }
      const { username } = credentials;
      const match = new URLSearchParams({
        $match: `{"username":"${username}"}`,
      });
      await answered("GET", `/aggregate/_User?${match}`, undefined, MASTER);
      const another = { ...credentials, username: `${username}-2` };
      await answered("POST", "/classes/_User", { ...another, profile: value });
      await answered("POST", "/requestPasswordReset", { email });
      await answered("POST", "/verificationEmailRequest", { email });
      const poisoned = { code: value, credential: value, label: value };
      for (const name of FUNCTIONS) {
        const params = NEEDS_NOTHING.includes(name) ? {} : poisoned;
        await answered("POST", `/functions/${name}`, params, session);
      }
      await answered("POST", "/functions/login", credentials);
      await answered(
        "POST",
        "/functions/resetTwoFactor",
        { userId: id },
        MASTER,
      );
      await graphQL(
        `mutation ($input: LogInInput!) { logIn(input: $input) { viewer { sessionToken } } }`,
        { input: credentials },
      );
      await graphQL(
        `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { clientMutationId } }`,
        { input: { id, fields: { nickname: "g" } } },
        MASTER,
      );
      await answered("PUT", own, { authData: { anonymous: null } }, MASTER);
      await answered("POST", "/logout", {}, session);
      await answered("DELETE", own, undefined, MASTER);
    };

    /**
     * @param {string} query
     * @param {object} variables
     * @param {Record<string, string>} [headers]
     */
    const graphQL = async (query, variables, headers = {}) => {
      const answer = await fetch(app.urls[0].replace(/\/parse$/, "/graphql"), {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-Parse-Application-Id": "tests",
          ...headers,
          ...CLOSE,
        },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(LONGEST_MILLISECONDS),
      });
      await answer.text();
    };

    const values = Object.entries(VALUES);
    // How the handlers of ours reach Parse is no matter of a value's kind.
    for (const [what, value] of directAccess ? values : values.slice(0, 3)) {
      test(`No process ends, whether a sign-in, the database or a save brings ${what}, ${access}.`, async () => {
        const bySignIn = await signUp();
        await answered("POST", "/users", {
          authData: { anonymous: { ...bySignIn.authData.anonymous, x: value } },
        });
        await touchEverywhere(bySignIn, value);

        const bySQL = await signUp();
        const { databaseURI } = app;
        const poisoned = { ...bySQL.authData.anonymous, x: value };
        await writeAuthData(databaseURI, bySQL.id, { anonymous: poisoned });
        await writeRow(databaseURI, bySQL.id, "profile", value);
        await writeRow(databaseURI, bySQL.id, "things", [value]);
        await touchEverywhere(bySQL, value);

        const bySave = await signUp();
        const own = `/users/${bySave.id}`;
        for (const column of ["profile", "things", "phone_number"]) {
          for (const saved of [value, { __op: "Add", objects: [value] }]) {
            await answered("PUT", own, { [column]: saved }, MASTER);
          }
          const username = `${bySave.credentials.username}-${column}`;
          const columns = { username, password: "p", [column]: value };
          await answered("POST", "/users", columns);
        }
        await answered("PUT", own, { things: [value], From: value }, MASTER);
        await answered("PUT", own, { ACL: value }, MASTER);
        await answered("PUT", own, { password: value }, MASTER);
        assert.equal((await answered("GET", "/health")).status, 200);
      });
    }

    test(`A value in the row keeps nobody from signing in and saving something else, as without us, ${access}.`, async () => {
      const { id, authData } = await signUp();
      const poison = { ...authData.anonymous, x: NESTED_FILE };
      const changed = await answered("POST", "/users", {
        authData: { anonymous: poison },
      });
      assert.equal(changed.status, 200, JSON.stringify(changed));

      await writeRow(app.databaseURI, id, "profile", NESTED_FILE);

      const again = await answered("POST", "/users", { authData });

      assert.equal(again.status, 200, JSON.stringify(again));
      const session = { "X-Parse-Session-Token": again.body.sessionToken };
      for (const [nickname, headers] of /** @type {const} */ ([
        ["mine", session],
        ["theirs", MASTER],
      ])) {
        const own = `/users/${id}`;
        const saved = await answered("PUT", own, { nickname }, headers);
        assert.equal(saved.status, 200, JSON.stringify(saved));
        const row = await readRow(app.databaseURI, id);
        assert.equal(row.nickname, nickname);
        assert.deepEqual(row.profile, NESTED_FILE);
      }
    });

    test(`A save of a value that cannot be written is refused with 111, also where the app's own handler has set it, ${access}.`, async () => {
      const { id } = await signUp();
      for (const change of [
        { things: [NESTED_FILE] },
        { things: [FILE] },
        { nickname: "invalid" },
      ]) {
        const answer = await answered("PUT", `/users/${id}`, change, MASTER);
        assert.deepEqual(answer, {
          status: 400,
          body: { code: 111, error: "A value of the user cannot be saved." },
        });
      }
    });
  });
}

describe("A value that cannot be written out, where a validator of the app's own looks at the user", () => {
  /** @type {import("../support/app").App} */
  let app;
  before(async () => {
    app = await startApp({ own: "validates saves and deletions" });
    const fields = {
      profile: { type: "Object" },
      nickname: { type: "String" },
    };
    const path = "/schemas/_User";
    const { status } = await app.rest("GET", path, undefined, MASTER);
    const body = { className: "_User", fields };
    await app.asMaster(status === 200 ? "PUT" : "POST", path, body);
  });
  after(() => app?.stop());

  const INVALID = 142;

  test("No process ends where a validator refuses a save or a deletion of a user that cannot be written out.", async () => {
    const { id } = await app.user().create();
    const opened = await app.asMaster("POST", "/loginAs", { userId: id });
    const session = { "X-Parse-Session-Token": opened.sessionToken, ...CLOSE };
    await writeRow(app.databaseURI, id, "profile", NESTED_FILE);
    const own = `/users/${id}`;
    const signUp = { username: "nobody", password: "p", profile: NESTED_FILE };

    for (const answer of [
      await app.rest("POST", "/users", signUp, CLOSE),
      await app.rest("PUT", own, { nickname: "refused" }, session),
      await app.rest("DELETE", own, undefined, session),
    ]) {
      assert.equal(answer.body.code, INVALID, JSON.stringify(answer));
    }
    const saved = await app.rest("PUT", own, { nickname: "n" }, session);
    assert.equal(saved.status, 200, JSON.stringify(saved));
    assert.equal((await app.rest("GET", "/health")).status, 200);
  });

  test("A user within a value that cannot be written out is not stored without it: the save is refused (111).", async () => {
    const { id } = await app.user().create();
    const profile = { of: { ...NESTED_FILE, className: "_User" } };
    const answer = await app.rest("PUT", `/users/${id}`, { profile }, MASTER);
    assert.equal(answer.body.code, 111, JSON.stringify(answer));
  });
});

test("Whatever registers a trigger of ours makes users safe to write out.", () => {
  class User {
    id = "x";
    toJSON() {
      throw new Error("cannot be written");
    }
    _getSaveJSON() {
      throw new Error("cannot be written");
    }
    _getPendingOps() {
      return [{}];
    }
  }
  const Cloud = new Proxy(/** @type {any} */ ({}), {
    get: (own, name) => own[name] ?? (() => {}),
  });

  register({ Cloud, Error, User, applicationId: "none" }, {}, {});

  const object = new User();
  assert.deepEqual(object.toJSON(), { objectId: "x" });
  assert.deepEqual(object._getSaveJSON(), {});
});
