// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { granted, refused, result, tally } = require("../../support/answers");
const { Authenticator } = require("../../support/authenticator");
const {
  BAD_REQUEST,
  CHALLENGE_UNKNOWN,
  NATIVE_SIGN_IN,
  NOT_CONFIGURED,
  STEP_UP_REQUIRED,
  WRONG_ANSWER,
} = require("../../support/refusals");
const { Session } = require("../../support/session");
const { MINUTE } = require("../../support/time");
const { startApp } = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

/**
 * @param {import("../../support/user").User} user
 * @param {Authenticator} authenticator
 */
async function enroll(user, authenticator) {
  const session = await user.session();
  const { password } = user;
  const begun = await session.enroll({
    method: "webauthn",
    label: "Key",
    password,
  });
  const { enrollment } = begun;
  const credential = authenticator.create(begun);
  const confirmed = await session.run("confirmTwoFactor", {
    enrollment,
    credential,
  });
  return { session, begun, ...confirmed };
}

/**
 * @param {{challenge: string}} sign
 * @param {unknown} credential
 */
const answer = ({ challenge }, credential) =>
  app.run("login", { challenge, credential });

test("A user enrolls a passkey, signs in and steps up with it, and removes it.", async () => {
  const ada = await app.user().create();
  const authenticator = new Authenticator();
  const { session, factor, recoveryCodes } = await enroll(ada, authenticator);
  assert.equal(recoveryCodes.length, 10);
  assert.equal(factor.method, "webauthn");
  const { factors } = await session.status();
  assert.deepEqual(factors, [factor]);
  assert.equal(factor.label, "Key");
  assert.equal(factor.synced, false);
  assert.equal(factor.aaguid, "00000000-0000-0000-0000-000000000000");
  await refused(ada.nativeLogin(), NATIVE_SIGN_IN);

  const sign = await ada.login({ methods: ["webauthn"] });
  assert.equal(sign.method, "webauthn");
  assert.deepEqual(sign.methods, ["webauthn", "recovery"]);
  const token = granted(await answer(sign, authenticator.get(sign)));
  const own = new Session(app, ada, token);

  // The sign-in was a step-up as well, for that long.
  assert.equal(await own.needsStepUp(), "done");
  await app.advance(5 * MINUTE);
  const up = await own.beginStepUp();
  await refused(own.needsStepUp(), STEP_UP_REQUIRED);
  const { challenge } = up;
  const credential = JSON.stringify(authenticator.get(up));
  await own.run("stepUp", { challenge, credential });
  assert.equal(await own.needsStepUp(), "done");
  await own.remove(factor.id);
  assert.deepEqual((await own.status()).factors, []);
  await ada.loginByPassword();
});

test("Thirty equal answers of a passkey at once open one session.", async () => {
  const ada = await app.user().create();
  const authenticator = new Authenticator();
  await enroll(ada, authenticator);
  await app.closeSessions(ada.id);
  const sign = await ada.login();
  const credential = authenticator.get(sign);
  const calls = Array.from({ length: 30 }, async () =>
    granted(await answer(sign, credential)),
  );
  const { granted: opened, ...others } = await tally(calls);
  assert.equal(opened, 1, JSON.stringify(others));
  assert.equal((await ada.sessions()).length, 1);
  await refused(answer(sign, credential), CHALLENGE_UNKNOWN);
});

test("Another user's passkey is refused, and the text says how many tries are left.", async () => {
  const [ada, eve] = [await app.user().create(), await app.user().create()];
  const [hers, eves] = [new Authenticator(), new Authenticator()];
  await enroll(ada, hers);
  await enroll(eve, eves);
  const sign = await ada.login();
  const said = await refused(answer(sign, eves.get(sign)), WRONG_ANSWER);
  assert.deepEqual(said.match(/\d+/g), ["4"]);
  granted(await answer(sign, hers.get(sign)));
});

test("A passkey that another page asked for is refused by that page's name, and the trail has it once.", async () => {
  const ada = await app.user().create();
  const authenticator = new Authenticator();
  await enroll(ada, authenticator);
  const sign = await ada.login();
  authenticator.origin = "https://taken-over.example.com";
  for (let n = 0; n < 6; n++) {
    const said = await refused(
      answer(sign, authenticator.get(sign)),
      NOT_CONFIGURED,
    );
    assert.ok(said.includes(authenticator.origin), said);
  }
  const events = await ada.events();
  const told = events.filter(({ what }) => what === "origin-refused");
  assert.deepEqual(
    told.map(({ about }) => about),
    [authenticator.origin],
  );
  authenticator.origin = "https://example.com";
  granted(await answer(sign, authenticator.get(sign)));
});

test("A credential that no browser writes is refused, and costs no attempt.", async () => {
  const ada = await app.user().create();
  const authenticator = new Authenticator();
  await enroll(ada, authenticator);
  const sign = await ada.login();
  const right = authenticator.get(sign);
  const { credentials } = ada;
  const { challenge } = sign;
  /** @type {any[]} */
  const bad = [
    5,
    true,
    [],
    {},
    "{}",
    "x".repeat(20_000),
    { ...right, id: "AA" },
  ];
  for (const credential of bad) {
    await refused(answer(sign, credential), BAD_REQUEST);
  }
  for (const params of [
    { challenge, credential: right, code: "123456" },
    { ...credentials, credential: right },
    { ...credentials, methods: "webauthn" },
    { ...credentials, methods: [5] },
    { ...credentials, methods: Array(17).fill("sms") },
  ]) {
    await refused(app.run("login", params), BAD_REQUEST);
  }
  assert.deepEqual(
    (await ada.account()).challenges.filter(
      (/** @type {any} */ element) => "attempt" in element,
    ),
    [],
  );
  granted(await answer(sign, right));
});

test("A client that does not say that it shows passkeys is sent a code, and may use the passkey all the same.", async () => {
  const ada = await app.user().withNumber().create();
  const session = await ada.session();
  await session.stepUp();
  const begun = await session.enroll({ method: "webauthn" });
  const authenticator = new Authenticator();
  const { enrollment } = begun;
  const credential = authenticator.create(begun);
  await session.run("confirmTwoFactor", { enrollment, credential });
  const sign = await ada.login();
  assert.equal(sign.method, "sms");
  assert.equal(sign.methods[0], "webauthn");
  await app.advance(31_000);
  const resent = result(
    await app.run("resendCode", { challenge: sign.challenge }),
  );
  assert.deepEqual(
    resent.publicKey.challenge,
    sign.publicKey.challenge,
    "any answer of the challenge asks for the same",
  );
  granted(await answer(sign, authenticator.get(resent)));
});

test("Nothing that is stored shows a passkey's id, key or challenge.", async () => {
  const ada = await app.user().create();
  const authenticator = new Authenticator();
  const { begun } = await enroll(ada, authenticator);
  const sign = await ada.login();
  const { id } = authenticator.get(sign);
  const stored = JSON.stringify(await app.dump());
  for (const secret of [
    id,
    sign.publicKey.challenge,
    begun.publicKey.challenge,
  ])
    assert.ok(!stored.includes(secret));
});
