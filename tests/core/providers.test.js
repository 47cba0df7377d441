// @ts-check
"use strict";

/** What the log at the start and doctor say of providers. */

const assert = require("node:assert/strict");
const { afterEach, mock, test } = require("node:test");
const providers = require("../../cli/doctor/remote/providers.js");
const { checkTrust } = require("../../js/start-up.js");
const server = require("../../js/parse/server.js");
const { providerWarnings } = require("../../js/warnings.js");

afterEach(() => mock.restoreAll());

/**
 * @param {object} health
 * @param {number} [count] of users who have a number and a provider
 */
function check(health, count = 0) {
  const asked = {
    request: async (/** @type {string} */ _, /** @type {string} */ route) =>
      route.startsWith("/schemas")
        ? { fields: { phone_number: {} } }
        : { count },
  };
  return providers(/** @type {any} */ (asked), {
    providers: ["google"],
    require: "enrolled",
    federated: "ask",
    providerSignIn: true,
    asksProviders: true,
    ...health,
  });
}

test("Doctor says what providers mean for users with a number, by what their word is worth.", async () => {
  assert.equal((await check({}))[0], "ok");
  assert.equal(
    (await check({ providers: [], providerSignIn: false }))[0],
    "ok",
  );
  assert.equal((await check({ providers: null }))[0], "skipped");
  const [level, ask] = await check({}, 2);
  assert.equal(level, "warning");
  assert.match(ask, /^2 users .* in place of logInWith/);
  const [refused, refuse] = await check({ federated: "refuse" }, 1);
  assert.equal(refused, "warning");
  assert.match(refuse, /^1 user .* password reset/);
  // A server of an older version does not say.
  assert.equal((await check({ federated: undefined }, 1))[1], refuse);
  assert.equal((await check({ require: "nobody" }, 1))[0], "ok");
  assert.equal((await check({ federated: "trust" }, 1))[0], "ok");
});

test("Doctor fails where a provider's word is taken and Parse Server cannot be asked, and warns where it is not asked anew.", async () => {
  for (const federated of ["ask", "trust"]) {
    const [level, said] = await check({ federated, providerSignIn: false });
    assert.equal(level, "failure");
    assert.match(said, /4023/);
    const [other, replayed] = await check({ federated, asksProviders: false });
    assert.equal(other, "warning");
    assert.match(replayed, /allowExpiredAuthDataToken/);
  }
  const refusing = { federated: "refuse", providerSignIn: false };
  assert.equal((await check({ ...refusing, asksProviders: false }))[0], "ok");
});

/**
 * A Parse Server with these settings.
 * @param {object | undefined} config
 * @param {boolean} knows whether it has the setting
 */
function running(config, knows = true) {
  const auth = { google: {} };
  const authDataManager = { getValidatorForProvider: () => ({ adapter: {} }) };
  const whole = config && { auth, authDataManager, ...config };
  mock.method(server, "config", () => whole);
  mock.method(server, "hasOption", () => knows);
  mock.method(server, "running", () => undefined);
  mock.method(server, "asksProviders", () =>
    Boolean(knows && whole && /** @type {any} */ (whole).strict),
  );
  mock.method(server, "firstFactorProviders", () =>
    whole ? Object.keys(whole.auth) : undefined,
  );
}

test("The log at the start says what keeps a provider's word from being checked, where one is taken.", async () => {
  running({});
  const warned = await providerWarnings({}, "ask");
  assert.equal(warned.length, 2);
  assert.match(warned[0], /4023/);
  assert.match(warned[1], /allowExpiredAuthDataToken: false/);
  assert.deepEqual(await providerWarnings({}, "refuse"), []);
  running({ auth: {} });
  assert.deepEqual(await providerWarnings({}, undefined), []);
});

test("Providers are trusted only where Parse Server shows that it asks them about every sign-in.", () => {
  running({ strict: true });
  checkTrust({}, { federated: "trust" });
  for (const [config, knows] of /** @type {[any, boolean][]} */ ([
    [{}, true],
    [{ strict: true }, false],
    [undefined, true],
  ])) {
    running(config, knows);
    const trust = () => checkTrust({}, { federated: "trust" });
    assert.throws(trust, /allowExpiredAuthDataToken/);
    checkTrust({}, { federated: "ask" });
    checkTrust({}, {});
  }
});
