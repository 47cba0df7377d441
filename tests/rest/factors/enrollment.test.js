// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { before, describe, test } = require("node:test");
const OTPAuth = require("otpauth");
const otplib = require("otplib");
const { startApp: startOtherApp } = require("../../support/app");
const { refused, tally } = require("../../support/answers");
const {
  BAD_REQUEST,
  CHALLENGE_UNKNOWN,
  CODE_EXPIRED,
  INVALID_CREDENTIALS,
  INVALID_SESSION_TOKEN,
  NO_FACTOR,
  NOT_CONFIGURED,
  WRONG_ANSWER,
} = require("../../support/refusals");
const { MINUTE } = require("../../support/time");
const { STEP, fromBase32, totp } = require("../../support/totp");
const { wrongCode } = require("../../support/user");
const { ISSUER, startApp } = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

/** A user with nothing but a password, and a session. */
async function bare(columns = {}) {
  const user = await app.user(columns).create();
  const { password } = user;
  return { user, password, session: await user.session() };
}

describe("Enrolling an authenticator app", () => {
  test("Enrolling needs a session.", async () => {
    const { password } = await app.user().create();
    const begin = app.run("enrollTwoFactor", { method: "totp", password });
    await refused(begin, INVALID_SESSION_TOKEN);
    const confirm = { enrollment: "x", code: "1" };
    const confirmed = app.run("confirmTwoFactor", confirm);
    await refused(confirmed, INVALID_SESSION_TOKEN);
  });

  test("Enrolling the first factor needs the password.", async () => {
    const { session } = await bare();
    const other = await app.user().create();
    for (const [password, code] of /** @type {const} */ ([
      [undefined, BAD_REQUEST],
      ["", BAD_REQUEST],
      [{ $ne: "" }, BAD_REQUEST],
      ["not the password", INVALID_CREDENTIALS],
      [other.password, INVALID_CREDENTIALS],
    ])) {
      await refused(session.enrollTotp({ password }), code);
    }
  });

  test("Enrolling takes a method that can be enrolled, and no other.", async () => {
    const { session, password } = await bare();
    for (const method of [undefined, "", "recovery", "phone_number", 1, {}]) {
      await refused(session.enroll({ method, password }), BAD_REQUEST);
    }
  });

  test("Enrolling takes no label with a control character, and begins nothing.", async () => {
    const { user, session, password } = await bare();
    for (const control of "\0\b\t\n\r\x1b\x7f\x85\x9b") {
      const label = `my ${control}[2J phone`;
      await refused(session.enrollTotp({ password, label }), BAD_REQUEST);
    }
    assert.equal(await user.account(), undefined);
  });

  test("Enrolling answers with 160 bits of secret, their URI, its QR code, and nothing else.", async () => {
    const username = `Zoë: a&b #${randomBytes(4).toString("hex")}`;
    const { session, password } = await bare({ username });

    const begun = await session.enrollTotp({ password });

    const { enrollment, secret, uri, qr } = begun;
    const fields = ["enrollment", "expiresIn", "qr", "secret", "uri"];
    assert.deepEqual(Object.keys(begun).sort(), fields);
    assert.match(enrollment, /^[\x21-\x7e]{22,}$/);
    assert.match(secret, /^[A-Z2-7]{32}$/);
    assert.equal(fromBase32(secret).length, 20);
    const read = OTPAuth.URI.parse(uri);
    assert.ok(read instanceof OTPAuth.TOTP);
    assert.equal(read.secret.base32, secret);
    assert.equal(read.issuer, ISSUER);
    // A colon ends the issuer, whatever it is escaped as: apps would show what is behind it.
    assert.equal(read.label, username.replace(":", "-"));
    const { algorithm, digits, period } = read;
    assert.deepEqual([algorithm, digits, period], ["SHA1", 6, 30]);
    assert.match(
      qr,
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+"[^>]*>(<path [^<>]*\/>)+<\/svg>$/,
    );
  });

  test("Enrolling draws another secret each time (short or fixed secrets, CVE-2024-8796).", async () => {
    const { user, session, password } = await bare();
    const secrets = new Set();
    for (const other of [session, await user.session()]) {
      secrets.add((await other.enrollTotp({ password })).secret);
      await app.advance(5 * MINUTE);
      secrets.add((await other.enrollTotp({ password })).secret);
    }
    assert.equal(secrets.size, 4);
  });

  test("Enrolling again in the same session shows the same QR code as long as it can be confirmed, and uses nothing up.", async () => {
    const { session, password } = await bare();
    const begun = await session.enrollTotp({ password });
    await app.advance(4 * MINUTE);
    const again = Array.from({ length: 7 }, () =>
      session.enrollTotp({ password, label: "Tablet" }),
    );
    for (const shown of await Promise.all(again)) {
      assert.deepEqual(shown, { ...begun, expiresIn: 60 });
    }
    const { factor } = await session.confirm(begun);
    assert.equal(factor.label, "Tablet");
  });

  test("A code confirms the enrollment: the factor counts, and ten recovery codes are shown.", async () => {
    const { session, password } = await bare();
    const begun = await session.enrollTotp({ password, label: "My phone" });
    const code = totp(begun.secret, app.now());
    await refused(session.confirm(begun, wrongCode(code)), WRONG_ANSWER);

    const confirmed = await session.confirm(begun, code);

    const { factor, recoveryCodes } = confirmed;
    assert.deepEqual(confirmed, { factor, recoveryCodes });
    assert.deepEqual(factor, {
      id: factor.id,
      method: "totp",
      label: "My phone",
      createdAt: app.now(),
    });
    assert.equal(new Set(recoveryCodes).size, 10);
    for (const recoveryCode of recoveryCodes) {
      // Crockford's base32, 5 bits each: at least 112 bits.
      assert.match(
        recoveryCode.replaceAll("-", ""),
        /^[0-9A-HJKMNP-TV-Z]{23,}$/,
      );
    }
    assert.deepEqual(await session.overview(), {
      factors: [factor],
      recoveryCodesLeft: 10,
      disabled: false,
    });
    await refused(session.confirm(begun, code), CHALLENGE_UNKNOWN);
  });

  test("Enrolling and signing in interoperate with codes of otpauth and otplib.", async () => {
    for (let n = 0; n < 4; n++) {
      const { user, session, password } = await bare();
      const begun = await session.enrollTotp({ password });
      const { secret, uri } = begun;
      const theirs = /** @type {any} */ (OTPAuth.URI.parse(uri));
      const otpauth = () => theirs.generate({ timestamp: app.now() });
      const other = () =>
        otplib.generateSync({ secret, epoch: app.now() / 1000 });
      const [one, two] = n % 2 ? [otpauth, other] : [other, otpauth];
      await session.confirm(begun, one());
      await app.advance(STEP * (1 + n * 1000));
      await user.answer(await user.login(), two());
    }
  });

  test("No session but the one that began an enrollment confirms it.", async () => {
    const { user, session, password } = await bare();
    const stranger = await app.user().create();
    const begun = await session.enrollTotp({ password });
    for (const somebody of [user, stranger]) {
      const other = await somebody.session();
      await refused(other.confirm(begun), CHALLENGE_UNKNOWN);
    }
    await session.confirm(begun);
  });

  test("An enrollment is confirmed once, however many try at once.", async () => {
    const { session, password } = await bare();
    const begun = await session.enrollTotp({ password });
    const ends = await tally(
      Array.from({ length: 5 }, () => session.confirm(begun)),
    );
    assert.equal(ends.done, 1, JSON.stringify(ends));
    const { factors, recoveryCodesLeft } = await session.status();
    assert.equal(factors.length, 1);
    assert.equal(recoveryCodesLeft, 10);
  });

  test("Enrolling without a key ring is refused with what to set.", async () => {
    const keyless = await startOtherApp();
    try {
      const user = await keyless.user().create();
      const session = await user.session();
      const { password } = user;
      for (const begin of [
        () => session.enrollTotp({ password }),
        () => session.enrollNumber(keyless.newNumber(), { password }),
      ]) {
        assert.match(await refused(begin(), NOT_CONFIGURED), /TWO_FACTOR_KEYS/);
      }
      assert.deepEqual(keyless.messages(), []);
      await user.loginByPassword();
    } finally {
      await keyless.stop();
    }
  });
});

describe("A half-finished enrollment", () => {
  test("A half-finished enrollment neither counts as a factor nor locks out (fortify#201, authentik#2330).", async () => {
    const { user, session, password } = await bare();
    await session.enrollTotp({ password });
    await session.enrollNumber(app.newNumber(), { password });

    assert.deepEqual(await session.overview(), {
      factors: [],
      recoveryCodesLeft: 0,
      disabled: false,
    });
    await user.loginByPassword();
    assert.equal((await user.nativeLogin()).status, 200);
    await refused(session.beginStepUp(), NO_FACTOR);
  });

  test("A half-finished enrollment signs nobody in, neither by its code nor by its token.", async () => {
    const ada = await app.user().withTotp().create();
    await ada.ownSession.stepUp();
    const begun = await ada.ownSession.enrollTotp();
    const challenge = begun.enrollment;
    const code = totp(begun.secret, app.now());
    const sign = await ada.login();

    await refused(ada.answer(sign, code), WRONG_ANSWER);
    await refused(ada.answer({ challenge }, code), CHALLENGE_UNKNOWN);
    const stepUp = ada.ownSession.answerStepUp({ challenge }, code);
    await refused(stepUp, CHALLENGE_UNKNOWN);
  });

  test("A half-finished enrollment expires after five minutes, and another one can be begun.", async () => {
    const { session, password } = await bare();
    const late = await session.enrollTotp({ password });
    await app.advance(5 * MINUTE);
    await refused(session.confirm(late), CODE_EXPIRED);
    const inTime = await session.enrollTotp({ password });
    await app.advance(5 * MINUTE - 1);
    await session.confirm(inTime);
    assert.equal((await session.status()).factors.length, 1);
  });

  test("An enrollment begun by password is void once another one has become the first factor.", async () => {
    const { user, session: owner, password } = await bare();
    const thief = await user.session();
    const theirs = await thief.enrollTotp({ password });
    const mine = await owner.enrollTotp({ password });
    await owner.confirm(mine);

    await refused(thief.confirm(theirs), CHALLENGE_UNKNOWN);

    assert.equal((await owner.status()).factors.length, 1);
  });
});
