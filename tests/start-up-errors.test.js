// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");
const twoFactor = /** @type {any} */ (require("../js/index.js"));

/** As much of Cloud Code's Parse as is used before the server answers. */
function cloudCode() {
  const nothing = () => {};
  return {
    masterKey: "tests-master-key",
    User: class {},
    Cloud: {
      define: nothing,
      beforeLogin: nothing,
      afterLogin: nothing,
      beforeSave: nothing,
      afterSave: nothing,
      beforeDelete: nothing,
      afterDelete: nothing,
    },
    CoreManager: {
      getRESTController: () => ({
        request: async () => assert.fail("there is no server"),
      }),
    },
  };
}

/**
 * @param {() => unknown} start
 * @returns {Error}
 */
function thrownBy(start) {
  try {
    start();
  } catch (error) {
    return /** @type {Error} */ (error);
  }
  assert.fail("nothing was thrown");
}

/** Options with a name that is not one, and the one that was meant. @type {[any, string, string][]} */
const MISSPELT = [
  [{ isuer: "App" }, "isuer", "issuer"],
  [{ requires: "everyone" }, "requires", "require"],
  [{ beforelogin() {} }, "beforelogin", "beforeLogin"],
  [{ onevent() {} }, "onevent", "onEvent"],
  [{ key: "" }, "key", "keys"],
  [{ column: {} }, "column", "columns"],
  [{ codeLifetime: 60 }, "codeLifetime", "limits: { codeLifetime }"],
  [{ "limits.attempts": 3 }, "limits.attempts", "limits: { attempts }"],
  [{ limits: { atempts: 3 } }, "limits.atempts", "limits: { attempts }"],
  [{ limits: { issuer: "App" } }, "limits.issuer", "issuer"],
];

for (const [options, name, meant] of MISSPELT) {
  test(`a start with an option ${name} fails and asks whether ${meant} was meant`, () => {
    assert.equal(
      thrownBy(() => twoFactor(cloudCode(), options)).message,
      `parse-two-factor: There is no option ${name}. Did you mean ${meant}?`,
    );
  });
}

test("a start with an option that resembles none fails without a guess", () => {
  assert.equal(
    thrownBy(() => twoFactor(cloudCode(), { colour: "red" })).message,
    "parse-two-factor: There is no option colour.",
  );
});

/** Ways to start that cannot succeed, each on its own. @type {Record<string, () => unknown>} */
const FAILING = {
  "options that are no object": () => twoFactor(cloudCode(), "everyone"),
  "options that are null": () => twoFactor(cloudCode(), null),
  "no Parse": () => twoFactor(undefined),
  "an option of JavaScript's that is no function": () =>
    twoFactor(cloudCode(), { clock: 5 }),
  "an option of the core's that cannot be read": () =>
    twoFactor(cloudCode(), { require: "all" }),
  "a limit below what a standard asks for": () =>
    twoFactor(cloudCode(), { limits: { codeLength: 4 } }),
  "a key ring that cannot be read": () =>
    twoFactor(cloudCode(), { keys: "no ring at all" }),
  "a sender of messages that is none": () =>
    twoFactor(cloudCode(), { sms: { messages: [] } }),
  "an account SID that Twilio's SDK refuses": () => {
    process.env.TWILLIO_ACCOUNT_SID = "not one";
    process.env.TWILLIO_AUTH_TOKEN = "any";
    try {
      twoFactor(cloudCode());
    } finally {
      delete process.env.TWILLIO_ACCOUNT_SID;
      delete process.env.TWILLIO_AUTH_TOKEN;
    }
  },
  "a trigger that is a list without a function": () =>
    twoFactor(cloudCode(), { beforeLogin: [{ requireUser: true }] }),
  "a trigger whose validator is none": () =>
    twoFactor(cloudCode(), { beforeSaveUser: [() => {}, "requireUser"] }),
  "a function login that the app defines afterwards": () => {
    const Parse = cloudCode();
    twoFactor(Parse);
    /** @type {any} */ (Parse.Cloud).define("login", () => {});
  },
  "a beforeLogin that the app registers afterwards": () => {
    const Parse = cloudCode();
    twoFactor(Parse);
    /** @type {any} */ (Parse.Cloud).beforeLogin(() => {});
  },
};

/** Triggers, and how an app would register them. @type {[string, string, (Cloud: any, Parse: any) => void][]} */
const OWN_TRIGGERS = [
  [
    "beforeSaveUser",
    "beforeSave",
    (Cloud, Parse) => Cloud.beforeSave(Parse.User, () => {}),
  ],
  ["afterSaveUser", "afterSave", (Cloud) => Cloud.afterSave("_User", () => {})],
  [
    "beforeDeleteUser",
    "beforeDelete",
    (Cloud, Parse) => Cloud.beforeDelete(Parse.User, () => {}),
  ],
  [
    "afterDeleteUser",
    "afterDelete",
    (Cloud) => Cloud.afterDelete("_User", () => {}),
  ],
];

for (const [option, trigger, registerIt] of OWN_TRIGGERS) {
  test(`a start fails where the app registers ${trigger}(Parse.User) after handing over ${option}, and names the option`, () => {
    const Parse = cloudCode();
    twoFactor(Parse, { [option]: () => {} });
    const { message } = thrownBy(() => registerIt(Parse.Cloud, Parse));
    assert.match(message, new RegExp(`\\{ ${option}: async`));
    // Of other classes each trigger is the app's.
    /** @type {any} */ (Parse.Cloud)[trigger]("Post", () => {});
  });
}

test("a trigger is registered with the validator that the app handed over, and the rate limit of a beforeLogin holds for login, two calls a sign-in", () => {
  const Parse = cloudCode();
  /** @type {Record<string, any>} */
  const registered = {};
  Object.assign(Parse.Cloud, {
    define: (
      /** @type {any} */ name,
      /** @type {any} */ _,
      /** @type {any} */ v,
    ) => (registered[name] = v),
    beforeLogin: (/** @type {any} */ _, /** @type {any} */ v) =>
      (registered.beforeLogin = v),
    beforeSave: (
      /** @type {any} */ _,
      /** @type {any} */ _handler,
      /** @type {any} */ v,
    ) => (registered.beforeSave = v),
  });
  const limited = { rateLimit: { requestTimeWindow: 60_000, requestCount: 5 } };
  const fields = { requireUser: true };

  twoFactor(Parse, {
    beforeLogin: [() => {}, limited],
    beforeSaveUser: [() => {}, fields],
  });

  assert.equal(registered.beforeLogin, limited);
  assert.equal(registered.beforeSave, fields);
  assert.deepEqual(registered.login, {
    rateLimit: { requestTimeWindow: 60_000, requestCount: 10 },
  });
  assert.equal(registered.stepUp, undefined);
});

for (const [what, start] of Object.entries(FAILING)) {
  test(`a start with ${what} fails with a message that names the package, and shows no frame of WebAssembly`, () => {
    const error = thrownBy(start);
    assert.match(error.message, /^parse-two-factor: [A-Z]/);
    assert.match(String(error.stack), /start-up-errors\.test\.js/);
    assert.doesNotMatch(String(error.stack), /wasm|pkg\//);
    assert.equal(error.cause, undefined);
  });
}
