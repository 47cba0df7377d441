// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { startApp: startOtherApp } = require("../../support/app");
const { onlyOne, refused } = require("../../support/answers");
const {
  INVALID_SESSION_TOKEN,
  LAST_FACTOR,
  NO_FACTOR,
  STEP_UP_REQUIRED,
  WRONG_ANSWER,
} = require("../../support/refusals");
const { STEP } = require("../../support/totp");
const { KEYS, startApp } = require("./app");

/** @typedef {import("../../support/app").App} App */

/** @type {App} */
let app;
before(async () => {
  app = await startApp();
});

const createUser = () => app.user().withTotp().create();

const NONE = { factors: [], recoveryCodesLeft: 0, disabled: false };

describe("Changing factors needs a factor", () => {
  test("A session alone neither removes, enrolls nor renews (Parse GHSA-mw9v-j7v7-vh97, parse-server #9623).", async () => {
    const ada = await createUser();
    const thief = await ada.session();
    // The owner's own step-up does not help the thief.
    await ada.ownSession.stepUp();
    const phone_number = app.newNumber();
    for (const call of [
      () => thief.remove(ada.factor.id),
      () => thief.enrollTotp(),
      () => thief.enrollNumber(phone_number),
      () => thief.newRecoveryCodes(),
      () => thief.change({ phone_number }),
      () => thief.change({ password: "the thief's own" }),
    ]) {
      await refused(call(), STEP_UP_REQUIRED);
    }
    assert.deepEqual((await ada.ownSession.status()).factors, [ada.factor]);
  });

  test("A password alone neither enrolls nor removes (Keycloak CVE-2026-3429).", async () => {
    const ada = await createUser();
    const { password } = ada;
    const phoneNumber = app.newNumber();
    const { challenge } = await ada.login();
    for (const sessionToken of [undefined, challenge]) {
      for (const [name, params] of /** @type {const} */ ([
        ["removeTwoFactor", { factor: ada.factor.id }],
        ["renameTwoFactor", { factor: ada.factor.id, label: "Mine" }],
        ["enrollTwoFactor", { method: "totp" }],
        ["enrollTwoFactor", { method: "sms", phoneNumber }],
        ["newRecoveryCodes", {}],
        ["twoFactorStatus", {}],
        ["stepUp", {}],
      ])) {
        const all = { ...ada.credentials, challenge, ...params };
        const answer = app.run(name, all, { sessionToken });
        await refused(answer, INVALID_SESSION_TOKEN);
      }
    }
    // With a session as well it is still no factor.
    const thief = await ada.session();
    await refused(thief.enrollTotp({ password }), STEP_UP_REQUIRED);
    const number = thief.enrollNumber(phoneNumber, { password });
    await refused(number, STEP_UP_REQUIRED);
    assert.deepEqual((await ada.ownSession.status()).factors, [ada.factor]);
    assert.ok(!app.messages().some(({ to }) => to === phoneNumber));
  });

  test("After a step-up a second factor is enrolled and the first one removed.", async () => {
    const ada = await createUser();
    const session = ada.ownSession;
    await session.stepUp();
    const added = await session.addTotp({ label: "2" });
    const { secret, factor } = added;
    // Recovery codes come with the first factor only.
    assert.deepEqual(added, { secret, factor });

    assert.deepEqual(await session.remove(ada.factor.id), {});

    assert.deepEqual(await session.overview(), {
      factors: [factor],
      recoveryCodesLeft: 10,
      disabled: false,
    });
    await app.advance(STEP);
    const sign = await ada.login();
    await refused(ada.answer(sign, ada.totp()), WRONG_ANSWER);
    await ada.answer(sign, ada.with({ secret }).totp());
    await refused(session.remove(ada.factor.id), NO_FACTOR);
  });

  test("Where no one needs a factor the last one goes, and the password alone signs in again.", async () => {
    const ada = await createUser();
    await ada.ownSession.stepUp();
    await ada.ownSession.remove(ada.factor.id);

    assert.deepEqual(await ada.ownSession.overview(), NONE);
    await ada.loginByPassword();
    assert.deepEqual((await ada.account()).authenticators, []);
  });

  test("The tutorial's number is removed after a step-up, and not before.", async () => {
    const ada = await app.user().withNumber().create();
    const session = await ada.session();
    await refused(session.remove("phone_number"), STEP_UP_REQUIRED);
    assert.equal((await ada.row()).phone_number, ada.phone);
    await session.stepUp();

    assert.deepEqual(await session.remove("phone_number"), {});

    assert.equal((await ada.row()).phone_number, undefined);
    await ada.loginByPassword();
  });

  test("Nobody removes another user's factor.", async () => {
    const one = await createUser();
    const two = await createUser();
    await two.ownSession.stepUp();
    await refused(two.ownSession.remove(one.factor.id), NO_FACTOR);
    assert.deepEqual((await one.ownSession.status()).factors, [one.factor]);
  });
});

describe("Where everyone needs a factor", () => {
  /** @type {App} */
  let strict;
  before(async () => {
    const options = { keys: KEYS, require: "everyone" };
    strict = await startOtherApp({ options });
  });
  after(() => strict?.stop());

  test("Where everyone needs a factor the last one cannot be removed, and still signs in.", async () => {
    const ada = await strict.user().withTotp().create();
    const session = ada.ownSession;
    await session.stepUp();
    await refused(session.remove(ada.factor.id), LAST_FACTOR);

    const { factors, recoveryCodesLeft } = await session.status();
    assert.deepEqual(factors, [ada.factor]);
    assert.equal(recoveryCodesLeft, 10);
    await strict.advance(STEP);
    await ada.signIn();
  });

  test("Where everyone needs a factor the tutorial's number cannot be removed while it is the last one.", async () => {
    const ada = await strict.user().withNumber().create();
    const session = await ada.session();
    await session.stepUp();
    const remove = (/** @type {unknown} */ phone_number) =>
      session.change({ phone_number });
    const nothings = [{ __op: "Delete" }, null, ""];
    for (const nothing of nothings) {
      await refused(remove(nothing), LAST_FACTOR);
    }
    assert.equal((await ada.row()).phone_number, ada.phone);

    const begun = await session.enrollTotp();
    // Not confirmed yet, it is none.
    await refused(remove(nothings[0]), LAST_FACTOR);
    await session.confirm(begun);
    const removed = await remove(nothings[0]);
    assert.equal(removed.status, 200, JSON.stringify(removed.body));
    await strict.advance(STEP);
    const { secret } = begun;
    const sign = await ada.login();
    assert.equal(sign.method, "totp");
    await ada.answer(sign, ada.with({ secret }).totp());
  });

  test("Where everyone needs a factor one of two removed at once stays.", async () => {
    const ada = await strict.user().withTotp().create();
    const session = ada.ownSession;
    await session.stepUp();
    const { factor } = await session.addTotp();
    await onlyOne([ada.factor.id, factor.id].map((id) => session.remove(id)));
    assert.equal((await session.status()).factors.length, 1);
  });
});
