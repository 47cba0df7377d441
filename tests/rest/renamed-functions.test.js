// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { startApp } = require("../support/app");
const { granted, refused, result } = require("../support/answers");
const {
  INVALID_SESSION_TOKEN,
  NATIVE_SIGN_IN,
  STEP_UP_REQUIRED,
} = require("../support/refusals");
const { command, environment } = require("../command/command");

/** An app that has a function `login` of its own. @type {import("../support/app").App} */
let app;
const NAMES = { login: "signIn", stepUp: "prove", twoFactorStatus: "factors" };
before(async () => {
  app = await startApp({
    beforehand: ["login"],
    options: { functions: NAMES },
  });
});
after(() => app?.stop());

test("An app with functions of its own under our names signs its users in by the names that it chose.", async () => {
  const user = await app.user().withNumber().create();
  const begun = result(await app.run("signIn", user.credentials));
  assert.equal(begun.status, "challenge");
  assert.deepEqual(await user.sessions(), [], "the code comes first");
  const { challenge } = begun;
  const sessionToken = granted(
    await app.run("signIn", { challenge, code: user.code() }),
  );
  const status = result(await app.run("factors", {}, { sessionToken }));
  assert.equal(status.factors.length, 1);
  await refused(app.run("prove"), INVALID_SESSION_TOKEN);
  await app.run("login", user.credentials);
  const calls = await app.seen("calls");
  assert.ok(
    calls.some(({ name }) => name === "login"),
    "its own function runs",
  );
  const gone = await app.run("stepUp", {}, { sessionToken });
  assert.equal(gone.body.code, 141, "there is none of this name");
});

test("Refusals, the operator's functions and the command go by the names that the app chose.", async () => {
  const user = await app.user().withNumber().create();
  const native = await refused(user.nativeLogin(), NATIVE_SIGN_IN);
  assert.match(native, /the Cloud function "signIn"/);
  const session = await user.session();
  const change = session.change({ phone_number: app.newNumber() });
  assert.match(await refused(change, STEP_UP_REQUIRED), /\(prove\)/);
  const health = result(await app.run("twoFactorHealth", {}, { master: true }));
  assert.deepEqual(health.functions, NAMES);
  assert.deepEqual(health.replaced, []);
  result(
    await app.run("resetTwoFactor", { userId: user.id }, { master: true }),
  );
  const env = environment(app);
  const shown = await command(["status", "--id", user.id, "--json"], env);
  assert.deepEqual([shown.code, shown.json?.factors.length], [0, 1], shown.err);
});
