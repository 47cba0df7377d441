// @ts-check
"use strict";

/** What clients may hand in over REST by mistake or on purpose: a clear refusal each, and no 5xx. */

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { startApp } = require("../support/app");
const { refused } = require("../support/answers");
const {
  BAD_REQUEST,
  CHALLENGE_UNKNOWN,
  INVALID_CREDENTIALS,
  PHONE_UNUSABLE,
} = require("../support/refusals");
const { HOUR } = require("../support/time");

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});
after(() => app?.stop());

const createUser = () => app.user().withNumber().create();

/** Lists within lists. @param {number} depth */
const nested = (depth) => "[".repeat(depth) + "]".repeat(depth);

test("Ten odd calls are refused, their answers tell no secret, and a user signs in afterwards.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  const session = await ada.session();
  const code = ada.code();
  const secrets = [ada.password, ada.phone, session.token, sign.challenge];
  secrets.push(code, "tests-master-key");
  const known = JSON.stringify(ada.credentials).slice(1, -1);
  const challenge = `"challenge":"${sign.challenge}"`;
  for (const [name, body, refusal] of /** @type {const} */ ([
    // Names that mean something to JavaScript and to a database.
    ["login", `{"__proto__":{"code":"${code}"},${challenge}}`, BAD_REQUEST],
    ["login", `{"username":{"$regex":".*"},"password":"x"}`, BAD_REQUEST],
    [
      "login",
      `{"username":"x\\"; DROP TABLE y --","password":"x"}`,
      INVALID_CREDENTIALS,
    ],
    // Values that Parse unpacks.
    ["login", `{${known},"code":{"__op":"Delete"}}`, BAD_REQUEST],
    [
      "login",
      `{${challenge},"code":{"__type":"Bytes","base64":"AAAA"}}`,
      BAD_REQUEST,
    ],
    [
      "resendCode",
      `{"challenge":{"__type":"Object","className":"_Session"}}`,
      BAD_REQUEST,
    ],
    // Too deep, too long, and no Unicode.
    ["login", `{${known},"method":${nested(500)}}`, BAD_REQUEST],
    ["resendCode", `{"challenge":"${"x".repeat(100_000)}"}`, BAD_REQUEST],
    [
      "confirmTwoFactor",
      `{"enrollment":"\\ud800","code":"\\udc00"}`,
      CHALLENGE_UNKNOWN,
    ],
    [
      "enrollTwoFactor",
      `{"method":"sms","phoneNumber":"+14155550100\\u202e","password":"x"}`,
      PHONE_UNUSABLE,
    ],
  ])) {
    const needsSession = /Two/.test(name);
    const caller = needsSession ? { sessionToken: session.token } : {};
    const message = await refused(app.run(name, body, caller), refusal);
    assert.ok(message.length < 500, message);
    for (const secret of secrets) assert.ok(!message.includes(secret), message);
    // Neither a stack nor a query.
    assert.doesNotMatch(message, /\n\s+at |SELECT |_User"/);
  }
  assert.doesNotMatch(app.log(), /the core trapped/);
  await ada.answer(sign, code);
});

test("A NUL in any text is refused as such, and not by Parse's 500.", async () => {
  const ada = await createUser();
  const { username, password } = ada;
  const sign = await ada.login();
  const { challenge } = sign;
  const code = ada.code();
  const sent = app.messages().length;
  for (const params of [
    { username: `${username}\0`, password },
    { username: "\0", password },
    { email: "a\0@example.com", password },
    { username, password: `${password}\0` },
    { username, password, code: `${code}\0` },
    { challenge: `${challenge}\0`, code },
    { challenge, code: `${code}\0` },
    { username, password, method: "sms\0" },
  ]) {
    await refused(app.run("login", params), BAD_REQUEST);
  }
  await refused(ada.resend({ challenge: `${challenge}\0` }), BAD_REQUEST);
  await refused(ada.with({ id: `${ada.id}\0` }).reset(), BAD_REQUEST);

  assert.equal(app.messages().length, sent);
  await ada.answer(sign, code);
});

test("A user with a value that cannot be saved is refused, and the server lives.", async () => {
  const values = {
    date: { __type: "Date", iso: "x" },
    nested: { deep: { __type: "Date", iso: "x" } },
    listed: [{ __type: "Date", iso: "x" }],
    added: { __op: "Add", objects: [{ __type: "Date", iso: "x" }] },
    pointer: { __type: "Pointer", className: "_User" },
    file: { __type: "File" },
  };
  const ada = await createUser();
  const session = await ada.session();
  for (const [name, bad] of Object.entries(values)) {
    const { username } = await createUser();
    for (const answer of [
      await app.rest("POST", "/users", {
        username: `${name}-${username}`,
        password: "secret",
        bad,
      }),
      await session.change({ bad }),
      await session.change({ phone_number: "no", bad }),
    ]) {
      assert.ok(answer.status >= 400, `${name}: ${JSON.stringify(answer)}`);
    }
  }
  await ada.signIn();
});

test("A body that is no object is refused by Parse or by us, and is no 500.", async () => {
  for (const body of ["[]", "[1,2]", "{}", "", '{"username":', "nonsense"]) {
    const { status } = await app.run("login", body);
    assert.ok(status >= 400 && status < 500, `${body}: ${status}`);
  }
});

test("A request id that a client names holds nobody's first sign-in up.", async () => {
  const idempotent = await startApp({
    server: { idempotencyOptions: { paths: ["functions/.*"], ttl: 300 } },
  });
  try {
    const ada = await idempotent.user().withNumber().create();
    const ends = (Math.floor(idempotent.now() / HOUR) + 1) * HOUR;
    // UTF-8 where a header has Latin-1: what a client can make of a name that no header holds.
    const bullet = Buffer.from("•").toString("latin1");
    for (const lock of [":", bullet].flatMap((separator) => [
      `two-factor${separator}TwoFactorWindow:messages:${ends}`,
      `two-factor${separator}TwoFactorAccount:${ada.id}`,
    ])) {
      const headers = { "X-Parse-Request-Id": lock };
      await refused(idempotent.run("login", {}, { headers }), BAD_REQUEST);
    }

    await ada.signIn();
  } finally {
    await idempotent.stop();
  }
});
