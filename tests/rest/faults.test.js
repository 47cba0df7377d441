// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, afterEach, before, describe, test } = require("node:test");
const { elements } = require("./support/account");
const { startApp, credentials } = require("./support/app");
const { granted, refused } = require("./support/answers");

/**
 * Faults of the provider, in each of its ways, at each call that sends a message, and a node that is killed amid one.
 * Those of the database are in `database-faults.test.js`. Afterwards nobody has a session without the second factor, and
 * nobody is locked out.
 */

const SECOND = 1000;

/** @typedef {import("./support/app").User} User */

/** @type {import("./support/app").App} */
let app;

before(async () => {
  const keys = `a:${randomBytes(32).toString("base64")}`;
  app = await startApp({ nodes: 2, options: { keys } });
});
after(() => app?.stop());
afterEach(() => app?.twilio.failWith(null));

/** What a message may use up: the windows, and the user's own. @param {User} user */
async function used(user) {
  const windows = (await app.rows("TwoFactorWindow")).flatMap(
    ({ bucket, counts }) =>
      Object.entries(counts)
        .filter(([, count]) => count !== 0)
        .map(([counter, count]) => `${bucket} ${counter}: ${count}`),
  );
  const [account] = await app.rows("TwoFactorAccount", { user: user.id });
  const { challenges, authenticators } = account ?? {};
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
 * The answer to a message that could not be sent: nothing of what the provider said.
 * @param {import("./support/app").Answer} answer
 */
function notSent(answer) {
  refused(answer, 4018);
  assert.equal(
    answer.body.error,
    "The message could not be sent: try again.",
    "nothing of the provider's reason",
  );
}

/**
 * The calls that send a message, each ready to be made, and what its code is good for.
 * @typedef {object} Sender
 * @property {User} user
 * @property {number} sessions how many the user has
 * @property {() => Promise<import("./support/app").Answer>} call
 * @property {(result: any, code: string) => Promise<void>} finish
 */

/** @type {Record<string, () => Promise<Sender>>} */
const sending = {
  "a first call": async () => {
    const user = await app.createUser();
    return {
      user,
      sessions: 0,
      call: () => app.run("login", credentials(user)),
      finish: signIn,
    };
  },
  "a first call begun again": async () => {
    const user = await app.createUser();
    await app.begin(user);
    return {
      user,
      sessions: 0,
      call: () => app.run("login", credentials(user)),
      finish: signIn,
    };
  },
  "a resend": async () => {
    const user = await app.createUser();
    const { challenge } = await app.begin(user);
    return {
      user,
      sessions: 0,
      call: () => app.run("resendCode", { challenge }),
      finish: signIn,
    };
  },
  "a step-up": async () => {
    const user = await app.createUser();
    const caller = { sessionToken: await app.sessionOf(user) };
    return {
      user,
      sessions: 1,
      call: () => app.run("stepUp", {}, caller),
      finish: async ({ challenge }, code) => {
        const { body } = await app.run("stepUp", { challenge, code }, caller);
        assert.ok(body.result?.until, JSON.stringify(body));
      },
    };
  },
  "an enrolment": async () => {
    const phone = app.newNumber();
    const user = await app.createUser({ phone_number: undefined });
    const caller = { sessionToken: await app.sessionOf(user) };
    const { password } = user;
    const params = { method: "sms", phoneNumber: phone, password };
    return {
      user: { ...user, phone },
      sessions: 1,
      call: () => app.run("enrollTwoFactor", params, caller),
      finish: async ({ enrollment }, code) => {
        const confirm = { enrollment, code };
        const { body } = await app.run("confirmTwoFactor", confirm, caller);
        assert.ok(body.result?.factor, JSON.stringify(body));
      },
    };
  },
};

/**
 * @param {{challenge: string}} begun
 * @param {string} code
 */
async function signIn({ challenge }, code) {
  granted(await app.run("login", { challenge, code }));
}

/** @param {number} milliseconds */
const pause = (milliseconds) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("a provider", () => {
  for (const [mode, what] of /** @type {const} */ ([
    ["rate-limit", "that answers 429"],
    ["error", "that answers 500"],
    ["reset", "that resets the connection"],
    ["silence", "that does not answer, for as long as we wait,"],
  ])) {
    test(`${what} costs nothing at any call that sends, and a retry at once succeeds`, async () => {
      const senders = await Promise.all(
        Object.values(sending).map((prepare) => prepare()),
      );
      await app.advance(30 * SECOND);
      const users = senders.map(({ user }) => user);
      const before = await Promise.all(users.map(used));
      app.twilio.failWith(mode);
      const started = Date.now();

      const answers = await Promise.all(senders.map(({ call }) => call()));

      for (const answer of answers) notSent(answer);
      assert.ok(Date.now() - started < 20 * SECOND, "a timeout of ours");
      assert.deepEqual(await Promise.all(users.map(used)), before);
      app.twilio.failWith(null);
      for (const { user, call, finish, sessions } of senders) {
        assert.equal((await app.sessions(user.id)).length, sessions);
        const { status, body } = await call();
        assert.equal(status, 200, JSON.stringify(body));
        await finish(body.result, app.codeOf(user));
      }
    });
  }

  test("that fails a resend leaves the old code good and the resend free", async () => {
    const user = await app.createUser();
    const old = await app.begin(user);
    await app.advance(30 * SECOND);
    const before = await used(user);
    app.twilio.failWith("error");
    for (let n = 0; n < 6; n++) {
      notSent(await app.run("resendCode", { challenge: old.challenge }));
      notSent(await app.run("login", credentials(user)));
    }
    assert.deepEqual(await used(user), before);
    app.twilio.failWith(null);

    const { challenge } = old;
    const resent = await app.run("resendCode", { challenge });
    assert.equal(resent.body.result?.challenge, challenge);
    granted(await app.run("login", { challenge, code: app.codeOf(user) }));

    const other = await app.createUser();
    const alive = await app.begin(other);
    await app.advance(30 * SECOND);
    app.twilio.failWith("error");
    notSent(await app.run("resendCode", { challenge: alive.challenge }));
    granted(await app.run("login", alive));
  });

  test("that calls the number invalid costs nothing, and a usable number works at once", async () => {
    const invalid = "+15005550001";
    const user = await app.createUser({ phone_number: invalid });
    const sessionToken = await app.sessionOf(user);
    const bare = await app.createUser({ phone_number: undefined });
    const caller = { sessionToken: await app.sessionOf(bare) };
    const enrol = (/** @type {string} */ phoneNumber) => {
      const params = { method: "sms", phoneNumber, password: bare.password };
      return app.run("enrollTwoFactor", params, caller);
    };
    const before = [await used(user), await used(bare)];
    for (let n = 0; n < 6; n++) {
      notSent(await app.run("login", credentials(user)));
      notSent(await app.run("stepUp", {}, { sessionToken }));
      notSent(await enrol(invalid));
    }
    assert.deepEqual([await used(user), await used(bare)], before);
    assert.equal((await app.sessions(user.id)).length, 1);

    user.phone = app.newNumber();
    await app.asMaster("PUT", `/users/${user.id}`, {
      phone_number: user.phone,
    });
    granted(await app.run("login", await app.begin(user)));
    bare.phone = app.newNumber();
    const { enrollment } = (await enrol(bare.phone)).body.result;
    const confirm = { enrollment, code: app.codeOf(bare) };
    const { body } = await app.run("confirmTwoFactor", confirm, caller);
    assert.equal(body.result?.factor?.method, "sms", JSON.stringify(body));
  });
});

// Last, for it leaves the app with one node.
test("a node killed amid a call leaves no session and nobody locked out on the other", async () => {
  const user = await app.createUser();
  app.twilio.failWith("silence");
  const call = app.run("login", credentials(user), { node: 1 }).then(
    (answer) => assert.fail(JSON.stringify(answer)),
    () => "the connection broke",
  );
  // The code is stored right before the message goes out.
  while ((await used(user)).codes.length === 0) await pause(20);
  await app.kill(1);
  assert.equal(await call, "the connection broke");
  app.twilio.failWith(null);

  assert.deepEqual(await app.sessions(user.id), []);
  assert.equal(app.messagesTo(user).length, 0);
  await app.advance(30 * SECOND);
  const { challenge, code } = await app.begin(user, { node: 0 });
  granted(await app.run("login", { challenge, code }, { node: 0 }));
  assert.equal((await app.sessions(user.id)).length, 1);
});
