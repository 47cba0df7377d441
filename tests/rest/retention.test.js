// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { startApp } = require("../support/app");
const { HOUR } = require("../support/time");

/** How long the event trail is kept. */

const DAY = 24 * HOUR;

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp({
    options: { limits: { eventDays: 100, eventDaysAfterDeletion: 10 } },
  });
});
after(() => app?.stop());

const newUser = () => app.user().withNumber().create();

/** @param {string} user */
const trail = (user) => app.rows("TwoFactorEvent", { user });

/** What is personal in the trail of a user. @param {string} user */
const personal = async (user) =>
  (await trail(user)).filter(
    ({ address, about, session, claim }) =>
      address ?? about ?? session ?? claim,
  );

/** An app in use: four entries of a user of its own. @param {import("../support/app").App} [on] */
async function use(on = app) {
  const user = await on.user().withNumber().create();
  for (let nth = 0; nth < 2; nth += 1) {
    await user.signIn();
    await on.advance(HOUR);
  }
}

describe("The event trail", () => {
  test("Entries go once they are older than eventDays, as the app is used.", async () => {
    const ada = await newUser();
    await ada.signIn();
    await app.advance(99 * DAY);
    await use();
    assert.equal((await trail(ada.id)).length, 2);
    await app.advance(DAY);
    await use();
    assert.deepEqual(await trail(ada.id), []);
    const [entry] = await app.rows("TwoFactorEvent");
    assert.ok(entry, "others stay");
  });

  test("More old entries than one look removes go with the next entries.", async () => {
    const at = app.now() - 101 * DAY;
    for (const user of Array.from({ length: 40 }, (_, n) => `old${n}`)) {
      const entry = { what: "signed-in", user, at, outcome: 0 };
      await app.asMaster("POST", "/classes/TwoFactorEvent", entry);
    }
    await use();
    await use();
    const left = await app.rows("TwoFactorEvent", { at: { $lte: at } });
    assert.deepEqual(left, []);
  });

  test("Of a deleted user, addresses and number endings go after eventDaysAfterDeletion, and what happened stays.", async () => {
    const ada = await newUser();
    await ada.signIn();
    const other = await newUser();
    await other.signIn();
    await ada.delete();
    assert.equal(await ada.account(), undefined);
    const before = await trail(ada.id);
    const of = (/** @type {any} */ { what, at, outcome, method }) =>
      `${what} ${at} ${outcome} ${method}`;

    await app.advance(9 * DAY);
    await use();
    assert.equal((await personal(ada.id)).length, 3, "code, sign-in, deletion");
    await app.advance(DAY);
    await use();
    assert.deepEqual(await personal(ada.id), []);
    assert.deepEqual(
      (await trail(ada.id)).map(of).sort(),
      before.map(of).sort(),
    );
    assert.equal((await personal(other.id)).length, 2);
  });

  test("Two users deleted at one moment are both seen to, and what a namesake does under the id later is not.", async () => {
    const users = [await newUser(), await newUser()];
    for (const user of users) await user.signIn();
    for (const user of users) await user.delete();
    const later = {
      what: "signed-in",
      user: users[0].id,
      at: app.now() + 2 * HOUR,
      address: "192.0.2.1",
      outcome: 0,
    };
    await app.asMaster("POST", "/classes/TwoFactorEvent", later);
    await app.advance(10 * DAY + HOUR);
    await use();
    await use();
    assert.deepEqual(
      (await personal(users[0].id)).map(({ address }) => address),
      [later.address],
    );
    assert.deepEqual(await personal(users[1].id), []);
  });

  test("An app that starts looks through the trail without anybody who uses it.", async () => {
    const at = Date.now() - 2 * DAY;
    const old = { what: "signed-in", user: "old", at, outcome: 0 };
    await app.asMaster("POST", "/classes/TwoFactorEvent", old);
    const started = await startApp({
      databaseURI: app.databaseURI,
      options: { limits: { eventDays: 1 } },
    });
    try {
      const until = Date.now() + 10_000;
      const left = () => app.rows("TwoFactorEvent", { at: { $lte: at } });
      while ((await left()).length > 0 && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.deepEqual(await left(), []);
    } finally {
      await started.stop();
    }
  });
});
