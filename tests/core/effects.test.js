// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { mock, test } = require("node:test");
const { effects } = require("../../js/effects/index.js");
const { createSenders } = require("../../js/providers/index.js");

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

const Parse = {
  Object: { fromJSON: (/** @type {any} */ json) => ({ ...json }) },
};
const rest = async () => ({ objectId: "a1", username: "ada" });
/** A message as the core hands it over. */
const MESSAGE = {
  do: "sendMessage",
  channel: "sms",
  to: "+15005550006",
  from: null,
  body: "Your 2FA code is 123456",
  code: "123456",
  validityPeriod: 300,
  twiml: null,
  rings: null,
  contentSid: null,
  user: "a1",
  locale: "en",
  purpose: "sign-in",
};

/** A world whose app has this sender of its own. @param {(message: any) => unknown} by */
function ownSender(by) {
  const senders = createSenders({ sms: { by } }, {});
  return world({ Parse, rest, senders });
}

/** A client that takes note. @param {any[]} told */
const client = (told) => {
  const create = async (/** @type {any} */ made) => told.push(made);
  return { messages: { create }, calls: { create } };
};

test("A provider that never answers is waited for ten seconds, and nobody knows what became of its message.", async () => {
  const senders = createSenders(
    { sms: { by: { messages: { create: forever } } } },
    {},
  );
  const { perform, warnings } = world({ senders });
  assert.equal(await after(10_000, () => perform(MESSAGE)), "failed");
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /no answer in time/);
});

test("What an app's own sender throws stands in the log as the app's own error, without a digit.", async () => {
  const { perform, warnings } = ownSender(async () => {
    throw new Error("no route to +1 (500) 555-0006 for 123456");
  });
  const reply = await perform(MESSAGE);
  assert.deepEqual(reply, { refused: { code: 0, message: "" } });
  assert.equal(warnings.length, 1);
  assert.match(
    warnings[0],
    /^a message was not sent \(the app's own sender threw: no route to \D*\)$/,
  );
});

test("The core hears Twilio's code of a refusal, and of another error none.", async () => {
  for (const [error, code] of [
    [{ code: 21211, status: 400, message: "+15005550006" }, 21211],
    [{ code: 21211, message: "of somebody else's" }, 0],
    [{ code: "ECONNRESET" }, 0],
    [undefined, 0],
  ]) {
    const create = async () => {
      throw error;
    };
    const by = { messages: { create } };
    const senders = createSenders({ sms: { by } }, {});
    const { perform, warnings } = world({ senders });
    const reply = await perform(MESSAGE);
    assert.deepEqual(reply, { refused: { code, message: "" } });
    if (code) assert.match(warnings[0], /Twilio error 21211, status 400/);
  }
});

test("An app's own sender is told what it needs, and says in a word what became of a message.", async () => {
  /** @type {any[]} */
  const told = [];
  /** @type {[any, any][]} */
  const answers = [
    [undefined, "done"],
    [{ sid: "SM1" }, "done"],
    [{ refused: "permanent" }, { refused: { code: -1, message: "" } }],
    [{ refused: "configuration" }, { refused: { code: -2, message: "" } }],
    [{ refused: "temporary" }, { refused: { code: -3, message: "" } }],
    [{ refused: "maybe" }, { refused: { code: 0, message: "" } }],
  ];
  for (const [answer, reply] of answers) {
    const { perform, warnings } = ownSender((message) => {
      told.push(message);
      return answer;
    });
    assert.deepEqual(await perform(MESSAGE), reply);
    assert.equal(warnings.length, answer?.refused === "maybe" ? 1 : 0);
  }
  const { channel, to, body, code, locale, purpose } = MESSAGE;
  const user = { objectId: "a1", username: "ada", className: "_User" };
  assert.deepEqual(told[0], {
    channel,
    to,
    body,
    code,
    locale,
    purpose,
    user,
  });
});

test("Each channel is a request of its own to Twilio, by one account.", async () => {
  /** @type {any[]} */
  const told = [];
  const env = { TWILLIO_FROM_NUMBER: "+15005550100" };
  const senders = createSenders({ sms: { by: client(told) }, call: {} }, env);
  const { perform } = world({ senders });
  const { to, body } = MESSAGE;
  const from = "+15005550100";
  await perform(MESSAGE);
  const call = { channel: "call", twiml: "<Response/>", rings: 20 };
  await perform({ ...MESSAGE, ...call, validityPeriod: null });
  const contentSid = `HX${"0".repeat(32)}`;
  await perform({ ...MESSAGE, channel: "whatsapp", contentSid });
  assert.deepEqual(told, [
    { to, body, from, validityPeriod: 300, provideFeedback: true },
    { to, from, twiml: "<Response/>", timeout: 20, timeLimit: 90 },
    {
      to: `whatsapp:${to}`,
      from: `whatsapp:${from}`,
      contentSid,
      contentVariables: '{"1":"123456"}',
      validityPeriod: 300,
    },
  ]);
});

test("A messaging service makes no calls, and the log says what to set.", async () => {
  const service = `MG${"0".repeat(32)}`;
  const senders = createSenders(
    { sms: { by: client([]) }, call: {} },
    { TWILIO_MESSAGING_SERVICE_SID: service },
  );
  const { perform, warnings } = world({ senders });
  const reply = await perform({ ...MESSAGE, channel: "call" });
  assert.deepEqual(reply, { refused: { code: 0, message: "" } });
  assert.match(warnings[0], /TWILLIO_FROM_NUMBER/);
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
