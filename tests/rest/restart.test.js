// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, before, describe, test } = require("node:test");
const { startApp, credentials, wrongCode } = require("./support/app");
const { result, granted, refused } = require("./support/answers");
const { STEP, totp } = require("./support/totp");

/**
 * Restarting or resetting the flow drops no step (attack 7: Keycloak CVE-2026-94218): whatever is begun again, sent
 * again, voided or taken from another flow, each proof is asked for.
 */

/** @typedef {import("./support/app").User} User */
/** @typedef {import("./support/app").Answer} Answer */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** @type {import("./support/app").App} */
let app;

before(async () => {
  const keys = `a:${randomBytes(32).toString("base64")}`;
  app = await startApp({ options: { keys } });
});
after(() => app?.stop());

/**
 * The two ways to hand a code in.
 * @type {Record<string, (user: User, challenge: string, code: string) => Promise<Answer>>}
 */
const wires = {
  "tutorial's": (user, _, code) =>
    app.run("login", { ...credentials(user), code }),
  challenge: (_, challenge, code) => app.run("login", { challenge, code }),
};

/**
 * What may come between the first call and the code, and must kill the code that was sent before it.
 * @type {Record<string, (user: User, challenge: string) => Promise<User>>}
 */
const interruptions = {
  "a first call begun again after the resend time": async (user) => {
    await app.advance(30 * SECOND);
    await app.begin(user);
    return user;
  },
  "a resend": async (user, challenge) => {
    await app.advance(30 * SECOND);
    result(await app.run("resendCode", { challenge }));
    return user;
  },
  "an operator's reset": async (user) => {
    const params = { userId: user.id };
    result(await app.run("resetTwoFactor", params, { master: true }));
    return user;
  },
  "an operator's reset of the factors": async (user) => {
    const params = { userId: user.id, scope: "factors" };
    result(await app.run("resetTwoFactor", params, { master: true }));
    return user;
  },
  "a new password": async (user) => {
    const password = `password-${randomBytes(6).toString("hex")}`;
    await app.asMaster("PUT", `/users/${user.id}`, { password });
    return { ...user, password };
  },
  "another number": async (user) => {
    const phone = app.newNumber();
    await app.asMaster("PUT", `/users/${user.id}`, { phone_number: phone });
    return { ...user, phone };
  },
  "the code's expiry": async (user) => {
    await app.advance(5 * MINUTE);
    return user;
  },
  "its being handed in before": async (user) => {
    const code = app.codeOf(user);
    granted(await app.run("login", { ...credentials(user), code }));
    return user;
  },
};

for (const [wire, handIn] of Object.entries(wires)) {
  describe(`a sign-in on the ${wire} wire`, () => {
    for (const [what, interrupt] of Object.entries(interruptions)) {
      test(`interrupted by ${what} takes no code from before, and asks for both steps again`, async () => {
        const before = await app.createUser();
        const old = await app.begin(before);
        const user = await interrupt(before, old.challenge);
        const held = (await app.sessions(user.id)).length;

        refused(await handIn(user, old.challenge, old.code), [141, 4011, 4012]);

        // Neither does the password alone open anything now.
        await app.advance(30 * SECOND);
        const { challenge, code } = await app.begin(user);
        refused(await handIn(user, challenge, wrongCode(code)), 141);
        refused(await app.rest("POST", "/login", credentials(user)), 4010);
        assert.equal((await app.sessions(user.id)).length, held);
        granted(await handIn(user, challenge, code));
      });
    }

    test("begun again and again never gets by without the code", async () => {
      const user = await app.createUser();
      const old = await app.begin(user);
      for (let n = 1; n <= 4; n++) {
        const code = wrongCode(old.code, n);
        refused(await handIn(user, old.challenge, code), 141);
        const again = await app.run("login", credentials(user));
        assert.equal(result(again).challenge, old.challenge);
      }
      // An empty code is none: the first call once more, or something missing.
      const { body } = await handIn(user, old.challenge, "");
      assert.ok(!body.result?.sessionToken, JSON.stringify(body));
      assert.deepEqual(await app.sessions(user.id), []);
      granted(await handIn(user, old.challenge, old.code));
    });
  });
}

describe("a sign-in amid which, its attempt counted and not claimed,", () => {
  /** @type {import("./support/app").App} */
  let interrupted;
  before(async () => {
    interrupted = await startApp({ own: "interrupts a sign-in" });
  });
  after(() => interrupted?.stop());

  for (const [interruption, what, next] of [
    ["reset", "an operator resets the user", ""],
    ["password", "the password changes", "a new password"],
  ]) {
    test(`${what} opens no session`, async () => {
      const user = await interrupted.createUser();
      const begun = await interrupted.begin(user);
      const path = `/users/${user.id}`;
      await interrupted.asMaster("PUT", path, { interruption });

      refused(await interrupted.run("login", begun), 4012);

      assert.deepEqual(await interrupted.sessions(user.id), []);
      refused(await interrupted.run("login", begun), 4012);
      await interrupted.advance(30 * SECOND);
      const password = next || user.password;
      const again = await interrupted.begin({ ...user, password });
      granted(await interrupted.run("login", again));
    });
  }
});

test("the password is asked for on the tutorial's wire however far another sign-in has come", async () => {
  const user = await app.createUser();
  const { challenge, code } = await app.begin(user);
  const { username } = user;
  for (const password of ["", "not the password"]) {
    const params = { username, password, code };
    refused(await app.run("login", params), [101, 4021]);
  }
  refused(await app.run("login", { username, code }), 4021);
  assert.deepEqual(await app.sessions(user.id), []);
  granted(await app.run("login", { challenge, code }));
});

test("a code of one sign-in is none for the next, nor for a step-up or an enrolment", async () => {
  const user = await app.createUser();
  const sessionToken = await app.sessionOf(user);
  const caller = { sessionToken };
  const signIn = await app.begin(user);
  const up = result(await app.run("stepUp", {}, caller)).challenge;
  const ofStepUp = app.codeOf(user);

  const mixed = [
    ["login", { challenge: up, code: ofStepUp }],
    ["login", { challenge: up, code: signIn.code }],
    ["login", { challenge: signIn.challenge, code: ofStepUp }],
    ["login", { ...credentials(user), code: ofStepUp }],
    ["stepUp", { challenge: signIn.challenge, code: signIn.code }],
    ["stepUp", { challenge: up, code: signIn.code }],
    ["confirmTwoFactor", { enrollment: up, code: ofStepUp }],
    ["confirmTwoFactor", { enrollment: signIn.challenge, code: signIn.code }],
  ];
  for (const [name, params] of mixed) {
    // With the session as well as without: it must count for nothing at `login`.
    const callers = name === "login" ? [{}, caller] : [caller];
    for (const one of callers) {
      const answer = await app.run(/** @type {string} */ (name), params, one);
      refused(answer, [141, 4012, 4013]);
    }
  }
  refused(await app.run("needsStepUp", {}, caller), 4020);
  assert.equal((await app.sessions(user.id)).length, 1);
});

describe("a step-up", () => {
  test("begun, begun again, sent again or failed is none", async () => {
    const user = await app.createUser();
    const caller = { sessionToken: await app.sessionOf(user) };
    const needs = async () =>
      refused(await app.run("needsStepUp", {}, caller), 4020);
    const { challenge } = result(await app.run("stepUp", {}, caller));
    const old = app.codeOf(user);
    await needs();
    refused(await app.run("stepUp", { challenge }, caller), 4021);
    refused(await app.run("stepUp", { challenge, code: "" }, caller), 4021);
    const wrong = { challenge, code: wrongCode(old) };
    refused(await app.run("stepUp", wrong, caller), 141);
    await needs();
    await app.advance(30 * SECOND);
    const again = result(await app.run("stepUp", {}, caller));
    assert.equal(again.challenge, challenge);
    refused(await app.run("stepUp", { challenge, code: old }, caller), 141);
    await app.advance(30 * SECOND);
    result(await app.run("resendCode", { challenge }, caller));
    await needs();
    const right = { challenge, code: app.codeOf(user) };
    result(await app.run("stepUp", right, caller));
    assert.equal(result(await app.run("needsStepUp", {}, caller)), "done");
  });

  test("is void after an operator's reset, and so is one under way", async () => {
    const user = await app.createUser();
    const caller = { sessionToken: await app.sessionOf(user) };
    const { challenge } = result(await app.run("stepUp", {}, caller));
    const code = app.codeOf(user);
    const params = { userId: user.id };
    result(await app.run("resetTwoFactor", params, { master: true }));
    refused(await app.run("stepUp", { challenge, code }, caller), 4012);
    refused(await app.run("needsStepUp", {}, caller), 4020);
    const number = { phone_number: app.newNumber() };
    const headers = { "X-Parse-Session-Token": caller.sessionToken };
    refused(await app.rest("PUT", `/users/${user.id}`, number, headers), 4020);
  });
});

describe("an enrolment", () => {
  /** A user with nothing but a password, and a session of theirs. */
  const bare = async () => {
    const user = await app.createUser({ phone_number: undefined });
    return { user, caller: { sessionToken: await app.sessionOf(user) } };
  };

  test("begun, begun again or failed neither counts nor spares the next its password", async () => {
    const { user, caller } = await bare();
    const { password } = user;
    const begin = async (more = {}) =>
      app.run("enrollTwoFactor", { method: "totp", ...more }, caller);
    const first = result(await begin({ password }));
    refused(await begin(), 4021);
    refused(await begin({ password: "not the password" }), 101);
    const wrong = wrongCode(totp(first.secret, app.now()));
    const guess = { enrollment: first.enrollment, code: wrong };
    refused(await app.run("confirmTwoFactor", guess, caller), 141);
    refused(await begin(), 4021);
    const second = result(await begin({ password }));
    // The first one's code is not the second one's.
    const crossed = {
      enrollment: second.enrollment,
      code: totp(first.secret, app.now()),
    };
    refused(await app.run("confirmTwoFactor", crossed, caller), 141);
    const status = result(await app.run("twoFactorStatus", {}, caller));
    assert.deepEqual(status.factors, []);
    granted(await app.run("login", credentials(user)));
  });

  test("is void after an operator's reset, and asks for the password again", async () => {
    const { user, caller } = await bare();
    const { password } = user;
    const params = { method: "totp", password };
    const old = result(await app.run("enrollTwoFactor", params, caller));
    for (const scope of ["", "factors"]) {
      const reset = { userId: user.id, scope };
      result(await app.run("resetTwoFactor", reset, { master: true }));
    }
    const code = totp(old.secret, app.now());
    const { enrollment } = old;
    refused(
      await app.run("confirmTwoFactor", { enrollment, code }, caller),
      4012,
    );
    const bareAgain = { method: "totp" };
    refused(await app.run("enrollTwoFactor", bareAgain, caller), 4021);
  });

  test("begun again once there is a factor wants a step-up, each time it has run out", async () => {
    const { user, caller } = await bare();
    const params = { method: "totp", password: user.password };
    const { enrollment, secret } = result(
      await app.run("enrollTwoFactor", params, caller),
    );
    const confirm = { enrollment, code: totp(secret, app.now()) };
    result(await app.run("confirmTwoFactor", confirm, caller));
    refused(await app.run("enrollTwoFactor", params, caller), 4020);
    await app.advance(STEP);
    const { challenge } = result(await app.run("stepUp", {}, caller));
    refused(await app.run("enrollTwoFactor", params, caller), 4020);
    const code = totp(secret, app.now());
    result(await app.run("stepUp", { challenge, code }, caller));
    result(await app.run("enrollTwoFactor", params, caller));
    await app.advance(5 * MINUTE);
    for (const name of ["enrollTwoFactor", "newRecoveryCodes"]) {
      refused(await app.run(name, params, caller), 4020);
    }
  });
});
