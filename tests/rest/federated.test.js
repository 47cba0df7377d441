// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { startApp } = require("../support/app");
const { granted, refused, result, tally } = require("../support/answers");
const { Authenticator } = require("../support/authenticator");
const { newKey } = require("../support/key");
const { newId, signUp, usersOf, word } = require("../support/linked-user");
const { callParse } = require("../support/rest");
const {
  asksProviders,
  hasOption,
  hasPolicies,
} = require("../support/parse-server");
const {
  BAD_REQUEST,
  CHALLENGE_UNKNOWN,
  INVALID_CREDENTIALS,
  NATIVE_SIGN_IN,
  NOT_CONFIGURED,
  OFF,
  TRY_AGAIN,
  WRONG_ANSWER,
} = require("../support/refusals");
const { User } = require("../support/user");

/**
 * A provider's word as the first factor, over the wire.
 *
 * @typedef {import("../support/app").App} App
 */

const OTHER_CAUSE = -1;
const SCRIPT_FAILED = 141;
const USERNAME_MISSING = 200;
const UNSUPPORTED = 252;

/** @type {App} */
let app;

before(async () => {
  app = await startApp({
    nodes: 2,
    own: "signs in by providers",
    hooks: ["beforeLogin", "afterLogin"],
    options: { keys: newKey(), webauthn: { rpId: "example.com" } },
    server: {
      // What Parse enforces on a sign-in by password, and on no other.
      verifyUserEmails: true,
      preventLoginWithUnverifiedEmail: true,
      accountLockout: { duration: 5, threshold: 3 },
      passwordPolicy: { maxPasswordAge: 30 },
    },
  });
});
after(() => app?.stop());

/**
 * A user of the provider with a number.
 * @param {string} id
 * @param {Record<string, any>} [columns]
 * @param {string} [provider]
 */
const signedUp = (id, columns, provider) =>
  signUp(app, id, { phone_number: app.newNumber(), ...columns }, provider);

/** Who may do what with a class by default. */
const open = Object.fromEntries(
  ["find", "count", "get", "create", "update", "delete", "addField"].map(
    (what) => [what, { "*": true }],
  ),
);

/** How often the provider was asked, on every node. @param {string} provider */
async function asked(provider) {
  let sum = 0;
  for (const node of [0, 1]) {
    const counts = result(await app.run("asked", {}, { node }));
    sum += counts[provider] ?? 0;
  }
  return sum;
}

test("A provider's word gets a challenge and no session, and the code opens one on another node; the provider is asked once.", async () => {
  const id = newId();
  const ada = await signedUp(id);
  const before = await asked("demo");

  // Another word than the one that is stored, which older versions would not ask about.
  const fresh = word(id, "demo", { fresh: newId() });
  const sign = result(await app.run("login", fresh, { node: 1 }));

  assert.equal(sign.method, "sms");
  assert.deepEqual(await ada.sessions(), []);
  const token = await ada.answer(sign, ada.code(), {}, { node: 0 });
  assert.equal(await asked("demo"), before + 1);
  const headers = { "X-Parse-Session-Token": token };
  const me = await app.rest("GET", "/users/me", undefined, headers);
  assert.equal(me.body.objectId, ada.id, JSON.stringify(me));
  assert.equal((await ada.sessions()).length, 1);
  const calls = (await app.seen("calls")).filter(
    ({ userId }) => userId === ada.id,
  );
  assert.deepEqual(calls.map(({ name }) => name).slice(-2), [
    "beforeLogin",
    "afterLogin",
  ]);
  const signedIn = (await ada.events()).find(
    ({ what }) => what === "signed-in",
  );
  assert.equal(signedIn.about, "demo");
});

test("A one-time word is used up by the call, and the second call needs none.", async () => {
  const id = newId();
  const more = (/** @type {number} */ n) => ({ token: `token-of-${id}#${n}` });
  const ada = await signedUp(id, {}, "once");
  const first = word(id, "once", more(1));
  const sign = result(await app.run("login", first));
  assert.equal((await ada.answer(sign, ada.code())).slice(0, 2), "r:");
  const again = await tally([app.run("login", first)]);
  const end = asksProviders ? String(INVALID_CREDENTIALS) : "challenge";
  assert.deepEqual(again, { [end]: 1 });
  assert.equal((await ada.sessions()).length, 1);
});

if (hasPolicies) {
  test("A word that an adapter takes once, by its function for sign-ins, is used up by one call.", async () => {
    const id = newId();
    const nth = (/** @type {number} */ n) =>
      word(id, "occasions", { token: `token-of-${id}#${n}` });
    const ada = await signedUp(id, {}, "occasions");
    const before = await asked("occasions");
    const natively = app.rest("POST", "/users", nth(1));
    await refused(natively, NATIVE_SIGN_IN);
    assert.equal(await asked("occasions"), before, "we refuse before it");
    const sign = result(await app.run("login", nth(1)));
    assert.equal(await asked("occasions"), before + 1);
    assert.match(await ada.answer(sign, ada.code()), /^r:/);
    // Parse Server 6 does not ask about a word that the row holds, and the log warns of it.
    if (asksProviders) {
      await refused(app.run("login", nth(1)), INVALID_CREDENTIALS);
    }
  });
}

test("A forged word gets the same answer whoever's identity it claims, whatever is sent along, and opens and creates nothing.", async () => {
  const id = newId();
  const ada = await signedUp(id);
  const { token } = await ada.session();
  await app.advance(31_000);
  const held = (await ada.sessions()).length;
  const nobodys = newId();
  const messages = new Set();
  for (const claimed of [id, nobodys]) {
    for (const forged of [{ token: "forged" }, { token: undefined }]) {
      const params = word(claimed, "demo", forged);
      for (const caller of [
        {},
        { master: true },
        { sessionToken: token },
        { headers: { "X-Parse-Installation-Id": "cloud" } },
      ]) {
        const call = app.run("login", params, caller);
        messages.add(await refused(call, INVALID_CREDENTIALS));
      }
    }
  }
  assert.equal(messages.size, 1);
  assert.equal((await ada.sessions()).length, held);
  assert.deepEqual(ada.messages, []);
  assert.deepEqual(await usersOf(app, "demo", nobodys), []);
});

test("What a session or a dump shows of a linked provider is never more than the first factor.", async () => {
  const id = newId();
  const ada = await signedUp(id, {}, "once");
  const { authData } = await ada.row();
  const ends = await tally([app.run("login", { authData })]);
  // Where Parse asks the provider anew, that word was used up long ago.
  const end = asksProviders ? String(INVALID_CREDENTIALS) : "challenge";
  assert.deepEqual(ends, { [end]: 1 });
  assert.deepEqual(await ada.sessions(), []);
});

test("A native sign-in by a provider stays refused, also while words of the same user are checked.", async () => {
  const id = newId();
  const ada = await signedUp(id);
  const natively = () =>
    app.rest("POST", "/users", word(id), {
      "X-Parse-Installation-Id": "cloud",
      "X-Parse-Cloud-Context": JSON.stringify({ check: true, live: true }),
    });

  const [checks, natives] = await Promise.all([
    tally(Array.from({ length: 5 }, () => app.run("login", word(id)))),
    tally(Array.from({ length: 15 }, natively)),
  ]);

  assert.deepEqual(checks, { challenge: 5 });
  assert.deepEqual(natives, { [NATIVE_SIGN_IN]: 15 });
  assert.deepEqual(await ada.sessions(), []);
  assert.equal(ada.messages.length, 1);
});

test("A batch opens no session by a word that is checked beside it.", async () => {
  const id = newId();
  const ada = await signedUp(id);
  const requests = [
    { method: "POST", path: "/parse/functions/login", body: word(id) },
    { method: "POST", path: "/parse/users", body: word(id) },
  ];
  const { body } = await app.rest("POST", "/batch", { requests });
  assert.ok(body[0].success.result.challenge, JSON.stringify(body));
  assert.equal(body[1].error.code, NATIVE_SIGN_IN);
  assert.deepEqual(await ada.sessions(), []);
});

test("GraphQL's callCloudCode takes a provider's word as REST does.", async () => {
  const id = newId();
  const ada = await signedUp(id);
  const url = app.urls[0].replace(/\/parse$/, "/graphql");
  const query =
    "mutation ($input: CallCloudCodeInput!) { callCloudCode(input: $input) { result } }";
  const variables = { input: { functionName: "login", params: word(id) } };
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "X-Parse-Application-Id": "tests",
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = /** @type {any} */ (await response.json());
  assert.equal(errors, undefined, JSON.stringify(errors));
  const sign = data.callCloudCode.result;
  assert.match(await ada.answer(sign, ada.code()), /^r:/);
});

describe("A word that has not the form of one", () => {
  const id = newId();
  const date = { __type: "Date", iso: "2026-11-27T00:00:00.000Z" };
  const pointer = { __type: "Pointer", className: "Post", objectId: "x" };
  /** @type {Record<string, any>} */
  const odd = {
    "is no object": { authData: "demo" },
    "is a list": { authData: [word(id).authData] },
    "names nobody": { authData: {} },
    "names two providers": {
      authData: { ...word(id).authData, ...word(id, "other").authData },
    },
    "unlinks a provider": { authData: { ...word(id).authData, other: null } },
    "has a query for an id": word(/** @type {any} */ ({ $ne: null })),
    "has a number for an id": word(/** @type {any} */ (5)),
    "has a date": word(id, "demo", { at: date }),
    "has a date for an id": word(/** @type {any} */ (date)),
    "has a pointer": word(id, "demo", { at: pointer }),
    "has a pointer for an id": word(/** @type {any} */ (pointer)),
    "is a pointer": { authData: { demo: pointer } },
    "has a file": word(id, "demo", { at: { __type: "File", name: "x" } }),
    "has a NUL": word(id, "demo", { more: "\0" }),
    "has a dot in the name": word(id, "demo.id"),
    "is too long": word(id, "demo", { more: "x".repeat(16 * 1024) }),
    "stands beside a name": { ...word(id), username: "ada" },
    "stands beside a password": { ...word(id), password: "right" },
    "stands beside a code": { ...word(id), code: "123456" },
    "stands beside a challenge": { ...word(id), challenge: "x", code: "1" },
  };
  for (const [what, params] of Object.entries(odd)) {
    test(`A word that ${what} is refused (4021), and no provider is asked.`, async () => {
      const before = await asked("demo");
      await refused(app.run("login", params), BAD_REQUEST);
      assert.equal(await asked("demo"), before);
    });
  }
});

test("A provider that the app does not have is refused with Parse's own code.", async () => {
  for (const provider of ["nobody", "constructor", "toString"]) {
    const call = app.run("login", word(newId(), provider));
    await refused(call, UNSUPPORTED);
  }
});

test("A word with nothing in it is refused with the code of Parse's own sign-in, and no provider is asked.", async () => {
  const before = await asked("demo");
  const empty = { authData: { demo: {} } };
  const { code } = (await app.rest("POST", "/users", empty)).body;
  assert.ok([USERNAME_MISSING, UNSUPPORTED].includes(code), String(code));
  await refused(app.run("login", empty), code);
  assert.equal(await asked("demo"), before);
});

test("An adapter that throws without a code opens nothing, and no token stands in our lines of the log.", async () => {
  const id = newId();
  const call = app.run("login", word(id, "broken"));
  await refused(call, hasPolicies ? SCRIPT_FAILED : TRY_AGAIN);
  // What Parse Server itself prints is a matter of its own settings.
  const ours = app
    .log()
    .split("\n")
    .filter((line) => line.includes("parse-two-factor: "));
  assert.ok(!ours.join().includes(`token-of-${id}`));
  assert.deepEqual(await usersOf(app, "broken", id), []);
});

test("A word of nobody's creates its user as Parse does, once, and opens the session; the second call finds that user.", async () => {
  const id = newId();
  const token = granted(await app.run("login", word(id)));
  const headers = { "X-Parse-Session-Token": token };
  const me = await app.rest("GET", "/users/me", undefined, headers);
  // For Parse the first call is a sign-up, for which it runs neither trigger.
  const hooks = async () =>
    (await app.seen("calls"))
      .filter(({ userId }) => userId === me.body.objectId)
      .map(({ name }) => name);
  assert.deepEqual(await hooks(), []);
  granted(await app.run("login", word(id)));
  assert.deepEqual(await hooks(), ["beforeLogin", "afterLogin"]);
  const users = await usersOf(app, "demo", id);
  assert.deepEqual(
    users.map(({ objectId }) => objectId),
    [me.body.objectId],
  );
  assert.equal((await app.sessions(me.body.objectId)).length, 2);
});

test("A user whom the call created is asked for the second factor that the app gave it.", async () => {
  const phone = app.newNumber();
  const sign = result(await app.run("login", word(phone)));
  const [{ objectId }] = await usersOf(app, "demo", phone);
  assert.deepEqual(await app.sessions(objectId), []);
  const account = { id: objectId, username: "", password: "", phone };
  const ada = new User(app, account);
  assert.match(await ada.answer(sign, ada.code()), /^r:/);
});

test("Where an app's class of users takes no new ones, a word of nobody's creates none.", async () => {
  const path = "/schemas/_User";
  const closed = { ...open, create: {} };
  const set = (/** @type {object} */ classLevelPermissions) =>
    app.asMaster("PUT", path, { classLevelPermissions });
  await set(closed);
  try {
    const id = newId();
    const natively = await app.rest("POST", "/users", word(id));
    assert.ok(natively.body.code, JSON.stringify(natively));
    await refused(app.run("login", word(id)), natively.body.code);
    assert.deepEqual(await usersOf(app, "demo", id), []);
  } finally {
    await set(open);
  }
});

test("What Parse's rules say of passwords does not keep out who comes by a provider.", async () => {
  const id = newId();
  const email = `${id}@example.com`;
  const password = "a password";
  const ada = await signedUp(id, { email, password });
  await ada.update({ emailVerified: false });
  const wrong = { username: (await ada.row()).username, password: "wrong" };
  for (let n = 0; n < 3; n++) await app.rest("POST", "/login", wrong);

  const sign = result(await app.run("login", word(id)));

  assert.match(await ada.answer(sign, ada.code()), /^r:/);
  const { code } = (await app.rest("POST", "/login", { ...wrong, password }))
    .body;
  assert.ok(code >= 101, "Parse's own /login does not let in");
});

test("A banned user is refused at the first call, and one who is banned or deleted after it gets no session and no other code.", async () => {
  const banned = newId();
  const ada = await signedUp(banned);
  const sign = result(await app.run("login", word(banned)));
  await ada.update({ ACL: {} });
  await refused(ada.answer(sign, ada.code()), INVALID_CREDENTIALS);
  await app.advance(31_000);
  await refused(ada.resend(sign), INVALID_CREDENTIALS);
  assert.deepEqual(await ada.sessions(), []);
  // Parse drops a banned user from those whom a word may mean. Before 8 it makes another one.
  await app.run("login", word(banned));
  assert.deepEqual(await ada.sessions(), []);
  assert.equal(ada.messages.length, 1);

  const deleted = newId();
  const bob = await signedUp(deleted);
  const last = result(await app.run("login", word(deleted)));
  const code = bob.code();
  await bob.delete();
  await refused(bob.answer(last, code), [
    INVALID_CREDENTIALS,
    CHALLENGE_UNKNOWN,
  ]);
  assert.deepEqual(await bob.sessions(), []);
});

test("An adapter that Parse asks for besides is asked for on our way in as well.", async () => {
  const id = newId();
  const ada = await signedUp(id);
  const sign = result(await app.run("login", word(id)));
  await ada.update({
    authData: { ...word(id, "additional").authData },
  });
  await app.closeSessions(ada.id);
  const natively = (await ada.with({}).nativeLogin()).body;
  const first = app.run("login", word(id));
  if (hasPolicies) {
    await refused(first, OTHER_CAUSE);
    await refused(ada.answer(sign, ada.code()), [
      OTHER_CAUSE,
      CHALLENGE_UNKNOWN,
    ]);
    assert.deepEqual(await ada.sessions(), []);
  } else {
    assert.ok(result(await first).challenge, JSON.stringify(natively));
  }
});

test("An app's afterSave that answers with something else of its own changes nothing for a user who is there.", async () => {
  const id = newId();
  const ada = await signedUp(id, { answers: "JSON" });
  const sign = result(await app.run("login", word(id)));
  assert.match(await ada.answer(sign, ada.code()), /^r:/);
});

test("An app's afterSave that answers with something else of its own changes nothing for a user whom the call creates.", async () => {
  const id = `json-${newId()}`;
  const token = granted(await app.run("login", word(id)));
  const [{ objectId, answers }] = await usersOf(app, "demo", id);
  assert.equal(answers, "JSON");
  const headers = { "X-Parse-Session-Token": token };
  const me = await app.rest("GET", "/users/me", undefined, headers);
  assert.equal(me.body.objectId, objectId, JSON.stringify(me));
  assert.equal((await app.sessions(objectId)).length, 1);
});

test("A new user whom the app's beforeSave refuses is refused with the app's words, and nobody is created.", async () => {
  const id = `refused-${newId()}`;
  const { body } = await app.rest("POST", "/users", word(id));
  assert.equal(body.error, "By invitation only.");
  const said = await refused(app.run("login", word(id)), body.code);
  assert.equal(said, body.error);
  assert.deepEqual(await usersOf(app, "demo", id), []);
});

test("A provider's word and then a passkey open one session, for a user who has no password.", async () => {
  const id = newId();
  const ada = await signUp(app, id);
  const session = await ada.session();
  const authenticator = new Authenticator();
  const begun = await session.enroll({ method: "webauthn", ...word(id) });
  const { enrollment } = begun;
  const created = authenticator.create(begun);
  await session.run("confirmTwoFactor", { enrollment, credential: created });
  await app.closeSessions(ada.id);

  await refused(app.rest("POST", "/users", word(id)), NATIVE_SIGN_IN);
  const asking = { ...word(id), methods: ["webauthn"] };
  const sign = result(await app.run("login", asking));
  assert.equal(sign.method, "webauthn");
  const { challenge } = sign;
  const strangers = new Authenticator().get(sign);
  const wrong = app.run("login", { challenge, credential: strangers });
  await refused(wrong, WRONG_ANSWER);
  assert.deepEqual(await ada.sessions(), []);

  const right = { challenge, credential: authenticator.get(sign) };
  granted(await app.run("login", right, { node: 1 }));
  assert.equal((await ada.sessions()).length, 1);
  await refused(app.run("login", right), CHALLENGE_UNKNOWN);
});

test("Wrong codes after a provider's word count as after a password.", async () => {
  const id = newId();
  const ada = await signedUp(id);
  const sign = result(await app.run("login", word(id)));
  const wrong = ada.code() === "000000" ? "111111" : "000000";
  await refused(ada.answer(sign, wrong), WRONG_ANSWER);
  assert.deepEqual(await ada.sessions(), []);
  assert.match(await ada.answer(sign, ada.code()), /^r:/);
});

test("No token stands in what we store.", async () => {
  const id = newId();
  const ada = await signedUp(id);
  const secret = `secret-${newId()}`;
  const params = word(id, "demo", { more: secret });
  const sign = result(await app.run("login", params));
  await ada.answer(sign, ada.code());
  const { _User, ...others } = await app.dump();
  assert.ok(JSON.stringify(_User).includes(secret), "Parse stores its word");
  const ours = JSON.stringify(others);
  assert.ok(!ours.includes(secret) && !ours.includes(`token-of-${id}`));
});

describe("A Parse Server that would open a session", () => {
  test("A Parse Server that would open a session for a word is not asked for one (4023), and its own sign-in stays refused.", async () => {
    const other = await startApp({
      own: "has lost the rule that opens no session for Cloud Code",
    });
    try {
      const id = newId();
      const made = await other.rest("POST", "/users", word(id));
      const { objectId } = made.body;
      await other.asMaster("PUT", `/users/${objectId}`, {
        phone_number: other.newNumber(),
      });
      await other.closeSessions(objectId);
      await refused(other.run("login", word(id)), NOT_CONFIGURED);
      await refused(other.run("login", word(newId())), NOT_CONFIGURED);
      await refused(other.rest("POST", "/users", word(id)), NATIVE_SIGN_IN);
      assert.deepEqual(await other.sessions(objectId), []);
    } finally {
      await other.stop();
    }
  });
});

describe("An app that refuses providers", () => {
  test("An app that refuses providers answers 4027, to a right word and to a forged one, and asks nobody.", async () => {
    const other = await startApp({
      own: "signs in by providers",
      options: { federated: "refuse" },
    });
    try {
      for (const params of [word(newId()), word("a", "demo", { token: "" })]) {
        await refused(other.run("login", params), OFF);
      }
      assert.deepEqual(result(await other.run("asked")), {});
    } finally {
      await other.stop();
    }
  });
});

describe("An app that trusts providers", () => {
  const own = "signs in by providers";
  const options = { federated: "trust" };
  const setting = "allowExpiredAuthDataToken";

  test("An app that trusts providers does not start where Parse Server takes a word that it holds without asking the provider.", async () => {
    const server = hasOption(setting) ? { [setting]: true } : {};
    const starting = startApp({ own, options, server });
    await assert.rejects(starting, /federated: 'trust' needs .*Token: false/);
  });

  if (!hasOption(setting)) return;

  /** @type {App} */
  let trusting;
  before(async () => {
    trusting = await startApp({
      own,
      options,
      hooks: ["beforeLogin", "require"],
      server: { [setting]: false },
    });
  });
  after(() => trusting?.stop());

  /** @param {string} id @param {string} [stage] */
  const trusted = async (id, stage = "everyone") => {
    const phone_number = trusting.newNumber();
    const ada = await signUp(trusting, id, { phone_number, stage });
    await ada.update({ password: "a password" });
    return ada;
  };

  test("A right word opens a session by us and by Parse's own sign-in, for a user with a second factor, and a forged one does not.", async () => {
    const id = newId();
    const ada = await trusted(id);
    granted(await trusting.run("login", word(id)));
    const natively = await trusting.rest("POST", "/users", word(id));
    assert.match(natively.body.sessionToken, /^r:/, JSON.stringify(natively));
    assert.equal((await ada.sessions()).length, 2);
    assert.deepEqual(ada.messages, []);
    const hooks = (await trusting.seen("calls")).filter(
      ({ name, userId }) => name === "beforeLogin" && userId === ada.id,
    );
    assert.equal(hooks.length, 2);

    const forged = word(id, "demo", { token: "forged" });
    await refused(trusting.run("login", forged), INVALID_CREDENTIALS);
    const call = trusting.rest("POST", "/users", forged);
    await refused(call, INVALID_CREDENTIALS);
    assert.equal((await ada.sessions()).length, 2);
  });

  test("A trusted word opens a session by GraphQL and by the class of users as well, and a forged one by neither.", async () => {
    const id = newId();
    const ada = await trusted(id);
    const forged = word(id, "demo", { token: "forged" });
    const query =
      "mutation ($input: LogInWithInput!) { logInWith(input: $input) { viewer { sessionToken } } }";
    const graphQL = async (/** @type {object} */ input) => {
      const url = trusting.urls[0].replace(/\/parse$/, "/graphql");
      const body = { query, variables: { input } };
      const headers = { "X-Parse-Application-Id": "tests" };
      return (await callParse("POST", url, body, headers)).body;
    };
    const { data } = await graphQL(word(id));
    assert.match(data.logInWith.viewer.sessionToken, /^r:/);
    const [{ extensions }] = (await graphQL(forged)).errors;
    assert.equal(extensions.code, INVALID_CREDENTIALS);
    const byClass = (/** @type {object} */ body) =>
      trusting.rest("POST", "/classes/_User", body);
    const { body } = await byClass(word(id));
    assert.match(body.sessionToken, /^r:/, JSON.stringify(body));
    await refused(byClass(forged), INVALID_CREDENTIALS);
    assert.equal((await ada.sessions()).length, 2);
  });

  test("A password, an anonymous id and two words at once are not trusted, alone and in a batch.", async () => {
    const id = newId();
    const ada = await trusted(id);
    await ada.update({ authData: { anonymous: { id } } });
    await trusting.closeSessions(ada.id);
    const { username } = await ada.row();
    const password = { username, password: "a password" };
    const both = {
      authData: { ...word(id).authData, ...word(newId(), "other").authData },
    };
    const anonymous = { authData: { anonymous: { id } } };
    const calls = [
      { path: "/login", body: password },
      { path: "/login", body: { ...password, ...word(id) } },
      { path: "/users", body: both },
      { path: "/users", body: anonymous },
    ];
    for (const { path, body } of calls) {
      await refused(trusting.rest("POST", path, body), NATIVE_SIGN_IN);
    }
    const requests = [
      ...calls.map(({ path, body }) => ({ path: `/parse${path}`, body })),
      { path: "/parse/users", body: word(id) },
    ].map((request) => ({ method: "POST", ...request }));
    const { body } = await trusting.rest("POST", "/batch", { requests });
    const codes = body.map((/** @type {any} */ { error }) => error?.code ?? 0);
    assert.deepEqual(codes, [...calls.map(() => NATIVE_SIGN_IN), 0]);
    assert.equal((await ada.sessions()).length, 1);
    const asked = await trusting.run("login", anonymous);
    assert.ok(result(asked).challenge, "we ask as well");
    assert.deepEqual(Object.keys((await ada.row()).authData).sort(), [
      "anonymous",
      "demo",
    ]);
  });
});
