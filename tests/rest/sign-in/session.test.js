// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { granted } = require("../../support/answers");
const { MINUTE } = require("../../support/time");
const { wires } = require("../../support/wires");
const startApp = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const createUser = () => app.user().withNumber().create();

test("A caller whose installation id cannot be stored gets a session as well.", async () => {
  const ada = await createUser();
  const { challenge } = await ada.login();
  const params = { challenge, code: ada.code(), _ApplicationId: "tests" };
  const named = { ...params, _InstallationId: "a\u0000b" };
  const inBody = {
    "X-Parse-Application-Id": "",
    "Content-Type": "text/plain",
  };
  granted(await app.rest("POST", "/functions/login", named, inBody));
  assert.equal((await ada.sessions()).length, 1);
});

for (const wire of Object.keys(wires)) {
  test(`A session opened on ${wire} keeps the installation id of the caller.`, async () => {
    const ada = await createUser();
    const sign = await ada.login();
    const installationId = `installation-${ada.username}`;
    const caller = { headers: { "X-Parse-Installation-Id": installationId } };

    if (wire === "the challenge's wire") {
      await ada.answer(sign, ada.code(), {}, caller);
    } else {
      await ada.answerWithPassword(ada.code(), caller);
    }

    const [session] = await ada.sessions();
    assert.equal(session.installationId, installationId);
  });
}

test("A session of a caller without an installation id outlives the next one.", async () => {
  const ada = await createUser();
  for (const expected of [1, 2]) {
    await ada.signIn();
    assert.equal((await ada.sessions()).length, expected);
    await app.advance(MINUTE);
  }
});

test("A session of a user without a number keeps the installation id as well.", async () => {
  const ada = await app.user().create();
  const headers = { "X-Parse-Installation-Id": "an-installation" };
  await ada.loginByPassword({ headers });
  const [session] = await ada.sessions();
  assert.equal(session.installationId, "an-installation");
});
