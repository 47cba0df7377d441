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
const TO = "+14155550123";

/** @type {import("./support/sandbox").Twilio} */
let standIn;
before(async () => {
  standIn = await startTwilio(ACCOUNT);
});
after(() => standIn?.stop());

/** What Twilio answers to a message, as its SDK tells it. @param {object} message */
async function codeOf(message) {
  const { accountSid, authToken } = ACCOUNT;
  const { httpClient } = standIn;
  const client = twilio(accountSid, authToken, {
    httpClient: /** @type {any} */ (httpClient),
  });
  try {
    await client.messages.create(
      /** @type {any} */ ({ to: TO, body: "123456", ...message }),
    );
    return undefined;
  } catch (/** @type {any} */ error) {
    return error.code;
  }
}

test("The stand-in answers 21705 to a malformed SID of a messaging service, with a sender or without one.", async () => {
  const service = `MG${"a".repeat(32)}`;
  assert.equal(await codeOf({ messagingServiceSid: service }), undefined);
  for (const messagingServiceSid of ["MG", "MG0", `XX${"a".repeat(32)}`]) {
    assert.equal(await codeOf({ messagingServiceSid }), 21705);
    const from = "+14155550100";
    assert.equal(await codeOf({ messagingServiceSid, from }), 21705);
  }
});

test("The stand-in answers 21266 to a message from a number to itself.", async () => {
  assert.equal(await codeOf({ from: TO }), 21266);
  assert.equal(await codeOf({ from: "+14155550124" }), undefined);
});

/** What Twilio answers to a call. @param {object} call */
async function codeOfCall(call) {
  const { accountSid, authToken } = ACCOUNT;
  const { httpClient } = standIn;
  const client = twilio(accountSid, authToken, {
    httpClient: /** @type {any} */ (httpClient),
  });
  const twiml = '<Response><Say language="en-US">1, 2.</Say></Response>';
  try {
    const whole = { to: TO, from: "+14155550124", twiml, timeout: 20, ...call };
    await client.calls.create(/** @type {any} */ (whole));
    return undefined;
  } catch (/** @type {any} */ error) {
    return error.code;
  }
}

test("The stand-in makes calls by a document that Twilio would read, to numbers that it would call.", async () => {
  assert.equal(await codeOfCall({}), undefined);
  const [{ channel, body }] = standIn.received;
  assert.deepEqual([channel, body], ["call", "1, 2."]);
  for (const [to, code] of /** @type {const} */ ([
    ["+15005550001", 21217],
    ["+15005550002", 21214],
    ["+15005550003", 21215],
    ["+15005550004", 21216],
    ["+15005550009", undefined],
  ])) {
    assert.equal(await codeOfCall({ to }), code);
  }
  const say = `<Say>${"a".repeat(4000)}</Say>`;
  for (const [twiml, code] of /** @type {const} */ ([
    [`<Response>${say}</Response>`, 21218],
    ["<Say>1</Say>", 12100],
    ["<Response><Say>1 < 2</Say></Response>", 12100],
    ["<Response><Say language=en>1</Say></Response>", 12100],
  ])) {
    assert.equal(await codeOfCall({ twiml }), code);
  }
  assert.equal(await codeOfCall({ timeout: 601 }), 20001);
});

test("The stand-in shows what became of messages and calls, takes feedback about those that were made for it, and knows no other ones.", async () => {
  const { accountSid, authToken } = ACCOUNT;
  const { httpClient } = standIn;
  const client = twilio(accountSid, authToken, {
    httpClient: /** @type {any} */ (httpClient),
  });
  const fields = { to: "+14155550177", from: "+14155550124", body: "123456" };
  const plain = await client.messages.create(fields);
  const tracked = await client.messages.create({
    ...fields,
    provideFeedback: true,
  });
  const became = async () => {
    const { status, errorCode } = await client.messages(plain.sid).fetch();
    return [status, errorCode];
  };
  assert.deepEqual(await became(), ["delivered", null]);
  standIn.decide(fields.to, "undelivered", 30006);
  assert.deepEqual(await became(), ["undelivered", 30006]);
  const [newest] = await client.messages.list({ limit: 1, pageSize: 1 });
  assert.equal(newest.sid, tracked.sid);

  const outcome = /** @type {const} */ ("confirmed");
  await client.messages(tracked.sid).feedback.create({ outcome });
  assert.deepEqual(standIn.feedback(), { [tracked.sid]: ["confirmed"] });
  /** @param {Promise<unknown>} asked */
  const refusedWith = (asked) =>
    asked.then(
      () => undefined,
      ({ code }) => code,
    );
  const unknown = `SM${"0".repeat(32)}`;
  for (const [asked, code] of /** @type {[Promise<unknown>, number][]} */ ([
    [client.messages(plain.sid).feedback.create({ outcome }), 20001],
    [
      client
        .messages(tracked.sid)
        .feedback.create({ outcome: /** @type {any} */ ("yes") }),
      20001,
    ],
    [client.messages(unknown).fetch(), 20404],
    [client.messages(unknown).feedback.create({ outcome }), 20404],
    [client.calls(plain.sid).fetch(), 20404],
  ])) {
    assert.equal(await refusedWith(asked), code);
  }
});

test("The stand-in signs what it posts as Twilio's SDK checks it, and posts to this machine alone.", async () => {
  const { post, signatureOf } = require("../sandbox/twilio/callbacks");
  const url = "https://example.com/x?message=1";
  const fields = { To: "+1", From: "+2", CallSid: "CA1" };
  const signature = signatureOf("token", url, fields);
  assert.ok(twilio.validateRequest("token", signature, url, fields));
  assert.ok(!twilio.validateRequest("other", signature, url, fields));
  assert.equal(await post("token", "https://example.com/x", {}), undefined);
});

test("The stand-in takes a code by WhatsApp in a template alone, and shows what WhatsApp would.", async () => {
  const whatsapp = {
    to: `whatsapp:${TO}`,
    from: "whatsapp:+14155550124",
    contentSid: `HX${"0".repeat(32)}`,
    contentVariables: '{"1":"123456"}',
    body: undefined,
  };
  assert.equal(await codeOf(whatsapp), undefined);
  const [{ to, channel, body }] = standIn.received;
  assert.deepEqual([to, channel], [TO, "whatsapp"]);
  assert.match(body, /123456/);
  for (const [changed, code] of /** @type {[object, number][]} */ ([
    [{ contentSid: undefined, body: "123456" }, 21655],
    [{ contentSid: "HX1" }, 21655],
    [{ contentVariables: "123456" }, 21656],
    [{ contentVariables: '{"1":"123456","2":"x"}' }, 21656],
    [{ from: "+14155550124" }, 63007],
    [{ to: "whatsapp:+1" }, 21211],
  ])) {
    assert.equal(await codeOf({ ...whatsapp, ...changed }), code);
  }
});

test("The stand-in answers an error to a validity that Twilio does not know.", async () => {
  const from = "+14155550124";
  assert.equal(await codeOf({ from, validityPeriod: 36_000 }), undefined);
  assert.equal(await codeOf({ from, validityPeriod: 36_001 }), 21626);
  assert.equal(await codeOf({ from, validityPeriod: 0 }), 21626);
});
