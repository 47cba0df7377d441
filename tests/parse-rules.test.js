// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { startApp, credentials } = require("./support/app");
const { granted, refused, result } = require("./support/answers");
const { hasPolicies } = require("./support/parse-server");
const { readRow, writeRow } = require("./support/raw-row");
const { totp } = require("./support/totp");

/**
 * Everything that Parse's own /login enforces holds on our way in: at the first call, and at the moment a session is opened.
 *
 * @typedef {import("./support/app").App} App
 * @typedef {import("./support/app").User} User
 */

const DAY = 86_400_000;
const THRESHOLD = 3;

const RULES = {
  verifyUserEmails: true,
  preventLoginWithUnverifiedEmail: true,
  accountLockout: { duration: 5, threshold: THRESHOLD },
  passwordPolicy: { maxPasswordAge: 30 },
};

let addresses = 0;

/**
 * @param {App} app
 * @param {Record<string, any>} [columns]
 */
async function createVerified(app, columns) {
  const email = `rules-${addresses++}@example.com`;
  const user = await app.createUser({ email, ...columns });
  await app.asMaster("PUT", `/users/${user.id}`, { emailVerified: true });
  return user;
}

/**
 * What may happen to a user at any moment, after which Parse's own /login lets nobody in.
 * @type {Record<string, (app: App, user: User) => Promise<unknown>>}
 */
const STOPS = {
  "account lockout": async (app, user) => {
    for (let n = 0; n < THRESHOLD; n++) {
      const wrong = { ...credentials(user), password: "not the password" };
      refused(await app.rest("POST", "/login", wrong), 101);
    }
  },
  "an unverified e-mail address": (app, user) =>
    app.asMaster("PUT", `/users/${user.id}`, { emailVerified: false }),
  "an expired password": (app, user) =>
    writeRow(
      app.databaseURI,
      user.id,
      "_password_changed_at",
      new Date(Date.now() - 31 * DAY),
    ),
  "an empty ACL": (app, user) =>
    app.asMaster("PUT", `/users/${user.id}`, { ACL: {} }),
  ...(hasPolicies && {
    "an adapter with the policy additional": (
      /** @type {App} */ app,
      /** @type {User} */ user,
    ) =>
      app.asMaster("PUT", `/users/${user.id}`, {
        authData: { extra: { id: user.id } },
      }),
    "Parse's own MFA": (/** @type {App} */ app, /** @type {User} */ user) =>
      enrollMfa(app, user),
  }),
};

/**
 * @param {App} app
 * @param {User} user
 */
function enrollMfa(app, user) {
  const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  const token = totp(secret, Date.now());
  return app.asMaster("PUT", `/users/${user.id}`, {
    authData: { mfa: { secret, token } },
  });
}

for (const directAccess of [true, false]) {
  describe(`with directAccess ${directAccess ? "on" : "off"}, whom Parse's own /login stops`, () => {
    /** @type {App} */
    let app;
    before(async () => {
      app = await startApp({
        own: "has adapters of every policy",
        server: { ...RULES, directAccess },
      });
    });
    after(() => app?.stop());

    test("gets in as long as nothing is against it", async () => {
      const user = await createVerified(app);
      granted(await app.run("login", await app.begin(user)));
      const plain = await createVerified(app, { phone_number: undefined });
      granted(await app.run("login", credentials(plain)));
    });

    for (const [what, stop] of Object.entries(STOPS)) {
      test(`is refused by our first call with Parse's code and text, and is sent nothing: ${what}`, async () => {
        for (const phone_number of [app.newNumber(), undefined]) {
          const user = await createVerified(app, { phone_number });
          await stop(app, user);
          const natively = await app.rest("POST", "/login", credentials(user));
          assert.ok(
            natively.status >= 400 && natively.body.code !== 4010,
            JSON.stringify(natively),
          );

          const answer = await app.run("login", credentials(user));

          refused(answer, natively.body.code);
          assert.equal(answer.body.error, natively.body.error);
          assert.deepEqual(app.messagesTo(user), []);
          assert.deepEqual(await app.sessions(user.id), []);
        }
      });

      test(`gets no session for a code sent before, on either wire, and no other code: ${what}`, async () => {
        for (const wire of ["challenge", "tutorial's"]) {
          const user = await createVerified(app);
          const { challenge, code } = await app.begin(user);
          await stop(app, user);
          const natively = await app.rest("POST", "/login", credentials(user));
          const params =
            wire === "challenge" ? { challenge } : credentials(user);

          const answer = await app.run("login", { ...params, code });

          refused(answer, natively.body.code);
          assert.equal(answer.body.error, natively.body.error);
          assert.deepEqual(await app.sessions(user.id), []);
          await app.advance(31_000);
          const resent = await app.run("resendCode", { challenge });
          refused(resent, natively.body.code);
          assert.equal(app.messagesTo(user).length, 1);
        }
      });
    }

    test("is told nothing of that with a wrong password", async () => {
      for (const [what, stop] of Object.entries(STOPS)) {
        if (what === "account lockout") continue;
        const user = await createVerified(app);
        await stop(app, user);
        const answer = await app.run("login", {
          ...credentials(user),
          password: "wrong",
        });
        refused(answer, 101);
        assert.equal(answer.body.error, "Invalid username/password.", what);
      }
    });

    test("is another user than one with an adapter of the policy solo or default, who signs in as with /login", async () => {
      for (const name of ["alone", "plain"]) {
        const user = await createVerified(app, { phone_number: undefined });
        await app.asMaster("PUT", `/users/${user.id}`, {
          authData: { [name]: { id: user.id } },
        });
        const natively = await app.rest("POST", "/login", credentials(user));
        assert.equal(natively.status, 200, JSON.stringify(natively));
        granted(await app.run("login", credentials(user)));
      }
    });

    test("finds the failed sign-ins that Parse counts as they were: ours neither resets nor raises them", async () => {
      const user = await createVerified(app);
      const { challenge, code } = await app.begin(user);
      for (let n = 1; n < THRESHOLD; n++) {
        const wrong = { ...credentials(user), password: "not the password" };
        refused(await app.rest("POST", "/login", wrong), 101);
      }
      granted(await app.run("login", { challenge, code }));
      const row = await readRow(app.databaseURI, user.id);
      assert.equal(row._failed_login_count, THRESHOLD - 1);
    });

    test("begins to age with the first sign-in by us, as with /login, where the password has no date", async () => {
      for (const phone_number of [app.newNumber(), undefined]) {
        const user = await createVerified(app, { phone_number });
        await writeRow(app.databaseURI, user.id, "_password_changed_at", null);
        result(await app.run("login", credentials(user)));
        const row = await readRow(app.databaseURI, user.id);
        const age = Date.now() - new Date(row._password_changed_at).getTime();
        assert.ok(age >= 0 && age < DAY, String(row._password_changed_at));
      }
    });
  });
}

test("a Parse Server that does not show its handler lets nobody in by ours (4023)", async () => {
  const app = await startApp({ own: "hides the handler of its login" });
  try {
    for (const phone_number of [app.newNumber(), undefined]) {
      const user = await app.createUser({ phone_number });
      refused(await app.run("login", credentials(user)), 4023);
      assert.deepEqual(app.messagesTo(user), []);
      assert.deepEqual(await app.sessions(user.id), []);
    }
  } finally {
    await app.stop();
  }
});

test("Parse's second factor beside ours is warned of once at start-up, by the adapter's name, and the server starts", async () => {
  for (const [own, names] of /** @type {const} */ ([
    ["has adapters of every policy", hasPolicies ? "extra, mfa" : ""],
    ["", ""],
  ])) {
    const app = await startApp({ own });
    try {
      const lines = app
        .log()
        .split("\n")
        .filter((line) => line.includes("second factor is on beside ours"));
      assert.equal(lines.length, names ? 1 : 0, app.log());
      assert.ok(
        lines.every(
          (line) =>
            line.includes(`parse-two-factor: `) &&
            line.includes(`(${names} in`),
        ),
      );
    } finally {
      await app.stop();
    }
  }
});
