// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const twilio = require("twilio");
const { startTwilio } = require("./support/sandbox");

const ACCOUNT = {
  accountSid: `AC${"0".repeat(32)}`,
  authToken: "1".repeat(32),
};
const SERVICE = `VA${"5".repeat(32)}`;
let last = 200;

/** @type {import("./support/sandbox").Twilio} */
let standIn;
before(async () => {
  standIn = await startTwilio(ACCOUNT);
});
after(() => standIn?.stop());

function service(sid = SERVICE) {
  const { accountSid, authToken } = ACCOUNT;
  const httpClient = /** @type {any} */ (standIn.httpClient);
  const client = twilio(accountSid, authToken, { httpClient });
  return client.verify.v2.services(sid);
}

/** A number that nobody has used. */
const newNumber = () => `+14155550${last++}`;

/** @param {object} given @param {string} [sid] */
const start = (given, sid) =>
  service(sid).verifications.create(
    /** @type {any} */ ({
      to: newNumber(),
      channel: "sms",
      customCode: "123456",
      ...given,
    }),
  );

/** The code that Twilio's SDK tells of a refusal. @param {Promise<unknown>} call */
const codeOf = (call) =>
  call.then(
    () => undefined,
    (error) => error.code,
  );

test("The stand-in sends a code of one's own by Verify, shows it, and says how many messages it has had.", async () => {
  const to = newNumber();
  for (const [channel, count] of /** @type {const} */ ([
    ["sms", 1],
    ["call", 2],
  ])) {
    const made = await start({ to, channel, locale: "de" });
    assert.match(made.sid, /^VE[0-9a-f]{32}$/);
    assert.equal(made.status, "pending");
    assert.equal(made.sendCodeAttempts.length, count);
    const [message] = standIn.received;
    assert.deepEqual(
      [message.to, message.from, message.channel, message.by, message.locale],
      [to, SERVICE, "verify", channel, "de"],
    );
    assert.match(message.body, /\b123456$/);
  }
});

test("The stand-in refuses what Twilio refuses, and what Twilio does not document.", async () => {
  for (const [given, code, sid] of /** @type {[object, number, string?][]} */ ([
    [{ to: "4155550100" }, 60200],
    [{ to: "+15005550001" }, 60200],
    [{ to: "+15005550002" }, 60410],
    [{ to: "+15005550003" }, 60605],
    [{ to: "+15005550009" }, 60205],
    [{ channel: "fax" }, 60200],
    [{ customCode: "123" }, 60200],
    [{ customCode: "12345678901" }, 60200],
    [{ customCode: undefined }, 60200],
    [{ appHash: "short" }, 60200],
    [{ appHash: "FA+9qCX9VSu", channel: "call" }, 60200],
    [{ locale: "xx" }, 20404],
    [{}, 20404, `VA${"0".repeat(32)}`],
    [{}, 60204, `VA${"1".repeat(32)}`],
  ])) {
    assert.equal(await codeOf(start(given, sid)), code, JSON.stringify(given));
  }
  assert.equal(
    await codeOf(start({ to: "+15005550009", channel: "call" })),
    undefined,
  );
});

test("The stand-in takes one code for a number until its verification is over, and five messages of that.", async () => {
  const to = newNumber();
  const { sid } = await start({ to });
  assert.equal(await codeOf(start({ to, customCode: "654321" })), 60200);
  for (let sent = 1; sent < 5; sent += 1) await start({ to });
  assert.equal(await codeOf(start({ to })), 60203);
  const { verifications } = service();
  const canceled = await verifications(to).update({ status: "canceled" });
  assert.deepEqual([canceled.sid, canceled.status], [sid, "canceled"]);
  const again = await start({ to, customCode: "654321" });
  assert.notEqual(again.sid, sid);
});

test("The stand-in approves what is pending, by its SID or its number, and knows it no more afterwards.", async () => {
  const { verifications } = service();
  for (const byNumber of [false, true]) {
    const to = newNumber();
    const { sid } = await start({ to });
    const of = byNumber ? to : sid;
    const wrong = /** @type {any} */ ({ status: "deleted" });
    assert.equal(await codeOf(verifications(of).update(wrong)), 60200);
    const approved = await verifications(of).update({ status: "approved" });
    assert.deepEqual([approved.status, approved.valid], ["approved", true]);
    const twice = verifications(of).update({ status: "approved" });
    assert.equal(await codeOf(twice), 20404);
    assert.equal(await codeOf(verifications(of).fetch()), 20404);
  }
});
