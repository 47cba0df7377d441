// @ts-check
"use strict";

/** What Twilio posts to the address in the option `statusCallback`, and what anybody may post there. */

const assert = require("node:assert/strict");
const http = require("node:http");
const net = require("node:net");
const { after, before, test } = require("node:test");
const { startApp } = require("../support/app");
const { newKey } = require("../support/key");
const { readForm } = require("../../js/form.js");
const { signatureOf } = require("../../sandbox/twilio/callbacks");

/** @type {import("../support/app").App} */
let app;
/** Where the handler is. */
let base = "";
before(async () => {
  app = await startApp({
    options: { keys: newKey(), channels: { call: true } },
    own: "callback",
  });
  base = `${new URL(app.urls[0]).origin}/callback`;
});
after(() => app?.stop());

const codeIn = (/** @type {{ body: string }} */ { body }) =>
  body.slice(-20).replace(/\D/g, "");

const FORM = "application/x-www-form-urlencoded";

/**
 * @param {string} url
 * @param {Record<string, string>} fields
 * @param {Record<string, string>} [headers]
 */
async function post(url, fields, headers = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers,
    body: new URLSearchParams(fields),
  });
  const text = await response.text();
  return { status: response.status, text };
}

test("A report that a message did not arrive is followed by a call at once, which waits for a key before it speaks.", async () => {
  const ada = await app.user().withNumber().create();
  app.twilio.decide(ada.phone, "undelivered", 30034);
  const sign = await ada.login();
  // Calls arrive.
  await app.twilio.settled();
  const told = (await ada.events()).map(({ what, method, outcome }) =>
    [what, method, outcome].join(" "),
  );
  assert.ok(told.includes("code-undelivered sms 4018"), told.join());
  const [call, message] = ada.messages;
  assert.deepEqual([call.channel, message.channel], ["call", "sms"]);
  const again = await ada.login();
  assert.deepEqual([again.method, again.challenge], ["call", sign.challenge]);
});

test("A person who presses a key hears the code, and voicemail hears none.", async () => {
  const ada = await app.user().withNumber().create();
  const sign = await ada.login({ method: "call" });
  await app.twilio.settled();
  assert.match(
    ada.messages[0].body,
    /^Hello\. .* Press any key to hear it\. Your code is (\d, ){5}\d\.$/,
  );
  await ada.answer(sign, codeIn(ada.messages[0]));

  const bob = await app.user().withNumber().create();
  app.twilio.letVoicemailAnswer(bob.phone);
  await bob.login({ method: "call" });
  await app.twilio.settled();
  assert.doesNotMatch(bob.messages[0].body, /\d|Your code/);
});

test("What Twilio did not sign is refused with 403, whatever it says, and starts nothing.", async () => {
  const ada = await app.user().withNumber().create();
  await ada.login();
  await app.twilio.settled();
  const url = `${base}?message=made.up.by.some.body.else`;
  const fields = { MessageStatus: "undelivered", ErrorCode: "30006" };
  const { authToken } = app.twilioAccount;
  const right = signatureOf(authToken, url, fields);
  for (const headers of /** @type {Record<string, string>[]} */ ([
    {},
    { "X-Twilio-Signature": "" },
    { "X-Twilio-Signature": right.slice(1) },
    { "X-Twilio-Signature": signatureOf("guess", url, fields) },
    { "X-Twilio-Signature": "x".repeat(5000) },
    { "X-Forwarded-Host": "other.example", "X-Twilio-Signature": "0" },
  ])) {
    const { status, text } = await post(url, fields, headers);
    assert.equal(status, 403, text);
    assert.equal(JSON.parse(text).code, 119);
    assert.ok(!text.includes(authToken));
  }
  const unknown = await post(url, fields, { "X-Twilio-Signature": right });
  assert.equal(unknown.status, 404);
  assert.equal(ada.messages.length, 1);
});

/**
 * Sends these bytes, and waits for the answer's first line.
 * @param {string} bytes
 * @returns {Promise<string>}
 */
function raw(bytes) {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname, () =>
      socket.write(bytes),
    );
    let answer = "";
    socket.setTimeout(20_000, () => reject(new Error("no answer")));
    socket.on("data", (chunk) => (answer += chunk));
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
  });
}

test("Bad input gets a clear refusal, at most 16 KB of it are read, and the server lives on.", async () => {
  const at = `${base}?message=x`;
  const is = async (
    /** @type {number} */ status,
    /** @type {any} */ init,
    url = at,
  ) => {
    const response = await fetch(url, init);
    const text = await response.text();
    assert.equal(response.status, status, text);
    assert.ok(JSON.parse(text).error, text);
  };
  const form = { "Content-Type": FORM };
  await is(405, { method: "GET" });
  await is(405, { method: "DELETE" });
  await is(404, { method: "POST", headers: form, body: "a=b" }, base);
  await is(
    414,
    { method: "POST", headers: form, body: "a=b" },
    `${base}?message=${"x".repeat(2000)}`,
  );
  await is(415, {
    method: "POST",
    body: "{}",
    headers: { "Content-Type": "application/json" },
  });
  await is(415, {
    method: "POST",
    body: "x",
    headers: { ...form, "Content-Encoding": "gzip" },
  });
  await is(413, {
    method: "POST",
    headers: form,
    body: `a=${"x".repeat(17_000)}`,
  });
  await is(413, { method: "POST", headers: form, body: "a=b&".repeat(101) });
  await is(413, {
    method: "POST",
    headers: form,
    body: `a=${"x".repeat(1025)}`,
  });
  for (const body of [
    "",
    "%",
    "=&=&",
    "%ff%fe=%00",
    "__proto__=x&constructor=y",
  ]) {
    await is(403, { method: "POST", headers: form, body });
  }
  const head = `POST /callback?message=x HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\n`;
  // A length that is announced is refused before it comes, and one that is not is refused as it does.
  assert.match(
    await raw(`${head}Content-Length: 99999999\r\n\r\n`),
    /^HTTP\/1\.1 413 /,
  );
  const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`;
  assert.match(
    await raw(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`),
    /^HTTP\/1\.1 413 /,
  );
  const ada = await app.user().withNumber().create();
  await ada.signIn();
});

test("A handler that no app has started, or whose body others have read, refuses and does not hang.", async () => {
  const callback = require("../../js/callback.js")();
  const server = http.createServer((request, response) => {
    if (request.url?.startsWith("/read")) {
      request.resume().on("end", () => callback(request, response));
      return;
    }
    if (request.url?.startsWith("/parsed")) {
      Object.assign(request, { body: { MessageStatus: { $ne: 1 } } });
    }
    callback(request, response);
  });
  await new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve(undefined)),
  );
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  try {
    for (const [path, status] of /** @type {const} */ ([
      ["plain", 503],
      ["read", 400],
      ["parsed", 400],
    ])) {
      const url = `http://127.0.0.1:${port}/${path}?message=x`;
      assert.equal((await post(url, { a: "b" })).status, status, path);
    }
  } finally {
    server.close();
  }
});

test("Somebody who sends half of a form is not waited for, and neither is one who hangs up.", async () => {
  /** @type {Promise<number>[]} */
  const ends = [];
  const server = http.createServer((request, response) => {
    const patience = request.url === "/slow" ? 20 : 20_000;
    const read = readForm(request, patience);
    ends.push(
      read.then(
        () => 0,
        ({ status }) => status,
      ),
    );
    read.catch(() => {}).finally(() => response.end());
  });
  await new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve(undefined)),
  );
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  try {
    for (const path of ["slow", "cut"]) {
      const began = new Promise((resolve) => server.once("request", resolve));
      const socket = net.connect(port, "127.0.0.1");
      socket.on("error", () => {});
      socket.write(
        `POST /${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\nContent-Length: 100\r\n\r\na=b`,
      );
      await began;
      if (path === "cut") socket.destroy();
      await ends.at(-1);
      socket.destroy();
    }
    assert.deepEqual(await Promise.all(ends), [408, 400]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
