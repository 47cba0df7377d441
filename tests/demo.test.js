// @ts-check
"use strict";

const assert = require("node:assert/strict");
const net = require("node:net");
const os = require("node:os");
const { after, before, describe, test } = require("node:test");
const { wrongCode } = require("./support/user");
const { granted, refused } = require("./support/answers");
const { freshDatabase } = require("./support/database");
const { startDemo } = require("./support/demo");
const { listen } = require("./support/listen");
const {
  CHALLENGE_UNKNOWN,
  INVALID_CREDENTIALS,
  NATIVE_SIGN_IN,
  WRONG_CODE,
  WRONG_ANSWER,
} = require("./support/refusals");

/** @typedef {Awaited<ReturnType<typeof startDemo>>} Demo */

const TUTORIALS_USER = { username: "123", password: "123" };
const TUTORIALS_NUMBER = "+15005550006";

/**
 * @param {Demo} demo
 * @param {string} number
 */
async function codeTo(demo, number) {
  const [newest] = await demo.messages(number);
  const [, code] = /^Your 2FA code is (\d{6})/.exec(newest?.body) ?? [];
  assert.ok(code, `no code in ${JSON.stringify(newest)}`);
  return code;
}

describe("The demo, started with nothing but a port", () => {
  /** @type {Demo} */
  let demo;

  before(async () => {
    demo = await startDemo();
    assert.ok(await demo.ready, demo.output());
  });
  after(() => demo?.stop());

  test("The demo prints one line that starts with ready.", () => {
    assert.equal(demo.output().match(/^ready/gm)?.length, 1);
  });

  test("The demo runs a database of its own.", async () => {
    assert.equal((await demo.databases()).length, 1);
  });

  test("The demo serves the page.", async () => {
    const response = await fetch(`${demo.url}/`);
    assert.equal(response.status, 200);
    assert.match(response.headers.get("content-type") ?? "", /text\/html/);
    assert.match(await response.text(), /id="phone"/);
  });

  test("The demo signs the tutorial's user in over REST, the tutorial's way.", async () => {
    const first = await demo.login(TUTORIALS_USER);
    assert.equal(first.status, 200, JSON.stringify(first));
    // The demo's clock is the real one, and runs while the message is sent.
    const { challenge, expiresIn, resendIn, ...rest } = first.body.result;
    assert.equal(typeof challenge, "string");
    assert.ok(expiresIn > 270 && expiresIn <= 300, `${expiresIn}`);
    assert.ok(resendIn > 0 && resendIn <= 30, `${resendIn}`);
    assert.deepEqual(rest, {
      status: "challenge",
      method: "sms",
      to: "•••• 0006",
      methods: ["sms"],
      attempts: 5,
    });

    const code = await codeTo(demo, TUTORIALS_NUMBER);
    const wrong = { ...TUTORIALS_USER, code: wrongCode(code) };
    assert.deepEqual(await demo.login(wrong), {
      status: 400,
      body: { code: WRONG_CODE, error: "Invalid 2fa code" },
    });

    const sessionToken = granted(await demo.login({ ...TUTORIALS_USER, code }));
    const headers = { "X-Parse-Session-Token": sessionToken };
    const me = await demo.rest("GET", "/users/me", undefined, headers);
    assert.equal(me.body.username, "123");
    await refused(demo.login({ ...TUTORIALS_USER, code }), CHALLENGE_UNKNOWN);
  });

  test("The demo signs a user in over REST with the challenge.", async () => {
    const user = { username: "challenged", password: "a password" };
    const phone_number = "+14155550101";
    await demo.createUser({ ...user, phone_number });
    const { body } = await demo.login(user);
    const code = await codeTo(demo, phone_number);
    granted(await demo.login({ challenge: body.result.challenge, code }));
  });

  test("The demo refuses the tutorial's user at Parse's own sign-in.", async () => {
    await refused(demo.rest("POST", "/login", TUTORIALS_USER), NATIVE_SIGN_IN);
  });

  test("The demo shows the messages to a number, newest first.", async () => {
    const phone_number = "+14155550102";
    const password = "a password";
    for (const username of ["older", "newer"]) {
      await demo.createUser({ username, password, phone_number });
    }
    await demo.login({ username: "older", password });
    const [older] = await demo.messages(phone_number);
    await demo.login({ username: "newer", password });

    const messages = await demo.messages(phone_number);

    assert.equal(messages.length, 2);
    const [newest, second] = messages;
    assert.deepEqual(second, older);
    assert.deepEqual(Object.keys(newest).sort(), [
      "at",
      "body",
      "channel",
      "from",
      "to",
      "validityPeriod",
    ]);
    assert.equal(newest.channel, "sms");
    assert.equal(newest.validityPeriod, 300);
    assert.equal(newest.to, phone_number);
    assert.equal(newest.from, "+15005550100");
    assert.match(newest.body, /^Your 2FA code is [0-9]{6}/);
    assert.equal(new Date(newest.at).toISOString(), newest.at);
    assert.ok(newest.at >= second.at);
    assert.deepEqual(await demo.messages("+14155550103"), []);
  });

  test("A mail that Parse sends stands at /demo/mail, by its address and the newest first.", async () => {
    const email = "grace@example.com";
    const user = { username: "grace", password: "correct horse", email };
    assert.equal((await demo.rest("POST", "/users", user)).status, 201);
    await demo.rest("POST", "/requestPasswordReset", { email });
    await demo.rest("POST", "/requestPasswordReset", { email });
    const mails = await demo.mails(email);
    assert.deepEqual(
      mails.map(({ to, subject }) => ({ to, subject })),
      Array(2).fill({ to: email, subject: "Set a new password" }),
    );
    const [newest, second] = mails;
    assert.deepEqual(Object.keys(newest).sort(), [
      "at",
      "subject",
      "text",
      "to",
    ]);
    assert.match(newest.text, /^http:\/\/localhost:[0-9]+\/parse\//);
    assert.ok(newest.at >= second.at);
    assert.deepEqual(await demo.mails("nobody@example.com"), []);
  });

  test("The demo has no Parse Dashboard unless somebody has installed it.", async () => {
    assert.equal((await fetch(`${demo.url}/dashboard`)).status, 404);
    assert.doesNotMatch(demo.output(), /Parse Dashboard/);
  });

  test("The demo has no provider unless DEMO_PROVIDER says so.", async () => {
    const authData = { demo: { id: "ada", token: "token-of-ada" } };
    const UNSUPPORTED = 252;
    await refused(demo.login({ authData }), UNSUPPORTED);
  });

  test("The demo is not to be reached from outside.", async () => {
    const { port } = new URL(demo.url);
    const addresses = Object.values(os.networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === "IPv4")
      .map(({ address }) => address);
    for (const host of ["127.0.0.1", ...addresses]) {
      for (const path of ["messages", "mail"]) {
        const answers = await fetch(`http://${host}:${port}/demo/${path}`).then(
          ({ status }) => status,
          () => "nobody there",
        );
        const expected = host === "127.0.0.1" ? 200 : "nobody there";
        assert.equal(answers, expected, host);
      }
    }
  });
});

describe("Two demos on one database", () => {
  const settings = {
    PARSE_SERVER_APPLICATION_ID: "another-app",
    PARSE_SERVER_MASTER_KEY: "another-master-key",
    DEMO_PROVIDER: "1",
  };
  /** @type {import("./support/database").Database} */
  let database;
  /** @type {Demo[]} */
  const demos = [];

  before(async () => {
    database = await freshDatabase();
    const PARSE_SERVER_DATABASE_URI = database.uri;
    for (let n = 0; n < 2; n++) {
      const demo = await startDemo({ ...settings, PARSE_SERVER_DATABASE_URI });
      demos.push(demo);
      assert.ok(await demo.ready, demo.output());
    }
  });
  after(async () => {
    await Promise.all(demos.map((demo) => demo.stop()));
    await database?.stop();
  });

  test("Two demos on one database start no database beside it, and make the tutorial's user once.", async () => {
    const [demo] = demos;
    assert.deepEqual(await demo.databases(), []);
    const where = JSON.stringify({ username: "123" });
    const { results } = await demo.asMaster("/classes/_User", { where });
    assert.equal(results.length, 1);
    assert.equal(results[0].phone_number, TUTORIALS_NUMBER);
  });

  test("Two demos on one database serve one sign-in between them.", async () => {
    const [one, other] = demos;
    const { body } = await one.login(TUTORIALS_USER);
    const { challenge } = body.result;
    const code = await codeTo(one, TUTORIALS_NUMBER);

    const wrong = { challenge, code: wrongCode(code) };
    await refused(other.login(wrong), WRONG_ANSWER);
    const token = granted(await other.login({ challenge, code }));

    const headers = { "X-Parse-Session-Token": token };
    const me = await one.rest("GET", "/users/me", undefined, headers);
    assert.equal(me.body.username, "123");
    await refused(one.login({ challenge, code }), CHALLENGE_UNKNOWN);
  });

  test("A demo with DEMO_PROVIDER signs in by the provider demo's word and by nothing else, and a refusal does not repeat the token.", async () => {
    const [one, other] = demos;
    const word = (/** @type {unknown} */ id, /** @type {unknown} */ token) => ({
      authData: { demo: { id, token } },
    });
    const made = granted(await one.login(word("ada", "token-of-ada")));
    const headers = { "X-Parse-Session-Token": made };
    const me = await one.rest("GET", "/users/me", undefined, headers);
    granted(await other.login(word("ada", "token-of-ada")));
    const where = JSON.stringify({ "authData.demo.id": { $regex: "." } });
    const { results } = await one.asMaster("/classes/_User", { where });
    assert.deepEqual(
      results.map((/** @type {any} */ { objectId }) => objectId),
      [me.body.objectId],
    );
    for (const token of ["token-of-bob", "ada", "", 5, null, undefined]) {
      const call = one.login(word("ada", token));
      const said = await refused(call, INVALID_CREDENTIALS);
      assert.ok(!token || !said.includes(String(token)), said);
    }
  });

  test("A demo answers to the application id that was set.", async () => {
    const headers = { "X-Parse-Application-Id": "demo" };
    const answer = await demos[0].rest("GET", "/users/me", undefined, headers);
    assert.equal(answer.status, 403);
  });
});

test("Two demos started at once on an empty database both come up, with one user between them.", async () => {
  const database = await freshDatabase();
  const PARSE_SERVER_DATABASE_URI = database.uri;
  const demos = await Promise.all(
    [1, 2].map(() => startDemo({ PARSE_SERVER_DATABASE_URI })),
  );
  try {
    for (const demo of demos) assert.ok(await demo.ready, demo.output());
    const where = JSON.stringify({ username: "123" });
    const { results } = await demos[0].asMaster("/classes/_User", { where });
    assert.equal(results.length, 1);
    const { body } = await demos[1].login(TUTORIALS_USER);
    assert.equal(body.result?.method, "sms", JSON.stringify(body));
  } finally {
    await Promise.all(demos.map((demo) => demo.stop()));
    await database.stop();
  }
});

describe("The demo's end", () => {
  for (const signal of /** @type {const} */ ([
    "SIGTERM",
    "SIGINT",
    "SIGKILL",
  ])) {
    test(`A demo that ends by ${signal} takes its database along.`, async () => {
      const demo = await startDemo();
      try {
        assert.ok(await demo.ready, demo.output());
        const [database] = await demo.databases();
        assert.ok(isRunning(database));

        demo.signal(signal);

        assert.equal(await demo.ended, signal === "SIGKILL" ? signal : 0);
        await gone(demo, database);
      } finally {
        await demo.stop();
      }
    });
  }

  test("A demo whose port is in use says so, ends and leaves nothing.", async () => {
    const other = net.createServer();
    const port = await listen(other);
    const demo = await startDemo({ PORT: String(port) });
    try {
      assert.equal(await demo.ready, false);
      assert.equal(await demo.ended, 1);
      assert.match(demo.output(), new RegExp(`${port} is in use`));
      assert.deepEqual(await demo.remains(), []);
    } finally {
      other.close();
      await demo.stop();
    }
  });
});

/** @param {number} id */
function isRunning(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * The database ends after the demo where the demo had no chance to wait for it.
 * @param {Demo} demo
 * @param {number} database
 */
async function gone(demo, database) {
  let remains;
  for (let tries = 0; tries < 200; tries++) {
    remains = await demo.remains();
    if (remains.length === 0 && !isRunning(database)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`after ten seconds there is still ${remains} or ${database}`);
}
