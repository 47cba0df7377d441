// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, before, test } = require("node:test");
const vm = require("node:vm");
const { effects } = require("../js/effects");
const { startApp, wrongCode } = require("./support/app");
const { result, granted, refused } = require("./support/answers");
const { blocks } = require("./support/markdown");
const { STEP, totp } = require("./support/totp");

/** Parse Server's log, with the settings that README.md recommends: whatever is done, nothing secret stands in it. */

const SECOND = 1000;

/** @type {import("./support/app").App} */
let app;
/** What must not stand in the log, by what it is. @type {Map<string, string>} */
const secrets = new Map();

before(async () => {
  const shown = blocks("README.md").find(({ code }) =>
    code.startsWith("logLevels: {"),
  );
  const server = vm.runInNewContext(`({${shown?.code}})`);
  const keys = `a:${randomBytes(32).toString("base64")}`;
  secrets.set(keys.slice(2), "the key ring");
  secrets.set("tests-master-key", "the master key");
  app = await startApp({
    options: { keys },
    hooks: ["beforeLogin", "afterLogin", "beforeSaveUser"],
    server,
  });
});
after(() => app?.stop());

/** @param {string} what @param {string | undefined} secret */
function keep(what, secret) {
  assert.ok(secret, what);
  secrets.set(secret, what);
  return secret;
}

async function createUser(columns = {}) {
  const user = await app.createUser(columns);
  keep("a password", user.password);
  if (user.phone) keep("a number", user.phone.slice(1));
  return user;
}

/** @param {import("./support/app").User} user */
async function sessionOf(user) {
  return { sessionToken: keep("a session", await app.sessionOf(user)) };
}

test("holds no code, token, key, password or whole number, whatever is done or refused", async () => {
  const user = await createUser();
  const { username, password } = user;
  const wrongPassword = keep(
    "a wrong password",
    randomBytes(9).toString("hex"),
  );

  // Sign-in: refused, begun, mistyped, resent, granted, used again, expired, guessed to its end.
  refused(await app.run("login", { username, password: wrongPassword }), 101);
  refused(await app.rest("POST", "/login", { username, password }), 4010);
  const begun = await app.begin(user);
  keep("a challenge", begun.challenge);
  keep("a code", begun.code);
  const wrong = wrongCode(begun.code);
  keep("a wrong code", wrong);
  const { challenge } = begun;
  refused(await app.run("login", { challenge, code: wrong }), 141);
  refused(await app.run("resendCode", { challenge }), 4014);
  await app.advance(30 * SECOND);
  result(await app.run("resendCode", { challenge }));
  const code = keep("a code", app.codeOf(user));
  const token = granted(await app.run("login", { username, password, code }));
  keep("a session", token);
  refused(await app.run("login", { challenge, code }), 4012);
  await app.advance(300 * SECOND);
  const second = await app.begin(user);
  keep("a code", second.code);
  for (let n = 1; n <= 5; n++) {
    const guess = {
      challenge: second.challenge,
      code: wrongCode(second.code, n),
    };
    refused(await app.run("login", guess), 141);
  }
  refused(await app.run("login", second), 4013);

  // Messages that are not sent, in each way.
  for (const mode of /** @type {const} */ (["rate-limit", "error", "reset"])) {
    const other = await createUser();
    app.twilio.failWith(mode);
    const params = { username: other.username, password: other.password };
    refused(await app.run("login", params), 4018);
    app.twilio.failWith(null);
  }
  for (const number of ["+15005550001", "+15005550009", "+15005550003"]) {
    const other = await createUser({ phone_number: number });
    const params = { username: other.username, password: other.password };
    refused(await app.run("login", params), 4018);
  }
  const unusable = await createUser({ phone_number: "+0123456789" });
  refused(
    await app.run("login", {
      username: unusable.username,
      password: unusable.password,
    }),
    4017,
  );

  // A session: changes refused and allowed, step-up, an authenticator app, recovery codes, an enrolled number.
  const caller = { sessionToken: token };
  const headers = { "X-Parse-Session-Token": token };
  const change = {
    phone_number: `+${keep("a number", app.newNumber().slice(1))}`,
  };
  refused(await app.rest("PUT", `/users/${user.id}`, change, headers), 4020);
  await app.advance(900 * SECOND);
  const up = result(await app.run("stepUp", {}, caller));
  keep("a challenge", up.challenge);
  const upCode = keep("a code", app.codeOf(user));
  result(
    await app.run("stepUp", { challenge: up.challenge, code: upCode }, caller),
  );
  const totpOf = result(
    await app.run("enrollTwoFactor", { method: "totp" }, caller),
  );
  keep("an enrolment", totpOf.enrollment);
  const secret = keep("a secret", totpOf.secret);
  keep("a URI", totpOf.uri);
  const confirm = {
    enrollment: totpOf.enrollment,
    code: totp(secret, app.now()),
  };
  keep("a code of an app", confirm.code);
  const { recoveryCodes } = result(
    await app.run("confirmTwoFactor", confirm, caller),
  );
  for (const one of recoveryCodes) keep("a recovery code", one);
  const phoneNumber = app.newNumber();
  keep("an enrolled number", phoneNumber.slice(1));
  const sms = result(
    await app.run("enrollTwoFactor", { method: "sms", phoneNumber }, caller),
  );
  const smsCode = keep("a code", app.codeOf({ ...user, phone: phoneNumber }));
  result(
    await app.run(
      "confirmTwoFactor",
      { enrollment: sms.enrollment, code: smsCode },
      caller,
    ),
  );
  const renewed = result(await app.run("newRecoveryCodes", {}, caller));
  for (const one of renewed.recoveryCodes) keep("a recovery code", one);
  await app.advance(STEP);
  const third = result(await app.run("login", { username, password }));
  const recovery = { challenge: third.challenge, method: "recovery" };
  refused(await app.run("login", { ...recovery, code: recoveryCodes[0] }), 141);
  const [recoveryCode] = renewed.recoveryCodes;
  keep(
    "a session",
    granted(await app.run("login", { ...recovery, code: recoveryCode })),
  );
  const allowed = await app.rest("PUT", `/users/${user.id}`, change, headers);
  assert.equal(allowed.status, 200, JSON.stringify(allowed));

  // The app's own beforeLogin turns somebody away, and the operator resets.
  const unwelcome = await createUser({
    username: `unwelcome-${randomBytes(4).toString("hex")}`,
  });
  const turned = await app.begin(unwelcome);
  keep("a code", turned.code);
  refused(await app.run("login", turned), 1234);
  const reset = { userId: user.id, scope: "factors" };
  result(await app.run("resetTwoFactor", reset, { master: true }));
  const bare = await createUser({ phone_number: undefined });
  await sessionOf(bare);
  keep(
    "a session",
    granted(
      await app.run("login", {
        username: bare.username,
        password: bare.password,
      }),
    ),
  );

  const log = app.log();
  assert.match(log, /a message was not sent/, "the log is not the one");
  for (const [it, what] of secrets) {
    // A code's digits may stand in a longer number, a time say.
    const found = new RegExp(
      `(?<![0-9A-Za-z])${escape(it)}(?![0-9A-Za-z])`,
    ).exec(log);
    const line =
      found && log.slice(Math.max(0, found.index - 200), found.index + 50);
    assert.equal(found, null, `${what}: ${line}`);
  }
});

test("holds no digit of what an app's own sms function throws", async () => {
  /** @type {string[]} */
  const lines = [];
  const world = {
    send: async () => {
      throw new Error("no route to +1 (500) 555-0006 for 123456");
    },
    warn: (/** @type {string} */ line) => lines.push(line),
  };
  const perform = effects(/** @type {any} */ (world), {});
  const reply = await perform(
    /** @type {any} */ ({ do: "sendMessage", to: "+15005550006", body: "" }),
  );
  assert.deepEqual(reply, { refused: { code: 4018, message: "" } });
  assert.match(
    lines.join("\n"),
    /^a message was not sent \(no route to \D*\)$/,
  );
});

/** @param {string} text */
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
