// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { elements } = require("../../support/account");
const { refused } = require("../../support/answers");
const { NO_FACTOR, TOO_MANY } = require("../../support/refusals");
const { MINUTE } = require("../../support/time");
const { startApp } = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

test("A session renames its user's factors twenty times an hour, and the column's number never.", async () => {
  const ada = await app.user().withNumber().withTotp().create();
  const session = ada.ownSession;

  const renamed = await session.rename(ada.factor.id, "Phone 1");

  assert.deepEqual(renamed, { factor: { ...ada.factor, label: "Phone 1" } });
  const { factors } = await session.status();
  assert.deepEqual(factors[1], renamed.factor);
  await refused(session.rename("phone_number", "Mine"), NO_FACTOR);

  const held = await ada.account();
  assert.deepEqual(await session.rename(ada.factor.id, "Phone 1"), renamed);
  await session.status();
  assert.deepEqual(await ada.account(), held, "nothing changed");

  for (let n = 2; n <= 20; n++) {
    await session.rename(ada.factor.id, `Phone ${n}`);
  }
  await refused(session.rename(ada.factor.id, "Phone 21"), TOO_MANY);
  await app.advance(61 * MINUTE);
  await session.rename(ada.factor.id, "Phone 22");
  const stored = elements((await ada.account())?.authenticators, "factor");
  assert.deepEqual(
    stored.map(({ label }) => label),
    ["Phone 22"],
    "the element with each old name is gone",
  );
  const sign = await ada.login();
  await ada.answer(sign, ada.codeFor(sign));
});
