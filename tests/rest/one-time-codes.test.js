// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { refused, result } = require("../support/answers");
const { startApp } = require("../support/app");
const { codeOf } = require("../support/github");
const { exchangesCodes } = require("../support/parse-server");
const { INVALID_CREDENTIALS, NATIVE_SIGN_IN } = require("../support/refusals");
const { User } = require("../support/user");

/**
 * Parse Server's own adapter for GitHub exchanges a code before we are asked. Older versions take a token, which is no matter of ours.
 */
describe("GitHub's one-time codes", () => {
  if (!exchangesCodes) return;

  /** @type {import("../support/app").App} */
  let app;
  before(async () => {
    app = await startApp({ own: "signs in by GitHub" });
  });
  after(() => app?.stop());

  const exchanged = async () => result(await app.run("exchanged"));

  test("A code is exchanged once for a sign-in in two calls, and one that Parse's own sign-in used up is refused.", async () => {
    let nth = 0;
    const id = 4711;
    const fresh = () => {
      const code = codeOf(id, ++nth);
      return { code, word: { authData: { github: { code } } } };
    };
    const first = fresh();
    const { body } = await app.rest("POST", "/users", first.word);
    assert.ok(body.objectId, JSON.stringify(body));
    const phone = app.newNumber();
    await app.asMaster("PUT", `/users/${body.objectId}`, {
      phone_number: phone,
    });
    await app.closeSessions(body.objectId);
    const account = { id: body.objectId, username: "", password: "", phone };
    const ada = new User(app, account);

    const natively = fresh();
    await refused(app.rest("POST", "/users", natively.word), NATIVE_SIGN_IN);
    await refused(app.run("login", natively.word), INVALID_CREDENTIALS);
    const ours = fresh();
    const sign = result(await app.run("login", ours.word));
    assert.match(await ada.answer(sign, ada.code()), /^r:/);

    assert.deepEqual(
      await exchanged(),
      [first, natively, ours].map(({ code }) => code),
    );
    assert.equal((await ada.sessions()).length, 1);
  });
});
