// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, describe, test } = require("node:test");
const { startApp: startOtherApp } = require("../support/app");
const { newKey } = require("../support/key");
const { command, environment, finding, startApp } = require("./command");

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const SETS = { challenges: [], redemptions: [], authenticators: [] };

/** A row of `TwoFactorAccount`, past our code. @param {object} columns */
const accountRow = (columns) =>
  app.asMaster("POST", "/classes/TwoFactorAccount", { ...SETS, ...columns });

const orphansCounted = async () => {
  const { json, err } = await command(["keys", "status", "--json"]);
  assert.ok(json, err);
  return json.orphans;
};

describe("Users who are gone", () => {
  for (const own of ["hides its users", "lets no one find its users"]) {
    test(`An app that ${own} by a beforeFind, which runs for the master key as well, has no orphan in them and loses nothing.`, async () => {
      const hiding = await startOtherApp({ own, options: { keys: newKey() } });
      try {
        const env = environment(hiding);
        const ada = await hiding.user().withNumber().create();
        await ada.login();
        const kept = async () => [await ada.account(), await ada.events()];
        const before = await kept();
        assert.equal(before[1].length, 1, "a code was sent");

        await finding(env, "orphans", "ok");
        const keys = await command(["keys", "status", "--json"], env);
        assert.equal(keys.json?.orphans, 0, keys.err);
        const all = await command(["forget", "--orphans", "--json"], env);
        assert.deepEqual([all.code, all.json?.users], [0, []], all.err);
        const one = await command(["forget", ada.id], env);
        assert.equal(one.code, 1);
        assert.match(one.err, /There is a user/);
        assert.deepEqual(await kept(), before);
      } finally {
        await hiding.stop();
      }
    });
  }

  test("Only the master key asks which users are there, and by a list of ids.", async () => {
    const ada = await app.user().create();
    const ask = (/** @type {any} */ users, master = true) =>
      app.run("twoFactorHealth", { users }, { master });
    const { body } = await ask([ada.id, "nobody", 7, "\0"]);
    assert.deepEqual(body.result.users, [ada.id]);
    assert.deepEqual((await ask([])).body.result.users, []);
    assert.equal((await ask([ada.id], false)).body.code, 119);
    const unasked = await ask(undefined);
    assert.equal(unasked.body.result.users, undefined);
    for (const bad of ["nobody", { $ne: null }, 1]) {
      assert.equal((await ask(bad)).body.code, 4021, JSON.stringify(bad));
    }
  });

  test("A row without a user is an orphan for keys status, doctor and forget, and the rows of others stay.", async () => {
    const here = await app.user().withTotp().create();
    const { objectId } = await accountRow({});
    assert.equal(await orphansCounted(), 1);
    await finding(environment(app), "orphans", "warning");
    const { code, err, json } = await command([
      ...["forget", "--orphans", "--json"],
    ]);
    assert.equal(code, 0, err);
    assert.match(err, new RegExp(`1 row without a user: ${objectId}`));
    assert.deepEqual([json.users, json.removed], [[], 1]);
    assert.equal(await orphansCounted(), 0);
    assert.ok(await here.account());
  });

  test("A trail without account, user and deletion is found by doctor, and erased by forget --orphans.", async () => {
    const env = environment(app);
    const user = `trail${app.now()}`;
    const entry = { what: "signed-in", user, at: app.now(), outcome: 0 };
    const personal = { ...entry, address: "192.0.2.1" };
    await app.asMaster("POST", "/classes/TwoFactorEvent", personal);
    const found = await finding(env, "orphans", "warning");
    assert.match(found, /trail of 1 user.*forget --orphans/);
    const { code, json } = await command(["forget", "--orphans", "--json"]);
    assert.deepEqual([code, json.users, json.erased], [0, [user], 1]);
    const [left] = await app.rows("TwoFactorEvent", { user });
    assert.equal(left.address, undefined);
    await finding(env, "orphans", "ok");
  });

  test("All users whose rest is to be erased are listed before the question, however many and however long their ids.", async () => {
    const ids = Array.from(
      { length: 25 },
      (_, nth) => `gone-${nth}-`.padEnd(64, "x") + "y".repeat(40),
    );
    for (const user of ids) await accountRow({ user });
    const { code, err } = await command(["forget", "--orphans"]);
    assert.equal(code, 0, err);
    for (const id of ids) assert.ok(err.includes(id.slice(0, 64)), id);
    assert.ok(!err.includes("xy"), "cut");
  });
});
