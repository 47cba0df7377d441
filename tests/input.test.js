// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { inspect } = require("node:util");
const { after, before, describe, test } = require("node:test");
const { Core } = require("../js/core.js");
const { startApp } = require("./support/app");
const { granted, refused } = require("./support/answers");

/**
 * What clients and hosts may hand in by mistake or on purpose: a clear refusal each, no 5xx, no trap.
 */

/** @type {any[]} */
const FUNCTIONS = [
  "login",
  "resendCode",
  "twoFactorStatus",
  "enrollTwoFactor",
  "confirmTwoFactor",
  "removeTwoFactor",
  "newRecoveryCodes",
  "stepUp",
  "resetTwoFactor",
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
];

describe("over REST", () => {
  const SEED = 20_261_124;
  const CALLS = 400;
  const LONGEST_MILLISECONDS = 20_000;

  /** @type {import("./support/app").App} */
  let app;
  before(async () => {
    app = await startApp();
  });
  after(() => app?.stop());

  test(`${CALLS} calls with arbitrary values (seed ${SEED}) are answered or refused, and a user signs in afterwards`, async () => {
    const random = mulberry32(SEED);
    const user = await app.createUser();
    const { challenge, code } = await app.begin(user);
    const sessionToken = await app.sessionOf(user);
    // What is right in its place gets a call further than what is wrong everywhere.
    const right = [user.username, user.password, user.id, challenge, code];
    right.push("sms", "totp", "recovery", app.newNumber(), "phone_number");
    const secrets = [user.password, user.phone, sessionToken, challenge];
    secrets.push(code, "tests-master-key");
    /** @type {Record<string, number>} */
    const seen = {};

    for (let n = 0; n < CALLS; n++) {
      const name = FUNCTIONS[n % FUNCTIONS.length];
      /** @type {[string, unknown][]} */
      const params = [];
      for (const parameter of PARAMETERS) {
        const dice = random();
        if (dice < 0.4) continue;
        const value = dice < 0.6 ? pick(random, right) : arbitrary(random);
        params.push([parameter, value]);
      }
      // Not an object literal: the parameter could be named __proto__.
      if (random() < 0.1) params.push([pick(random, NAMES), arbitrary(random)]);
      const body = `{${params.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)}}`;
      const caller = random() < 0.5 ? { sessionToken } : {};
      const what = `seed ${SEED}, call ${n}: ${name} ${body.slice(0, 2000)}`;

      const answer = await inTime(
        app.run(name, body, caller),
        LONGEST_MILLISECONDS,
        what,
      );

      const said = `${what}\n${JSON.stringify(answer).slice(0, 2000)}`;
      if (answer.status === 200) {
        assert.ok("result" in answer.body, said);
      } else {
        assert.ok(answer.status >= 400 && answer.status < 500, said);
        assert.ok(Number.isInteger(answer.body.code), said);
        assert.equal(typeof answer.body.error, "string", said);
        assert.ok(answer.body.error.length < 500, said);
        for (const secret of secrets) {
          assert.ok(!answer.body.error.includes(secret), said);
        }
        // Neither a stack nor a query.
        assert.doesNotMatch(answer.body.error, /\n\s+at |SELECT |_User"/, said);
      }
      const kind = answer.body.code ?? "answered";
      seen[kind] = (seen[kind] ?? 0) + 1;
    }

    // It is a fuzz only if it gets beyond the first check.
    assert.ok(Object.keys(seen).length >= 5, JSON.stringify(seen));
    assert.ok(!/the core trapped/.test(app.log()), "a trap");
    const other = await app.createUser();
    granted(await app.run("login", await app.begin(other)));
  });

  test("a NUL in any text is 4021, not Parse's 500", async () => {
    const user = await app.createUser();
    const { username, password } = user;
    const { challenge, code } = await app.begin(user);
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
      refused(await app.run("login", params), 4021);
    }
    const resend = { challenge: `${challenge}\0` };
    refused(await app.run("resendCode", resend), 4021);
    const reset = { userId: `${user.id}\0` };
    refused(await app.run("resetTwoFactor", reset, { master: true }), 4021);

    assert.equal(app.messages().length, sent);
    granted(await app.run("login", { challenge, code }));
  });

  test("a user with a value that cannot be saved is refused, and the server lives", async () => {
    const values = {
      date: { __type: "Date", iso: "x" },
      nested: { deep: { __type: "Date", iso: "x" } },
      listed: [{ __type: "Date", iso: "x" }],
      added: { __op: "Add", objects: [{ __type: "Date", iso: "x" }] },
      pointer: { __type: "Pointer", className: "_User" },
      file: { __type: "File" },
    };
    const user = await app.createUser();
    const headers = { "X-Parse-Session-Token": await app.sessionOf(user) };
    for (const [name, value] of Object.entries(values)) {
      const { username } = await app
        .createUser({})
        .catch(() => ({ username: "" }));
      assert.ok(username, "the server lives");
      const row = `/users/${user.id}`;
      for (const answer of [
        await app.rest("POST", "/users", {
          username: `${name}-${username}`,
          password: "secret",
          bad: value,
        }),
        await app.rest("PUT", row, { bad: value }, headers),
        await app.rest("PUT", row, { phone_number: "no", bad: value }, headers),
      ]) {
        assert.ok(answer.status >= 400, `${name}: ${JSON.stringify(answer)}`);
      }
    }
    granted(await app.run("login", await app.begin(user)));
  });

  test("a body that is no object is refused by Parse or by us, not a 500", async () => {
    for (const body of ["[]", "[1,2]", "{}", "", '{"username":', "nonsense"]) {
      const { status } = await app.run("login", body);
      assert.ok(status >= 400 && status < 500, `${body}: ${status}`);
    }
  });
});

test("a request id that a client names holds nobody's first sign-in up", async () => {
  const app = await startApp({
    server: { idempotencyOptions: { paths: ["functions/.*"], ttl: 300 } },
  });
  try {
    const user = await app.createUser();
    const hour = 3_600_000;
    const ends = (Math.floor(app.now() / hour) + 1) * hour;
    // UTF-8 where a header has Latin-1: what a client can make of a name that no header holds.
    const bullet = Buffer.from("•").toString("latin1");
    for (const lock of [":", bullet].flatMap((separator) => [
      `two-factor${separator}TwoFactorWindow:messages:${ends}`,
      `two-factor${separator}TwoFactorAccount:${user.id}`,
    ])) {
      const headers = { "X-Parse-Request-Id": lock };
      const taken = await app.run("login", {}, { headers });
      refused(taken, 4021);
    }

    granted(await app.run("login", await app.begin(user)));
  } finally {
    await app.stop();
  }
});

describe("at the core's boundary", () => {
  test("a parameter that is no text is 4021 in every place, before anything happens", async () => {
    const { run, warnings } = deployment();
    const effects = host();
    for (const [what, value] of Object.entries(ODDITIES)) {
      for (const parameter of PARAMETERS.slice(0, 6)) {
        const params = { username: "ada", password: "right", code: "123456" };
        Object.defineProperty(params, parameter, value);

        const end = await run("login", params, {}, effects.perform);

        assert.equal(end.refusal?.code, 4021, `${parameter}: ${what}`);
        assert.equal(typeof end.refusal.message, "string");
      }
    }
    assert.deepEqual(effects.asked, []);
    assert.deepEqual(warnings, []);
  });

  test("every function takes any parameter without a trap", async () => {
    const { run, warnings } = deployment();
    const callers = [
      {},
      { user: "ada", sessionToken: "r:0123456789abcdef0123456789abcdef" },
      { master: true },
    ];
    for (const name of [...FUNCTIONS, "requireStepUp"]) {
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

  test("the parameters themselves may be anything", async () => {
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

  test("a text of twenty megabytes is refused, lone surrogates are not a trap", async () => {
    const { run, warnings } = deployment();
    const long = "x".repeat(20 << 20);
    for (const parameter of PARAMETERS.slice(0, 6)) {
      const params = { username: "ada", password: "right", [parameter]: long };
      const end = await run("login", params, {}, host().perform);
      assert.equal(end.refusal?.code, 4021, parameter);
    }
    for (const text of ["\ud800", "\udc00\ud800", "a\udfff", "\uffff"]) {
      const params = { challenge: text, code: text };
      const end = await run("login", params, {}, host().perform);
      assert.equal(end.refusal?.code, 4012);
    }
    assert.deepEqual(warnings, []);
  });

  test("any reply to any effect ends in an answer or a refusal, and nonsense opens nothing", async () => {
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
      { counts: cycle() },
      { user: {} },
      { user: null },
      { user: [] },
      { user: 5 },
      { user: { id: 5 } },
      { user: { id: "ada", phoneNumber: {} } },
      { user: { id: "ada", require: "some" } },
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
      { counts: [-1] },
      { counts: [1e99] },
      { counts: ["1"] },
      { counts: [] },
      { session: 5 },
      { session: null },
      { session: {} },
      { session: "" },
      { counts: {} },
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
});

describe("a trap", () => {
  /** How a first call comes to an end while no random bytes are to be had: what UnwrapErr says to that is a trap. */
  const first = { username: "ada", password: "right" };

  test("costs the calls in flight, which are told to try again, and none of the next", async () => {
    const { run, warnings } = deployment();
    const held = Array.from({ length: 3 }, () => gate());
    const effectsHeldAt = ["checkPassword", "count", "sendMessage"];
    const inFlight = held.map(({ reached, opened, reach }, n) => {
      const { perform } = host();
      const end = run("login", first, {}, async (effect) => {
        if (effect.do === effectsHeldAt[n]) {
          reach();
          await opened;
        }
        return perform(effect);
      });
      return { end, reached };
    });
    await Promise.all(inFlight.map(({ reached }) => reached));

    const trapped = await withoutRandomness(() =>
      run("login", first, {}, host().perform),
    );

    const tryAgain = {
      refusal: { code: 4022, message: "That did not go through: try again." },
    };
    assert.deepEqual(trapped, tryAgain);
    assert.equal(warnings.length, 1);

    // Served by a fresh instance, before those in flight have found out and after.
    assert.ok((await run("login", first, {}, host().perform)).answer);
    for (const { open } of held) open();
    for (const { end } of inFlight) assert.deepEqual(await end, tryAgain);
    const afterwards = host();
    const { answer } = await run("login", first, {}, afterwards.perform);
    assert.ok(answer?.challenge);
    const code = afterwards.messages[0].slice(-6);
    const second = { challenge: answer.challenge, code };
    const end = await run("login", second, {}, afterwards.perform);
    assert.deepEqual(end, { answer: { sessionToken: "r:ada" } });
    assert.equal(warnings.length, 1, `${warnings}`);
    assert.doesNotMatch(warnings[0], /right|ada|\+1500|[0-9]{6}/);
  });

  test("after a trap comes another, and the core still goes on", async () => {
    const { run, warnings } = deployment();
    const neighbour = deployment();
    for (let traps = 1; traps <= 20; traps++) {
      const { refusal } = await withoutRandomness(() =>
        run("login", first, {}, host().perform),
      );
      assert.equal(refusal?.code, 4022);
      assert.equal(warnings.length, traps);
      assert.ok((await run("login", first, {}, host().perform)).answer);
      const beside = await neighbour.run("login", first, {}, host().perform);
      assert.ok(beside.answer, "another app in the same process");
    }
    assert.deepEqual(neighbour.warnings, []);
  });

  test("a challenge begun before it is good after it", async () => {
    const { run } = deployment();
    const { perform, messages } = host();
    const begun = await run("login", first, {}, perform);
    await withoutRandomness(() => run("login", first, {}, host().perform));

    const code = messages[0].slice(-6);
    const { challenge } = begun.answer;
    const end = await run("login", { challenge, code }, {}, perform);

    assert.deepEqual(end, { answer: { sessionToken: "r:ada" } });
  });
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

/** A core of its own, in this process. */
function deployment() {
  /** @type {string[]} */
  const warnings = [];
  const core = new Core({
    settings: {},
    keys: undefined,
    masterKey: "tests-master-key",
    clock: () => 1_795_500_000_000,
    warn: (message) => warnings.push(message),
  });
  /**
   * @param {any} name
   * @param {any} params
   * @param {any} caller
   * @param {(effect: any) => Promise<any>} perform
   * @returns {Promise<any>}
   */
  const run = (name, params, caller, perform) =>
    core.run((c) => c.call(name, params, caller), perform);
  return { run, warnings };
}

/** A store in memory with one user, and what it was asked to do. */
function host() {
  /** @type {any} */
  let account;
  /** @type {Record<string, number>} */
  const windows = {};
  /** @type {string[]} */
  const messages = [];
  /** @type {string[]} */
  const asked = [];
  const user = { id: "ada", username: "ada", phoneNumber: "+15005550006" };
  /** @type {Record<string, (effect: any) => any>} */
  const replies = {
    checkPassword: ({ password }) =>
      password === "right"
        ? { user }
        : { refused: { code: 101, message: "Invalid username/password." } },
    loadUser: ({ user: id }) => (id === user.id ? { user } : "missing"),
    loadAccount: () => (account ? { account } : "missing"),
    createAccount: () => ({ account: (account ??= { id: "account" }) }),
    updateAccount({ change }) {
      if (!account) return "missing";
      for (const [set, { __op, objects }] of Object.entries(change)) {
        const same = objects.map((/** @type {any} */ o) => JSON.stringify(o));
        const others = (account[set] ?? []).filter(
          (/** @type {any} */ element) =>
            !same.includes(JSON.stringify(element)),
        );
        account[set] = __op === "Add" ? [...others, ...objects] : others;
      }
      return { account };
    },
    count: ({ bucket, counters, by }) => ({
      counts: counters.map((/** @type {string} */ counter) => {
        const name = `${bucket} ${counter}`;
        return (windows[name] = (windows[name] ?? 0) + by);
      }),
    }),
    countEvents: () => ({ counts: [0] }),
    sendMessage({ body }) {
      messages.unshift(body);
      return "done";
    },
    checkSignIn: () => "done",
    openSession: ({ user: id }) => ({ session: `r:${id}` }),
    recordEvent: () => "done",
    wait: () => "done",
  };
  /** @param {any} effect */
  const perform = async (effect) => {
    asked.push(effect.do);
    return replies[effect.do](effect);
  };
  return { perform, asked, messages };
}

/**
 * Runs something while the platform has no random bytes.
 * @template T
 * @param {() => Promise<T>} run
 */
async function withoutRandomness(run) {
  Object.defineProperty(globalThis.crypto, "getRandomValues", {
    configurable: true,
    value() {
      throw new Error("no entropy");
    },
  });
  try {
    return await run();
  } finally {
    Reflect.deleteProperty(globalThis.crypto, "getRandomValues");
  }
}

/** A place for one to wait at, and for another to see that it is reached and to open it. */
function gate() {
  /** @type {() => void} */
  let reach = () => {};
  /** @type {() => void} */
  let open = () => {};
  /** @type {Promise<void>} */
  const reached = new Promise((resolve) => (reach = resolve));
  /** @type {Promise<void>} */
  const opened = new Promise((resolve) => (open = resolve));
  return { reached, opened, reach, open };
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} milliseconds
 * @param {string} what
 * @returns {Promise<T>}
 */
async function inTime(promise, milliseconds, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer: ${what}`)),
      milliseconds,
    );
  });
  try {
    return /** @type {T} */ (await Promise.race([promise, late]));
  } finally {
    clearTimeout(timer);
  }
}

/** Names that mean something to JavaScript, to Parse or to a database. */
const NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "__type",
  "__op",
  "$where",
  "_id",
  "objectId",
  "ACL",
  "",
  "a.b",
];

/**
 * @param {() => number} random
 * @param {number} [depth]
 * @returns {unknown} any JSON value
 */
function arbitrary(random, depth = 0) {
  const kinds = depth < 3 ? 16 : 12;
  switch (Math.floor(random() * kinds)) {
    case 0:
      return null;
    case 1:
      return random() < 0.5;
    case 2:
      return pick(random, [0, -1, 1.5, 1e308, -0, 2 ** 53, 123456]);
    case 3:
      return "";
    case 4:
      return pick(random, ["\0", "a\0b", "\u0000\u0000", "123456\0"]);
    case 5:
      return pick(random, ["\ud800", "x\udc00", "\udfff\ud800", "\uffff"]);
    case 6:
      return pick(random, ["👩‍👩‍👧", "🔑🔑", "\u202e", "İı", "é".normalize("NFD")]);
    case 7:
      return pick(random, ["x", "é", "👍", " ", "0"]).repeat(10_240);
    case 8:
      return pick(random, NAMES);
    case 9:
      return pick(random, ["' OR 1=1 --", '"; DROP TABLE x', "%", "\\", "$1"]);
    case 10:
      return pick(random, ["000000", "+14155550100", "+", "sms", "k:AQEB"]);
    case 11: {
      const length = Math.floor(random() * 40);
      const units = Array.from({ length }, () => Math.floor(random() * 65_536));
      return String.fromCharCode(...units);
    }
    case 12:
      return Array.from({ length: Math.floor(random() * 5) }, () =>
        arbitrary(random, depth + 1),
      );
    case 13: {
      const members = Array.from({ length: Math.floor(random() * 4) }, () => [
        pick(random, [...NAMES, "a", "b"]),
        arbitrary(random, depth + 1),
      ]);
      return Object.fromEntries(members);
    }
    case 14:
      return pick(random, [
        { __type: "Date", iso: "2026-11-24T00:00:00.000Z" },
        { __type: "Date", iso: "never" },
        { __type: "Pointer", className: "_User", objectId: "x" },
        { __type: "Bytes", base64: "AAAA" },
        { __type: "File", name: "x", url: "http://127.0.0.1/" },
        { __type: "GeoPoint", latitude: 500, longitude: "x" },
        { __type: "Relation", className: "_User" },
        { __type: "Object", className: "_Session" },
        { __type: 5 },
        { __op: "Increment", amount: 1 },
        { __op: "Delete" },
        { $ne: null },
        { $regex: ".*" },
      ]);
    default: {
      /** @type {unknown} */
      let nested = arbitrary(random, 3);
      for (let i = 0; i < 50; i++) nested = i % 2 ? [nested] : { a: nested };
      return nested;
    }
  }
}

/**
 * @template T
 * @param {() => number} random
 * @param {T[]} choices
 * @returns {T}
 */
function pick(random, choices) {
  return choices[Math.floor(random() * choices.length)];
}

/**
 * @param {number} seed
 * @returns {() => number} numbers from 0 up to 1
 */
function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
