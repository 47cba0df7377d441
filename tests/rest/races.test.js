// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { startApp } = require("../support/app");
const { onlyOne, refused, tally } = require("../support/answers");
const {
  CHALLENGE_UNKNOWN,
  DISABLED,
  NATIVE_SIGN_IN,
  OPERATION_FORBIDDEN,
  TOO_MANY_WRONG_CODES,
  WRONG_ANSWER,
  WRONG_CODE,
} = require("../support/refusals");
const { MINUTE, SECOND } = require("../support/time");
const { wrongCode } = require("../support/user");

/**
 * Several processes on one database, the state in which every published race of second factors was found
 * (Parse GHSA-2299-ghjr-6vjp, GHSA-jpq4-7fmq-q5fj, keycloak#31726).
 */

/** @typedef {import("../support/user").User} User */

const NODES = 3;

/** @type {import("../support/app").App} */
let app;

before(async () => {
  app = await startApp({ nodes: NODES });
});
after(() => app?.stop());

const createUser = () => app.user().withNumber().create();

/**
 * That many requests at a time, dealt out to the nodes.
 * @template T
 * @param {number} times
 * @param {(n: number, caller: {node: number}) => Promise<T>} request
 */
function atOnce(times, request) {
  return Array.from({ length: times }, (_, n) =>
    request(n, { node: n % NODES }),
  );
}

/**
 * Notes when requests begin and end, so that a test can say that they were made at once.
 */
class Clock {
  /** @type {{begun: number, ended: number}[]} */
  #spans = [];

  /**
   * @template T
   * @param {Promise<T>} request
   */
  async time(request) {
    const begun = performance.now();
    try {
      return await request;
    } finally {
      this.#spans.push({ begun, ended: performance.now() });
    }
  }

  /** The most requests that were under way at one moment. */
  get most() {
    return Math.max(
      ...this.#spans.map(
        ({ begun: at }) =>
          this.#spans.filter(({ begun, ended }) => begun <= at && at < ended)
            .length,
      ),
    );
  }
}

test("Of ninety guesses at once on one challenge five are looked at.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  const code = ada.code();

  const guesses = atOnce(90, (n, caller) =>
    ada.answer(sign, wrongCode(code, n + 1), {}, caller),
  );

  assert.deepEqual(await tally(guesses), {
    [WRONG_ANSWER]: 5,
    [TOO_MANY_WRONG_CODES]: 85,
  });
  await refused(ada.answer(sign, code), TOO_MANY_WRONG_CODES);
  assert.deepEqual(await ada.sessions(), []);
});

test("Guesses at once on both wires are looked at five times together.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  const code = ada.code();

  const guesses = atOnce(20, (n, caller) => {
    const guess = wrongCode(code, n + 1);
    return n % 2
      ? ada.answer(sign, guess, {}, caller)
      : ada.answerWithPassword(guess, caller);
  });

  const {
    [WRONG_ANSWER]: answers = 0,
    [WRONG_CODE]: codes = 0,
    ...ends
  } = await tally(guesses);
  assert.equal(answers + codes, 5);
  assert.deepEqual(ends, { [TOO_MANY_WRONG_CODES]: 15 });
});

test("A resend amid the guesses does not give the attacker more of them.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  const code = ada.code();
  await app.advance(31 * SECOND);

  const ends = await tally(
    atOnce(30, (n, caller) =>
      n % 10 === 5
        ? ada.resend(sign, caller)
        : ada.answer(sign, wrongCode(code, n + 1), {}, caller),
    ),
  );

  assert.equal(ends[WRONG_ANSWER], 5, JSON.stringify(ends));
  await refused(ada.answer(sign, ada.code()), TOO_MANY_WRONG_CODES);
  assert.ok(ada.messages.length <= 2);
});

test("Thirty right codes at once open one session, in each of five rounds.", async () => {
  const ada = await createUser();
  for (let round = 1; round <= 5; round++) {
    // Time for the limit of codes per user not to interfere.
    await app.advance(16 * MINUTE);
    const sign = await ada.login({}, { node: round % NODES });
    const code = ada.code();
    const clock = new Clock();

    const ends = await tally(
      atOnce(30, (_, caller) => clock.time(ada.answer(sign, code, {}, caller))),
    );

    const {
      granted,
      // Five were looked at, and the others came too late for that.
      [CHALLENGE_UNKNOWN]: unknown = 0,
      [TOO_MANY_WRONG_CODES]: late = 0,
    } = ends;
    assert.equal(granted, 1, JSON.stringify(ends));
    assert.equal(unknown + late, 29, JSON.stringify(ends));
    assert.equal((await ada.sessions()).length, round);
    assert.ok(clock.most >= NODES, `${clock.most} requests at once`);
  }
});

test("Thirty right codes at once on the tutorial's wire open one session.", async () => {
  const ada = await createUser();
  await ada.login();
  const code = ada.code();

  await onlyOne(
    atOnce(30, (_, caller) => ada.answerWithPassword(code, caller)),
  );

  assert.equal((await ada.sessions()).length, 1);
});

test("Forty first calls at once of a user who never signed in send one message, in each of five rounds.", async () => {
  for (let round = 1; round <= 5; round++) {
    const ada = await createUser();
    const accounts = (await app.rows("TwoFactorAccount")).length;

    const calls = atOnce(40, (_, caller) => ada.login({}, caller));

    assert.deepEqual(await tally(calls), { challenge: 40 });
    assert.equal(ada.messages.length, 1, "messages");
    const rows = (await app.rows("TwoFactorAccount")).length;
    assert.equal(rows, accounts + 1, "account rows");
    // A caller who is given a challenge that lost would wait for a message in vain.
    const signs = await Promise.all(calls);
    const challenges = new Set(signs.map(({ challenge }) => challenge));
    assert.equal(challenges.size, 1, "challenges");
    await ada.answer(signs[0], ada.code());
  }
});

test("Ten resends at once send one message.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  await app.advance(31 * SECOND);

  const ends = await tally(atOnce(10, (_, caller) => ada.resend(sign, caller)));

  assert.equal(ada.messages.length, 2, JSON.stringify(ends));
  await ada.answer(sign, ada.code());
});

test("A sign-in begun on one node may go on and end on the others.", async () => {
  const ada = await createUser();
  const sign = await ada.login({}, { node: 0 });
  const wrong = ada.answer(sign, wrongCode(ada.code()), {}, { node: 1 });
  await refused(wrong, WRONG_ANSWER);
  await app.advance(31 * SECOND);
  const resent = await ada.resend(sign, { node: 2 });
  assert.equal(resent.challenge, sign.challenge);

  const token = await ada.answer(sign, ada.code(), {}, { node: 1 });

  const headers = { "X-Parse-Session-Token": token };
  const me = await app.rest("GET", "/users/me", undefined, headers, 0);
  assert.equal(me.body.objectId, ada.id);
  for (const node of [0, 1, 2]) {
    const again = ada.answer(sign, ada.code(), {}, { node });
    await refused(again, CHALLENGE_UNKNOWN);
  }
});

test("A tutorial's sign-in may go from node to node as well.", async () => {
  const ada = await createUser();
  await ada.login({}, { node: 0 });
  await ada.answerWithPassword(ada.code(), { node: 1 });
});

describe("A hundred wrong codes in a row", () => {
  /**
   * Five wrong codes at once, dealt out to the nodes.
   * @param {User} user
   */
  const failFiveTimes = async (user) => {
    // Time for the limit of codes per user not to interfere.
    await app.advance(16 * MINUTE);
    const sign = await user.login();
    const code = user.code();
    return tally(
      atOnce(5, (n, caller) =>
        user.answer(sign, wrongCode(code, n + 1), {}, caller),
      ),
    );
  };

  test("A hundred wrong codes over many challenges disable the factor until an operator resets it (CVE-2024-0227).", async () => {
    const ada = await createUser();
    for (let challenges = 1; challenges <= 20; challenges++) {
      const ends = await failFiveTimes(ada);
      // The hundredth may be told what it did.
      if (challenges < 20) assert.deepEqual(ends, { [WRONG_ANSWER]: 5 });
    }
    const sent = ada.messages.length;
    await app.advance(24 * 60 * MINUTE);

    for (let node = 0; node < NODES; node++) {
      await refused(ada.login({}, { node }), DISABLED);
    }
    assert.equal(ada.messages.length, sent);
    await refused(ada.nativeLogin(), NATIVE_SIGN_IN);

    const { token } = await ada.session();
    for (const sessionToken of [undefined, token]) {
      const params = { userId: ada.id };
      const reset = app.run("resetTwoFactor", params, { sessionToken });
      await refused(reset, OPERATION_FORBIDDEN);
    }
    await refused(ada.login(), DISABLED);

    assert.deepEqual(await ada.reset(), {});
    await ada.signIn();
  });

  test("A hundred wrong codes disable a code that is on its way, too.", async () => {
    const ada = await createUser();
    for (let challenges = 1; challenges <= 19; challenges++) {
      await failFiveTimes(ada);
    }
    await app.advance(16 * MINUTE);
    const session = await ada.session();
    const sign = await ada.login();
    const code = ada.code();
    for (let n = 1; n <= 4; n++) {
      await refused(ada.answer(sign, wrongCode(code, n)), WRONG_ANSWER);
    }
    // The hundredth is on another challenge: the failures are the user's, not a challenge's.
    const up = await session.beginStepUp();
    const wrong = wrongCode(ada.code());
    const method = { method: "sms" };
    await refused(session.answerStepUp(up, wrong, method), WRONG_ANSWER);

    await refused(ada.answer(sign, code), DISABLED);
    await refused(ada.answerWithPassword(code), DISABLED);
    assert.equal((await ada.sessions()).length, 1, "its own alone");
  });

  test("Wrong codes are not in a row when the right one came in between.", async () => {
    const ada = await createUser();
    for (let challenges = 1; challenges <= 19; challenges++) {
      await failFiveTimes(ada);
    }
    await app.advance(16 * MINUTE);
    await ada.signIn();
    await failFiveTimes(ada);
    await app.advance(16 * MINUTE);

    await ada.signIn();
  });
});
