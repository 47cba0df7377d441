// @ts-check
"use strict";

/** docs/openapi.json against a real server: what it answers is what is described. */

const assert = require("node:assert/strict");
const fs = require("node:fs");
const { before, test } = require("node:test");
const { Ajv2020 } = require("ajv/dist/2020");
const { FILE, description } = require("../../openapi/build");
const { functions } = require("../../openapi/parameters");
const { Authenticator } = require("../support/authenticator");
const { newId, signUp, word } = require("../support/linked-user");
const { sharedApp } = require("../support/shared-app");
const { MINUTE } = require("../support/time");
const { totp } = require("../support/totp");

const startApp = sharedApp({
  own: "signs in by providers",
  options: {
    origin: "example.com",
    trustedDevices: { days: 30 },
    allow: ["trusted-device"],
  },
  hooks: ["require"],
  env: {
    TWO_FACTOR_KEYS: `key:${Buffer.alloc(32, "openapi").toString("base64")}`,
  },
});

const openapi = JSON.parse(fs.readFileSync(FILE, "utf8"));

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(openapi, "openapi");

/** @param {string} name @param {string[]} path below the function's operation */
const schemaAt = (name, path) =>
  ajv.compile({
    $ref: `openapi#/paths/~1functions~1${name}/post/${path
      .map((key) => key.replaceAll("/", "~1"))
      .join("/")}/content/application~1json/schema`,
  });

/** An object with more fields than are described is as wrong as one with less. @param {any} schema */
function close(schema) {
  if (!schema || typeof schema !== "object") return;
  if (schema.properties) schema.additionalProperties ??= false;
  Object.values(schema).forEach(close);
}
close(openapi);
// The shim adds what the server's settings around the core are.
openapi.components.schemas.Health.additionalProperties = true;

/** The functions that were called and answered. */
const answered = new Set();

/**
 * @param {string} name
 * @param {object} params
 * @param {import("../support/app").Caller} [caller]
 * @returns {Promise<any>} the result
 */
async function call(name, params, caller) {
  const takes = schemaAt(name, ["requestBody"]);
  assert.ok(takes(params), `${name}: ${ajv.errorsText(takes.errors)}`);
  const answer = await app.run(name, params, caller);
  const { status, body } = /** @type {{status: number, body: any}} */ (answer);
  const path = ["responses", status === 200 ? "200" : "4XX"];
  const answers = schemaAt(name, path);
  const fits = /** @type {boolean} */ (answers(body));
  const said = JSON.stringify(body);
  assert.ok(fits, `${name}: ${ajv.errorsText(answers.errors)} ${said}`);
  if (status === 200) answered.add(name);
  return body.result ?? body;
}

test("docs/openapi.json is what the core's types and the core itself come to.", async () => {
  assert.equal(fs.readFileSync(FILE, "utf8"), await description());
});

test("Every answer of a running server is as docs/openapi.json describes it, and every function is described.", async () => {
  const ada = await app.user({ stage: "enrolled" }).withNumber().create();
  const begun = await call("login", ada.credentials);
  const { challenge } = begun;
  await app.advance(MINUTE / 2);
  await call("resendCode", { challenge });
  await call("login", { challenge, code: "0" });
  const signedIn = await call("login", { challenge, code: ada.code() });
  const session = { sessionToken: signedIn.sessionToken };

  await call("twoFactorStatus", {}, session);
  const app2 = { method: "totp", label: "App" };
  const { secret, enrollment } = await call("enrollTwoFactor", app2, session);
  const code = totp(secret, app.now());
  const confirm = { enrollment, code, endOtherSessions: true };
  const { factor } = await call("confirmTwoFactor", confirm, session);
  const sms = { method: "sms", phoneNumber: app.newNumber() };
  await call("enrollTwoFactor", sms, session);
  const key = await call("enrollTwoFactor", { method: "webauthn" }, session);
  const authenticator = new Authenticator();
  const credential = authenticator.create(key);
  const made = { enrollment: key.enrollment, credential };
  await call("confirmTwoFactor", made, session);
  await call("twoFactorStatus", {}, session);
  await call("renameTwoFactor", { factor: factor.id, label: "Mine" }, session);

  await app.advance(10 * MINUTE);
  await call("removeTwoFactor", { factor: factor.id }, session);
  const up = await call("stepUp", { methods: ["webauthn"] }, session);
  const proof = { challenge: up.challenge, credential: authenticator.get(up) };
  await call("stepUp", proof, session);
  await call("newRecoveryCodes", {}, session);
  const again = await call("stepUp", { methods: ["webauthn"] }, session);
  const signed = authenticator.get(again);
  const second = { challenge: again.challenge, credential: signed };
  await call("stepUp", second, session);
  await call("removeTwoFactor", { factor: factor.id }, session);

  const bob = await app.user({ stage: "enrolled" }).withNumber().create();
  const asked = await call("login", bob.credentials);
  const trust = { challenge: asked.challenge, code: bob.code(), trust: true };
  const { device, sessionToken } = await call("login", trust);
  const trusted = { ...bob.credentials, device };
  assert.equal((await call("login", trusted)).status, "signed-in");
  await call("twoFactorStatus", {}, { sessionToken });
  await call("forgetDevice", { all: true }, { sessionToken });
  assert.equal((await call("login", trusted)).device, null);
  const id = newId();
  await signUp(app, id, { stage: "enrolled" });
  assert.equal((await call("login", word(id))).status, "signed-in");

  const eve = await app.user({ stage: "everyone" }).create();
  const { status } = await call("login", eve.credentials);
  assert.equal(status, "enroll");
  const master = { master: true };
  await call("resetTwoFactor", { userId: eve.id, scope: "factors" }, master);
  await call("importTwoFactor", { dryRun: true }, master);
  await call("twoFactorHealth", {}, master);

  assert.deepEqual([...answered].sort(), functions().sort());
});
