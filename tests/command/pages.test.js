// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { startApp } = require("../support/app");
const { newKey } = require("../support/key");
const { MINUTE } = require("../support/time");
const { command, environment } = require("./command");

/** @type {import("../support/app").App} */
let app;
/** @type {Record<string, string>} */
let env;
/** @type {import("../support/user").User[]} */
const users = [];
before(async () => {
  app = await startApp({
    options: { keys: newKey() },
    server: { maxLimit: 3 },
  });
  env = environment(app);
  for (let nth = 0; nth < 5; nth += 1) {
    users.push(await app.user().withTotp().create());
  }
  for (let nth = 0; nth < 4; nth += 1) {
    await app.advance(MINUTE);
    await app.asMaster("POST", "/classes/TwoFactorEvent", {
      what: "signed-in",
      user: users[0].id,
      at: app.now(),
      outcome: 0,
      address: "192.0.2.1",
    });
  }
});
after(() => app?.stop());

/** How many rows there are. @param {string} className @param {object} where */
async function count(className, where) {
  const query = encodeURIComponent(JSON.stringify(where));
  const route = `/classes/${className}?limit=0&count=1&where=${query}`;
  return (await app.asMaster("GET", route)).count;
}

/** @param {string[]} args */
async function json(...args) {
  const run = await command([...args, "--json"], env);
  assert.equal(run.code, 0, run.err);
  return run.json;
}

describe("Where Parse Server cuts every answer short (maxLimit)", () => {
  test("keys status and stats count all users, and events prints all entries.", async () => {
    const { keys } = await json("keys", "status");
    assert.deepEqual([keys[0].factors, keys[0].users], [5, 5]);
    assert.equal((await json("stats")).users.totp, 5);

    const [ada] = users;
    const { events } = await json("events", ada.id);
    const all = await count("TwoFactorEvent", { user: ada.id });
    assert.ok(all >= 5, String(all));
    assert.equal(events.length, all);
    const signedIn = (await json("stats")).events.find(
      (/** @type {any} */ { what }) => what === "signed-in",
    );
    assert.equal(signedIn.count, 4);
  });

  test("sessions lists and ends all of a user's sessions.", async () => {
    const [, bob] = users;
    for (let nth = 0; nth < 4; nth += 1) await bob.session();
    const { sessions } = await json("sessions", bob.id);
    assert.equal(sessions.length, 5, "and the one that enrolled");
    const { ended, left } = await json("sessions", bob.id, "--end");
    assert.deepEqual([ended, left], [5, 0]);
  });

  test("forget leaves nothing personal of a deleted user in the trail.", async () => {
    const [ada] = users;
    await ada.delete();
    await json("forget", ada.id);
    const personal = { user: ada.id, address: { $exists: true } };
    assert.equal(await count("TwoFactorEvent", personal), 0);
  });

  test("forget --orphans removes what is left of every user who is gone.", async () => {
    const ids = Array.from({ length: 5 }, (_, nth) => `gone${nth}`);
    for (const user of ids) {
      await app.asMaster("POST", "/classes/TwoFactorAccount", { user });
      await app.asMaster("POST", "/classes/TwoFactorAccount", {});
    }
    const { users: gone, removed } = await json("forget", "--orphans");
    assert.deepEqual([gone.sort(), removed], [ids, 10]);
    assert.equal(await count("TwoFactorAccount", { user: { $ne: "" } }), 4);
  });
});
