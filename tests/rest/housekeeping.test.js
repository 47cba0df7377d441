// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { elements } = require("../support/account");
const { startApp } = require("../support/app");
const { HOUR } = require("../support/time");

/** What is over goes away by itself. */

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});
after(() => app?.stop());

const createUser = () => app.user().withNumber().create();

test("Windows that ended go as new ones come, without a job.", async () => {
  /** @type {Set<string>} */
  const seen = new Set();
  /** How many there were in each hour. @type {number[]} */
  const kept = [];
  for (let hour = 0; hour < 8; hour += 1) {
    await (await createUser()).signIn();
    const rows = await app.rows("TwoFactorWindow");
    for (const { bucket } of rows) seen.add(bucket);
    kept.push(rows.length);
    await app.advance(HOUR);
  }
  assert.equal(seen.size, 8);
  // A window lasts an hour, and a new one sweeps those that ended more than an hour before: two are not so old.
  assert.deepEqual(kept, [1, 2, 3, 3, 3, 3, 3, 3]);
});

test("No lock under which a row was created stays behind.", async () => {
  const ada = await createUser();
  await ada.signIn();
  assert.ok(await ada.account(), "no row was created");
  const locks = await app.rows("_Idempotency");
  assert.deepEqual(
    locks.filter(({ reqId }) => reqId.startsWith("two-factor•TwoFactor")),
    [],
  );
});

test("A lock that a node left behind when it died is taken over once it is past.", async () => {
  const ada = await createUser();
  await app.asMaster("POST", "/classes/_Idempotency", {
    reqId: `two-factor•TwoFactorAccount:${ada.id}`,
    expire: { __type: "Date", iso: new Date(0).toISOString() },
  });
  await ada.signIn();
  assert.ok(await ada.account(), "no row was created");
});

test("An account keeps of past sign-ins only what the last hour's limits need.", async () => {
  const ada = await createUser();
  for (let hour = 0; hour < 6; hour += 1) {
    await ada.signIn();
    await app.advance(HOUR);
  }
  const account = await ada.account();
  const [code] = elements(account.challenges, "code");
  const [delivered] = elements(account.challenges, "delivered");
  // They are a set, in any order.
  const kinds = account.challenges.flatMap(Object.keys);
  assert.deepEqual(kinds.sort(), ["code", "delivered"]);
  assert.equal(delivered.code, code.nonce);
  assert.equal(account.redemptions.length, 1);
});
