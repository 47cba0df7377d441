// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { refused } = require("../../support/answers");
const {
  BAD_REQUEST,
  CHALLENGE_UNKNOWN,
  INVALID_CREDENTIALS,
  WRONG_CODE,
  WRONG_ANSWER,
} = require("../../support/refusals");
const { MINUTE } = require("../../support/time");
const startApp = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const createUser = () => app.user().withNumber().create();

/** @param {object} params */
const login = (params) => app.run("login", params);

test("A wrong password and an unknown user are answered alike.", async () => {
  const ada = await createUser();
  const plain = await app.user().create();
  const username = "nobody by this name";
  const password = "not the password";

  const unknown = await login({ username, password });

  await refused(Promise.resolve(unknown), INVALID_CREDENTIALS);
  for (const params of [
    { username: ada.username, password },
    { username: plain.username, password },
    { username: ada.username, password, code: "123456" },
    { username, password, code: "123456" },
    { email: "nobody@example.com", password },
  ]) {
    assert.deepEqual(await login(params), unknown);
  }
  assert.deepEqual(ada.messages, []);
});

test("Missing parameters are asked for.", async () => {
  for (const params of [
    {},
    { username: "x" },
    { email: "x@example.com" },
    { password: "x" },
    { challenge: "x" },
    { code: "123456" },
    { username: "x", code: "123456" },
  ]) {
    await refused(login(params), BAD_REQUEST);
  }
  await refused(app.run("resendCode", {}), BAD_REQUEST);
});

test("Parameters of the wrong type are refused as such.", async () => {
  const ada = await createUser();
  const { username, password } = ada;
  const { challenge } = await ada.login();
  const code = "123456";
  for (const value of [0, 1, 123456, true, [], ["x"], {}, { $ne: null }]) {
    for (const params of [
      { username: value, password },
      { email: value, password },
      { username, password: value },
      { username, password, code: value },
      { challenge: value, code },
      { challenge, code: value },
      { challenge, code, method: value },
    ]) {
      await refused(login(params), BAD_REQUEST);
    }
    const resend = app.run("resendCode", { challenge: value });
    await refused(resend, BAD_REQUEST);
  }
  assert.deepEqual(await ada.sessions(), []);
});

test("Parameters that no database would hold are refused without a fault.", async () => {
  const ada = await createUser();
  const { username, password } = ada;
  const code = "123456";
  for (const [value, isText] of /** @type {const} */ ([
    ["a\0b", false],
    ["\0", false],
    ["x".repeat(10_000), false],
    ["\ud800", true],
    ["' OR 1=1 --", true],
  ])) {
    const { challenge } = await ada.login();
    for (const [params, refusal] of /** @type {const} */ ([
      [{ username: value, password }, INVALID_CREDENTIALS],
      [{ email: value, password }, INVALID_CREDENTIALS],
      [{ username, password: value }, INVALID_CREDENTIALS],
      [{ username, password, code: value }, WRONG_CODE],
      [{ challenge: value, code }, CHALLENGE_UNKNOWN],
      [{ challenge, code: value }, WRONG_ANSWER],
      [{ challenge, code, method: value }, BAD_REQUEST],
    ])) {
      await refused(login(params), isText ? refusal : BAD_REQUEST);
    }
    await refused(
      app.run("resendCode", { challenge: value }),
      isText ? CHALLENGE_UNKNOWN : BAD_REQUEST,
    );
    // Time for the limit of codes per user not to interfere.
    await app.advance(16 * MINUTE);
  }
  assert.deepEqual(await ada.sessions(), []);
});

test("Parameters that nobody asked for change nothing.", async () => {
  const ada = await createUser();
  await ada.login({
    master: true,
    userId: ada.id,
    user: { id: ada.id },
    require: "nobody",
    now: 0,
  });
  assert.deepEqual(await ada.sessions(), []);
});
