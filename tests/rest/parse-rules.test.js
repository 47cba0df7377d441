// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { environment, finding } = require("../command/command");
const { startApp } = require("../support/app");
const { refused, result } = require("../support/answers");
const { hasPolicies } = require("../support/parse-server");
const { readRow, writeRow } = require("../support/raw-row");
const {
  CHALLENGE_UNKNOWN,
  INVALID_CREDENTIALS,
  NATIVE_SIGN_IN,
  NOT_CONFIGURED,
} = require("../support/refusals");
const { totp } = require("../support/totp");

/**
 * Everything that Parse's own /login enforces holds on our way in: at the first call, and at the moment a session is opened.
 *
 * @typedef {import("../support/app").App} App
 * @typedef {import("../support/user").User} User
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
  const phone_number = app.newNumber();
  const user = await app.user({ email, phone_number, ...columns }).create();
  await user.update({ emailVerified: true });
  return user;
}

/**
 * What may happen to a user at any moment, after which Parse's own /login lets nobody in.
 * @type {Record<string, (app: App, user: User) => Promise<unknown>>}
 */
const STOPS = {
  "account lockout": async (_, user) => {
    for (let n = 0; n < THRESHOLD; n++) {
      const wrong = user.with({ password: "not the password" });
      await refused(wrong.nativeLogin(), INVALID_CREDENTIALS);
    }
  },
  "an unverified e-mail address": (_, user) =>
    user.update({ emailVerified: false }),
  "an expired password": (app, user) =>
    writeRow(
      app.databaseURI,
      user.id,
      "_password_changed_at",
      new Date(Date.now() - 31 * DAY),
    ),
  "an empty ACL": (_, user) => user.update({ ACL: {} }),
  ...(hasPolicies && {
    "an adapter with the policy additional": (
      /** @type {App} */ _,
      /** @type {User} */ user,
    ) => user.update({ authData: { extra: { id: user.id } } }),
    "Parse's own MFA": (/** @type {App} */ _, /** @type {User} */ user) =>
      enrollMfa(user),
  }),
};

/** Of these, what links a provider. */
const LINKS = ["an adapter with the policy additional", "Parse's own MFA"];

/** @param {User} user */
function enrollMfa(user) {
  const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  const token = totp(secret, Date.now());
  return user.update({ authData: { mfa: { secret, token } } });
}

for (const directAccess of [true, false]) {
  const access = `with directAccess ${directAccess ? "on" : "off"}`;

  describe(`Parse's own rules for a sign-in, ${access}`, () => {
    /** @type {App} */
    let app;
    before(async () => {
      app = await startApp({
        own: "has adapters of every policy",
        server: { ...RULES, directAccess },
      });
    });
    after(() => app?.stop());

    test(`A user with nothing against them gets in, ${access}.`, async () => {
      const user = await createVerified(app);
      await user.signIn();
      const plain = await createVerified(app, { phone_number: undefined });
      await plain.loginByPassword();
    });

    for (const [what, stop] of Object.entries(STOPS)) {
      test(`Our first call refuses a user stopped by ${what} with Parse's code and text, and sends nothing, ${access}.`, async () => {
        for (const phone_number of [app.newNumber(), undefined]) {
          const user = await createVerified(app, { phone_number });
          await stop(app, user);
          const { status, body } = await user.nativeLogin();
          assert.ok(status >= 400 && body.code !== NATIVE_SIGN_IN, body.error);

          const said = await refused(
            app.run("login", user.credentials),
            body.code,
          );

          assert.equal(said, body.error);
          assert.deepEqual(user.messages, []);
          assert.deepEqual(await user.sessions(), []);
        }
      });

      test(`A code sent before ${what} opens no session on either wire, and no other code is sent, ${access}.`, async () => {
        for (const wire of ["challenge", "tutorial's"]) {
          const user = await createVerified(app);
          const sign = await user.login();
          const code = user.code();
          await stop(app, user);
          const { body } = await user.nativeLogin();

          // A provider is linked, which voids what is under way, so there is nothing left to ask Parse about.
          const isVoid = LINKS.includes(what);
          const expected = isVoid ? CHALLENGE_UNKNOWN : body.code;

          if (wire === "challenge") {
            const said = await refused(user.answer(sign, code), expected);
            if (!isVoid) assert.equal(said, body.error);
          } else {
            const call = user.answerWithPassword(code);
            assert.equal(await refused(call, body.code), body.error);
          }
          assert.deepEqual(await user.sessions(), []);
          await app.advance(31_000);
          await refused(user.resend(sign), expected);
          assert.equal(user.messages.length, 1);
        }
      });
    }

    if (hasPolicies) {
      test(`A user with Parse's own MFA gets in again once the operator has cleared it, as the warning says, ${access}.`, async () => {
        const user = await createVerified(app);
        await enrollMfa(user);
        await refused(app.run("login", user.credentials), -1);
        await user.update({ authData: { mfa: null } });
        await user.signIn();
      });
    }

    test(`A wrong password is told nothing of Parse's rules, ${access}.`, async () => {
      for (const [what, stop] of Object.entries(STOPS)) {
        if (what === "account lockout") continue;
        const user = await createVerified(app);
        await stop(app, user);
        const wrong = user.with({ password: "wrong" });
        const said = await refused(wrong.login(), INVALID_CREDENTIALS);
        assert.equal(said, "Invalid username/password.", what);
      }
    });

    test(`A user with an adapter of the policy solo or default signs in as with /login, ${access}.`, async () => {
      for (const name of ["alone", "plain"]) {
        const user = await createVerified(app, { phone_number: undefined });
        await user.update({ authData: { [name]: { id: user.id } } });
        const natively = await user.nativeLogin();
        assert.equal(natively.status, 200, JSON.stringify(natively));
        await user.loginByPassword();
      }
    });

    test(`A sign-in by us neither resets nor raises the failed sign-ins that Parse counts, ${access}.`, async () => {
      const user = await createVerified(app);
      const sign = await user.login();
      const code = user.code();
      const wrong = user.with({ password: "not the password" });
      for (let n = 1; n < THRESHOLD; n++) {
        await refused(wrong.nativeLogin(), INVALID_CREDENTIALS);
      }
      await user.answer(sign, code);
      const row = await readRow(app.databaseURI, user.id);
      assert.equal(row._failed_login_count, THRESHOLD - 1);
    });

    test(`A password without a date begins to age with the first sign-in by us, as with /login, ${access}.`, async () => {
      for (const phone_number of [app.newNumber(), undefined]) {
        const user = await createVerified(app, { phone_number });
        await writeRow(app.databaseURI, user.id, "_password_changed_at", null);
        result(await app.run("login", user.credentials));
        const row = await readRow(app.databaseURI, user.id);
        const age = Date.now() - new Date(row._password_changed_at).getTime();
        assert.ok(age >= 0 && age < DAY, String(row._password_changed_at));
      }
    });
  });
}

test("A Parse Server that does not show its handler lets nobody in by ours (4023).", async () => {
  const app = await startApp({ own: "hides the handler of its login" });
  try {
    for (const phone_number of [app.newNumber(), undefined]) {
      const user = await app.user({ phone_number }).create();
      await refused(app.run("login", user.credentials), NOT_CONFIGURED);
      assert.deepEqual(user.messages, []);
      assert.deepEqual(await user.sessions(), []);
    }
  } finally {
    await app.stop();
  }
});

test("The log warns once of Parse's second factor beside ours, by the adapter's name, as doctor does, and the server starts.", async () => {
  for (const [own, names] of /** @type {const} */ ([
    ["has adapters of every policy", hasPolicies ? "extra, mfa" : ""],
    ["", ""],
  ])) {
    const app = await startApp({ own });
    try {
      const log = app.log();
      const lines = log
        .split("\n")
        .filter((line) => line.includes("second factor is on beside ours"));
      assert.equal(lines.length, names ? 1 : 0, log);
      for (const line of lines) {
        assert.ok(line.includes("parse-two-factor: "), line);
        assert.ok(line.includes(`(${names} in`), line);
      }
      const verdict = names ? "warning" : "ok";
      const found = await finding(environment(app), "adapters", verdict);
      assert.ok(!names || found.includes(`(${names} in`), found);
    } finally {
      await app.stop();
    }
  }
});
