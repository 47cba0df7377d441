// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { createRequire } = require("node:module");
const { after, afterEach, before, describe, test } = require("node:test");
const { startApp } = require("./support/app");
const { granted, refused } = require("./support/answers");

/** The drivers of databases are those that Parse Server brings. */
const driver = createRequire(require.resolve("parse-server"));

/**
 * Faults with real processes: a provider that fails in each of its ways, a node that is killed, a database that hangs
 * up. Afterwards nobody has a session without the second factor, and nobody is locked out.
 */

const SECOND = 1000;

/** @typedef {import("./support/app").User} User */

/** @type {import("./support/app").App} */
let app;

before(async () => {
  app = await startApp({ nodes: 2 });
});
after(() => app?.stop());
afterEach(() => app?.twilio.failWith(null));

/** @param {User} user */
const credentials = ({ username, password }) => ({ username, password });

/** What a message may use up: the windows, and the user's own. @param {User} user */
async function used(user) {
  const windows = (await app.rows("TwoFactorWindow"))
    .filter(({ count }) => count !== 0)
    .map(({ bucket, count }) => `${bucket}: ${count}`);
  const [account] = await app.rows("TwoFactorAccount", { user: user.id });
  const { challenges = [], codes = [], attempts = [] } = account ?? {};
  return {
    windows: windows.sort(),
    challenges: challenges.map((/** @type {any} */ { id }) => id).sort(),
    codes: codes.map((/** @type {any} */ { nonce }) => nonce).sort(),
    attempts: attempts.length,
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
    test(`${what} costs nothing, and a retry at once succeeds`, async () => {
      const user = await app.createUser();
      const before = await used(user);
      app.twilio.failWith(mode);
      const started = Date.now();

      const answer = await app.run("login", credentials(user));

      notSent(answer);
      assert.ok(Date.now() - started < 20 * SECOND, "a timeout of ours");
      assert.deepEqual(await used(user), before);
      assert.deepEqual(await app.sessions(user.id), []);
      app.twilio.failWith(null);
      granted(await app.run("login", await app.begin(user)));
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
    const user = await app.createUser({ phone_number: "+15005550001" });
    const before = await used(user);
    for (let n = 0; n < 6; n++) {
      notSent(await app.run("login", credentials(user)));
    }
    assert.deepEqual(await used(user), before);

    user.phone = app.newNumber();
    await app.asMaster("PUT", `/users/${user.id}`, {
      phone_number: user.phone,
    });
    granted(await app.run("login", await app.begin(user)));
  });
});

test("a database that hangs up costs the calls in flight, and the next ones succeed", async (t) => {
  if (!app.databaseURI.startsWith("postgres")) {
    // Its server has no command for every driver's connections.
    return t.skip("for PostgreSQL");
  }
  const user = await app.createUser();
  const others = await Promise.all(
    Array.from({ length: 10 }, () => app.createUser()),
  );
  const { challenge, code } = await app.begin(user);
  const pg = new (driver("pg-promise")().pg.Client)(app.databaseURI);
  await pg.connect();
  t.after(() => pg.end());

  /** @type {Promise<import("./support/app").Answer>[]} */
  const calls = [];
  for (const [n, other] of others.entries()) {
    const node = n % 2;
    calls.push(app.run("login", credentials(other), { node }));
    calls.push(app.run("login", { challenge, code }, { node }));
    // At another place of each call in flight.
    await pause(10);
    await pg.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
  }
  const answers = await Promise.all(calls);

  let failed = 0;
  for (const { status, body } of answers) {
    if (status === 200) continue;
    failed += 1;
    assert.ok(status >= 400, JSON.stringify(body));
    assert.ok(Number.isInteger(body.code), JSON.stringify(body));
    assert.doesNotMatch(JSON.stringify(body), /SELECT|terminat|_User"/);
  }
  assert.ok(failed > 0, "no call met the fault");
  const sessions = await app.sessions(user.id);
  assert.ok(sessions.length <= 1, "at most one session per code");
  for (const other of others) {
    assert.deepEqual(await app.sessions(other.id), []);
  }

  await app.advance(31 * SECOND);
  for (const [n, one] of [user, ...others].entries()) {
    const node = n % 2;
    granted(await app.run("login", await app.begin(one, { node }), { node }));
  }
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
  await pause(300);
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
