// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { granted, refused, tally } = require("../../support/answers");
const {
  CHALLENGE_UNKNOWN,
  INVALID_SESSION_TOKEN,
  RESEND_TOO_SOON,
  STEP_UP_REQUIRED,
  TOO_MANY_WRONG_CODES,
  WRONG_ANSWER,
  WRONG_CODE,
} = require("../../support/refusals");
const { wrongCode } = require("../../support/user");
const { CLAIMS, batch, graphQL, inBody, startApp } = require("./app");

/** @typedef {import("./app").Answer} Answer */

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const createUser = () => app.user().withNumber().create();

test("In one batch with a hundred guesses five are looked at.", async () => {
  const ada = await createUser();
  const { challenge } = await ada.login();
  const code = ada.code();
  const requests = Array.from({ length: 100 }, (_, n) => ({
    method: "POST",
    path: "/parse/functions/login",
    body: { challenge, code: n === 99 ? code : wrongCode(code, n + 1) },
  }));

  const { body } = await app.rest("POST", "/batch", { requests });

  const answers = body.map((/** @type {any} */ { success, error }) => ({
    status: success ? 200 : 400,
    body: success ?? error,
  }));
  assert.deepEqual(await tally(answers), {
    [WRONG_ANSWER]: 5,
    [TOO_MANY_WRONG_CODES]: 95,
  });
  assert.deepEqual(await ada.sessions(), []);
});

/**
 * The ways to call a function with claims of one's own.
 * @type {Record<string, (name: string, params: object, sessionToken?: string) => Promise<Answer>>}
 */
const calls = {
  "in a batch": (name, params, sessionToken) =>
    batch(
      [{ method: "POST", path: `/parse/functions/${name}`, body: params }],
      sessionToken ? { "X-Parse-Session-Token": sessionToken } : {},
    ),

  "as the JavaScript SDK does it": (name, params, sessionToken) =>
    app.rest(
      "POST",
      `/functions/${name}`,
      {
        ...params,
        _method: "POST",
        _ApplicationId: "tests",
        _InstallationId: "cloud",
        ...(sessionToken && { _SessionToken: sessionToken }),
        _context: CLAIMS,
        master: true,
        user: { objectId: "x" },
      },
      inBody,
    ),

  "with claims in the headers": (name, params, sessionToken) =>
    app.run(name, params, {
      sessionToken,
      headers: {
        "X-Parse-Cloud-Context": JSON.stringify(CLAIMS),
        "X-Parse-Installation-Id": "cloud",
        "X-Forwarded-For": "127.0.0.1",
        "X-HTTP-Method-Override": "PUT",
      },
    }),
};

for (const [way, call] of Object.entries(calls)) {
  test(`Called ${way}, login and resendCode spare nobody the code or the wait.`, async () => {
    const ada = await createUser();
    const { credentials } = ada;
    const first = await call("login", credentials);
    const { challenge } = first.body.result;
    const code = ada.code();
    const wrong = { challenge, code: wrongCode(code) };
    await refused(call("login", wrong), WRONG_ANSWER);
    const guess = { ...credentials, code: wrongCode(code, 2) };
    await refused(call("login", guess), WRONG_CODE);
    await refused(call("resendCode", { challenge }), RESEND_TOO_SOON);
    assert.equal(ada.messages.length, 1);
    assert.deepEqual(await ada.sessions(), []);
    granted(await call("login", { challenge, code }));
    await refused(call("login", { challenge, code }), CHALLENGE_UNKNOWN);
  });

  test(`Called ${way}, stepUp and confirmTwoFactor spare nobody the code.`, async () => {
    const ada = await createUser();
    const { token } = await ada.session();
    const phone = app.newNumber();
    const enroll = { method: "sms", phoneNumber: phone };
    const begin = () => call("enrollTwoFactor", enroll, token);
    for (const name of ["stepUp", "enrollTwoFactor", "twoFactorStatus"]) {
      await refused(call(name, enroll), INVALID_SESSION_TOKEN);
    }
    await refused(begin(), STEP_UP_REQUIRED);
    const up = (await call("stepUp", {}, token)).body.result;
    const { challenge } = up;
    const code = ada.code();
    const wrong = { challenge, code: wrongCode(code) };
    await refused(call("stepUp", wrong, token), WRONG_ANSWER);
    await refused(call("needsStepUp", {}, token), STEP_UP_REQUIRED);
    await refused(begin(), STEP_UP_REQUIRED);
    const right = await call("stepUp", { challenge, code }, token);
    assert.ok(right.body.result?.until, JSON.stringify(right));

    const { enrollment } = (await begin()).body.result;
    const sms = ada.with({ phone }).code();
    const confirm = (/** @type {string} */ code, by = token) =>
      call("confirmTwoFactor", { enrollment, code }, by);
    await refused(confirm(wrongCode(sms)), WRONG_ANSWER);
    const thief = await ada.session();
    await refused(confirm(sms, thief.token), CHALLENGE_UNKNOWN);
    const { body } = await confirm(sms);
    assert.equal(body.result?.factor?.method, "sms", JSON.stringify(body));
  });
}

test("With a stale session token no function runs: each answers Parse's 209.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  const { challenge } = sign;
  const code = ada.code();
  const sessionToken = "r:00000000000000000000000000000000";
  const held = await ada.account();
  for (const name of [
    "login",
    "resendCode",
    "stepUp",
    "enrollTwoFactor",
    "confirmTwoFactor",
    "removeTwoFactor",
    "renameTwoFactor",
    "newRecoveryCodes",
    "forgetDevice",
    "twoFactorStatus",
    "resetTwoFactor",
    "importTwoFactor",
  ]) {
    const params = { challenge, code, enrollment: challenge };
    const answer = app.run(name, params, { sessionToken });
    await refused(answer, INVALID_SESSION_TOKEN);
  }
  assert.deepEqual(await ada.account(), held);
  assert.deepEqual(await ada.sessions(), []);
  await ada.answer(sign, code);
});

test("By another method than POST login is not there.", async () => {
  const ada = await createUser();
  const url = `${app.urls[0]}/functions/login`;
  const query = new URLSearchParams(ada.credentials);
  const headers = { "X-Parse-Application-Id": "tests" };
  for (const method of ["GET", "PUT", "DELETE"]) {
    const direct = await fetch(`${url}?${query}`, { method, headers });
    assert.equal(direct.status, 404, method);
    const overridden = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "text/plain" },
      body: JSON.stringify({
        ...ada.credentials,
        _method: method,
        _ApplicationId: "tests",
      }),
    });
    assert.equal(overridden.status, 404, `_method ${method}`);
  }
  assert.deepEqual(ada.messages, []);
});

test("By GraphQL's callCloudCode login asks for the code like anywhere else.", async () => {
  const ada = await createUser();
  const call = (/** @type {object} */ params) =>
    graphQL(
      `mutation ($params: Object) { callCloudCode(input: {functionName: login, params: $params}) { result } }`,
      { params },
    );
  const first = await call(ada.credentials);
  const { challenge } = first.body.callCloudCode.result;
  const code = ada.code();
  assert.deepEqual(await ada.sessions(), []);
  await refused(call({ challenge, code: wrongCode(code) }), WRONG_ANSWER);
  const second = await call({ challenge, code });
  granted({ status: second.status, body: second.body.callCloudCode });
});
