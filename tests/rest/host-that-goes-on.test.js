// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { refused } = require("../support/answers");
const { startApp } = require("../support/app");
const { NOT_CONFIGURED } = require("../support/refusals");
const { command, environment } = require("../command/command");

/** Hosts that run Parse Server on after an error in Cloud Code. Without our line nobody there would be asked for a second factor. */

/** @typedef {import("../support/app").App} App */
/** @typedef {import("../support/user").User} User */

/** Ways in which a start fails, each on a host that goes on. @type {Record<string, import("../support/app").Settings>} */
const FAILING = {
  "a misspelt option": {
    options: { requre: "everyone", columns: { phoneNumber: "mobile" } },
  },
  "a beforeLogin of the app's own before our line": {
    beforehand: ["beforeLogin"],
  },
  "a login of the app's own before our line": { beforehand: ["login"] },
};

/** @type {App} */
let sound;
/** @type {User} */
let ada;
before(async () => {
  sound = await startApp();
  ada = await sound.user().withNumber().create();
  await ada.signIn();
});
after(() => sound?.stop());

for (const [what, settings] of Object.entries(FAILING)) {
  describe(`A host that goes on after ${what}`, () => {
    /** @type {App} */
    let app;
    /** @type {Record<string, string>} */
    let session;
    before(async () => {
      const { databaseURI } = sound;
      // So that a save can carry a word of a provider.
      const own = "signs in by providers";
      app = await startApp({ databaseURI, goesOn: true, own, ...settings });
      const opened = await app.asMaster("POST", "/loginAs", {
        userId: ada.id,
      });
      session = { "X-Parse-Session-Token": opened.sessionToken };
    });
    after(() => app?.stop());

    test(`A host that goes on after ${what} lets nobody in, by no way to sign in.`, async () => {
      const own = `/users/${ada.id}`;
      const before = await app.sessions(ada.id);
      for (const answer of [
        app.rest("POST", "/login", ada.credentials),
        app.run("login", ada.credentials),
      ]) {
        const message = await refused(answer, NOT_CONFIGURED);
        assert.match(message, /closed/);
      }
      assert.equal((await app.sessions(ada.id)).length, before.length);
      for (const columns of [
        { phone_number: "+15005550009" },
        { phone_number: { __op: "Delete" } },
        { From: "+15005550009" },
        { password: "another" },
        { authData: { demo: { id: "ada", token: "token-of-ada" } } },
        ...("columns" in (settings.options ?? {})
          ? [{ mobile: "+15005550009" }]
          : []),
      ]) {
        const change = app.rest("PUT", own, columns, session);
        await refused(change, NOT_CONFIGURED);
      }
      await refused(
        app.rest("DELETE", own, undefined, session),
        NOT_CONFIGURED,
      );
      const [row] = await app.rows("_User", { objectId: ada.id });
      assert.equal(row.phone_number, ada.phone);
    });

    test(`A host that goes on after ${what} lets a session change anything else, and the master key everything.`, async () => {
      const own = `/users/${ada.id}`;
      const changed = await app.rest("PUT", own, { nickname: "A" }, session);
      assert.equal(changed.status, 200, JSON.stringify(changed.body));
      await app.asMaster("PUT", own, { From: "+15005550006" });
      const bob = await app.user().create();
      await bob.delete();
    });

    test(`A host that goes on after ${what} is called closed by doctor, with the reason.`, async () => {
      const { code, out } = await command(["doctor"], environment(app));
      assert.equal(code, 2);
      assert.match(out, /^failure +server +The server is closed \(4023\)/m);
      assert.match(out, /requre|beforeLogin|"login"/);
      const answer = app.run("twoFactorHealth");
      const said = await refused(answer, NOT_CONFIGURED);
      assert.doesNotMatch(said, /requre|beforeLogin|"login"/, "to a client");
    });
  });
}

test("A host that goes on shuts our login by the name that the app gave it, and leaves the app's own login alone.", async () => {
  const app = await startApp({
    databaseURI: sound.databaseURI,
    goesOn: true,
    beforehand: ["login"],
    options: { functions: { login: "signIn" }, requre: "everyone" },
  });
  try {
    await refused(app.run("signIn", ada.credentials), NOT_CONFIGURED);
    const own = await app.run("login", ada.credentials);
    assert.equal(own.status, 200, JSON.stringify(own.body));
    const calls = await app.seen("calls");
    assert.ok(calls.some(({ name }) => name === "login"));
  } finally {
    await app.stop();
  }
});

test("A server without our functions is called open by doctor, with exit code 2.", async () => {
  const open = await startApp({ installed: false });
  try {
    const { code, out } = await command(["doctor"], environment(open));
    assert.equal(code, 2);
    assert.match(out, /^failure +server +The server is open/m);
  } finally {
    await open.stop();
  }
});
