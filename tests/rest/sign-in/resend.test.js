// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, describe, test } = require("node:test");
const { refused } = require("../../support/answers");
const {
  CHALLENGE_UNKNOWN,
  CODE_EXPIRED,
  RESEND_TOO_SOON,
  TOO_MANY,
  TOO_MANY_WRONG_CODES,
  WRONG_ANSWER,
} = require("../../support/refusals");
const { MINUTE, SECOND } = require("../../support/time");
const { wrongCode } = require("../../support/user");
const startApp = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const createUser = () => app.user().withNumber().create();

describe("A resend", () => {
  test("A resend too soon is refused and says how many seconds are left.", async () => {
    const ada = await createUser();
    const sign = await ada.login();
    await app.advance(12 * SECOND);

    const message = await refused(ada.resend(sign), RESEND_TOO_SOON);

    assert.match(message, /\b18\b/);
    assert.equal(ada.messages.length, 1);
  });

  test("A resend sends a new code for the same challenge, and the old code is dead.", async () => {
    const ada = await createUser();
    const sign = await ada.login();
    const old = ada.code();
    await app.advance(30 * SECOND);

    const resent = await ada.resend(sign);

    assert.deepEqual(resent, {
      status: "challenge",
      challenge: sign.challenge,
      method: "sms",
      to: `•••• ${ada.phone.slice(-4)}`,
      expiresIn: 300,
      resendIn: 30,
      methods: ["sms"],
      attempts: 5,
    });
    assert.equal(ada.messages.length, 2);
    await refused(ada.answer(sign, old), WRONG_ANSWER);
    await ada.answer(sign, ada.code());
  });

  test("A resend does not give the attacker more guesses.", async () => {
    const ada = await createUser();
    const sign = await ada.login();
    const code = ada.code();
    for (let n = 1; n <= 3; n++) {
      await refused(ada.answer(sign, wrongCode(code, n)), WRONG_ANSWER);
    }
    await app.advance(31 * SECOND);
    await ada.resend(sign);
    const fresh = ada.code();
    assert.equal(ada.messages.length, 2);

    for (let n = 1; n <= 2; n++) {
      await refused(ada.answer(sign, wrongCode(fresh, n)), WRONG_ANSWER);
    }

    await refused(ada.answer(sign, fresh), TOO_MANY_WRONG_CODES);
    assert.deepEqual(await ada.sessions(), []);
  });

  test("A resend does not bring back a challenge that used up its attempts.", async () => {
    const ada = await createUser();
    const closed = await ada.signInClosedByWrongCodes();
    await app.advance(31 * SECOND);

    await refused(ada.resend(closed), TOO_MANY_WRONG_CODES);
    assert.equal(ada.messages.length, 1);

    await ada.signIn();
  });

  test("A resend does not bring back a challenge that expired or was used.", async () => {
    const late = await createUser();
    const expired = await late.login();
    await app.advance(5 * MINUTE + SECOND);
    await refused(late.resend(expired), CODE_EXPIRED);

    const done = await createUser();
    const used = await done.login();
    await done.answer(used, done.code());
    await app.advance(31 * SECOND);
    await refused(done.resend(used), CHALLENGE_UNKNOWN);

    assert.equal(late.messages.length, 1);
    assert.equal(done.messages.length, 1);
  });
});

describe("The number of codes", () => {
  test("A user gets five codes in fifteen minutes, resent or begun anew, and the fifth still works.", async () => {
    const ada = await createUser();
    let sign = await ada.login();
    for (let n = 2; n <= 5; n++) {
      await app.advance(31 * SECOND);
      sign = n % 2 ? await ada.login() : await ada.resend(sign);
    }
    assert.equal(ada.messages.length, 5);
    await app.advance(31 * SECOND);

    await refused(ada.resend(sign), TOO_MANY);
    await refused(ada.login(), TOO_MANY);

    assert.equal(ada.messages.length, 5);
    await ada.answer(sign, ada.code());
  });

  test("A user gets five codes in any fifteen minutes, not in those that a clock draws.", async () => {
    const ada = await createUser();
    /** @type {number[]} */
    const sent = [];
    const start = app.now();
    const tryAt = async (/** @type {number} */ minutes) => {
      await app.advance(start + minutes * MINUTE - app.now());
      await app.run("login", ada.credentials);
      while (sent.length < ada.messages.length) sent.push(app.now());
    };

    // One opens the window; then as many as can be had at its end and at the beginning of the next.
    await tryAt(0);
    for (let minutes = 11; minutes < 26; minutes++) await tryAt(minutes);

    const most = Math.max(
      ...sent.map(
        (from) =>
          sent.filter((at) => at >= from && at < from + 15 * MINUTE).length,
      ),
    );
    assert.ok(sent.length > 5, "no code after the fifteen minutes");
    assert.ok(most <= 5, `${most} codes within fifteen minutes`);
  });
});
