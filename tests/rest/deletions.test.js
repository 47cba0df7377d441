// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { refused } = require("../support/answers");
const { startApp } = require("../support/app");
const { newKey } = require("../support/key");
const {
  INVALID_SESSION_TOKEN,
  NOT_CONFIGURED,
} = require("../support/refusals");
const { command, environment } = require("../command/command");

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp({
    hooks: ["afterDeleteUser"],
    options: { keys: newKey() },
    server: { allowCustomObjectId: true },
  });
});
after(() => app?.stop());

let ids = 0;
const newUser = () => app.user({ objectId: `custom${ids++}` });

/** @param {string} objectId @param {Record<string, string>} [headers] */
const signUp = (objectId, headers) => {
  const columns = { objectId, username: `thief${ids++}`, password: "stolen" };
  return app.rest("POST", "/users", columns, headers);
};

const MASTER = { "X-Parse-Master-Key": "tests-master-key" };

test("A sign-up under the id of a deleted user is refused until the operator has forgotten the user.", async () => {
  for (const user of [
    await newUser().withNumber().create(),
    await newUser().withTotp().create(),
  ]) {
    await user.delete();

    for (const headers of [undefined, MASTER]) {
      const message = await refused(signUp(user.id, headers), NOT_CONFIGURED);
      assert.match(message, /npx parse-two-factor forget ID/);
    }
    const { challenges, authenticators } = await user.account();
    assert.deepEqual([challenges, authenticators], [[], []]);

    const forgotten = await command(["forget", user.id], environment(app));
    assert.equal(forgotten.code, 0, forgotten.err);
    assert.equal((await signUp(user.id)).status, 201);
  }
});

test("An account that is left without its user keeps the id from a client, and not from a backup that is restored.", async () => {
  const ada = await newUser().withTotp().create();
  const account = await ada.account();
  await ada.delete();
  await command(["forget", "--id", ada.id], environment(app));
  // As of a process that died after Parse had deleted the user.
  const { challenges, redemptions, authenticators } = account;
  await app.asMaster("POST", "/classes/TwoFactorAccount", {
    user: ada.id,
    challenges,
    redemptions,
    authenticators,
  });
  await refused(signUp(ada.id), NOT_CONFIGURED);
  const { username, password } = ada;
  const restored = { objectId: ada.id, username, password };
  await app.asMaster("POST", "/users", restored);
  await ada.login();
});

test("A user without a second factor leaves an id that is free, and forget touches nobody who is there.", async () => {
  const bob = await newUser().create();
  const there = await command(["forget", bob.id], environment(app));
  assert.equal(there.code, 1);
  assert.match(there.err, /There is a user/);
  await bob.delete();
  assert.equal(await bob.account(), undefined);
  assert.equal((await signUp(bob.id)).status, 201);
  const none = await command(["forget", "nobody"], environment(app));
  assert.equal(none.code, 1);
});

test("A session of a deleted user does not come alive for whoever gets the id: the deletion ends it, and forget what is left.", async () => {
  const ada = await newUser().withNumber().create();
  const { token } = await ada.session();
  await ada.delete();
  assert.deepEqual(await ada.sessions(), []);
  // As of a deletion past our trigger.
  await app.asMaster("POST", "/classes/_Session", {
    user: { __type: "Pointer", className: "_User", objectId: ada.id },
    sessionToken: token,
  });
  const env = environment(app);
  const forgotten = await command(["forget", ada.id, "--json"], env);
  assert.equal(forgotten.json?.sessions, 1, forgotten.err);
  assert.deepEqual(await ada.sessions(), []);
  assert.equal((await signUp(ada.id)).status, 201);
  const headers = { "X-Parse-Session-Token": token };
  const me = await app.rest("GET", "/users/me", undefined, headers);
  assert.equal(me.body.code, INVALID_SESSION_TOKEN);
});

test("The app's own afterDelete of a user runs once.", async () => {
  const ada = await newUser().withNumber().create();
  await ada.delete();
  const calls = await app.seen("calls");
  const own = calls.filter(({ userId }) => userId === ada.id);
  assert.deepEqual(
    own.map(({ name }) => name),
    ["afterDeleteUser"],
  );
});
