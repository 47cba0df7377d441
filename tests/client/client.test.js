// @ts-check
"use strict";

/** `parse-two-factor/client` against a real Parse Server, with Parse's own SDK. */

const assert = require("node:assert/strict");
const { before, describe, test } = require("node:test");
const { sharedApp } = require("../support/shared-app");
const { Authenticator } = require("../support/authenticator");
const { MINUTE } = require("../support/time");
const { totp } = require("../support/totp");
const { wrongCode } = require("../support/user");
const {
  CodeUsed,
  Expired,
  NoConnection,
  StepUpRequired,
  TooMany,
  TwoFactorClient,
  TwoFactorError,
  WrongCode,
  WrongPassword,
} = /** @type {any} */ (require("parse-two-factor/client"));
const Parse = /** @type {any} */ (require("parse/node"));

const startApp = sharedApp({
  options: {
    origin: "example.com",
    trustedDevices: { days: 30 },
    allow: ["trusted-device"],
  },
  env: KEYS(),
});
const startStrictApp = sharedApp({
  options: { require: "everyone" },
  env: KEYS(),
});

function KEYS() {
  const key = Buffer.alloc(32, "client").toString("base64");
  return { TWO_FACTOR_KEYS: `key:${key}` };
}

/** A store as a browser has it. */
function store() {
  /** @type {Map<string, string>} */
  const entries = new Map();
  return {
    entries,
    getItem: async (/** @type {string} */ key) => entries.get(key) ?? null,
    setItem: async (/** @type {string} */ key, /** @type {string} */ value) =>
      void entries.set(key, value),
    removeItem: async (/** @type {string} */ key) => void entries.delete(key),
  };
}

/** @type {import("../support/app").App} */
let app;

/** @param {import("../support/app").App} to */
function use(to) {
  app = to;
  Parse.initialize("tests");
  Parse.serverURL = to.urls[0];
}

/** @param {object} [options] */
const client = (options) =>
  new TwoFactorClient(Parse, { storage: null, ...options });

/**
 * @param {Promise<any>} call
 * @param {new () => Error} Named
 * @returns {Promise<any>} the error
 */
async function fails(call, Named) {
  const error = await call.then(
    (answer) => assert.fail(JSON.stringify(answer)),
    (thrown) => thrown,
  );
  assert.ok(error instanceof Named, `${error.name}: ${error.message}`);
  assert.equal(error.name, Named.name);
  assert.ok(error instanceof TwoFactorError);
  return error;
}

describe("The client, signing in", () => {
  before(async () => use(await startApp()));

  test("The client signs a user in by the code of a message, and says until when it counts.", async () => {
    const ada = await app.user().withNumber().create();
    const before = Date.now();
    const challenge = await client().signIn(ada.credentials);
    assert.equal(challenge.status, "challenge");
    assert.equal(challenge.method, "sms");
    assert.deepEqual(challenge.methods, ["sms"]);
    assert.equal(challenge.to, `•••• ${ada.phone.slice(-4)}`);
    assert.equal(challenge.attemptsLeft, 5);
    const lives = challenge.expiresAt.getTime() - before;
    assert.ok(lives >= 300_000 && lives < 330_000, String(lives));
    const waits = challenge.resendAt.getTime() - before;
    assert.ok(waits >= 30_000 && waits < 60_000, String(waits));

    const state = await challenge.answer(ada.code());

    assert.equal(state.status, "signed-in");
    assert.match(state.sessionToken, /^r:/);
  });

  test("The client signs a user without a second factor in at once.", async () => {
    const ada = await app.user().create();
    const state = await client().signIn(ada.credentials);
    assert.equal(state.status, "signed-in");
    assert.match(state.sessionToken, /^r:/);
  });

  test("The client says how many tries are left after a wrong code, on the error and on the challenge, and the right code still opens.", async () => {
    const ada = await app.user().withNumber().create();
    const challenge = await client().signIn(ada.credentials);
    const wrong = challenge.answer(wrongCode(ada.code()));
    const error = await fails(wrong, WrongCode);
    assert.equal(error.attemptsLeft, 4);
    assert.equal(challenge.attemptsLeft, 4);
    assert.equal((await challenge.answer(ada.code())).status, "signed-in");
  });

  test("The client says that a challenge takes no more answers after five wrong ones.", async () => {
    const ada = await app.user().withNumber().create();
    const challenge = await client().signIn(ada.credentials);
    for (let n = 1; n <= 5; n++) {
      const wrong = challenge.answer(wrongCode(ada.code(), n));
      const { attemptsLeft } = await fails(wrong, WrongCode);
      assert.equal(attemptsLeft, 5 - n);
    }
    const error = await fails(challenge.answer(ada.code()), TooMany);
    assert.equal(error.startAgain, true);
    assert.equal(challenge.attemptsLeft, 0);
  });

  test("The client sends another code when it is time, and says when that is.", async () => {
    const ada = await app.user().withNumber().create();
    const challenge = await client().signIn(ada.credentials);
    await app.advance(10_000);
    const error = await fails(challenge.resend(), TooMany);
    const waits = error.retryAt.getTime() - Date.now();
    assert.ok(waits > 15_000 && waits <= 20_000, String(waits));
    assert.deepEqual(challenge.resendAt, error.retryAt);
    await app.advance(20_000);

    assert.equal(await challenge.resend(), challenge);

    assert.equal(ada.messages.length, 2);
    assert.equal((await challenge.answer(ada.code())).status, "signed-in");
  });

  test("The client tells a code that was used, an old challenge and a wrong password apart.", async () => {
    const ada = await app.user().withTotp().create();
    const first = await client().signIn(ada.credentials);
    const code = ada.totp();
    await first.answer(code);
    const second = await client().signIn(ada.credentials);
    await fails(second.answer(code), CodeUsed);
    assert.equal(second.attemptsLeft, 5);
    await app.advance(6 * MINUTE);
    const error = await fails(second.answer(ada.totp()), Expired);
    assert.equal(error.startAgain, true);
    const wrong = { ...ada.credentials, password: "wrong" };
    await fails(client().signIn(wrong), WrongPassword);
  });

  test("The client signs in by one call with an authenticator app, and by a recovery code.", async () => {
    const ada = await app.user().withTotp().create();
    const once = { ...ada.credentials, code: ada.totp() };
    assert.equal((await client().signIn(once)).status, "signed-in");
    const challenge = await client().signIn(ada.credentials);
    const state = await challenge.answer(ada.recoveryCodes[0]);
    assert.equal(state.recoveryCodesLeft, 9);
  });

  test("The client begins with a passkey where there can be one, and signs in with it.", async () => {
    const ada = await app.user().create();
    const passkeys = withPasskey();
    const session = await ada.session();
    const own = client({ passkeys, sessionToken: session.token });
    const { password } = ada;
    const begun = await own.enroll({ method: "webauthn", password });
    assert.equal((await begun.createPasskey()).factor.method, "webauthn");

    const challenge = await client({ passkeys }).signIn(ada.credentials);
    assert.equal(challenge.method, "webauthn");
    assert.equal((await challenge.usePasskey()).status, "signed-in");
    const elsewhere = await client().signIn(ada.credentials);
    assert.equal(elsewhere.method, "recovery");
  });

  test("The client never calls a server that cannot be reached a denial.", async () => {
    const { serverURL } = Parse;
    Parse.CoreManager.set("REQUEST_ATTEMPT_LIMIT", 1);
    Parse.serverURL = "http://127.0.0.1:9/parse";
    try {
      await fails(
        client().signIn({ username: "a", password: "b" }),
        NoConnection,
      );
    } finally {
      Parse.serverURL = serverURL;
      Parse.CoreManager.set("REQUEST_ATTEMPT_LIMIT", 5);
    }
  });
});

/** An authenticator that answers as `navigator.credentials` would. */
function withPasskey() {
  const authenticator = new Authenticator();
  return {
    isKnown: () => true,
    create: async (/** @type {any} */ publicKey) =>
      authenticator.create({ publicKey }),
    use: async (/** @type {any} */ publicKey) =>
      authenticator.get({ publicKey }),
  };
}

describe("The client's memory", () => {
  before(async () => use(await startApp()));

  test("The client takes a sign-in up again after a reload, and forgets it once it is answered.", async () => {
    const ada = await app.user().withNumber().create();
    const storage = store();
    const challenge = await client({ storage }).signIn(ada.credentials);
    await fails(challenge.answer(wrongCode(ada.code())), WrongCode);
    const kept = JSON.stringify([...storage.entries]);
    assert.ok(!kept.includes(ada.password) && !kept.includes(ada.username));

    const again = await client({ storage }).resume();

    assert.equal(again.attemptsLeft, 4);
    assert.deepEqual(again.expiresAt, challenge.expiresAt);
    assert.equal((await again.answer(ada.code())).status, "signed-in");
    assert.equal(await client({ storage }).resume(), undefined);
    assert.equal(storage.entries.size, 0);
  });

  test("The client forgets a sign-in that was given up, and one that takes no more answers.", async () => {
    const ada = await app.user().withNumber().create();
    const storage = store();
    await (await client({ storage }).signIn(ada.credentials)).cancel();
    assert.equal(await client({ storage }).resume(), undefined);
    const challenge = await client({ storage }).signIn(ada.credentials);
    await app.advance(6 * MINUTE);
    await fails(challenge.answer("123456"), Expired);
    assert.equal(storage.entries.size, 0);
  });
});

test("The client keeps the token of a trusted browser for its user where the app says, and drops it once the server does not know it.", async () => {
  use(await startApp());
  const ada = await app.user().withNumber().create();
  const bob = await app.user().withNumber().create();
  const devices = store();
  const begun = await client({ devices }).signIn(ada.credentials);
  assert.equal(begun.trustDays, 30);
  await begun.answer(ada.code(), { trust: true });
  const kept = JSON.stringify([...devices.entries]);
  assert.ok(!kept.includes(ada.password) && !kept.includes(ada.username));

  const state = await client({ devices }).signIn(ada.credentials);
  assert.equal(state.status, "signed-in");
  const other = await client({ devices }).signIn(bob.credentials);
  assert.equal(other.status, "challenge");

  const { sessionToken } = state;
  await client({ sessionToken }).forgetDevice({ all: true });
  assert.equal(devices.entries.size, 1);
  const again = await client({ devices }).signIn(ada.credentials);
  assert.equal(again.status, "challenge");
  assert.equal(devices.entries.size, 0);
});

describe("The client, in a session", () => {
  before(async () => use(await startApp()));

  test("The client sends another code for a number that is being enrolled, when it is time.", async () => {
    const phone = app.newNumber();
    const ada = (await app.user().create()).with({ phone });
    const { token } = await ada.session();
    const own = client({ sessionToken: () => token });
    const { password } = ada;
    const wanted = { method: "sms", phoneNumber: phone, password };
    const begun = await own.enroll(wanted);
    assert.ok(begun.resendAt > new Date());
    const error = await fails(begun.resend(), TooMany);
    assert.deepEqual(begun.resendAt, error.retryAt);
    await app.advance(30_000);

    assert.equal(await begun.resend(), begun);

    assert.equal(ada.messages.length, 2);
    assert.equal((await begun.confirm(ada.code())).factor.method, "sms");
  });

  test("The client lists, adds, renames and removes factors, and renews recovery codes.", async () => {
    const ada = await app.user().create();
    const { token } = await ada.session();
    const own = client({ sessionToken: () => token });
    assert.equal((await own.status()).asks, "password");

    const { password } = ada;
    const label = "Phone";
    const begun = await own.enroll({ method: "totp", label, password });
    assert.match(begun.qr, /^<svg/);
    assert.ok(begun.expiresAt > new Date());
    const confirmed = await begun.confirm(totp(begun.secret, app.now()));
    assert.equal(confirmed.recoveryCodes.length, 10);

    const factor = confirmed.factor.id;
    await own.rename({ factor, label: "Tablet" });
    const { factors } = await own.status();
    assert.deepEqual(
      factors.map((/** @type {any} */ { label }) => label),
      ["Tablet"],
    );
    const { recoveryCodes } = await own.newRecoveryCodes();
    assert.equal(recoveryCodes.length, 10);
    await app.advance(MINUTE);
    /** @param {any} challenge */
    const prove = (challenge) =>
      challenge.answer(totp(begun.secret, app.now()));
    await own.withStepUp(() => own.remove({ factor }), prove);
    assert.deepEqual((await own.status()).factors, []);
  });

  test("The client repeats what needs a step-up once it is answered, and otherwise gives out the challenge.", async () => {
    const ada = await app.user().withNumber().create();
    const { token } = await ada.session();
    const own = client({ sessionToken: token });
    const guarded = () =>
      Parse.Cloud.run("needsStepUp", {}, { sessionToken: token });
    const error = await fails(own.withStepUp(guarded), StepUpRequired);
    const { status } = await error.challenge.answer(ada.code());
    assert.equal(status, "stepped-up");
    assert.equal(await own.withStepUp(guarded), "done");

    await app.advance(16 * MINUTE);
    let asked = 0;
    const prove = async (/** @type {any} */ challenge) => {
      asked += 1;
      await challenge.answer(ada.code());
    };
    assert.equal(await own.withStepUp(guarded, prove), "done");
    assert.equal(asked, 1);
  });
});

test("The client enrolls a user who has to, and is answered the session.", async () => {
  use(await startStrictApp());
  const ada = await app.user().create();
  const state = await client().signIn(ada.credentials);
  assert.equal(state.status, "enroll");
  assert.ok(state.methods.includes("totp"));
  assert.ok(state.expiresAt > new Date());
  const { enroll } = state;
  const begun = await client().enroll({ method: "totp", enroll });
  const confirmed = await begun.confirm(totp(begun.secret, app.now()));
  assert.match(confirmed.sessionToken, /^r:/);
});
