// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { refused } = require("../../support/answers");
const { STEP_UP_REQUIRED } = require("../../support/refusals");
const { startApp } = require("./app");

/** @typedef {import("../../support/app").App} App */

/** @type {App} */
let app;
before(async () => {
  app = await startApp();
});

/** @param {import("../../support/session").Session} session */
const deletion = ({ user, headers }) =>
  app.rest("DELETE", `/users/${user.id}`, undefined, headers);

test("A session alone deletes no user with a second factor, and does so after a step-up.", async () => {
  for (const user of [
    await app.user().withNumber().create(),
    await app.user().withTotp().create(),
  ]) {
    const thief = await user.session();
    await refused(deletion(thief), STEP_UP_REQUIRED);
    assert.ok(await user.row());

    const session = await user.session();
    await session.stepUp();
    await refused(deletion(thief), STEP_UP_REQUIRED);
    assert.equal((await deletion(session)).status, 200);
    assert.equal(await user.row(), undefined);
  }
});

test("A user without a second factor is deleted by a session, and any user by the master key.", async () => {
  const bob = await app.user().create();
  assert.equal((await deletion(await bob.session())).status, 200);
  assert.equal(await bob.row(), undefined);

  const ada = await app.user().withNumber().create();
  await ada.delete();
  assert.equal(await ada.row(), undefined);
});
