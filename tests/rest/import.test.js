// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, before, describe, test } = require("node:test");
const parseMfa = require("../../cli/doctor/remote/parse-mfa.js");
const { Server } = require("../../cli/server.js");
const { command, environment } = require("../command/command");
const { startApp } = require("../support/app");
const { refused, result } = require("../support/answers");
const { hasPolicies } = require("../support/parse-server");
const { readRow, writeAuthData } = require("../support/raw-row");
const {
  INVALID_CREDENTIALS,
  NATIVE_SIGN_IN,
  NOT_CONFIGURED,
  OPERATION_FORBIDDEN,
  TRY_AGAIN,
} = require("../support/refusals");
const { totp } = require("../support/totp");

/**
 * Moving users from Parse Server's own adapter `mfa`, who enrolled there as clients do. Parse Server 5 has no such adapter.
 *
 * @typedef {import("../support/app").App} App
 * @typedef {import("../support/user").User} User
 */

const MASTER = { master: true };
const OPTIONS = { keys: `k:${Buffer.alloc(32, 5).toString("base64")}` };
const NOBODY = { user: null, added: [], cleared: false };

/** With numbers of its own: a test may say that none is shown. */
const newMobile = () => `+44 7700 ${Math.floor(900_000 + Math.random() * 999)}`;

/** @param {number} length in characters of base32 */
function newSecret(length = 32) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return [...randomBytes(length)].map((byte) => alphabet[byte % 32]).join("");
}

/**
 * @param {App} app
 * @param {User} user
 * @param {object} mfa
 */
async function change(app, user, mfa) {
  const { token } = await user.session();
  const headers = { "X-Parse-Session-Token": token };
  const body = { authData: { mfa } };
  const answer = await app.rest("PUT", `/users/${user.id}`, body, headers);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
}

/**
 * A user with an authenticator app in Parse's adapter.
 * @param {App} app
 * @param {string} [secret]
 */
async function withApp(app, secret = newSecret()) {
  const user = await app.user().create();
  await change(app, user, { secret, token: totp(secret, Date.now()) });
  await app.closeSessions(user.id);
  return user.with({ secret });
}

/**
 * A user with a number in Parse's adapter, which had it confirmed by a code.
 * @param {App} app
 * @param {string} mobile
 */
async function withMobile(app, mobile) {
  const user = await app.user().create();
  await change(app, user, { mobile });
  const { pending } = await keptOf(app, user);
  await change(app, user, { mobile, token: pending[mobile].token });
  await app.closeSessions(user.id);
  return user.with({ phone: mobile.replace(/[^+\d]/g, "") });
}

/**
 * What the adapter keeps of a user, as the database has it.
 * @param {App} app
 * @param {User} user
 */
async function keptOf(app, user) {
  const row = await readRow(app.databaseURI, user.id);
  return row._auth_data_mfa ?? row.authData?.mfa ?? undefined;
}

/**
 * @param {App} app
 * @param {User} user
 * @param {object} [more]
 */
async function importOf(app, user, more = {}) {
  const params = { userId: user.id, ...more };
  const answer = await app.run("importTwoFactor", params, MASTER);
  if (user.secret) {
    assert.ok(!JSON.stringify(answer).includes(user.secret), "it is shown");
  }
  const { user: id, ...rest } = result(answer);
  assert.equal(id, user.id);
  return rest;
}

/** What the doctor's check says. @param {App} app */
function checked(app) {
  const { urls } = app;
  return parseMfa(new Server(urls[0], "tests", "tests-master-key"), {});
}

/** Parse's own sign-in with its own second factor. @param {App} app @param {User} user @param {string} token */
const nativeWithMfa = (app, user, token) =>
  app.rest("POST", "/login", {
    ...user.credentials,
    authData: { mfa: { token } },
  });

/** @param {User} user */
async function importedEvents(user) {
  const events = await user.events();
  const enrolled = events.filter(({ what }) => what === "factor-enrolled");
  for (const { who, when, at } of enrolled) {
    assert.equal(who.objectId, user.id, "for Parse Dashboard");
    assert.equal(Date.parse(when.iso), at);
  }
  return enrolled.map(({ about }) => about);
}

if (!hasPolicies) {
  test("On Parse Server 5, which has no adapter of its own for it, the import finds nobody, and doctor is content.", async () => {
    const app = await startApp();
    try {
      const user = await app.user().create();
      assert.deepEqual(
        result(await app.run("importTwoFactor", {}, MASTER)),
        NOBODY,
      );
      assert.deepEqual(await importOf(app, user), {
        added: [],
        cleared: false,
      });
      const args = ["import", "parse-mfa", "--json"];
      const { code, json, err } = await command(args, environment(app));
      assert.equal(code, 0, err);
      assert.deepEqual(json, { dryRun: false, users: [], empty: true });
      assert.equal((await checked(app))[0], "ok");
    } finally {
      await app.stop();
    }
  });
}

if (hasPolicies) {
  describe("Parse Server's own second factor", () => {
    /** @type {App} */
    let app;
    before(async () => {
      app = await startApp({
        nodes: 2,
        own: "has Parse's own second factor",
        options: OPTIONS,
      });
    });
    after(() => app?.stop());

    test("A user of Parse's adapter signs in there until the import, and by the same authenticator app with us from then on.", async () => {
      const ada = await withApp(app);
      const token = totp(ada.secret, Date.now());
      assert.equal((await nativeWithMfa(app, ada, token)).status, 200);
      await refused(app.run("login", ada.credentials), -1);

      const { token: session } = await ada.session();
      const dry = await importOf(app, ada, { dryRun: true });
      assert.deepEqual(dry, { added: ["totp"], cleared: false });
      assert.equal((await keptOf(app, ada)).secret, ada.secret);
      assert.equal(await ada.account(), undefined);

      const done = await importOf(app, ada);
      assert.deepEqual(done, { added: ["totp"], cleared: true });
      assert.equal(await keptOf(app, ada), undefined);
      const headers = { "X-Parse-Session-Token": session };
      const me = await app.rest("GET", "/users/me", undefined, headers);
      assert.equal(me.status, 200, "the session has ended");
      await refused(ada.nativeLogin(), NATIVE_SIGN_IN);
      const withToken = await nativeWithMfa(app, ada, token);
      assert.ok(withToken.status >= 400, JSON.stringify(withToken.body));
      await ada.signIn();
      assert.deepEqual(await importedEvents(ada), ["imported totp"]);
      assert.ok(!JSON.stringify(await app.dump()).includes(ada.secret));
      assert.ok(!app.log().includes(ada.secret));
    });

    test("A number of Parse's adapter becomes a factor in E.164, and what was never confirmed becomes none.", async () => {
      const mobile = newMobile();
      const ada = await withMobile(app, mobile);
      const done = await importOf(app, ada);
      assert.deepEqual(done, { added: ["sms"], cleared: true });
      await ada.signIn();
      assert.equal(ada.messages.length, 1);
      assert.deepEqual(await importedEvents(ada), ["imported sms"]);

      const eve = await app.user().create();
      await change(app, eve, { mobile: newMobile() });
      const nothing = await importOf(app, eve);
      assert.deepEqual(nothing, { added: [], cleared: true });
      assert.equal(await keptOf(app, eve), undefined);
      await eve.loginByPassword();
    });

    test("An import that was interrupted before authData.mfa was removed is repaired by the next, which adds nothing twice, also of two at once.", async () => {
      const ada = await withApp(app);
      const kept = await keptOf(app, ada);
      await importOf(app, ada);
      await writeAuthData(app.databaseURI, ada.id, { mfa: kept });
      await refused(app.run("login", ada.credentials), -1);

      const repaired = await importOf(app, ada);
      assert.deepEqual(repaired, { added: [], cleared: true });
      await ada.signIn();

      const bob = await withApp(app);
      const calls = [0, 1, 0, 1].map((node) =>
        app.run("importTwoFactor", { userId: bob.id }, { ...MASTER, node }),
      );
      const answers = await Promise.all(calls);
      const cleared = answers.filter(({ body }) => body.result?.cleared);
      assert.equal(cleared.length, 1, JSON.stringify(answers));
      for (const user of [ada, bob]) {
        const { authenticators } = await user.account();
        const ids = authenticators.filter(
          (/** @type {any} */ { confirmed }) => confirmed,
        );
        assert.equal(ids.length, 1);
        assert.equal(authenticators.length, 2, "the factor, and its id");
      }
      await bob.signIn();
    });

    test("A secret of less than 112 bits is refused by name, and its user keeps Parse's adapter.", async () => {
      const ada = await withApp(app, newSecret(20));
      const refusal = await importOf(app, ada);
      assert.deepEqual(refusal, { added: [], cleared: false, refused: "weak" });
      const token = totp(ada.secret, Date.now());
      assert.equal((await nativeWithMfa(app, ada, token)).status, 200);
      await ada.update({ authData: { mfa: null } });
    });

    test("Only the master key imports, not one that only reads, and nobody's second factor is nobody's.", async () => {
      const ada = await withApp(app);
      const params = { userId: ada.id };
      for (const caller of [
        {},
        { sessionToken: (await ada.session()).token },
      ]) {
        const call = app.run("importTwoFactor", params, caller);
        await refused(call, OPERATION_FORBIDDEN);
      }
      const nobody = app.run("importTwoFactor", { userId: "nobody" }, MASTER);
      await refused(nobody, INVALID_CREDENTIALS);
      assert.equal((await keptOf(app, ada)).secret, ada.secret);
      await importOf(app, ada);
    });

    test("Where codes have another profile, nobody is moved, and the profile is named.", async () => {
      const ada = await withApp(app);
      const { databaseURI } = app;
      const other = await startApp({
        databaseURI,
        options: OPTIONS,
        server: { auth: { mfa: { options: ["TOTP"], digits: 8 } } },
      });
      try {
        assert.equal((await importOf(other, ada)).refused, "profile");
        assert.equal((await keptOf(app, ada)).secret, ada.secret);
      } finally {
        await other.stop();
      }
      await importOf(app, ada);
    });

    test("The adapter goes last: without it, who was moved signs in and is read as before, and who was not gets 500 until it is back.", async () => {
      const [ada, eve] = [await withApp(app), await withApp(app)];
      await importOf(app, ada);
      const { databaseURI } = app;
      const without = await startApp({
        databaseURI,
        options: OPTIONS,
        server: { auth: {} },
      });
      try {
        // Whom nobody moved: this is why the adapter goes last.
        const path = `/users/${eve.id}`;
        const asMaster = { "X-Parse-Master-Key": "tests-master-key" };
        const removed = { authData: { mfa: null } };
        for (const answer of [
          await eve.on(without).nativeLogin(),
          await without.rest("GET", path, undefined, asMaster),
          await without.rest("PUT", path, removed, asMaster),
        ]) {
          assert.equal(answer.status, 500, JSON.stringify(answer.body));
        }
        assert.equal((await keptOf(app, eve)).secret, eve.secret);
        await refused(without.run("login", eve.credentials), TRY_AGAIN);
        const call = without.run("importTwoFactor", {}, MASTER);
        assert.match(await refused(call, NOT_CONFIGURED), /put it back/);
        const [verdict, found] = await checked(without);
        assert.equal(verdict, "warning");
        assert.match(found, /Put the adapter back.*import parse-mfa/);

        await without.advance(app.now() - without.now());
        const moved = ada.on(without);
        await refused(moved.nativeLogin(), NATIVE_SIGN_IN);
        await moved.signIn();
        assert.equal((await moved.row()).objectId, ada.id);
      } finally {
        await without.stop();
      }
      // The way back: with the adapter again, the import goes on.
      await importOf(app, eve);
      await eve.signIn();
    });

    test("An authenticator app from elsewhere is not given to a user of Parse's adapter, who could sign in nowhere then.", async () => {
      const ada = await withApp(app);
      const token = totp(ada.secret, Date.now());
      const secret = newSecret();
      const line = `${ada.id} otpauth://totp/x?secret=${secret}`;
      const importLine = () =>
        command(["import", "otpauth"], environment(app), undefined, line);
      const { code, out } = await importLine();
      assert.equal(code, 1);
      assert.match(out, /Run import parse-mfa first/);
      assert.equal((await nativeWithMfa(app, ada, token)).status, 200);
      await importOf(app, ada);
      const again = await importLine();
      assert.equal(again.code, 0, again.out + again.err);
      await ada.with({ secret }).signIn();
    });

    test("The command moves everybody, names who cannot be moved and what to do, and says when nobody is left.", async () => {
      const env = environment(app);
      const users = [
        await withApp(app),
        await withMobile(app, newMobile()),
        await withApp(app, newSecret(20)),
      ];
      const ids = users.map(({ id }) => id);
      const [ada, bob, eve] = users;
      const dry = await command(
        ["import", "parse-mfa", "--dry-run", "--json"],
        env,
      );
      assert.equal(dry.code, 1, dry.err);
      const named = dry.json.users.map((/** @type {any} */ { user }) => user);
      assert.deepEqual(named, ids.sort());
      assert.ok((await keptOf(app, ada)).secret);

      const one = await command(["import", "parse-mfa", "--user", ada.id], env);
      assert.match(one.out, /moved: totp/, one.err);
      assert.match(one.out, /leave Parse Server's adapter mfa configured/);
      assert.equal(one.code, 1);

      const all = await command(["import", "parse-mfa"], env);
      assert.equal(all.code, 1, all.err);
      assert.match(all.out, /1 user moved\. Rows with authData\.mfa are left/);
      assert.match(all.out, new RegExp(`${eve.id} .*\\(weak\\).*112 bits`));
      assert.ok(!all.out.includes(eve.secret));
      const [verdict, found] = await checked(app);
      assert.equal(verdict, "warning");
      assert.match(found, /import parse-mfa/);

      await eve.update({ authData: { mfa: null } });
      const done = await command(["import", "parse-mfa"], env);
      assert.equal(done.code, 0, done.err);
      assert.match(done.out, /No row has authData\.mfa any more: now take mfa/);
      assert.equal((await checked(app))[0], "ok");
      await ada.signIn();
      await bob.signIn();
    });
  });
}
