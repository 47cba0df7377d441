// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, describe, test } = require("node:test");
const { command, environment, finding, startApp } = require("./command");

/** @typedef {import("../support/user").User} User */

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

/** What is personal in the trail of a user. @param {string} user */
async function personal(user) {
  const entries = await app.rows("TwoFactorEvent", { user });
  assert.ok(entries.length > 0, "no trail");
  return entries.filter(
    ({ address, about, session, claim }) =>
      address ?? about ?? session ?? claim,
  );
}

/** The accounts of these users. @param {User[]} users */
const accounts = (users) =>
  app.rows("TwoFactorAccount", { user: { $in: users.map(({ id }) => id) } });

/**
 * Deletes a user as a version did that had no trigger for it: the account and the trail stay, and no entry says so.
 * @param {User} user
 */
async function deleteUnheard(user) {
  const { user: id, ...sets } = await user.account();
  await user.delete();
  const [deletion] = await app.rows("TwoFactorEvent", {
    user: id,
    what: "user-deleted",
  });
  await app.asMaster("DELETE", `/classes/TwoFactorEvent/${deletion.objectId}`);
  const { challenges, redemptions, authenticators, devices = [] } = sets;
  await app.asMaster("POST", "/classes/TwoFactorAccount", {
    user: id,
    challenges,
    redemptions,
    authenticators,
    devices,
  });
}

describe("What is left of deleted users", () => {
  test("What is personal in the trail of a deleted user is erased at once by the id, and what happened stays.", async () => {
    const ada = await app.user().withNumber().create();
    await ada.signIn();
    await ada.delete();
    assert.equal(await ada.account(), undefined);
    assert.ok((await personal(ada.id)).length >= 3, "code, sign-in, deletion");

    const { code, json, err } = await command(["forget", ada.id, "--json"]);
    assert.equal(code, 0, err);
    assert.equal(json.removed, 0);
    assert.deepEqual(await personal(ada.id), []);
    const left = await app.rows("TwoFactorEvent", { user: ada.id });
    assert.deepEqual(left.map(({ what }) => what).sort(), [
      "code-sent",
      "signed-in",
      "user-deleted",
    ]);
    assert.equal(
      (await command(["forget", ada.id])).code,
      1,
      "nothing is left",
    );
  });

  test("A user who is there keeps account and trail, whatever forget is told.", async () => {
    const ada = await app.user().withTotp().create();
    await ada.signIn();
    const before = [await ada.account(), await personal(ada.id)];
    for (const args of [[ada.id], ["--id", ada.id], ["--orphans"]]) {
      await command(["forget", ...args]);
      assert.deepEqual([await ada.account(), await personal(ada.id)], before);
    }
    assert.equal((await command(["forget"])).code, 2);
    assert.equal((await command(["forget", ada.id, "--orphans"])).code, 2);
  });

  test("Accounts of users who are gone are found by doctor and keys status, count for no key, and are erased by forget --orphans.", async () => {
    const env = environment(app);
    const counted = async () => {
      const { json } = await command(["keys", "status", "--json"]);
      const { orphans, keys } = json;
      const [{ factors, recoveryCodes, users }] = keys;
      return { orphans, factors, recoveryCodes, users };
    };
    const before = await counted();
    const here = await app.user().withTotp().create();
    const gone = [
      await app.user().withTotp().create(),
      await app.user().withTotp().create(),
    ];
    for (const user of gone) await deleteUnheard(user);

    const { users, factors, recoveryCodes, orphans } = before;
    assert.deepEqual(await counted(), {
      orphans: orphans + 2,
      factors: factors + 1,
      recoveryCodes: recoveryCodes + 10,
      users: users + 1,
    });
    const said = (await command(["keys", "status"])).out;
    assert.match(said, /2 accounts of users who are gone.*forget --orphans/);
    assert.match(
      await finding(env, "orphans", "warning"),
      /^2 accounts .*forget --orphans/,
    );

    const { code, out, err } = await command(["forget", "--orphans"]);
    assert.equal(code, 0, err);
    for (const { id } of gone) assert.ok(err.includes(id), "lists them first");
    assert.ok(!err.includes(here.id));
    assert.match(out, /^2 users: 2 rows removed/);
    assert.deepEqual(await accounts(gone), []);
    for (const { id } of gone) assert.deepEqual(await personal(id), []);
    assert.equal((await accounts([here])).length, 1);
    await finding(env, "orphans", "ok");
    assert.equal((await counted()).orphans, 0);
    const again = await command(["forget", "--orphans", "--json"]);
    assert.deepEqual([again.code, again.json.users], [0, []]);
  });

  test("A trail that waits for its days after a deletion is no orphan, and an empty row with the mark of a deletion is none.", async () => {
    const ada = await app.user().withNumber().create();
    await ada.signIn();
    await ada.delete();
    const mark = { kind: "deleted", nonce: "n", at: app.now() };
    const row = await app.asMaster("POST", "/classes/TwoFactorAccount", {
      user: ada.id,
      challenges: [],
      redemptions: [{ mark }],
      authenticators: [],
      devices: [],
    });
    try {
      const { code } = await command(["forget", "--orphans"]);
      assert.equal(code, 0);
      assert.equal((await accounts([ada])).length, 1);
      assert.ok((await personal(ada.id)).length > 0);
      await finding(environment(app), "orphans", "ok");
    } finally {
      const { code } = await command(["forget", ada.id]);
      assert.equal(code, 0, row.objectId);
    }
    assert.deepEqual(await accounts([ada]), []);
  });
});
