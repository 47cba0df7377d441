// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, before, describe, test } = require("node:test");
const { startApp } = require("../support/app");
const { refused } = require("../support/answers");
const { newKey } = require("../support/key");
const {
  BAD_REQUEST,
  CHALLENGE_UNKNOWN,
  CODE_EXPIRED,
  INVALID_CREDENTIALS,
  NATIVE_SIGN_IN,
  STEP_UP_REQUIRED,
  WRONG_CODE,
  WRONG_ANSWER,
} = require("../support/refusals");
const { MINUTE, SECOND } = require("../support/time");
const { totp } = require("../support/totp");
const { wrongCode } = require("../support/user");
const { wires, wrongOn } = require("../support/wires");

/**
 * Restarting or resetting the flow drops no step (Keycloak CVE-2026-94218): whatever is begun again, sent again, voided
 * or taken from another flow, each proof is asked for.
 */

/**
 * @typedef {import("../support/user").User} User
 * @typedef {import("../support/user").Sign} Sign
 */

/** @type {import("../support/app").App} */
let app;

before(async () => {
  app = await startApp({ options: { keys: newKey() } });
});
after(() => app?.stop());

const createUser = () => app.user().withNumber().create();

/**
 * What may come between the first call and the code and must kill the code that was sent before it, and how that code
 * is refused on each wire: by its challenge, or by the user's own that lives.
 * @type {Record<string, {act: (user: User, sign: Sign) => Promise<Partial<User> | void>, refusals: Record<string, number>}>}
 */
const interruptions = {
  "a first call begun again after the resend time": {
    act: async (user) => {
      await app.advance(30 * SECOND);
      await user.login();
    },
    refusals: wrongOn,
  },
  "a resend": {
    act: async (user, sign) => {
      await app.advance(30 * SECOND);
      await user.resend(sign);
    },
    refusals: wrongOn,
  },
  "an operator's reset": {
    act: (user) => user.reset(),
    refusals: both(CHALLENGE_UNKNOWN),
  },
  "an operator's reset of the factors": {
    act: (user) => user.reset("factors"),
    refusals: both(CHALLENGE_UNKNOWN),
  },
  "a new password": {
    act: async (user) => {
      const password = `password-${randomBytes(6).toString("hex")}`;
      await user.update({ password });
      return { password };
    },
    refusals: both(CHALLENGE_UNKNOWN),
  },
  "another number": {
    act: async (user) => {
      const phone = app.newNumber();
      await user.update({ phone_number: phone });
      return { phone };
    },
    refusals: both(CHALLENGE_UNKNOWN),
  },
  "the code's expiry": {
    act: () => app.advance(5 * MINUTE),
    refusals: both(CODE_EXPIRED),
  },
  "the code's being handed in before": {
    act: async (user) => {
      await user.answerWithPassword(user.code());
    },
    refusals: both(CHALLENGE_UNKNOWN),
  },
};

/** @param {number} code */
function both(code) {
  return Object.fromEntries(Object.keys(wires).map((wire) => [wire, code]));
}

for (const [wire, handIn] of Object.entries(wires)) {
  describe(`A sign-in on ${wire}`, () => {
    for (const [what, { act, refusals }] of Object.entries(interruptions)) {
      test(`A sign-in on ${wire} that is interrupted by ${what} takes no code from before, and asks for both steps again.`, async () => {
        const before = await createUser();
        const old = await before.login();
        const oldCode = before.code();
        const ada = before.with((await act(before, old)) ?? {});
        const held = (await ada.sessions()).length;

        await refused(handIn(ada, old, oldCode), refusals[wire]);

        // Neither does the password alone open anything now.
        await app.advance(30 * SECOND);
        const sign = await ada.login();
        const code = ada.code();
        await refused(handIn(ada, sign, wrongCode(code)), wrongOn[wire]);
        await refused(ada.nativeLogin(), NATIVE_SIGN_IN);
        assert.equal((await ada.sessions()).length, held);
        await handIn(ada, sign, code);
      });
    }

    test(`A sign-in begun again and again on ${wire} never gets by without the code.`, async () => {
      const ada = await createUser();
      const old = await ada.login();
      const code = ada.code();
      for (let n = 1; n <= 4; n++) {
        await refused(handIn(ada, old, wrongCode(code, n)), wrongOn[wire]);
        assert.equal((await ada.login()).challenge, old.challenge);
      }
      // An empty code is none: for the tutorial it makes the first call, and beside a challenge the code is missing.
      await ada.login({ code: "" });
      await refused(ada.answer(old, ""), BAD_REQUEST);
      assert.deepEqual(await ada.sessions(), []);
      await handIn(ada, old, code);
    });
  });
}

describe("A sign-in amid which, its attempt counted and not claimed, something changes", () => {
  /** @type {import("../support/app").App} */
  let interrupted;
  before(async () => {
    interrupted = await startApp({ own: "interrupts a sign-in" });
  });
  after(() => interrupted?.stop());

  for (const [interruption, what, next] of [
    ["reset", "an operator resets the user", ""],
    ["password", "the password changes", "a new password"],
  ]) {
    test(`A sign-in opens no session where ${what} after its attempt was counted and before it is claimed.`, async () => {
      const ada = await interrupted.user().withNumber().create();
      const sign = await ada.login();
      const code = ada.code();
      await ada.update({ interruption });

      await refused(ada.answer(sign, code), CHALLENGE_UNKNOWN);

      assert.deepEqual(await ada.sessions(), []);
      await refused(ada.answer(sign, code), CHALLENGE_UNKNOWN);
      await interrupted.advance(30 * SECOND);
      await ada.with({ password: next || ada.password }).signIn();
    });
  }
});

test("The tutorial's wire asks for the password however far another sign-in has come.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  const code = ada.code();
  for (const [password, refusal] of /** @type {const} */ ([
    ["", BAD_REQUEST],
    ["not the password", INVALID_CREDENTIALS],
    [undefined, BAD_REQUEST],
  ])) {
    const params = { username: ada.username, password, code };
    await refused(app.run("login", params), refusal);
  }
  assert.deepEqual(await ada.sessions(), []);
  await ada.answer(sign, code);
});

test("A code of one sign-in is none for the next, nor for a step-up or an enrollment.", async () => {
  const ada = await createUser();
  const session = await ada.session();
  const caller = { sessionToken: session.token };
  const sign = await ada.login();
  const code = ada.code();
  const up = await session.beginStepUp();
  const ofStepUp = ada.code();

  // With the session as well as without: it must count for nothing at `login`.
  for (const by of [{}, caller]) {
    await refused(ada.answer(up, ofStepUp, {}, by), CHALLENGE_UNKNOWN);
    await refused(ada.answer(up, code, {}, by), CHALLENGE_UNKNOWN);
    await refused(ada.answer(sign, ofStepUp, {}, by), WRONG_ANSWER);
    await refused(ada.answerWithPassword(ofStepUp, by), WRONG_CODE);
  }
  const enrolls = (/** @type {Sign} */ { challenge: enrollment }) => ({
    enrollment,
  });
  await refused(session.answerStepUp(sign, code), CHALLENGE_UNKNOWN);
  await refused(session.answerStepUp(up, code), WRONG_ANSWER);
  await refused(session.confirm(enrolls(up), ofStepUp), CHALLENGE_UNKNOWN);
  await refused(session.confirm(enrolls(sign), code), CHALLENGE_UNKNOWN);
  await refused(session.needsStepUp(), STEP_UP_REQUIRED);
  assert.equal((await ada.sessions()).length, 1);
});

describe("A step-up", () => {
  test("A step-up that is begun, begun again, sent again or failed is none.", async () => {
    const ada = await createUser();
    const session = await ada.session();
    const needed = () => refused(session.needsStepUp(), STEP_UP_REQUIRED);
    const up = await session.beginStepUp();
    const old = ada.code();
    await needed();
    await refused(session.answerStepUp(up, undefined), BAD_REQUEST);
    await refused(session.answerStepUp(up, ""), BAD_REQUEST);
    await refused(session.answerStepUp(up, wrongCode(old)), WRONG_ANSWER);
    await needed();
    await app.advance(30 * SECOND);
    const again = await session.beginStepUp();
    assert.equal(again.challenge, up.challenge);
    await refused(session.answerStepUp(up, old), WRONG_ANSWER);
    await app.advance(30 * SECOND);
    await ada.resend(up, { sessionToken: session.token });
    await needed();
    await session.answerStepUp(up, ada.code());
    assert.equal(await session.needsStepUp(), "done");
  });

  test("A step-up under way is void after an operator's reset.", async () => {
    const ada = await createUser();
    const session = await ada.session();
    const up = await session.beginStepUp();
    const code = ada.code();
    await ada.reset();
    await refused(session.answerStepUp(up, code), CHALLENGE_UNKNOWN);
    await refused(session.needsStepUp(), STEP_UP_REQUIRED);
    const number = { phone_number: app.newNumber() };
    await refused(session.change(number), STEP_UP_REQUIRED);
  });
});

describe("An enrollment", () => {
  /** A user with nothing but a password, and a session of theirs. */
  const bare = async () => {
    const user = await app.user().create();
    const { password } = user;
    return { user, password, session: await user.session() };
  };

  test("An enrollment that is begun, begun again or failed neither counts nor spares the next its password.", async () => {
    const { user, session, password } = await bare();
    const first = await session.enrollTotp({ password });
    await refused(session.enrollTotp(), BAD_REQUEST);
    const stranger = session.enrollTotp({ password: "not the password" });
    await refused(stranger, INVALID_CREDENTIALS);
    const code = totp(first.secret, app.now());
    await refused(session.confirm(first, wrongCode(code)), WRONG_ANSWER);
    await refused(session.enrollTotp(), BAD_REQUEST);
    assert.deepEqual(await session.enrollTotp({ password }), first);
    const other = await user.session();
    const second = await other.enrollTotp({ password });
    // The first one's code is not the second one's.
    await refused(other.confirm(second, code), WRONG_ANSWER);
    assert.deepEqual((await session.status()).factors, []);
    await user.loginByPassword();
  });

  test("An enrollment is void after an operator's reset, and the next asks for the password again.", async () => {
    const { user, session, password } = await bare();
    const old = await session.enrollTotp({ password });
    for (const scope of ["", "factors"]) await user.reset(scope);
    await refused(session.confirm(old), CHALLENGE_UNKNOWN);
    await refused(session.enrollTotp(), BAD_REQUEST);
  });

  test("An enrollment begun once there is a factor wants a step-up, each time it has run out.", async () => {
    const { user, session, password } = await bare();
    const { secret } = await session.addTotp({ password });
    Object.assign(user, { secret });
    // The confirmation was a step-up as well.
    await app.advance(5 * MINUTE);
    await refused(session.enrollTotp({ password }), STEP_UP_REQUIRED);
    await session.beginStepUp();
    await refused(session.enrollTotp({ password }), STEP_UP_REQUIRED);
    await session.stepUp();
    await session.enrollTotp({ password });
    await app.advance(5 * MINUTE);
    await refused(session.enrollTotp({ password }), STEP_UP_REQUIRED);
    await refused(session.newRecoveryCodes(), STEP_UP_REQUIRED);
  });
});
