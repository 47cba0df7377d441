// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { onlyOne, refused } = require("../../support/answers");
const {
  BAD_REQUEST,
  DISABLED,
  INVALID_SESSION_TOKEN,
  STEP_UP_REQUIRED,
  WRONG_ANSWER,
} = require("../../support/refusals");
const { MINUTE } = require("../../support/time");
const { startApp } = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const createUser = () => app.user().withTotp().create();

/**
 * Begins a sign-in and ends it with a recovery code.
 * @param {import("../../support/user").User} user
 * @param {any} code
 */
const use = async (user, code) => user.recover(await user.login(), code);

test("A recovery code works once, is written down as used, and is one fewer (Parse GHSA-4hf6-3x24-c9m8).", async () => {
  const ada = await createUser();
  const [code, next] = ada.recoveryCodes;
  await use(ada, code);
  assert.equal((await ada.ownSession.status()).recoveryCodesLeft, 9);
  await refused(use(ada, code), WRONG_ANSWER);
  assert.equal((await ada.ownSession.status()).recoveryCodesLeft, 9);

  const used = (await ada.events()).filter(
    ({ what }) => what === "recovery-code-used",
  );
  assert.equal(used.length, 1);
  assert.equal(used[0].about, "9 left");
  await use(ada, next);
});

test("A recovery code still works while the second factor is disabled, and ends that.", async () => {
  const ada = await createUser();
  const { objectId } = await ada.account();
  const objects = Array.from({ length: 100 }, (_, n) => ({
    attempt: { challenge: `earlier ${Math.floor(n / 5)}`, nonce: `${n}` },
  }));
  await app.asMaster("PUT", `/classes/TwoFactorAccount/${objectId}`, {
    challenges: { __op: "Add", objects },
  });
  assert.equal((await ada.ownSession.status()).disabled, true);

  const sign = await ada.login();
  assert.deepEqual(
    [sign.method, sign.methods],
    ["recovery", ["recovery"]],
    "nothing else may be answered",
  );
  await refused(ada.answer(sign, ada.totp()), DISABLED);
  await ada.answer(sign, ada.recoveryCodes[0]);

  assert.equal((await ada.ownSession.status()).disabled, false);
  await ada.signIn();
});

test("A recovery code may be typed in lower case, without dashes, with spaces.", async () => {
  const ada = await createUser();
  const [lower, plain, both, spaced] = ada.recoveryCodes;
  for (const [code, typed] of [
    [lower, lower.toLowerCase()],
    [plain, plain.replaceAll("-", "")],
    [both, both.toLowerCase().replaceAll("-", "")],
    [spaced, ` ${spaced.replaceAll("-", " ")} `],
  ]) {
    assert.notEqual(typed, code);
    await use(ada, typed);
  }
});

test("A recovery code used many times at once opens one session (Parse GHSA-2299-ghjr-6vjp, appwrite #11692).", async () => {
  const ada = await createUser();
  const session = ada.ownSession;
  const method = { method: "recovery" };
  for (const [round, code] of ada.recoveryCodes.slice(0, 5).entries()) {
    const before = (await ada.sessions()).length;
    const sign = await ada.login();
    const up = await session.beginStepUp();

    const won = await onlyOne(
      Array.from({ length: 10 }, (_, n) =>
        n % 5 === 4
          ? session.answerStepUp(up, code, method)
          : ada.recover(sign, code),
      ),
    );

    const opened = (await ada.sessions()).length - before;
    // A sign-in answers with a token.
    assert.equal(opened, typeof won === "string" ? 1 : 0);
    const { recoveryCodesLeft } = await session.status();
    assert.equal(recoveryCodesLeft, 9 - round);
    await app.advance(16 * MINUTE);
  }
});

test("A recovery code of one user is nothing to another.", async () => {
  const one = await createUser();
  const two = await createUser();
  const [code] = one.recoveryCodes;
  await refused(use(two, code), WRONG_ANSWER);
  await use(one, code);
});

test("A recovery code is text or nothing (Vault CVE-2025-6014, CVE-2025-6015).", async () => {
  const ada = await createUser();
  const [code] = ada.recoveryCodes;
  for (const [presented, refusal] of /** @type {const} */ ([
    [[code], BAD_REQUEST],
    [{ $ne: "" }, BAD_REQUEST],
    [0, BAD_REQUEST],
    ["", BAD_REQUEST],
    ["-----", WRONG_ANSWER],
    [`${code}0`, WRONG_ANSWER],
    [code.slice(0, -1), WRONG_ANSWER],
    [`${code}_`, WRONG_ANSWER],
  ])) {
    await refused(use(ada, presented), refusal);
  }
  assert.equal((await ada.ownSession.status()).recoveryCodesLeft, 10);
});

test("Renewed recovery codes are dead: a step-up gives ten new ones, once.", async () => {
  const ada = await createUser();
  const session = ada.ownSession;
  await refused(session.newRecoveryCodes(), STEP_UP_REQUIRED);
  await refused(app.run("newRecoveryCodes"), INVALID_SESSION_TOKEN);
  await session.stepUp();

  const renewed = await session.newRecoveryCodes();

  const { recoveryCodes } = renewed;
  assert.deepEqual(renewed, { recoveryCodes });
  assert.equal(new Set([...recoveryCodes, ...ada.recoveryCodes]).size, 20);
  assert.equal((await session.status()).recoveryCodesLeft, 10);
  await refused(use(ada, ada.recoveryCodes[0]), WRONG_ANSWER);
  await use(ada, recoveryCodes[0]);
  await refused(session.newRecoveryCodes(), STEP_UP_REQUIRED);
});
