// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { mock, test } = require("node:test");
const { effects } = require("../../js/effects/index.js");
const { createSender: sender } = require("../../js/providers/twilio.js");

/** A world that is asked for nothing but this, and the warnings that come of it. @param {object} own */
function world(own) {
  /** @type {string[]} */
  const warnings = [];
  const warn = (/** @type {string} */ warning) => warnings.push(warning);
  const perform = effects(/** @type {any} */ ({ warn, ...own }), {});
  return { warnings, perform: /** @type {any} */ (perform) };
}

/**
 * @param {number} milliseconds
 * @param {() => Promise<any>} start
 * @returns {Promise<any>} the end of what was started so long before
 */
async function after(milliseconds, start) {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const end = start();
    mock.timers.tick(milliseconds);
    return await end;
  } finally {
    mock.timers.reset();
  }
}

const forever = () => new Promise(() => {});

test("An effect that nobody ever answers fails by itself, as when a transaction holds the row.", async () => {
  const { perform, warnings } = world({ rest: forever });
  const effect = { do: "loadAccount", user: "ada" };
  assert.equal(await after(15_000, () => perform(effect)), "failed");
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /^loadAccount failed\b.*\bno answer in time$/);
});

test("A provider that never answers is waited for ten seconds, and nobody knows what became of its message.", async () => {
  const { perform, warnings } = world({ send: sender(forever, {}) });
  const effect = { do: "sendMessage", to: "+15005550006", body: "" };
  assert.equal(await after(10_000, () => perform(effect)), "failed");
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /no answer in time/);
});

test("The log holds no digit of what an app's own sms function throws.", async () => {
  const { perform, warnings } = world({
    send: async () => {
      throw new Error("no route to +1 (500) 555-0006 for 123456");
    },
  });
  const effect = { do: "sendMessage", to: "+15005550006", body: "" };
  const reply = await perform(effect);
  assert.deepEqual(reply, { refused: { code: 0, message: "" } });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /^a message was not sent \(no route to \D*\)$/);
});

test("The core hears Twilio's code of a refusal, and of an app's own function none.", async () => {
  const effect = { do: "sendMessage", to: "+15005550006", body: "" };
  for (const [error, code] of [
    [{ code: 21211, status: 400, message: "+15005550006" }, 21211],
    [{ code: 21211, message: "of the app's own" }, 0],
    [{ code: "ECONNRESET" }, 0],
    [undefined, 0],
  ]) {
    const send = async () => {
      throw error;
    };
    const reply = await world({ send }).perform(effect);
    assert.deepEqual(reply, { refused: { code, message: "" } });
  }
});

test("A code's life goes to Twilio, and an app's own function is not told of it.", async () => {
  /** @type {any[]} */
  const told = [];
  const message = { to: "+15005550006", body: "b", validityPeriod: 300 };
  const client = {
    messages: { create: async (/** @type {any} */ m) => told.push(m) },
  };
  await sender(client, {})(message);
  await sender(async (/** @type {any} */ m) => told.push(m), {})(message);
  const { validityPeriod, ...rest } = message;
  assert.deepEqual(told, [{ ...rest, validityPeriod }, rest]);
});

test("An authenticator app shows the name that the app chooses, and the user name where it chooses none.", async () => {
  const row = { objectId: "a1", username: "ada", email: "ada@example.com" };
  /** @type {[unknown, string][]} */
  const answers = [
    [(/** @type {any} */ user) => user.email, row.email],
    [undefined, row.username],
    [() => undefined, row.username],
    [() => "  ", row.username],
    [() => 5, row.username],
    [() => "n".repeat(10_000), "n".repeat(256)],
  ];
  const own = {
    Parse: { Object: { fromJSON: (/** @type {any} */ json) => json } },
    rest: async () => row,
  };
  const effect = { do: "nameAccount", user: row.objectId };
  for (const [accountName, named] of answers) {
    const { perform } = world({ ...own, accountName });
    assert.deepEqual(await perform(effect), { named });
  }
  const { perform, warnings } = world({
    ...own,
    accountName() {
      throw new Error("no name");
    },
  });
  assert.deepEqual(await perform(effect), { named: row.username });
  assert.match(warnings[0], /accountName threw: no name/);
});

test("The app's function require is told who asks and what the client says, in a frozen copy without the parameters.", async () => {
  const row = { objectId: "a1", username: "ada" };
  const headers = { "user-agent": "Firefox" };
  const params = { username: "ada", password: "right" };
  const request = { ip: "203.0.113.7", headers, installationId: "i", params };
  for (const [of, expected] of /** @type {[object, object][]} */ ([
    [request, { address: "203.0.113.7", headers, installationId: "i" }],
    [{}, { address: null, headers: {}, installationId: null }],
  ])) {
    /** @type {any[]} */
    const asked = [];
    const environment = {
      Parse: { Object: { fromJSON: (/** @type {any} */ json) => json } },
      rest: async () => row,
      warn: assert.fail,
      require: async (/** @type {any} */ user, /** @type {any} */ call) => {
        asked.push([user.username, call]);
        return "always";
      },
    };
    const perform = effects(/** @type {any} */ (environment), of);
    const effect = { do: "askRequirement", user: row.objectId, route: "save" };
    const reply = await perform(/** @type {any} */ (effect));
    assert.deepEqual(reply, { requirement: "always" });
    const [[name, call]] = asked;
    assert.deepEqual([name, call], ["ada", { ...expected, route: "save" }]);
    assert.ok(Object.isFrozen(call) && Object.isFrozen(call.headers));
    assert.notEqual(call.headers, headers);
  }
});
