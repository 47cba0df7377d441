// @ts-check
"use strict";

/** What Parse Dashboard asks for, as it asks for it, and how our classes look in it. */

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { refused, result } = require("../support/answers");
const {
  BAD_REQUEST,
  INVALID_CREDENTIALS,
  OPERATION_FORBIDDEN,
} = require("../support/refusals");
const { sharedApp } = require("../support/shared-app");
const { newKey } = require("../support/key");

const startApp = sharedApp({
  options: { keys: newKey() },
  server: { readOnlyMasterKey: "tests-read-only-key" },
});

/** @typedef {import("../support/user").User} User */

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const newUser = () => app.user().withNumber().withTotp().create();

/** @param {{ id: string }} user */
const pointer = ({ id }) => ({
  __type: "Pointer",
  className: "_User",
  objectId: id,
});

/**
 * @param {string} name
 * @param {object} params
 * @param {import("../support/app").Caller} [caller]
 */
const call = (name, params, caller = { master: true }) =>
  app.run(name, params, caller);

/** @param {User} user @param {object} formData */
const reset = async (user, formData) =>
  result(
    await call("resetTwoFactor", {
      object: pointer(user),
      payload: {},
      formData,
    }),
  );

test("Parse Dashboard's script first gets a form, the mildest choice first, and nothing is reset.", async () => {
  const ada = await newUser();
  const before = await ada.account();
  const object = pointer(ada);
  const { __type, payload, form } = result(
    await call("resetTwoFactor", { object }),
  );
  assert.deepEqual([__type, payload], ["ScriptResponse", {}]);
  const [choice, ticket] = form.elements;
  assert.deepEqual(
    [choice.element, choice.name, ticket.element, ticket.name],
    ["dropDown", "scope", "textInput", "ticket"],
  );
  assert.deepEqual(
    choice.items.map((/** @type {any} */ { value }) => value),
    ["", "devices", "number", "factors"],
  );
  for (const { title } of choice.items) assert.match(title, /\w/);
  assert.deepEqual(await ada.account(), before);
  assert.ok(!(await ada.events()).some(({ what }) => what === "reset"));
});

test("The filled in form resets what was chosen, and the answer is a sentence.", async () => {
  const ada = await newUser();
  assert.match(
    await reset(ada, { scope: "", ticket: "T-4711" }),
    new RegExp(`^The second factor of ${ada.id} was reset\\. .*as before`),
  );
  const [entry] = await app.rows("TwoFactorEvent", {
    user: ada.id,
    what: "reset",
  });
  assert.equal(entry.about, "ticket T-4711");
  assert.equal((await ada.ownSession.status()).factors.length, 2);

  assert.match(await reset(ada, { scope: "devices" }), /No browser is trusted/);
  assert.match(await reset(ada, { scope: "number" }), /phone number/);
  const [left, ...others] = (await ada.ownSession.status()).factors;
  assert.deepEqual([left.method, others], ["totp", []]);
  assert.match(await reset(ada, { scope: "factors" }), /recovery codes/);
  assert.deepEqual((await ada.ownSession.status()).factors, []);
});

test("Parse Dashboard's panel shows factors, recovery codes, failures, browsers and the last events, and leads to the trail.", async () => {
  const ada = await newUser();
  const object = pointer(ada);
  const status = result(await call("twoFactorStatus", { object }));
  const { segments } = status.panel;
  assert.deepEqual(
    segments.map((/** @type {any} */ { title }) => title),
    ["Second factors", "Trusted browsers", "Last events"],
  );
  const [factors, browsers, events] = segments.map(
    (/** @type {any} */ { items }) => items,
  );
  assert.deepEqual(
    factors[0].rows.map((/** @type {any} */ { Kind }) => Kind),
    ["Phone number", "Authenticator app"],
  );
  assert.ok(!JSON.stringify(segments).includes(ada.phone));
  const pairs = Object.fromEntries(
    factors.slice(1).map((/** @type {any} */ { key, value }) => [key, value]),
  );
  assert.deepEqual(pairs, {
    "Recovery codes left": "10",
    "Failures in a row": "0 of 100",
  });
  assert.deepEqual(browsers, [{ type: "text", text: "No trusted browser." }]);
  const [{ rows }, link] = events;
  assert.ok(
    rows.some((/** @type {any} */ { What }) => What === "factor-enrolled"),
  );
  for (const { When } of rows) {
    assert.match(When, /^\d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
  }
  assert.equal(link.isRelativeUrl, true);
  const [path, query] = link.url.split("?");
  assert.equal(path, "browser/TwoFactorEvent");
  assert.deepEqual(
    JSON.parse(new URLSearchParams(query).get("filters") ?? ""),
    [{ field: "user", constraint: "eq", compareTo: ada.id }],
  );
  const userId = ada.id;
  const plain = result(await call("twoFactorStatus", { userId }));
  delete status.panel;
  assert.deepEqual(plain, status);
});

test("A user without anything has a panel as well.", async () => {
  const ada = await app.user().create();
  const object = pointer(ada);
  const { panel } = result(await call("twoFactorStatus", { object }));
  const said = JSON.stringify(panel.segments);
  assert.match(said, /No second factor\. The user may have none\./);
  assert.match(said, /No event\./);
});

test("What Parse Dashboard asks for needs the master key, and one that only reads is not enough.", async () => {
  const ada = await newUser();
  const before = await ada.account();
  const object = pointer(ada);
  for (const caller of [
    {},
    { sessionToken: ada.ownSession.token },
    { headers: { "X-Parse-Master-Key": "tests-read-only-key" } },
  ]) {
    for (const [name, more] of /** @type {[string, object][]} */ ([
      ["resetTwoFactor", {}],
      ["resetTwoFactor", { formData: { scope: "factors" } }],
      ["twoFactorStatus", {}],
    ])) {
      const params = { object, ...more };
      await refused(call(name, params, caller), OPERATION_FORBIDDEN);
    }
  }
  assert.deepEqual(await ada.account(), before);
});

test("Nothing but a pointer to one user and a plain form is taken.", async () => {
  const ada = await newUser();
  const before = await ada.account();
  const object = pointer(ada);
  const formData = { scope: "factors" };
  const long = "x".repeat(17 * 1024);
  for (const params of [
    { object: ada.id, formData },
    { object: [object], formData },
    { object: {}, formData },
    { object: { ...object, className: "_Role" }, formData },
    { object: { className: "_User", objectId: { $ne: null } }, formData },
    { object: { className: "_User", objectId: "x".repeat(1025) }, formData },
    { object, userId: ada.id, formData },
    { object, formData: "factors" },
    { object, formData: 5 },
    { object, formData: { scope: "all" } },
    { object, formData: { scope: { factors: true } } },
    { object, formData: { scope: "factors", more: long } },
    { object, payload: "text", formData },
    { object, payload: { more: long }, formData },
  ]) {
    const said = JSON.stringify(params).slice(0, 200);
    const answer = await call("resetTwoFactor", params);
    assert.equal(answer.body.code, BAD_REQUEST, said);
  }
  for (const wrong of [ada.id, {}, { ...object, className: "_Role" }]) {
    const answer = call("twoFactorStatus", { object: wrong });
    await refused(answer, BAD_REQUEST);
  }
  const nobody = { object: { ...object, objectId: "nobody" } };
  await refused(call("twoFactorStatus", nobody), INVALID_CREDENTIALS);
  await refused(
    call("resetTwoFactor", { ...nobody, formData }),
    INVALID_CREDENTIALS,
  );
  assert.deepEqual(await ada.account(), before);
});

test("Rows of ours name the user by a pointer and the moment by a date beside what they had, and their ACL is closed.", async () => {
  const ada = await newUser();
  await ada.login();
  const who = pointer(ada);
  const account = await ada.account();
  assert.deepEqual([account.user, account.who], [ada.id, who]);
  const events = await ada.events();
  assert.ok(events.length > 1);
  for (const { user, at, who: of, when } of events) {
    assert.deepEqual([user, of], [ada.id, who]);
    assert.equal(Date.parse(when.iso), at);
  }
  const windows = await app.rows("TwoFactorWindow");
  assert.ok(windows.length > 0);
  for (const { ACL } of [account, ...events, ...windows]) {
    assert.deepEqual(ACL, {});
  }
  const { results } = await app.asMaster("GET", "/schemas");
  const { fields } = results.find(
    (/** @type {any} */ { className }) => className === "TwoFactorEvent",
  );
  assert.deepEqual(
    ["user", "at", "who", "when"].map((name) => fields[name].type),
    ["String", "Number", "Pointer", "Date"],
  );
  assert.equal(fields.who.targetClass, "_User");
});

test("After a deletion the pointer leads nowhere, and the trail is read as before.", async () => {
  const ada = await newUser();
  await ada.delete();
  const rows = await ada.events();
  assert.ok(rows.some(({ what }) => what === "user-deleted"));
  const query = { where: JSON.stringify({ user: ada.id }), include: "who" };
  const { results } = await app.asMaster(
    "GET",
    `/classes/TwoFactorEvent?${new URLSearchParams(query)}`,
  );
  assert.equal(results.length, rows.length);
  assert.ok(!JSON.stringify(results).includes(ada.username));
});
