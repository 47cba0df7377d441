// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, describe, test } = require("node:test");
const { startApp: startOtherApp } = require("../support/app");
const { newKey } = require("../support/key");
const { Session } = require("../support/session");
const { STEP } = require("../support/totp");
const {
  NEW,
  OLD,
  command,
  environment,
  finding,
  startApp,
} = require("./command");

/** @typedef {import("../support/app").App} App */

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

describe("The keys", () => {
  test("New keys are entries that a server takes, and never the same.", async () => {
    const named = await command(["keys", "new", "2026b"], {});
    assert.equal(named.code, 0);
    assert.match(named.out, /^2026b:[A-Za-z0-9+/]{43}=\n$/);
    const { json } = await command(["keys", "new", "--json"], {});
    assert.match(json.id, /^\d{8}$/);
    assert.notEqual(json.entry.split(":")[1], named.out.trim().split(":")[1]);

    const ring = `${named.out.trim()},${json.entry}`;
    const third = await command(["keys", "new", "--json"], {
      TWO_FACTOR_KEYS: ring,
    });
    assert.equal(third.json.id, `${json.id}b`);
    for (const [
      args,
      env,
    ] of /** @type {[string[], Record<string, string>][]} */ ([
      [["a b"], {}],
      [["seventeen-letters"], {}],
      [["2026b"], { TWO_FACTOR_KEYS: ring }],
      [[], { TWO_FACTOR_KEYS: "no ring at all" }],
    ])) {
      const { code, out, err } = await command(["keys", "new", ...args], env);
      assert.equal(code, 2, args.join());
      assert.equal(out, "");
      assert.ok(!err.includes(ring.slice(6, 30)));
    }
  });

  test("Keys are counted, fall out of use as users sign in, and may go once nothing hangs on them.", async () => {
    const first = await startOtherApp({ options: { keys: OLD } });
    /** @type {App | undefined} */
    let next;
    try {
      const user = await first.user().withTotp().create();
      await first.user().withTotp().create();
      const { databaseURI } = first;
      next = await startOtherApp({
        databaseURI,
        options: { keys: `${NEW},${OLD}` },
      });
      const env = {
        ...environment(next),
        TWO_FACTOR_KEYS: `${NEW},${OLD},${newKey("here")}`,
      };
      const onOld = { id: "old", server: "reads", here: "reads" };
      const onNew = { id: "new", server: "writes", here: "writes" };
      const onlyHere = {
        id: "here",
        server: "missing",
        here: "reads",
        factors: 0,
        recoveryCodes: 0,
        devices: 0,
        users: 0,
      };

      const before = await command(["keys", "status", "--json"], env);
      assert.equal(before.code, 0);
      assert.deepEqual(before.json, {
        durable: true,
        orphans: 0,
        keys: [
          { ...onNew, factors: 0, recoveryCodes: 0, devices: 0, users: 0 },
          { ...onOld, factors: 2, recoveryCodes: 20, devices: 0, users: 2 },
          onlyHere,
        ],
      });

      await next.advance(first.now() - next.now() + STEP);
      await user.on(next).signIn();
      const moved = await command(["keys", "status", "--json"], env);
      assert.deepEqual(moved.json.keys.slice(0, 2), [
        { ...onNew, factors: 1, recoveryCodes: 0, devices: 0, users: 1 },
        { ...onOld, factors: 1, recoveryCodes: 20, devices: 0, users: 2 },
      ]);

      const retire = (/** @type {string} */ id) =>
        command(["keys", "retire", id], env);
      const writing = await retire("new");
      assert.equal(writing.code, 1);
      assert.match(writing.out, /the one that writes/);
      const needed = await retire("old");
      assert.equal(needed.code, 1);
      assert.match(needed.out, /1 factor and 20 recovery codes of 2 users/);
      assert.equal((await retire("never")).code, 0);

      // Whoever has used up or replaced everything of the old key: here both lose it by the operator's hand.
      for (const row of await next.rows("TwoFactorAccount")) {
        if (row.user !== user.id)
          await command(["reset", row.user, "--factors"], env);
      }
      const session = new Session(next, user.on(next), user.ownSession.token);
      await session.stepUp();
      await session.newRecoveryCodes();
      const safe = await command(["keys", "retire", "old", "--json"], env);
      assert.equal(safe.code, 0, safe.out);
      assert.deepEqual(safe.json, {
        id: "old",
        server: "reads",
        factors: 0,
        recoveryCodes: 0,
        devices: 0,
        users: 0,
        safe: true,
      });
    } finally {
      await next?.stop();
      await first.stop();
    }
  });

  test("Keys that are missing on the server are an alarm.", async () => {
    const user = await app.user().withTotp().create();
    const { databaseURI } = app;
    const lost = await startOtherApp({ databaseURI, options: { keys: NEW } });
    try {
      const env = environment(lost);
      const { code, json, out } = await command(
        ["keys", "status", "--json"],
        env,
      );
      assert.equal(code, 1, out);
      const old = json.keys.find(
        (/** @type {any} */ known) => known.id === "old",
      );
      assert.equal(old.server, "missing");
      assert.ok(old.users >= 1);
      assert.match(
        (await command(["keys", "status"], env)).out,
        /Key old is missing on the server/,
      );
      assert.equal((await command(["keys", "retire", "old"], env)).code, 1);
      assert.match(
        await finding(env, "keys", "failure"),
        /old \(.*are refused \(4023\)/,
      );
    } finally {
      await lost.stop();
      await command(["reset", user.id, "--factors"]);
    }
  });

  test("Keys are counted over more users than are read at a time.", async () => {
    const before = await command(["keys", "status", "--json"]);
    const many = 1100;
    const gone = 150;
    // Rows of one user, as it takes a minute to make so many. The last ones are left of users who are gone.
    const { id } = await app.user().create();
    const requests = Array.from({ length: many + gone }, (_, nth) => ({
      method: "POST",
      path: "/parse/classes/TwoFactorAccount",
      body: {
        user: nth < many ? id : `many-${nth}`,
        authenticators: [{ recoveryCode: { kid: "many", hash: `${nth}` } }],
      },
    }));
    for (let from = 0; from < many + gone; from += 50) {
      await app.asMaster("POST", "/batch", {
        requests: requests.slice(from, from + 50),
      });
    }
    try {
      const { json } = await command(["keys", "status", "--json"]);
      const counted = json.keys.find(
        (/** @type {any} */ known) => known.id === "many",
      );
      assert.deepEqual(counted, {
        id: "many",
        server: "missing",
        factors: 0,
        recoveryCodes: many,
        devices: 0,
        users: many,
      });
      assert.equal(json.orphans - before.json.orphans, gone);
      assert.deepEqual(
        json.keys.filter((/** @type {any} */ known) => known.id !== "many"),
        before.json.keys,
      );
    } finally {
      const rows = await app.rows("TwoFactorAccount", {
        $or: [{ user: id }, { user: { $regex: "^many-" } }],
      });
      for (let from = 0; from < rows.length; from += 50) {
        const requests = rows.slice(from, from + 50).map(({ objectId }) => ({
          method: "DELETE",
          path: `/parse/classes/TwoFactorAccount/${objectId}`,
        }));
        await app.asMaster("POST", "/batch", { requests });
      }
    }
  });
});
