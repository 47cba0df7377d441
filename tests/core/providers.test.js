// @ts-check
"use strict";

/** What the log at the start and doctor say of providers. */

const assert = require("node:assert/strict");
const { afterEach, mock, test } = require("node:test");
const providers = require("../../cli/doctor/remote/providers.js");
const { checkTrust } = require("../../js/start-up.js");
const server = require("../../js/parse/server.js");
const { providerWarnings, userWarnings } = require("../../js/warnings.js");

afterEach(() => mock.restoreAll());

/**
 * @param {object} health
 * @param {number} [count] of users who have a number and a provider, or a provider where that is enough
 * @param {object} [fields] the columns of `_User`
 */
function check(health, count = 0, fields = { phone_number: {} }) {
  const asked = {
    request: async (/** @type {string} */ _, /** @type {string} */ route) =>
      route.startsWith("/schemas") ? { fields } : { count },
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

test("Where everyone needs a second factor, doctor and the log count all users of providers, with a number or without.", async () => {
  running({});
  for (const require of ["everyone", "always"]) {
    for (const [federated, what] of /** @type {const} */ ([
      ["ask", /^2 users are linked .* in place of logInWith/],
      ["refuse", /^2 users are linked .* password reset/],
    ])) {
      const [level, said] = await check({ require, federated }, 2, {});
      assert.deepEqual([level, what.test(said)], ["warning", true], said);
      assert.doesNotMatch(said, /number in|remove the number/);
      /** @type {any[]} */
      const asked = [];
      const rest = async (/** @type {any[]} */ ...call) => {
        asked.push(call);
        return { fields: {}, count: 2 };
      };
      const options = { require, federated, column: "phone_number" };
      assert.deepEqual(await userWarnings({}, rest, options), [said]);
      assert.deepEqual(
        asked.map(([, route, params]) => [route, params?.where]),
        [["users", { $or: [{ "authData.google.id": { $regex: "." } }] }]],
      );
    }
    assert.equal((await check({ require }, 0, {}))[0], "ok");
  }
  const [, one] = await check({ require: "everyone" }, 1, {});
  assert.match(one, /^1 user is linked /);
  // Whom a function asks nobody knows, and a column that is not there holds no number.
  for (const require of ["function", "enrolled"]) {
    assert.equal((await check({ require }, 2, {}))[0], "ok");
  }
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
