// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { startApp, credentials, wrongCode } = require("./support/app");
const { granted, refused, result, tally } = require("./support/answers");

/**
 * Several processes on one database, the state in which every published race of second factors was found
 * (Parse GHSA-2299-ghjr-6vjp, GHSA-jpq4-7fmq-q5fj, keycloak#31726).
 */

const NODES = 3;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** @type {import("./support/app").App} */
let app;

before(async () => {
  app = await startApp({ nodes: NODES });
});
after(() => app?.stop());

/**
 * @template T
 * @param {number} times
 * @param {(n: number, node: number) => Promise<T>} request
 * @returns {Promise<T[]>} the answers to that many requests at a time, dealt out to the nodes
 */
function atOnce(times, request) {
  return Promise.all(
    Array.from({ length: times }, (_, n) => request(n, n % NODES)),
  );
}

test("of ninety guesses at once on one challenge five are looked at", async () => {
  const user = await app.createUser();
  const { challenge, code } = await app.begin(user);

  const answers = await atOnce(90, (n, node) =>
    app.run("login", { challenge, code: wrongCode(code, n + 1) }, { node }),
  );

  assert.deepEqual(tally(answers), { 141: 5, 4013: 85 });
  refused(await app.run("login", { challenge, code }), 4013);
  assert.deepEqual(await app.sessions(user.id), []);
});

test("guesses at once on both wires are looked at five times together", async () => {
  const user = await app.createUser();
  const { challenge, code } = await app.begin(user);

  const answers = await atOnce(20, (n, node) => {
    const guess = wrongCode(code, n + 1);
    const params =
      n % 2
        ? { challenge, code: guess }
        : { ...credentials(user), code: guess };
    return app.run("login", params, { node });
  });

  assert.deepEqual(tally(answers), { 141: 5, 4013: 15 });
});

test("a resend amid the guesses does not give the attacker more of them", async () => {
  const user = await app.createUser();
  const { challenge, code } = await app.begin(user);
  await app.advance(31 * SECOND);

  const answers = await atOnce(30, (n, node) =>
    n % 10 === 5
      ? app.run("resendCode", { challenge }, { node })
      : app.run("login", { challenge, code: wrongCode(code, n + 1) }, { node }),
  );

  // 4014: the second and third resend, if they come after the first.
  const { 141: looked, ...others } = tally(answers);
  assert.equal(looked, 5, JSON.stringify(others));
  refused(await app.run("login", { challenge, code: app.codeOf(user) }), 4013);
  assert.ok(app.messagesTo(user).length <= 2);
});

test("thirty right codes at once open one session, in each of fifty rounds", async () => {
  const user = await app.createUser();
  for (let round = 1; round <= 50; round++) {
    // Time for the limit of codes per user not to interfere.
    await app.advance(16 * MINUTE);
    const { challenge, code } = await app.begin(user, { node: round % NODES });

    const answers = await atOnce(30, (_, node) =>
      app.run("login", { challenge, code }, { node }),
    );

    const [winner, ...others] = answers.filter(({ body }) => body.result);
    granted(winner);
    assert.deepEqual(others, [], `round ${round}`);
    for (const answer of answers) {
      // Five were looked at, and the others came too late for that.
      if (answer !== winner) refused(answer, [4012, 4013]);
    }
    assert.equal((await app.sessions(user.id)).length, round);
  }
});

test("thirty right codes at once on the tutorial's wire open one session", async () => {
  const user = await app.createUser();
  const { code } = await app.begin(user);

  const answers = await atOnce(30, (_, node) =>
    app.run("login", { ...credentials(user), code }, { node }),
  );

  assert.equal(tally(answers).granted, 1, JSON.stringify(tally(answers)));
  assert.equal((await app.sessions(user.id)).length, 1);
});

test("forty first calls at once of a user who never signed in send one message, in each of five rounds", async () => {
  for (let round = 1; round <= 5; round++) {
    const user = await app.createUser();
    const accounts = (await app.rows("TwoFactorAccount")).length;

    const answers = await atOnce(40, (_, node) =>
      app.run("login", credentials(user), { node }),
    );

    assert.deepEqual(tally(answers), { challenge: 40 });
    assert.equal(app.messagesTo(user).length, 1, "messages");
    const rows = (await app.rows("TwoFactorAccount")).length;
    assert.equal(rows, accounts + 1, "account rows");
    // A caller who is given a challenge that lost would wait for a message in vain.
    const challenges = new Set(
      answers.map(({ body }) => body.result.challenge),
    );
    assert.equal(challenges.size, 1, "challenges");
    const [challenge] = challenges;
    granted(await app.run("login", { challenge, code: app.codeOf(user) }));
  }
});

test("ten resends at once send one message", async () => {
  const user = await app.createUser();
  const { challenge } = await app.begin(user);
  await app.advance(31 * SECOND);

  const answers = await atOnce(10, (_, node) =>
    app.run("resendCode", { challenge }, { node }),
  );

  assert.equal(app.messagesTo(user).length, 2, JSON.stringify(tally(answers)));
  granted(await app.run("login", { challenge, code: app.codeOf(user) }));
});

test("a sign-in begun on one node may go on and end on the others", async () => {
  const user = await app.createUser();
  const { challenge, code } = await app.begin(user, { node: 0 });
  const wrong = { challenge, code: wrongCode(code) };
  refused(await app.run("login", wrong, { node: 1 }), 141);
  await app.advance(31 * SECOND);
  const resent = await app.run("resendCode", { challenge }, { node: 2 });
  assert.equal(resent.body.result?.challenge, challenge);

  const right = { challenge, code: app.codeOf(user) };
  const sessionToken = granted(await app.run("login", right, { node: 1 }));

  const headers = { "X-Parse-Session-Token": sessionToken };
  const me = await app.rest("GET", "/users/me", undefined, headers, 0);
  assert.equal(me.body.objectId, user.id);
  for (const node of [0, 1, 2]) {
    refused(await app.run("login", right, { node }), 4012);
  }
});

test("a tutorial's sign-in may go from node to node as well", async () => {
  const user = await app.createUser();
  const { code } = await app.begin(user, { node: 0 });
  const right = { ...credentials(user), code };
  granted(await app.run("login", right, { node: 1 }));
});

describe("a hundred wrong codes in a row", () => {
  /**
   * Five wrong codes at once, dealt out to the nodes.
   * @param {import("./support/app").User} user
   */
  const failFiveTimes = async (user) => {
    // Time for the limit of codes per user not to interfere.
    await app.advance(16 * MINUTE);
    const { challenge, code } = await app.begin(user);
    const answers = await atOnce(5, (n, node) =>
      app.run("login", { challenge, code: wrongCode(code, n + 1) }, { node }),
    );
    return { challenge, code, answers };
  };

  test("over many challenges disable the factor until an operator resets it", async () => {
    const user = await app.createUser();
    for (let challenges = 1; challenges <= 20; challenges++) {
      const { answers } = await failFiveTimes(user);
      // The hundredth may be told what it did.
      if (challenges < 20) assert.deepEqual(tally(answers), { 141: 5 });
    }
    const sent = app.messagesTo(user).length;
    await app.advance(24 * 60 * MINUTE);

    for (let node = 0; node < NODES; node++) {
      refused(await app.run("login", credentials(user), { node }), 4019);
    }
    assert.equal(app.messagesTo(user).length, sent);
    refused(await app.rest("POST", "/login", credentials(user)), 4010);

    const sessionToken = await app.sessionOf(user);
    const params = { userId: user.id };
    for (const caller of [{}, { sessionToken }]) {
      const { status, body } = await app.run("resetTwoFactor", params, caller);
      assert.ok(status >= 400 && status < 500, JSON.stringify(body));
    }
    refused(await app.run("login", credentials(user)), 4019);

    const reset = await app.run("resetTwoFactor", params, { master: true });

    assert.deepEqual(reset, { status: 200, body: { result: {} } });
    granted(await app.run("login", await app.begin(user)));
  });

  test("disable a code that is on its way, too", async () => {
    const user = await app.createUser();
    for (let challenges = 1; challenges <= 19; challenges++) {
      await failFiveTimes(user);
    }
    await app.advance(16 * MINUTE);
    const sessionToken = await app.sessionOf(user);
    const { challenge, code } = await app.begin(user);
    for (let n = 1; n <= 4; n++) {
      const wrong = { challenge, code: wrongCode(code, n) };
      refused(await app.run("login", wrong), 141);
    }
    // The hundredth is on another challenge: the failures are the user's, not a challenge's.
    const caller = { sessionToken };
    const stepUp = result(await app.run("stepUp", {}, caller));
    const wrong = wrongCode(app.codeOf(user));
    refused(
      await app.run(
        "stepUp",
        { ...stepUp, code: wrong, method: "sms" },
        caller,
      ),
      141,
    );

    refused(await app.run("login", { challenge, code }), 4019);
    refused(await app.run("login", { ...credentials(user), code }), 4019);
    assert.equal((await app.sessions(user.id)).length, 1, "its own alone");
  });

  test("are not in a row when the right one came in between", async () => {
    const user = await app.createUser();
    for (let challenges = 1; challenges <= 19; challenges++) {
      await failFiveTimes(user);
    }
    await app.advance(16 * MINUTE);
    granted(await app.run("login", await app.begin(user)));
    await failFiveTimes(user);
    await app.advance(16 * MINUTE);

    granted(await app.run("login", await app.begin(user)));
  });
});
