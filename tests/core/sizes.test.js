// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");

/** The memory of the core. */
const memory = captured(() => require("../../js/core.js"));
const { effects } = require("../../js/effects/index.js");
const { DEFAULTS: columns } = require("../../js/parse/columns.js");
const { deployment, host } = require("../support/deployment");

const MEGABYTES = 8 * 1024 * 1024;

/** The core begins with less, and a text of eight megabytes makes it more than that. */
const MOST_MEMORY = 4 * 1024 * 1024;

/**
 * Loads the core.
 * @param {() => unknown} load
 * @returns {{ size: () => number }} its memory
 */
function captured(load) {
  const { Instance } = WebAssembly;
  /** @type {any} */
  let instance;
  WebAssembly.Instance = /** @type {any} */ (
    new Proxy(Instance, {
      construct(target, args) {
        instance = Reflect.construct(target, args);
        return instance;
      },
    })
  );
  load();
  WebAssembly.Instance = Instance;
  return { size: () => instance.exports.memory.buffer.byteLength };
}

/**
 * What the core is told of a user with this row.
 * @param {object} row
 */
async function told(row) {
  const rest = async () => ({ objectId: "ada", ...row });
  /** @type {any} */
  const environment = { rest, columns, warn: assert.fail };
  /** @type {any} */
  const effect = { do: "loadUser", user: "ada" };
  /** @type {any} */
  const { user } = await effects(environment, {})(effect);
  return user;
}

test("Columns that a client filled with megabytes enter the core cut to less than two kilobytes.", async () => {
  const long = "x".repeat(MEGABYTES);
  for (const row of [
    { username: long, phone_number: long, From: long, locale: long },
    { phone_number: { long }, From: [long] },
    { authData: { demo: { id: long, long }, other: long } },
    { authData: { [long]: { id: long } } },
  ]) {
    const size = JSON.stringify(await told(row)).length;
    assert.ok(size < 2048, `${size}`);
  }
});

test("No cut turns a bad value of a column into a good one, nor a full column into an empty one.", async () => {
  const number = "+123456789012345";
  const { phoneNumber, from } = await told({
    phone_number: number + "6".repeat(MEGABYTES),
    From: number + "6".repeat(MEGABYTES),
  });
  assert.ok(phoneNumber.length > number.length);
  assert.ok(from.length > number.length);
});

test("Values that can work enter the core whole.", async () => {
  const row = {
    username: "a".repeat(1024),
    phone_number: "+123456789012345",
    From: `MG${"0".repeat(32)}`,
    locale: "sl-Latn-IT-nedis-rozaj-biske-1994-x",
  };
  const { username, phoneNumber, from, locale } = await told(row);
  assert.deepEqual(
    { username, phone_number: phoneNumber, From: from, locale },
    row,
  );
});

const CALLER = { user: "ada", sessionToken: "r:0123456789abcdef" };
const LOGIN = { username: "ada", password: "right" };

/**
 * Calls of the core in which something has this text in it.
 * @param {string} long
 * @returns {Record<string, () => Promise<any>>}
 */
function callsWith(long) {
  const { run, begin, warnings } = deployment();
  const { perform } = host();
  /** @type {Record<string, () => Promise<any>>} */
  const calls = {};
  for (const part of ["address", "user", "sessionToken"]) {
    const caller = { ...CALLER, [part]: long };
    calls[`the caller's ${part}`] = () => run("stepUp", {}, caller, perform);
  }
  for (const name of ["username", "code", "label", "methods", "credential"]) {
    const params = { ...LOGIN, [name]: name === "methods" ? [long] : long };
    calls[`the parameter ${name}`] = () => run("login", params, {}, perform);
  }
  calls["a label"] = () =>
    run("renameTwoFactor", { factor: "f", label: long }, CALLER, perform);
  calls["the id of who signs in"] = () =>
    begin((core) => core.nativeSignIn(long, [], {}), perform);
  calls["a provider whose word is presented"] = () =>
    begin((core) => core.nativeSignIn("ada", [long], {}), perform);
  calls["the id of who is deleted"] = () =>
    begin((core) => core.deleteUser(long, false, CALLER), perform);
  calls["the id of who was deleted"] = () =>
    begin((core) => core.userDeleted(long, false, CALLER), perform);
  for (const part of ["user", "phoneNumber", "session"]) {
    const change = {
      user: "ada",
      unproven: false,
      voids: true,
      links: [],
      [part]: long,
    };
    calls[`the ${part} of what was saved`] = () =>
      begin((core) => core.userSaved(/** @type {any} */ (change), {}), perform);
  }
  calls["a provider of what was saved"] = () => {
    const links = [{ provider: long, unlinked: false, linked: true }];
    return begin(
      (core) =>
        core.userSaved(
          { user: "ada", unproven: false, voids: true, links },
          {},
        ),
      perform,
    );
  };
  for (const part of ["user", "phoneNumber", "sender", "email", "customId"]) {
    const change = { user: "ada", password: true, [part]: long };
    calls[`the ${part} of a save`] = () =>
      begin(
        (core) => core.changeUser(/** @type {any} */ (change), {}),
        perform,
      );
  }
  const user = { id: "ada", username: "ada", phoneNumber: "+15005550006" };
  const replies = {
    ...Object.fromEntries(
      ["id", "username", "phoneNumber", "from", "locale"].map((column) => [
        `the column ${column}`,
        { user: { ...user, [column]: long } },
      ]),
    ),
    "a refusal's text": { refused: { code: 101, message: long } },
    "a session": { session: long },
    "a basis": { user: { ...user, basis: long } },
    "a name": { named: long },
  };
  for (const [what, reply] of Object.entries(replies)) {
    calls[what] = () => run("login", LOGIN, {}, async () => reply);
  }
  calls["nothing trapped"] = async () => {
    assert.deepEqual(warnings, []);
    return { answer: {} };
  };
  return calls;
}

test("Whatever comes with megabytes is refused unread: the core's memory does not grow, and nothing traps.", async () => {
  for (const [what, call] of Object.entries(callsWith("x".repeat(MEGABYTES)))) {
    const { answer, refusal } = await call();
    assert.ok(answer || refusal.code > 100, what);
    assert.ok(memory.size() < MOST_MEMORY, `${what}: ${memory.size()}`);
  }
});

test("Texts of any length in any place end in an answer or a refusal, and the core's memory does not grow.", async () => {
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < 40; round++) {
    const length = Math.floor(2 ** (random() * 22));
    const unit = ["x", "é", "\u{1f600}", "\ud800", "\0"][
      Math.floor(random() * 5)
    ];
    for (const [what, call] of Object.entries(callsWith(unit.repeat(length)))) {
      const { answer, refusal } = await call();
      assert.ok(answer || refusal.code > 100, `${what}, ${length}`);
      assert.ok(memory.size() < MOST_MEMORY, `${what}, ${length}`);
    }
  }
});

test("What Parse or the app's own trigger refuses with enters the core cut.", async () => {
  const rest = async () => {
    throw { code: 205, message: "x".repeat(MEGABYTES) };
  };
  const Parse = { applicationId: "nowhere" };
  /** @type {any} */
  const environment = { Parse, rest, columns, warn: assert.fail };
  /** @type {any} */
  const effect = { do: "checkPassword", username: "ada", password: "p" };
  /** @type {any} */
  const { refused } = await effects(environment, {})(effect);
  assert.equal(refused.code, 205);
  assert.equal(refused.message, "x".repeat(1024));
});
