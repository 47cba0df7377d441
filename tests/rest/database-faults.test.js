// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { startApp } = require("../support/app");
const { granted, refused, tally } = require("../support/answers");
const { startPostgresProxy } = require("../support/postgres-proxy");
const {
  CODE_EXPIRED,
  TRY_AGAIN,
  WRONG_ANSWER,
} = require("../support/refusals");
const { startDatabase } = require("../support/sandbox");
const { MINUTE, SECOND } = require("../support/time");
const { wrongCode } = require("../support/user");

/**
 * A fault at every statement in turn that a sign-in sends to the database: the connection cut before or after it, its
 * answer late, the process killed. Afterwards nobody has a session without the second factor, nobody is locked out, and
 * nobody waits longer than the resend time.
 *
 * One app reaches the database through a proxy of ours, the other one directly. The faults are put into PostgreSQL's
 * protocol, so it is PostgreSQL here whatever database the other tests run on.
 */

/** @typedef {import("../support/app").App} App */
/** @typedef {import("../support/user").User} User */
/** @typedef {import("../support/app").Answer} Answer */
/** @typedef {{challenge: string, code: string}} Begun */

/** @type {Awaited<ReturnType<typeof startDatabase>>} */
let database;
/** @type {Awaited<ReturnType<typeof startPostgresProxy>>} */
let proxy;
/** @type {App} */
let healthy;
/** @type {App} */
let faulty;

before(async () => {
  database = await startDatabase();
  proxy = await startPostgresProxy(database.uri);
  healthy = await startApp({ databaseURI: database.uri });
  await startFaulty();
  // So that the windows of the app and the class of sessions are there.
  const user = await healthy.user().withNumber().create();
  await user.on(faulty).signIn();
});
after(async () => {
  await faulty?.stop();
  await healthy?.stop();
  await proxy?.stop();
  await database?.stop();
});

async function startFaulty() {
  await faulty?.stop();
  faulty = await startApp({ databaseURI: proxy.uri });
  await faulty.advance(healthy.now() - faulty.now());
}

/** @param {number} milliseconds */
async function advance(milliseconds) {
  await healthy.advance(milliseconds);
  await faulty.advance(milliseconds);
  // The locks under which rows are created go by the real clock.
  for (const { objectId, expire } of await healthy.rows("_Idempotency")) {
    const iso = new Date(Date.parse(expire.iso) - milliseconds).toISOString();
    await healthy.asMaster("PUT", `/classes/_Idempotency/${objectId}`, {
      expire: { __type: "Date", iso },
    });
  }
}

/** @param {User} user */
const messagesTo = (user) =>
  [...user.on(healthy).messages, ...user.on(faulty).messages].sort((a, b) =>
    a.at < b.at ? 1 : -1,
  );

/**
 * The calls of a sign-in, what comes before each, and how many statements it has at the least.
 * @type {Record<string, {after: "nothing" | "a sign-in" | "a first call", statements: number, call: (app: App, user: User, begun: Begun) => Promise<Answer>}>}
 */
const calls = {
  "the very first call": {
    after: "nothing",
    statements: 12,
    call: (app, user) => app.run("login", user.credentials),
  },
  "a first call": {
    after: "a sign-in",
    statements: 6,
    call: (app, user) => app.run("login", user.credentials),
  },
  "a resend": {
    after: "a first call",
    statements: 5,
    call: (app, _, { challenge }) => app.run("resendCode", { challenge }),
  },
  "a wrong code": {
    after: "a first call",
    statements: 3,
    call: (app, _, { challenge, code }) =>
      app.run("login", { challenge, code: wrongCode(code) }),
  },
  "the code with the password": {
    after: "a first call",
    statements: 8,
    call: (app, user, { code }) =>
      app.run("login", { ...user.credentials, code }),
  },
  "the code with its challenge": {
    after: "a first call",
    statements: 6,
    call: (app, _, begun) => app.run("login", begun),
  },
};

/** @param {string} name */
const handsTheCodeIn = (name) => name.startsWith("the code");

/**
 * A user right before that call.
 * @param {string} name
 */
async function userBefore(name) {
  const user = await healthy.user().withNumber().create();
  const { after, call } = calls[name];
  /** @type {Begun} */
  let begun = { challenge: "", code: "" };
  if (after !== "nothing") {
    const { challenge } = await user.login();
    begun = { challenge, code: user.code() };
  }
  if (after === "a sign-in") await user.answer(begun, begun.code);
  if (name === "a resend") await advance(30 * SECOND);
  return {
    user,
    /** How many sessions there are before the call. */
    sessions: await sessionsOf(user),
    messages: messagesTo(user).length,
    call: (/** @type {App} */ app) => call(app, user, begun),
  };
}

/**
 * What a client does that got no session: it hands in what it has, or begins again, at once and after the resend time.
 * @param {User} user
 * @param {App} app
 * @param {string} what
 */
async function signsIn(user, app, what) {
  /** @type {Answer[]} */
  const answers = [];
  for (const wait of [0, 30 * SECOND]) {
    await advance(wait);
    const first = await app.run("login", user.credentials);
    answers.push(first);
    const [newest] = messagesTo(user);
    if (!first.body.result?.challenge || !newest) continue;
    const { challenge } = first.body.result;
    const code = newest.body.slice(-6);
    const second = await app.run("login", { challenge, code });
    answers.push(second);
    if (second.body.result) return granted(second);
  }
  assert.fail(`${what}: locked out: ${JSON.stringify(answers)}`);
}

/** @param {User} user */
async function sessionsOf(user) {
  return (await user.sessions()).length;
}

/**
 * An answer that a fault may lead to: what would have come without it, or that one is to try again.
 * @param {Answer} answer
 * @param {string} what
 */
function assertClear({ status, body }, what) {
  const said = `${what}: ${status} ${JSON.stringify(body)}`;
  if (status === 200) return;
  assert.ok([WRONG_ANSWER, TRY_AGAIN].includes(body.code), said);
  assert.equal(status, 400, said);
  assert.doesNotMatch(body.error, /SELECT|INSERT|UPDATE|_User|ECONN/, said);
}

/**
 * Runs a call as often as it has statements, a fault at each of them in turn, for a new user each time.
 * @param {string} name
 * @param {import("../support/postgres-proxy").Fault} fault
 * @param {(on: Awaited<ReturnType<typeof userBefore>>, trap: import("../support/postgres-proxy").Trap, answer: Promise<Answer>, what: string) => Promise<void>} then
 *   is called once the fault has happened
 */
async function atEachStatement(name, fault, then) {
  for (let at = 1; ; at++) {
    const on = await userBefore(name);
    const trap = proxy.at(at, fault);
    try {
      const answer = on.call(faulty);
      // One that a killed process leaves unanswered is no error.
      await Promise.race([trap.met, answer.catch(() => {})]);
      const statement = trap.statement();
      if (statement === undefined) {
        const least = calls[name].statements;
        assert.ok(at > least, `only ${at - 1} statements`);
        return;
      }
      const what = `${name}, statement ${at}: ${statement.slice(0, 60)}`;
      await then(on, trap, answer, what);
    } finally {
      trap.release();
    }
  }
}

for (const [fault, how] of /** @type {const} */ ([
  ["lost", "before the database gets it"],
  ["unanswered", "before the database answers it"],
])) {
  describe(`A connection cut at each statement, ${how}`, () => {
    for (const name of Object.keys(calls)) {
      test(`A connection cut at each statement of ${name}, ${how}, opens nothing that it should not, and locks nobody out.`, async () => {
        let tryAgain = 0;
        await atEachStatement(name, fault, async (on, _, answered, what) => {
          const answer = await answered;
          assertClear(answer, what);
          if (answer.body.code === TRY_AGAIN) tryAgain++;
          const opened = (await sessionsOf(on.user)) - on.sessions;
          assert.ok(opened <= (handsTheCodeIn(name) ? 1 : 0), what);
          if (answer.body.result?.sessionToken) {
            assert.equal(opened, 1, what);
            return;
          }
          await signsIn(on.user, tryAgain % 2 ? faulty : healthy, what);
          const after = await sessionsOf(on.user);
          assert.equal(after, on.sessions + opened + 1, what);
        });
        assert.ok(tryAgain > 0, "no call felt a fault");
      });
    }
  });
}

describe("A late answer of the database at each statement", () => {
  // The very first call would hold the lock under which an account is created, and the other one wait for that.
  for (const name of Object.keys(calls).slice(1)) {
    test(`A late answer of the database at each statement of ${name}, while the same call is made elsewhere, changes nothing for the two together.`, async () => {
      await atEachStatement(name, "late", async (on, trap, held, what) => {
        const elsewhere = await on.call(healthy);
        trap.release();
        const answers = [await held, elsewhere];
        const ends = await tally([held, Promise.resolve(elsewhere)]);

        const said = `${what}: ${JSON.stringify(answers)}`;
        const opened = (await sessionsOf(on.user)) - on.sessions;
        const sent = messagesTo(on.user).length - on.messages;
        if (handsTheCodeIn(name)) {
          assert.equal(ends.granted, 1, said);
          assert.deepEqual([opened, sent], [1, 0], said);
          return;
        }
        assert.equal(opened, 0, said);
        if (name === "a wrong code") {
          assert.deepEqual(ends, { [WRONG_ANSWER]: 2 }, said);
          assert.equal(sent, 0, said);
        } else {
          assert.equal(sent, 1, said);
          const challenges = answers.map(({ body }) => body.result?.challenge);
          // Of two resends the later one may be told that it comes too soon.
          if (name === "a first call") {
            assert.equal(challenges[0], challenges[1], said);
          }
          const challenge = challenges[0] ?? challenges[1];
          const code = messagesTo(on.user)[0].body.slice(-6);
          granted(await healthy.run("login", { challenge, code }));
        }
      });
    });
  }

  for (const name of Object.keys(calls).filter(handsTheCodeIn)) {
    test(`A late answer of the database at each statement of ${name} opens nothing for a code that has expired by the time it is looked at.`, async () => {
      /** @type {boolean[]} */
      const opened = [];
      await atEachStatement(name, "late", async (on, trap, held, what) => {
        await advance(5 * MINUTE);
        trap.release();
        const answer = await held;
        const sessions = await sessionsOf(on.user);
        if (answer.body.result) granted(answer);
        else await refused(held, CODE_EXPIRED);
        opened.push(Boolean(answer.body.result));
        assert.equal(sessions, opened.at(-1) ? 1 : 0, what);
      });
      // It is looked at once: those before are refused, those after it are not.
      assert.ok(!opened[0] && opened.at(-1), `${opened}`);
      assert.deepEqual(
        opened,
        opened.toSorted((a, b) => Number(a) - Number(b)),
      );
    });
  }
});

describe("A process killed at each statement", () => {
  for (const name of ["a first call", "the code with its challenge"]) {
    test(`A process killed at each statement of ${name} opens nothing that it should not, and locks nobody out.`, async () => {
      await atEachStatement(name, "late", async (on, _, answer, what) => {
        // The database has carried the statement out, and whatever was to come after it does not come.
        const died = assert.rejects(answer, what);
        await faulty.kill(0);
        await died;

        const opened = (await sessionsOf(on.user)) - on.sessions;
        assert.ok(opened <= (handsTheCodeIn(name) ? 1 : 0), what);
        await signsIn(on.user, healthy, what);
        const after = await sessionsOf(on.user);
        assert.equal(after, on.sessions + opened + 1, what);
        await startFaulty();
      });
    });
  }

  test("A process killed with the lock for a new row keeps others waiting for as long as a resend takes, and no longer.", async () => {
    const name = "the very first call";
    const { user, call } = await userBefore(name);
    // Those of processes that died after they had created their row lock nobody out.
    const locks = async () =>
      (await healthy.rows("_Idempotency")).map(({ reqId }) => reqId).sort();
    const before = await locks();
    const trap = proxy.at(/^INSERT INTO "_Idempotency"/, "late");
    const died = assert.rejects(call(faulty));
    await trap.met;
    await faulty.kill(0);
    await died;

    await refused(call(healthy), TRY_AGAIN);
    await advance(30 * SECOND);
    await signsIn(user, healthy, "the lock");
    assert.deepEqual(await locks(), before);
    await startFaulty();
  });
});
