// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { startApp } = require("../support/app");
const { granted, refused, result } = require("../support/answers");
const { newKey } = require("../support/key");
const { newId, signUp, word } = require("../support/linked-user");
const { startPostgresProxy } = require("../support/postgres-proxy");
const {
  BAD_REQUEST,
  INVALID_CREDENTIALS,
  INVALID_SESSION_TOKEN,
  STEP_UP_REQUIRED,
} = require("../support/refusals");
const { startDatabase } = require("../support/sandbox");

/**
 * Trusted browsers. The app reaches its database through a proxy of ours, which counts statements. They are PostgreSQL's, so it is
 * PostgreSQL here whatever database the other tests run on.
 */

/** @typedef {import("../support/user").User} User */

/** @type {Awaited<ReturnType<typeof startDatabase>>} */
let database;
/** @type {Awaited<ReturnType<typeof startPostgresProxy>>} */
let proxy;
/** @type {import("../support/app").App} */
let app;

before(async () => {
  database = await startDatabase();
  proxy = await startPostgresProxy(database.uri);
  app = await startApp({
    databaseURI: proxy.uri,
    own: "signs in by providers",
    options: {
      keys: newKey(),
      trustedDevices: { days: 30 },
      allow: ["trusted-device"],
    },
  });
});
after(async () => {
  await app?.stop();
  await proxy?.stop();
  await database?.stop();
});

const FIREFOX = {
  "User-Agent":
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
};

/** @param {User} user @param {object} more @returns {Promise<any>} */
async function login(user, more) {
  const params = { ...user.credentials, ...more };
  return result(await app.run("login", params, { headers: FIREFOX }));
}

/** Signs in and trusts the browser. @param {User} user @returns {Promise<string>} its token */
async function trust(user) {
  const { challenge, trustDays } = await user.login();
  assert.equal(trustDays, 30);
  const answer = { challenge, code: user.code(), trust: true };
  const { status, sessionToken, device, ...more } = result(
    await app.run("login", answer, { headers: FIREFOX }),
  );
  assert.equal(status, "signed-in");
  assert.match(sessionToken, /^r:/);
  assert.deepEqual(more, {});
  assert.ok(device.length < 200);
  return device;
}

/** Sets the password that the user has by the link that Parse mails. @param {User} user */
async function resetByMail(user) {
  const email = `${user.id}@example.com`;
  await user.update({ email });
  const asked = await app.rest("POST", "/requestPasswordReset", { email });
  assert.equal(asked.status, 200, JSON.stringify(asked.body));
  const { link } = (await app.seen("mails")).at(-1);
  const token = new URL(link).searchParams.get("token") ?? "";
  const { username, password } = user.credentials;
  const page = `${app.urls[0]}/apps/tests/request_password_reset`;
  const reset = await fetch(page, {
    method: "POST",
    headers: { "X-Requested-With": "XMLHttpRequest" },
    body: new URLSearchParams({ token, username, new_password: password }),
  });
  assert.equal(reset.status, 200, await reset.text());
}

/** @param {User} user @param {string} device */
async function isTrusted(user, device) {
  const answer = await login(user, { device });
  if (answer.status === "signed-in") {
    assert.deepEqual(Object.keys(answer).sort(), ["sessionToken", "status"]);
    return true;
  }
  assert.equal(answer.status, "challenge");
  assert.equal(answer.device, null);
  return false;
}

test("A trusted browser signs in without a code, in seven statements at most, until it is forgotten.", async () => {
  const user = await app.user().withNumber().create();
  const device = await trust(user);
  const sent = user.messages.length;

  const all = await proxy.during(() => login(user, { device }));

  // With directAccess off each session has an installation, whose other sessions Parse Server ends.
  const statements = all.filter((text) => !text.startsWith("WITH deleted"));
  // Two of them check the password, as Parse Server 9.10 does.
  assert.ok(statements.length <= 7, statements.join("\n"));
  assert.equal(user.messages.length, sent);
  const session = await user.session();
  const { devices } = await session.status();
  assert.deepEqual(devices, [
    {
      id: devices[0].id,
      label: "Firefox on Linux",
      createdAt: app.now(),
      endsAt: app.now() + 30 * 86_400_000,
    },
  ]);
  assert.deepEqual(
    await session.run("forgetDevice", { device: "another" }),
    {},
  );
  assert.ok(await isTrusted(user, device));
  assert.deepEqual(
    await session.run("forgetDevice", { device: devices[0].id }),
    {},
  );
  assert.ok(!(await isTrusted(user, device)));
  assert.deepEqual((await user.account()).devices, []);
});

test("A trusted browser is no step-up, and forgetting it takes a session.", async () => {
  const user = await app.user().withNumber().create();
  const device = await trust(user);
  const { sessionToken } = await login(user, { device });
  const caller = { sessionToken };
  await refused(
    app.run("removeTwoFactor", { factor: "phone_number", device }, caller),
    STEP_UP_REQUIRED,
  );
  await refused(app.run("forgetDevice", { all: true }), INVALID_SESSION_TOKEN);
  for (const params of [{}, { all: "true" }, { all: true, device: "x" }]) {
    await refused(app.run("forgetDevice", params, caller), BAD_REQUEST);
  }
  for (const more of [{ device: 5 }, { trust: "true" }]) {
    const params = { ...user.credentials, ...more };
    await refused(app.run("login", params), BAD_REQUEST);
  }
  await refused(user.nativeLogin(), 4010);
  const all = await app.run("forgetDevice", { all: true }, caller);
  assert.deepEqual(result(all), {});
  assert.ok(!(await isTrusted(user, device)));
});

test("A change of password or number, a linked provider, a reset by mail and an operator's reset remove trusted browsers from the row.", async () => {
  /** @type {[string, (user: User) => Promise<any>][]} */
  const changes = [
    ["password", (user) => user.update({ password: user.password })],
    ["number", (user) => user.update({ phone_number: app.newNumber() })],
    ["reset", (user) => user.reset()],
    ["link", (user) => user.update(word(newId()))],
    ["mailed reset", resetByMail],
  ];
  for (const [what, change] of changes) {
    const user = await app.user().withNumber().create();
    const device = await trust(user);
    await change(user);
    assert.deepEqual((await user.account()).devices, [], what);
    assert.equal(await isTrusted(user, device), false, what);
  }
});

test("A browser that was trusted after a provider's word signs in by one without a code, until the provider is unlinked.", async () => {
  const id = newId();
  const user = await signUp(app, id, { phone_number: app.newNumber() });
  const { challenge } = result(await app.run("login", word(id)));
  const answer = { challenge, code: user.code(), trust: true };
  const { device } = result(await app.run("login", answer));
  const sent = user.messages.length;
  const byDevice = { ...word(id), device };
  granted(await app.run("login", byDevice));
  assert.equal(user.messages.length, sent);
  const forged = word(id, "demo", { token: "forged" });
  await refused(app.run("login", { ...forged, device }), INVALID_CREDENTIALS);
  await user.update({ authData: { demo: null } });
  assert.deepEqual((await user.account()).devices, []);
});

test("Of a trusted browser used many times at once while it is forgotten, nothing is left.", async () => {
  const user = await app.user().withNumber().create();
  const device = await trust(user);
  const session = await user.session();
  const uses = Array.from({ length: 12 }, () => isTrusted(user, device));
  const forgotten = session.run("forgetDevice", { all: true });
  const more = Array.from({ length: 12 }, () => isTrusted(user, device));
  await forgotten;
  assert.equal(await isTrusted(user, device), false);
  await Promise.all([...uses, ...more]);
  assert.deepEqual((await user.account()).devices, []);
});

test("Neither the database nor the log holds the token of a trusted browser.", async () => {
  const user = await app.user().withNumber().create();
  const device = await trust(user);
  await login(user, { device });
  const [secret, , , , tag] = device.split(".");
  const dump = JSON.stringify(await app.dump());
  for (const part of [secret, tag]) {
    assert.ok(!dump.includes(part) && !app.log().includes(part));
  }
  const [event] = (await user.events()).filter(
    ({ what }) => what === "device-trusted",
  );
  assert.equal(event.about, "Firefox on Linux");
});
