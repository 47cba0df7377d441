// @ts-check
"use strict";

/** What hosts and clients may hand to the core by mistake or on purpose: a clear refusal each, and no trap. */

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { inspect } = require("node:util");
const { deployment, host } = require("../support/deployment");
const { BAD_REQUEST, CHALLENGE_UNKNOWN } = require("../support/refusals");

/** @type {any[]} */
const FUNCTIONS = [
  "login",
  "resendCode",
  "twoFactorStatus",
  "enrollTwoFactor",
  "confirmTwoFactor",
  "removeTwoFactor",
  "renameTwoFactor",
  "newRecoveryCodes",
  "stepUp",
  "forgetDevice",
  "resetTwoFactor",
  "importTwoFactor",
  "twoFactorHealth",
];

const PARAMETERS = [
  "username",
  "email",
  "password",
  "code",
  "challenge",
  "method",
  "phoneNumber",
  "enrollment",
  "factor",
  "label",
  "userId",
  "scope",
  "credential",
  "methods",
  "authData",
  "device",
  "trust",
  "all",
  "object",
  "payload",
  "formData",
  "dryRun",
  "after",
  "secret",
  "profile",
];

test("A parameter that is no text is refused in every place, before anything happens.", async () => {
  const { run, warnings } = deployment();
  const effects = host();
  for (const [what, value] of Object.entries(ODDITIES)) {
    for (const parameter of PARAMETERS.slice(0, 6)) {
      const params = { username: "ada", password: "right", code: "123456" };
      Object.defineProperty(params, parameter, value);

      const end = await run("login", params, {}, effects.perform);

      assert.equal(end.refusal?.code, BAD_REQUEST, `${parameter}: ${what}`);
      assert.equal(typeof end.refusal.message, "string");
    }
  }
  assert.deepEqual(effects.asked, []);
  assert.deepEqual(warnings, []);
});

test("Every function takes any parameter without a trap.", async () => {
  const { run, warnings } = deployment();
  const callers = [
    {},
    { user: "ada", sessionToken: "r:0123456789abcdef0123456789abcdef" },
    { master: true },
  ];
  for (const name of FUNCTIONS) {
    for (const [what, value] of Object.entries(ODDITIES)) {
      for (const parameter of PARAMETERS) {
        for (const caller of callers) {
          const params = {};
          Object.defineProperty(params, parameter, value);
          const end = await run(name, params, caller, host().perform);
          assertEnd(end, `${name}, ${parameter}: ${what}`);
        }
      }
    }
  }
  assert.deepEqual(warnings, []);
});

test("The parameters themselves may be anything.", async () => {
  const { run, warnings } = deployment();
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const throwing = new Proxy(
    {},
    {
      get() {
        throw new Error("from a proxy");
      },
    },
  );
  const all = Object.values(ODDITIES).map((oddity) => {
    const holder = Object.defineProperty({}, "it", oddity);
    try {
      return /** @type {any} */ (holder).it;
    } catch {
      return throwing;
    }
  });
  for (const params of [...all, undefined, null, "login", proxy, throwing]) {
    for (const name of FUNCTIONS) {
      const { refusal } = await run(name, params, {}, host().perform);
      assert.ok(Number.isInteger(refusal?.code), name);
    }
  }
  assert.deepEqual(warnings, []);
});

test("A text of twenty megabytes is refused, and lone surrogates are not a trap.", async () => {
  const { run, warnings } = deployment();
  const long = "x".repeat(20 << 20);
  for (const parameter of PARAMETERS.slice(0, 6)) {
    const params = { username: "ada", password: "right", [parameter]: long };
    const end = await run("login", params, {}, host().perform);
    assert.equal(end.refusal?.code, BAD_REQUEST, parameter);
  }
  for (const text of ["\ud800", "\udc00\ud800", "a\udfff", "\uffff"]) {
    const params = { challenge: text, code: text };
    const end = await run("login", params, {}, host().perform);
    assert.equal(end.refusal?.code, CHALLENGE_UNKNOWN);
  }
  assert.deepEqual(warnings, []);
});

test("Any reply to any effect ends in an answer or a refusal, and nonsense opens nothing.", async () => {
  const { run, warnings } = deployment();
  const whole = host();
  const first = { username: "ada", password: "right" };
  await run("login", first, {}, whole.perform);
  const effects = whole.asked.length;
  assert.ok(effects >= 6, `${whole.asked}`);

  const junk = [
    undefined,
    null,
    "",
    "nothing known",
    0,
    NaN,
    -1,
    2 ** 53,
    10n ** 30n,
    true,
    Symbol("reply"),
    () => "done",
    [],
    {},
    new Date(NaN),
    new Uint8Array(8),
    new Map([["user", {}]]),
    { counted: { counts: cycle(), opened: false } },
    { user: {} },
    { user: null },
    { user: [] },
    { user: 5 },
    { user: { id: 5 } },
    { user: { id: "ada", phoneNumber: {} } },
    { user: { id: "ada", locale: 5 } },
    { account: null },
    { account: {} },
    { account: { id: "" } },
    { account: [] },
    { account: { id: "a", challenges: "none" } },
    { account: { id: "a", challenges: [{}, null] } },
    { account: { id: "a", challenges: [{ code: {} }] } },
    { account: { id: "a", challenges: [{ nothing: {} }] } },
    { account: { id: "a", authenticators: [[]] } },
    { account: { id: "a", authenticators: [{ confirmed: 5 }] } },
    { counted: { counts: [-1], opened: false } },
    { counted: { counts: [1e99], opened: false } },
    { counted: { counts: ["1"], opened: false } },
    { counted: { counts: [], opened: false } },
    { counted: null },
    { requirement: "function" },
    { session: 5 },
    { session: null },
    { session: {} },
    { session: "" },
    { counted: { counts: {}, opened: false } },
    { refused: null },
    { missing: {} },
    { done: true },
    { refused: {} },
    { refused: { code: "x", message: 5 } },
    { refused: { code: 2 ** 40, message: "" } },
    { user: { id: "ada" }, account: {} },
  ];
  for (let at = 0; at < effects; at++) {
    for (const reply of junk) {
      const { perform, asked } = host();
      const end = await run("login", first, {}, async (effect) => {
        const honest = await perform(effect);
        return asked.length === at + 1 ? reply : honest;
      });
      const what = `effect ${at}, ${asked[at]}: ${inspect(reply)}`;
      assertEnd(end, what);
      assert.ok(!end.answer?.sessionToken, what);
      assert.ok(!asked.includes("openSession"), what);
    }
  }
  assert.deepEqual(warnings, []);
});

/** What an object's property may be, as its descriptor. @type {Record<string, PropertyDescriptor>} */
const ODDITIES = {
  number: { value: 5 },
  NaN: { value: NaN },
  boolean: { value: true },
  false: { value: false },
  BigInt: { value: 10n ** 40n },
  symbol: { value: Symbol("text") },
  function: { value: () => "text" },
  list: { value: ["text"] },
  "a huge list": { value: new Array(1_000_000).fill("x") },
  "a sparse list": { value: new Array(2 ** 32 - 1) },
  object: { value: { $ne: null } },
  "object of text": { value: Object("text") },
  "what turns into text": { value: { toString: () => "text" } },
  "what throws when it turns into text": {
    value: {
      toString() {
        throw new Error("from toString");
      },
      [Symbol.toPrimitive]() {
        throw new Error("from toPrimitive");
      },
    },
  },
  date: { value: new Date(NaN) },
  bytes: { value: new Uint8Array(1000) },
  "shared memory": { value: new SharedArrayBuffer(8) },
  map: { value: new Map([["text", "text"]]) },
  promise: { value: Promise.resolve("text") },
  cycle: { value: cycle() },
  "without a prototype": { value: Object.create(null) },
  pointer: { value: { __type: "Pointer", className: "_User", objectId: "x" } },
  proxy: {
    value: new Proxy(
      {},
      {
        get() {
          throw new Error("from a proxy");
        },
        getPrototypeOf() {
          throw new Error("from a proxy");
        },
      },
    ),
  },
  "a getter that throws": {
    get() {
      throw new Error("from a getter");
    },
  },
  "a getter that throws nothing": {
    get() {
      throw undefined;
    },
  },
};

function cycle() {
  /** @type {any} */
  const cyclic = { list: [] };
  cyclic.list.push(cyclic);
  return cyclic;
}

/**
 * @param {any} end
 * @param {string} what
 */
function assertEnd(end, what) {
  if (end.answer) return;
  assert.ok(Number.isInteger(end.refusal?.code), what);
  assert.equal(typeof end.refusal.message, "string", what);
}
