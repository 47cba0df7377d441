// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, afterEach, before, describe, test } = require("node:test");
const { elements } = require("../support/account");
const { startApp } = require("../support/app");
const { refused } = require("../support/answers");
const { newKey } = require("../support/key");
const { NOT_SENT, TOO_MANY, UNREACHABLE } = require("../support/refusals");
const { SECOND } = require("../support/time");

/**
 * Faults of the provider, in each of its ways, at each call that sends a message, and a node that is killed amid one.
 * Those of the database are in `database-faults.test.js`. Afterwards nobody has a session without the second factor, and
 * nobody is locked out.
 */

/** @typedef {import("../support/user").User} User */

/** @type {import("../support/app").App} */
let app;

before(async () => {
  app = await startApp({ nodes: 2, options: { keys: newKey() } });
});
after(() => app?.stop());
afterEach(async () => {
  app?.twilio.failWith(null);
  await app?.setSmsTimeout();
});

const createUser = () => app.user().withNumber().create();

/** What a message may use up: the windows, and the user's own. @param {User} user */
async function used(user) {
  const windows = (await app.rows("TwoFactorWindow")).flatMap(
    ({ bucket, counts }) =>
      Object.entries(counts)
        .filter(([, count]) => count !== 0)
        .map(([counter, count]) => `${bucket} ${counter}: ${count}`),
  );
  const { challenges, authenticators } = (await user.account()) ?? {};
  return {
    windows: windows.sort(),
    challenges: elements(challenges, "challenge")
      .map(({ id }) => id)
      .sort(),
    codes: elements(challenges, "code")
      .map(({ nonce }) => nonce)
      .sort(),
    attempts: elements(challenges, "attempt").length,
    factors: elements(authenticators, "factor").length,
  };
}

/**
 * Waits for a call whose message could not be sent, and that must answer nothing of what the provider said.
 * @param {Promise<any>} call
 */
async function notSent(call) {
  const message = await refused(call, NOT_SENT);
  assert.equal(message, "The message could not be sent: try again.");
}

/** Waits for a call whose number the provider calls invalid. @param {Promise<any>} call */
const unreachable = (call) => refused(call, UNREACHABLE);

/**
 * The calls that send a message, each ready to be made, and what its code is good for.
 * @typedef {object} Sender
 * @property {User} user
 * @property {number} sessions how many the user has
 * @property {() => Promise<any>} call
 * @property {(begun: any, code: string) => Promise<unknown>} finish
 */

/** @type {Record<string, () => Promise<Sender>>} */
const sending = {
  "a first call": async () => {
    const user = await createUser();
    return {
      user,
      sessions: 0,
      call: () => user.login(),
      finish: (sign, code) => user.answer(sign, code),
    };
  },
  "a first call begun again": async () => {
    const user = await createUser();
    await user.login();
    return {
      user,
      sessions: 0,
      call: () => user.login(),
      finish: (sign, code) => user.answer(sign, code),
    };
  },
  "a resend": async () => {
    const user = await createUser();
    const sign = await user.login();
    return {
      user,
      sessions: 0,
      call: () => user.resend(sign),
      finish: (sign, code) => user.answer(sign, code),
    };
  },
  "a step-up": async () => {
    const user = await createUser();
    const session = await user.session();
    return {
      user,
      sessions: 1,
      call: () => session.beginStepUp(),
      finish: (up, code) => session.answerStepUp(up, code),
    };
  },
  "an enrollment": async () => {
    const phone = app.newNumber();
    const user = (await app.user().create()).with({ phone });
    const { password } = user;
    const session = await user.session();
    return {
      user,
      sessions: 1,
      call: () => session.enrollNumber(phone, { password }),
      finish: (begun, code) => session.confirm(begun, code),
    };
  },
};

describe("A provider that fails", () => {
  for (const [mode, what] of /** @type {const} */ ([
    ["rate-limit", "answers 429"],
    ["error", "answers 500"],
    ["reset", "resets the connection"],
  ])) {
    test(`A provider that ${what} uses up no code and no ceiling at any call that sends, and a retry at once succeeds.`, async () => {
      const senders = await Promise.all(
        Object.values(sending).map((prepare) => prepare()),
      );
      await app.advance(30 * SECOND);
      const users = senders.map(({ user }) => user);
      const before = await Promise.all(users.map(used));
      app.twilio.failWith(mode);

      await Promise.all(senders.map(({ call }) => notSent(call())));

      assert.deepEqual(await Promise.all(users.map(used)), before);
      app.twilio.failWith(null);
      for (const { user, call, finish, sessions } of senders) {
        assert.equal((await user.sessions()).length, sessions);
        await finish(await call(), user.code());
      }
    });
  }

  test("A provider that does not answer has not refused: the challenge is there, and another code may be asked for.", async () => {
    const ada = await createUser();
    app.twilio.failWith("silence");
    await app.setSmsTimeout(200);
    const sign = await ada.login();
    assert.equal(sign.resendIn, 30);
    assert.deepEqual(ada.messages, []);
    const [told] = await ada.events();
    assert.deepEqual([told.what, told.outcome], ["code-sent", NOT_SENT]);
    app.twilio.failWith(null);
    await app.setSmsTimeout();
    await app.advance(30 * SECOND);
    const resent = await ada.resend(sign);
    assert.equal(resent.challenge, sign.challenge);
    await ada.answer(resent, ada.code());
  });

  test("A provider that fails a resend leaves the old code good, and a retry at once succeeds.", async () => {
    const ada = await createUser();
    const old = await ada.login();
    await app.advance(30 * SECOND);
    const before = await used(ada);
    app.twilio.failWith("error");
    await notSent(ada.resend(old));
    await notSent(ada.login());
    assert.deepEqual(await used(ada), before);
    app.twilio.failWith(null);

    const resent = await ada.resend(old);
    assert.equal(resent.challenge, old.challenge);
    await ada.answer(resent, ada.code());

    const bob = await createUser();
    const alive = await bob.login();
    await app.advance(30 * SECOND);
    app.twilio.failWith("error");
    await notSent(bob.resend(alive));
    await bob.answer(alive, bob.code());
  });

  test("A provider that calls the number invalid is asked five times in a quarter of an hour, and a usable number works at once.", async () => {
    const invalid = "+15005550001";
    const ada = await app.user().withNumber(invalid).create();
    const ofAda = await ada.session();
    const bob = await app.user().create();
    const ofBob = await bob.session();
    const { password } = bob;
    const before = [await used(ada), await used(bob)];
    for (let n = 0; n < 2; n++) {
      await unreachable(ada.login());
      await unreachable(ofAda.beginStepUp());
      await unreachable(ofBob.enrollNumber(invalid, { password }));
      await unreachable(ofBob.enrollNumber(invalid, { password }));
    }
    await app.advance(SECOND);
    const refusedToo = await app.user().withNumber(invalid).create();
    for (let n = 0; n < 5; n++) await unreachable(refusedToo.login());
    await refused(refusedToo.login(), TOO_MANY);
    const told = await refusedToo.events();
    assert.deepEqual(
      told.map(({ what, outcome }) => [what, outcome]),
      [["code-sent", UNREACHABLE]],
    );
    assert.deepEqual([await used(ada), await used(bob)], before);
    assert.equal((await ada.sessions()).length, 1);

    const phone = app.newNumber();
    await ada.update({ phone_number: phone });
    await ada.with({ phone }).signIn();
    const other = app.newNumber();
    const begun = await ofBob.enrollNumber(other, { password });
    const code = bob.with({ phone: other }).code();
    const { factor } = await ofBob.confirm(begun, code);
    assert.equal(factor.method, "sms");
  });
});

// Last, for it leaves the app with one node.
test("A node killed amid a call leaves no session and nobody locked out on the other.", async () => {
  const ada = await createUser();
  app.twilio.failWith("silence");
  const call = ada.login({}, { node: 1 }).then(
    (answer) => assert.fail(JSON.stringify(answer)),
    () => "the connection broke",
  );
  await codeIsStored(ada);
  await app.kill(1);
  assert.equal(await call, "the connection broke");
  app.twilio.failWith(null);

  assert.deepEqual(await ada.sessions(), []);
  assert.equal(ada.messages.length, 0);
  await app.advance(30 * SECOND);
  const sign = await ada.login({}, { node: 0 });
  await ada.answer(sign, ada.code(), {}, { node: 0 });
  assert.equal((await ada.sessions()).length, 1);
});

/** Right before the message goes out, a node stores its code. @param {User} user */
async function codeIsStored(user) {
  // The provider is waited for no longer than this.
  const deadline = Date.now() + 10 * SECOND;
  while (Date.now() < deadline) {
    if ((await used(user)).codes.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail("no code was stored within ten seconds");
}
