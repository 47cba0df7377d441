// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { startApp: startOtherApp } = require("../../support/app");
const { refused } = require("../../support/answers");
const { newKey } = require("../../support/key");
const { NATIVE_SIGN_IN, NOT_CONFIGURED } = require("../../support/refusals");
const { STEP } = require("../../support/totp");
const { wrongCode } = require("../../support/user");
const { KEYS, startApp } = require("./app");

/** @typedef {import("../../support/app").App} App */

/** @type {App} */
let app;
before(async () => {
  app = await startApp();
});

/**
 * Deploys the app anew with another key ring.
 * @param {string} keys
 * @param {(next: App) => Promise<void>} work
 */
async function deployedWith(keys, work) {
  const { databaseURI } = app;
  const next = await startOtherApp({ databaseURI, options: { keys } });
  try {
    await app.advance(STEP);
    await next.advance(app.now() - next.now());
    await work(next);
  } finally {
    await next.stop();
  }
}

test("A rotated key ring opens what an older key sealed; without that key it is refused, not called wrong.", async () => {
  const newer = newKey("b");
  const ada = await app.user().withTotp().create();
  const phone = app.newNumber();
  const bob = (await app.user().create()).with({ phone });
  const session = await bob.session();
  const { password } = bob;
  const begun = await session.enrollNumber(phone, { password });
  await session.confirm(begun, bob.code());

  await deployedWith(newer, async (next) => {
    const [byApp, bySms] = [ada.on(next), bob.on(next)];
    const sign = await byApp.login();
    for (const code of [byApp.totp(), wrongCode(byApp.totp())]) {
      await refused(byApp.answer(sign, code), NOT_CONFIGURED);
    }
    const message = await refused(bySms.login(), NOT_CONFIGURED);
    assert.match(message, /TWO_FACTOR_KEYS/);
    assert.deepEqual(next.messages(), []);
    await refused(bySms.nativeLogin(), NATIVE_SIGN_IN);
  });

  await deployedWith(`${newer},${KEYS}`, async (next) => {
    const [byApp, bySms] = [ada.on(next), bob.on(next)];
    await byApp.signIn();
    await byApp.recover(await byApp.login(), ada.recoveryCodes[0]);
    await bySms.signIn();
  });

  // Both have been sealed anew by that: the older key is not needed any more.
  await deployedWith(newer, async (next) => {
    await ada.on(next).signIn();
    await bob.on(next).signIn();
  });
});

test("A key ring that lost the key of recovery codes says so, and does not call them wrong.", async () => {
  const ada = await app.user().withTotp().create();
  await deployedWith(newKey("b"), async (next) => {
    const user = ada.on(next);
    const sign = await user.login();
    await refused(user.recover(sign, ada.recoveryCodes[0]), NOT_CONFIGURED);
  });
});
