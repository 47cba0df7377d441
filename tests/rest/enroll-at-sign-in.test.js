// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { granted, onlyOne, refused, result } = require("../support/answers");
const { startApp } = require("../support/app");
const { newKey } = require("../support/key");
const {
  CHALLENGE_UNKNOWN,
  CODE_EXPIRED,
  INVALID_CREDENTIALS,
  INVALID_SESSION_TOKEN,
  NATIVE_SIGN_IN,
  TOO_MANY,
  WRONG_CODE,
  BAD_REQUEST,
  WRONG_ANSWER,
} = require("../support/refusals");
const { Session } = require("../support/session");
const { MINUTE } = require("../support/time");
const { totp } = require("../support/totp");

/** @typedef {import("../support/user").User} User */

/** Everyone needs a second factor. @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp({
    nodes: 2,
    options: {
      keys: newKey(),
      require: "everyone",
      webauthn: { rpId: "example.com" },
    },
  });
});
after(() => app?.stop());

/** @param {User} user */
async function enrollToken(user) {
  const answer = result(await app.run("login", user.credentials));
  assert.equal(answer.status, "enroll");
  return /** @type {string} */ (answer.enroll);
}

/**
 * @param {string} enroll
 * @param {object} [more] parameters
 * @param {import("../support/app").Caller} [caller]
 */
const enroll = (enroll, more = {}, caller = {}) =>
  app.run("enrollTwoFactor", { enroll, method: "totp", ...more }, caller);

/**
 * @param {any} begun
 * @param {import("../support/app").Caller} [caller]
 */
const confirm = ({ enrollment, secret }, caller = {}) => {
  const code = totp(secret, app.now());
  return app.run("confirmTwoFactor", { enrollment, code }, caller);
};

describe("Where everyone needs a second factor", () => {
  test("A user without one enrolls while signing in, and the confirmation opens one session.", async () => {
    const ada = await app.user().create();
    await refused(ada.nativeLogin(), NATIVE_SIGN_IN);
    const answer = result(await app.run("login", ada.credentials));
    assert.deepEqual(answer, {
      status: "enroll",
      enroll: answer.enroll,
      methods: ["webauthn", "totp", "sms"],
      expiresIn: 600,
    });
    assert.deepEqual(await ada.sessions(), []);

    const begun = result(await enroll(answer.enroll, {}, { node: 1 }));
    assert.equal(begun.expiresIn, 300);
    const wrong = app.run("confirmTwoFactor", {
      enrollment: begun.enrollment,
      code: "00000x",
    });
    await refused(wrong, WRONG_ANSWER);
    const nodes = [0, 1, 0, 1, 0, 1];
    const won = await onlyOne(
      nodes.map(async (node) => result(await confirm(begun, { node }))),
    );
    assert.deepEqual(Object.keys(won).sort(), [
      "factor",
      "recoveryCodes",
      "sessionToken",
    ]);
    assert.equal(won.recoveryCodes.length, 10);
    assert.equal((await ada.sessions()).length, 1);
    const session = new Session(app, ada, won.sessionToken);
    assert.deepEqual((await session.status()).factors, [won.factor]);
    assert.equal(await session.needsStepUp(), "done");
    await refused(confirm(begun), CHALLENGE_UNKNOWN);
    await refused(enroll(answer.enroll), CHALLENGE_UNKNOWN);
    await ada.login();
  });

  test("A number is enrolled while signing in as well, by its first code.", async () => {
    const phoneNumber = app.newNumber();
    const ada = (await app.user().create()).with({ phone: phoneNumber });
    const token = await enrollToken(ada);
    const sms = { method: "sms", phoneNumber };
    const { enrollment } = result(await enroll(token, sms));
    const code = ada.code();
    const { sessionToken } = result(
      await app.run("confirmTwoFactor", { enrollment, code }),
    );
    await new Session(app, ada, sessionToken).status();
  });

  test("Every sign-in has a token of its own, the first confirmation counts, and the others are removed.", async () => {
    const ada = await app.user().create();
    const tokens = [await enrollToken(ada), await enrollToken(ada)];
    assert.notEqual(tokens[0], tokens[1]);
    const begun = [];
    for (const token of tokens) begun.push(result(await enroll(token)));
    await onlyOne(
      begun.map(async (one, node) => result(await confirm(one, { node }))),
    );
    const { authenticators, challenges } = await ada.account();
    const factors = authenticators.filter((/** @type {any} */ e) => e.factor);
    assert.deepEqual([factors.length, challenges.length], [1, 0]);
    assert.equal((await ada.sessions()).length, 1);
  });

  test("A token is void after a change of the password, a reset, a number or a ban, and so is what it began.", async () => {
    /** @type {Record<string, [(ada: User) => Promise<unknown>, number]>} */
    const voids = {
      password: [(ada) => ada.update({ password: "x" }), CHALLENGE_UNKNOWN],
      reset: [(ada) => ada.reset(), CHALLENGE_UNKNOWN],
      factors: [(ada) => ada.reset("factors"), CHALLENGE_UNKNOWN],
      number: [
        (ada) => ada.update({ phone_number: app.newNumber() }),
        CHALLENGE_UNKNOWN,
      ],
      ban: [(ada) => ada.update({ ACL: {} }), INVALID_CREDENTIALS],
    };
    for (const [change, code] of Object.values(voids)) {
      const ada = await app.user().create();
      const token = await enrollToken(ada);
      const begun = result(await enroll(token));
      await change(ada);
      await refused(enroll(token), code);
      await refused(confirm(begun), code);
      assert.deepEqual(await ada.sessions(), []);
    }
  });

  test("A token is good for ten minutes, for its user and this purpose alone.", async () => {
    const ada = await app.user().create();
    const token = await enrollToken(ada);
    const forged = `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;
    for (const text of [forged, token.slice(1), `${token}.`, "x"]) {
      await refused(enroll(text), CHALLENGE_UNKNOWN);
    }
    await refused(enroll(/** @type {any} */ ({})), BAD_REQUEST);
    await refused(enroll(token, { method: "fax" }), BAD_REQUEST);
    for (const [name, params] of /** @type {const} */ ([
      ["login", { challenge: token, code: "123456" }],
      ["resendCode", { challenge: token }],
    ])) {
      await refused(app.run(name, params), CHALLENGE_UNKNOWN);
    }
    const withToken = { enrollment: token, code: "123456" };
    await refused(
      app.run("confirmTwoFactor", withToken),
      INVALID_SESSION_TOKEN,
    );
    await refused(
      app.run("enrollTwoFactor", { method: "totp" }),
      INVALID_SESSION_TOKEN,
    );
    await app.advance(10 * MINUTE);
    await refused(enroll(token), CODE_EXPIRED);
  });

  test("Begun enrollments are limited, and the limit stops no living one.", async () => {
    const ada = await app.user().create();
    const token = await enrollToken(ada);
    const first = result(await enroll(token));
    // The same token is shown the same app once more; another one begins another.
    assert.equal(result(await enroll(token)).secret, first.secret);
    for (let nth = 2; nth <= 5; nth += 1) {
      const begun = result(await enroll(await enrollToken(ada)));
      assert.notEqual(begun.secret, first.secret);
    }
    await refused(enroll(await enrollToken(ada)), TOO_MANY);
    result(await confirm(first));
  });
});

describe("In one call", () => {
  test("A user with an authenticator app signs in with password and code, once, on two nodes.", async () => {
    const ada = await app.user().create();
    const begun = result(await enroll(await enrollToken(ada)));
    const { recoveryCodes } = result(await confirm(begun));
    await app.advance(16 * MINUTE);
    const oneCall = (
      /** @type {string} */ code,
      /** @type {object} */ more = {},
      node = 0,
    ) => app.run("login", { ...ada.credentials, code, ...more }, { node });

    await refused(oneCall("00000x"), WRONG_CODE);
    const code = totp(begun.secret, app.now());
    const won = await onlyOne(
      [0, 1, 0, 1].map(async (node) => granted(await oneCall(code, {}, node))),
    );
    assert.match(won, /^r:/);
    const recovered = result(
      await oneCall(recoveryCodes[0], { method: "recovery" }),
    );
    assert.deepEqual(
      [recovered.status, recovered.recoveryCodesLeft],
      ["signed-in", 9],
    );
    assert.equal((await ada.sessions()).length, 3);
  });

  test("Of thirty wrong codes in one call twenty-five are looked at in a quarter of an hour.", async () => {
    const ada = await app.user().create();
    result(await confirm(result(await enroll(await enrollToken(ada)))));
    await app.advance(16 * MINUTE);
    const codes = [];
    for (let nth = 0; nth < 30; nth += 1) {
      const params = { ...ada.credentials, code: `00${nth}xx` };
      codes.push((await app.run("login", params)).body.code);
    }
    assert.deepEqual(codes, [
      ...Array(25).fill(WRONG_CODE),
      ...Array(5).fill(TOO_MANY),
    ]);
  });
});

describe("Other sessions", () => {
  test("Other sessions end with a confirmed or removed factor that says so, and the caller's stays.", async () => {
    const ada = await app.user().create();
    const begun = result(await enroll(await enrollToken(ada)));
    const { sessionToken } = result(await confirm(begun));
    const own = new Session(app, ada, sessionToken);
    const others = [await ada.session(), await ada.session()];
    const further = await own.enrollTotp();
    const { factor, otherSessionsEnded } = await own.run("confirmTwoFactor", {
      enrollment: further.enrollment,
      code: totp(further.secret, app.now()),
      endOtherSessions: true,
    });
    assert.equal(otherSessionsEnded, true);
    assert.equal((await ada.sessions()).length, 1);
    for (const other of others) {
      await refused(other.status(), INVALID_SESSION_TOKEN);
    }
    await ada.session();
    assert.deepEqual(await own.remove(factor.id), {});
    assert.equal((await ada.sessions()).length, 2);
    const again = await own.addTotp();
    const removal = { factor: again.factor.id, endOtherSessions: true };
    assert.deepEqual(await own.run("removeTwoFactor", removal), {
      otherSessionsEnded: true,
    });
    assert.equal((await ada.sessions()).length, 1);
    const events = (await ada.events()).filter(
      ({ what }) => what === "sessions-ended",
    );
    assert.deepEqual(
      events.map(({ outcome }) => outcome),
      [0, 0],
    );
    for (const flag of ["true", 1, {}]) {
      const odd = { ...removal, endOtherSessions: flag };
      await refused(own.run("removeTwoFactor", odd), BAD_REQUEST);
    }
  });
});
