// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, describe, test } = require("node:test");
const { refused } = require("../../support/answers");
const {
  BAD_REQUEST,
  CHALLENGE_UNKNOWN,
  CODE_EXPIRED,
  INVALID_CREDENTIALS,
  TOO_MANY_WRONG_CODES,
  WRONG_CODE,
  WRONG_ANSWER,
} = require("../../support/refusals");
const { MINUTE, SECOND } = require("../../support/time");
const { wrongCode } = require("../../support/user");
const { wires, wrongOn } = require("../../support/wires");
const startApp = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const createUser = () => app.user().withNumber().create();

/**
 * The code's digits in another alphabet.
 * @param {string} code
 * @param {number} zero
 */
const inDigitsFrom = (code, zero) =>
  code.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));

/** As people type a code, or paste it. @type {((code: string) => string)[]} */
const TYPED = [
  (code) => ` ${code.slice(0, 3)} ${code.slice(3)}\n`,
  (code) => [...code].join("\u00a0"),
  (code) => `\u2003${code.slice(0, 3)}-${code.slice(3)}\u3000`,
  (code) =>
    `${code.slice(0, 2)}\u2010${code.slice(2, 4)}\u2011${code.slice(4)}`,
];

/**
 * What a client may send in the place of the code, and how it is refused: as a wrong code, or as none at all.
 * @type {[(code: string) => unknown, number?][]}
 */
const DISGUISES = [
  [(code) => `\ufeff${code}`],
  [(code) => `+${code}`],
  [(code) => `${code}0`],
  [(code) => `${code}.0`],
  [(code) => code.slice(0, 5)],
  [(code) => inDigitsFrom(code, 0xff10)], // full-width
  [(code) => inDigitsFrom(code, 0x0660)], // Arabic-Indic
  [(code) => `${code}\0`, BAD_REQUEST],
  [(code) => Number(code), BAD_REQUEST],
  [(code) => [code], BAD_REQUEST],
  [(code) => [...code], BAD_REQUEST],
  [(code) => ({ code }), BAD_REQUEST],
  [(code) => ({ 0: code, length: 1 }), BAD_REQUEST],
  [(code) => ({ $eq: code }), BAD_REQUEST],
  [() => ({ $ne: null }), BAD_REQUEST],
  [() => true, BAD_REQUEST],
];

/** What the person reads. @type {Record<string, string>} */
const SAID = {
  "the tutorial's wire": "Invalid 2fa code",
  "the challenge's wire":
    "This code is wrong: check it and try again. Tries left: 4.",
};

for (const [wire, handIn] of Object.entries(wires)) {
  describe(`A code on ${wire}`, () => {
    test(`A right code on ${wire} opens a session that works.`, async () => {
      const ada = await createUser();
      const sign = await ada.login();

      const token = await handIn(ada, sign, ada.code());

      const me = await app.rest("GET", "/users/me", undefined, {
        "X-Parse-Session-Token": token,
      });
      assert.equal(me.status, 200);
      assert.equal(me.body.objectId, ada.id);
      assert.equal((await ada.sessions()).length, 1);
    });

    test(`A wrong code on ${wire} is refused, and leaves the right one good.`, async () => {
      const ada = await createUser();
      const sign = await ada.login();
      const code = ada.code();

      const wrong = handIn(ada, sign, wrongCode(code));

      assert.equal(await refused(wrong, wrongOn[wire]), SAID[wire]);
      assert.deepEqual(await ada.sessions(), []);
      await handIn(ada, sign, code);
    });

    test(`A code that was used on ${wire} works on no wire again.`, async () => {
      const ada = await createUser();
      const sign = await ada.login();
      const code = ada.code();
      await handIn(ada, sign, code);

      for (const again of Object.values(wires)) {
        await refused(again(ada, sign, code), CHALLENGE_UNKNOWN);
      }
      assert.equal((await ada.sessions()).length, 1);
    });

    test(`A code on ${wire} lives for five minutes.`, async () => {
      const ada = await createUser();
      const sign = await ada.login();
      await app.advance(5 * MINUTE - SECOND);
      await handIn(ada, sign, ada.code());
    });

    test(`A code on ${wire} is dead after five minutes.`, async () => {
      const ada = await createUser();
      const sign = await ada.login();
      await app.advance(5 * MINUTE + SECOND);
      await refused(handIn(ada, sign, ada.code()), CODE_EXPIRED);
      assert.deepEqual(await ada.sessions(), []);
    });

    test(`After five wrong codes on ${wire} the right one is refused as well.`, async () => {
      const ada = await createUser();
      const sign = await ada.login();
      const code = ada.code();
      for (let n = 1; n <= 5; n++) {
        await refused(handIn(ada, sign, wrongCode(code, n)), wrongOn[wire]);
      }

      const sixth = handIn(ada, sign, wrongCode(code, 6));
      await refused(sixth, TOO_MANY_WRONG_CODES);
      for (const right of Object.values(wires)) {
        await refused(right(ada, sign, code), TOO_MANY_WRONG_CODES);
      }
      assert.deepEqual(await ada.sessions(), []);
    });

    test(`A code on ${wire} may be typed with white space and hyphens.`, async () => {
      const ada = await createUser();
      for (const typed of TYPED) {
        await app.advance(16 * MINUTE);
        const sign = await ada.login();
        await handIn(ada, sign, typed(ada.code()));
      }
      assert.equal((await ada.sessions()).length, TYPED.length);
    });

    test(`A code on ${wire} is compared as it stands: nothing but white space and hyphens is left out, and nothing is converted or unpacked.`, async () => {
      const ada = await createUser();
      for (const [disguise, refusal] of DISGUISES) {
        // Time for the limit of codes per user not to interfere.
        await app.advance(16 * MINUTE);
        const sign = await ada.login();
        const presented = disguise(ada.code());
        await refused(handIn(ada, sign, presented), refusal ?? wrongOn[wire]);
      }
      assert.deepEqual(await ada.sessions(), []);
    });
  });
}

test("The text says how many tries are left, down to none.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  const code = ada.code();
  const left = [];
  for (let n = 1; n <= 5; n++) {
    const wrong = ada.answer(sign, wrongCode(code, n));
    left.push((await refused(wrong, WRONG_ANSWER)).match(/\d+/g));
    if (n < 5) assert.equal((await ada.login()).attempts, 5 - n);
  }
  assert.deepEqual(left, [["4"], ["3"], ["2"], ["1"], ["0"]]);
});

test("Wrong codes count together, whichever wire they come on.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  const code = ada.code();
  const [tutorials, challenges] = Object.values(wires);
  for (let n = 1; n <= 4; n += 2) {
    await refused(tutorials(ada, sign, wrongCode(code, n)), WRONG_CODE);
    await refused(challenges(ada, sign, wrongCode(code, n + 1)), WRONG_ANSWER);
  }
  await refused(tutorials(ada, sign, wrongCode(code, 5)), WRONG_CODE);

  await refused(challenges(ada, sign, code), TOO_MANY_WRONG_CODES);
});

test("The tutorial's second call without a first one has nothing to answer.", async () => {
  const ada = await createUser();
  await refused(ada.answerWithPassword("123456"), CHALLENGE_UNKNOWN);
});

test("The tutorial's second call asks for the password again.", async () => {
  const ada = await createUser();
  await ada.login();
  const stranger = ada.with({ password: "not the password" });
  await refused(stranger.answerWithPassword(ada.code()), INVALID_CREDENTIALS);
  assert.deepEqual(await ada.sessions(), []);
});
