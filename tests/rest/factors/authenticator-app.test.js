// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { before, test } = require("node:test");
const OTPAuth = require("otpauth");
const otplib = require("otplib");
const { onlyOne, refused, tally } = require("../../support/answers");
const {
  BAD_REQUEST,
  CHALLENGE_UNKNOWN,
  INVALID_CREDENTIALS,
  NATIVE_SIGN_IN,
  CODE_USED,
  TOO_MANY_WRONG_CODES,
  WRONG_ANSWER,
} = require("../../support/refusals");
const { MINUTE } = require("../../support/time");
const { STEP, totp } = require("../../support/totp");
const { wrongCode } = require("../../support/user");
const { startApp } = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const createUser = () => app.user().withTotp().create();

test("The tests compute codes as otpauth and otplib do.", () => {
  const rfc = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  assert.equal(totp(rfc, 1_111_111_109_000), "081804");
  for (let n = 0; n < 200; n++) {
    const bytes = randomBytes(20);
    const { buffer } = new Uint8Array(bytes);
    const secret = new OTPAuth.Secret({ buffer }).base32;
    const at = 1000 * bytes.readUInt32BE(0);
    const ours = totp(secret, at);
    const theirs = new OTPAuth.TOTP({ secret }).generate({ timestamp: at });
    assert.equal(ours, theirs);
    assert.equal(ours, otplib.generateSync({ secret, epoch: at / 1000 }));
  }
});

test("A sign-in with an authenticator app begins without a message and without a number.", async () => {
  const ada = await createUser();
  const sent = app.messages().length;
  const sign = await ada.login();
  assert.deepEqual(sign, {
    status: "challenge",
    challenge: sign.challenge,
    method: "totp",
    expiresIn: 300,
    methods: ["totp", "recovery"],
    attempts: 5,
  });
  assert.equal(app.messages().length, sent);
});

test("A sign-in with an authenticator app works over both wires, and native sign-in is refused.", async () => {
  const ada = await createUser();
  const query = new URLSearchParams(ada.credentials);
  await refused(app.rest("GET", `/login?${query}`), NATIVE_SIGN_IN);
  await ada.signIn();
  await app.advance(STEP);
  await ada.login();
  await ada.answerWithPassword(ada.totp());
});

test("Neither the same nor an earlier time step passes again in a new challenge (devise CVE-2015-7225, CVE-2021-43177).", async () => {
  const ada = await createUser();
  await app.advance(5 * STEP);
  const [code, earlier] = [ada.totp(), ada.totp(-1)];
  const sign = await ada.login();
  await ada.answer(sign, code);

  await refused(ada.answer(sign, code), CHALLENGE_UNKNOWN);
  const again = await ada.login();
  assert.notEqual(again.challenge, sign.challenge);
  for (const used of [code, earlier]) {
    await refused(ada.answer(again, used), CODE_USED);
  }

  await app.advance(STEP);
  await refused(ada.answer(again, code), CODE_USED);
  await ada.answer(again, ada.totp());
});

test("The code that confirmed the enrollment does not sign in.", async () => {
  const bare = await app.user().create();
  const session = await bare.session();
  const ada = bare.with(await session.addTotp({ password: bare.password }));
  await app.advance(STEP);
  const sign = await ada.login();
  const { updatedAt } = await ada.account();
  for (let n = 1; n <= 6; n++) {
    await refused(ada.answer(sign, ada.totp(-1)), CODE_USED);
  }
  assert.equal((await ada.account()).updatedAt, updatedAt, "nothing counts");
  await ada.answer(sign, ada.totp());
});

test("A code of an authenticator app passes one step early or late, and not two steps off.", async () => {
  const ada = await createUser();
  for (const [steps, passes] of /** @type {const} */ ([
    [-2, false],
    [2, false],
    [-1, true],
    [1, true],
  ])) {
    await app.advance(10 * STEP);
    const answer = ada.answer(await ada.login(), ada.totp(steps));
    if (passes) await answer;
    else await refused(answer, WRONG_ANSWER);
  }
});

test("One time step opens one session, on one challenge and on two at once.", async () => {
  const ada = await createUser();
  const session = ada.ownSession;
  for (let round = 0; round < 5; round++) {
    await app.advance(STEP);
    const before = (await ada.sessions()).length;
    const code = ada.totp();
    const sign = await ada.login();
    const up = await session.beginStepUp();

    const won = await onlyOne([
      ada.answer(sign, code),
      session.answerStepUp(up, code),
      ada.answer(sign, code),
      session.answerStepUp(up, code),
    ]);

    const opened = (await ada.sessions()).length - before;
    // A sign-in answers with a token.
    assert.equal(opened, typeof won === "string" ? 1 : 0);
    // The challenge that lost, so that the next round begins with two new ones.
    await app.advance(5 * MINUTE);
  }
});

test("Of any number of guesses at once at an authenticator app's code, five are looked at.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  const code = ada.totp();
  const guesses = Array.from({ length: 20 }, (_, n) =>
    // Far from the codes of the steps before and after.
    ada.answer(sign, wrongCode(code, 7 * n + 1)),
  );
  assert.deepEqual(await tally(guesses), {
    [WRONG_ANSWER]: 5,
    [TOO_MANY_WRONG_CODES]: 15,
  });
  await refused(ada.answer(sign, code), TOO_MANY_WRONG_CODES);
});

test("A user's used time step blocks no other user, nor another app of the same user (Fortify).", async () => {
  const one = await createUser();
  const two = await createUser();
  await two.ownSession.stepUp();
  const added = await two.ownSession.addTotp();
  const { secret, factor } = added;
  assert.deepEqual(added, { secret, factor });
  await app.advance(STEP);

  for (const user of [one, two, two.with({ secret })]) await user.signIn();
});

test("A user locked between the first call and the code does not get in (Keycloak CVE-2026-9798).", async () => {
  const ada = await createUser();
  const [recoveryCode] = ada.recoveryCodes;
  const sign = await ada.login();
  const before = (await ada.sessions()).length;
  const { ACL } = await app.asMaster("GET", `/users/${ada.id}`);
  await ada.update({ ACL: {} });

  await refused(ada.answer(sign, ada.totp()), INVALID_CREDENTIALS);
  await refused(ada.recover(sign, recoveryCode), INVALID_CREDENTIALS);

  assert.equal((await ada.sessions()).length, before);
  await ada.update({ ACL });
  assert.equal((await ada.ownSession.status()).recoveryCodesLeft, 10);
  await ada.recover(sign, recoveryCode);
});

test("Nothing but six ASCII digits passes for an authenticator app's code (Vault CVE-2025-6014, CVE-2025-6015).", async () => {
  const ada = await createUser();
  const session = ada.ownSession;
  const before = (await ada.sessions()).length;
  /** @type {[(code: string) => unknown, number][]} */
  const disguises = [
    [
      (code) =>
        code.replace(/\d/g, (d) => String.fromCodePoint(0xff10 + Number(d))),
      WRONG_ANSWER,
    ],
    [(code) => `${code}\0`, BAD_REQUEST],
    [(code) => [code], BAD_REQUEST],
    [(code) => ({ $ne: code }), BAD_REQUEST],
    [(code) => Number(code), BAD_REQUEST],
    [() => true, BAD_REQUEST],
    [() => null, BAD_REQUEST],
    [() => "", BAD_REQUEST],
  ];
  for (const [disguise, refusal] of disguises) {
    const sign = await ada.login();
    const up = await session.beginStepUp();
    const presented = disguise(ada.totp());
    await refused(ada.answer(sign, presented), refusal);
    await refused(ada.answer(sign, presented, { method: "totp" }), refusal);
    await refused(session.answerStepUp(up, presented), refusal);
    // Past the limits of challenges begun and of wrong codes.
    await app.advance(16 * MINUTE);
  }
  assert.equal((await ada.sessions()).length, before);
  await ada.signIn();
});
