// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { refused } = require("../../support/answers");
const {
  BAD_REQUEST,
  CHALLENGE_UNKNOWN,
  INVALID_CREDENTIALS,
  OPERATION_FORBIDDEN,
} = require("../../support/refusals");
const { startApp } = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const createUser = () => app.user().withTotp().create();

test("A reset is for the master key alone.", async () => {
  const ada = await createUser();
  const userId = ada.id;
  for (const sessionToken of [undefined, ada.ownSession.token]) {
    for (const scope of [undefined, "factors"]) {
      const params = { userId, scope };
      const answer = app.run("resetTwoFactor", params, { sessionToken });
      await refused(answer, OPERATION_FORBIDDEN);
    }
  }
  assert.equal((await ada.ownSession.status()).factors.length, 1);
});

test("A master key that only reads does not reset.", async () => {
  const ada = await createUser();
  const headers = { "X-Parse-Master-Key": "tests-read-only-key" };
  const before = await ada.account();

  for (const scope of [undefined, "factors"]) {
    const params = { userId: ada.id, scope };
    const answer = app.run("resetTwoFactor", params, { headers });
    await refused(answer, OPERATION_FORBIDDEN);
  }

  assert.deepEqual(await ada.account(), before);
});

test("A reset of a user that does not exist is refused and leaves no row.", async () => {
  const nobody = (await createUser()).with({ id: "nobody" });
  for (const scope of [undefined, "factors"]) {
    await refused(nobody.reset(scope), INVALID_CREDENTIALS);
  }
  assert.equal(await nobody.account(), undefined);
  assert.deepEqual(await nobody.events(), []);
});

test("A reset of the factors lets the user in by password again.", async () => {
  const ada = await createUser();
  const sign = await ada.login();

  assert.deepEqual(await ada.reset("factors"), {});

  await ada.loginByPassword();
  assert.deepEqual(await ada.ownSession.overview(), {
    factors: [],
    recoveryCodesLeft: 0,
    disabled: false,
  });
  await refused(ada.answer(sign, "123456"), CHALLENGE_UNKNOWN);
  const whats = (await ada.events()).map(({ what }) => what);
  assert.ok(whats.includes("reset"), String(whats));
});

test("A reset of the failures alone leaves the factors.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  await ada.reset();
  assert.equal((await ada.ownSession.status()).recoveryCodesLeft, 10);
  await refused(ada.answer(sign, "123456"), CHALLENGE_UNKNOWN);
  assert.equal((await ada.login()).method, "totp");
});

test("A reset takes a scope that it knows, and no other.", async () => {
  const ada = await createUser();
  const master = { master: true };
  for (const params of [
    { userId: ada.id, scope: "all" },
    { userId: ada.id, scope: 1 },
    { userId: ada.id, scope: ["factors"] },
    {},
  ]) {
    await refused(app.run("resetTwoFactor", params, master), BAD_REQUEST);
  }
  assert.equal((await ada.ownSession.status()).factors.length, 1);
});
