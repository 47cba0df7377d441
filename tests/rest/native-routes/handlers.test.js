// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, describe, test } = require("node:test");
const { whyNot } = require("../../support/app");
const { refused } = require("../../support/answers");
const { UNWELCOME, WRONG_ANSWER } = require("../../support/refusals");
const { wrongCode } = require("../../support/user");
const { wires } = require("../../support/wires");
const { loginCalls, startApp } = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

describe("The app's own handlers", () => {
  for (const [wire, handIn] of Object.entries(wires)) {
    test(`The app's own handlers run once for a sign-in with a code on ${wire}.`, async () => {
      const ada = await app.user().withNumber().create();
      const sign = await ada.login();
      await handIn(ada, sign, ada.code());
      assert.deepEqual(await loginCalls(ada), ["beforeLogin", "afterLogin"]);
    });
  }

  test("The app's own handlers run once for a sign-in of a user without a second factor.", async () => {
    const ada = await app.user().create();
    await ada.loginByPassword();
    assert.deepEqual(await loginCalls(ada), ["beforeLogin", "afterLogin"]);
  });

  test("The app's own handlers hear of no sign-in that did not come about.", async () => {
    const ada = await app.user().withNumber().create();
    const sign = await ada.login();
    await refused(ada.answer(sign, wrongCode(ada.code())), WRONG_ANSWER);
    assert.ok(!(await loginCalls(ada)).includes("afterLogin"));
  });

  test("An app's beforeLogin that turns a user away does so on our way in too.", async () => {
    const username = () => `unwelcome-${app.newNumber().slice(1)}`;
    const ada = await app.user({ username: username() }).create();
    const bob = await app.user({ username: username() }).withNumber().create();
    const sign = await bob.login();
    for (const signIn of [
      () => ada.loginByPassword(),
      () => bob.answer(sign, bob.code()),
    ]) {
      const message = await refused(signIn(), UNWELCOME);
      assert.equal(message, "The house does not let you in");
    }
    for (const user of [ada, bob]) {
      assert.deepEqual(await user.sessions(), []);
      assert.ok(!(await loginCalls(user)).includes("afterLogin"));
    }
  });

  test("The app's own beforeSave and afterSave of a user run once for each save.", async () => {
    const ada = await app.user().withNumber().create();
    const saves = async () =>
      (await app.seen("calls"))
        .filter(({ userId }) => userId === ada.id)
        .map(({ name }) => name);
    // A new user has no id before it is saved.
    assert.deepEqual(await saves(), ["afterSaveUser"]);
    await ada.update({ nickname: "Al" });
    assert.deepEqual(await saves(), [
      "afterSaveUser",
      "beforeSaveUser",
      "afterSaveUser",
    ]);
  });
});

describe("An app whose handler would replace ours, or ours its", () => {
  for (const [order, when] of /** @type {const} */ ([
    ["beforehand", "before"],
    ["afterwards", "after"],
  ])) {
    for (const name of [
      "beforeLogin",
      "afterLogin",
      "beforeSaveUser",
      "beforeSave(Parse.User)",
      "afterSaveUser",
      "beforeDeleteUser",
      "login",
    ]) {
      test(`An app that registers ${name} itself ${when} us does not start, and says why.`, async () => {
        const settings = { hooks: ["afterLogin"], [order]: [name] };
        assert.match(
          await whyNot(settings),
          new RegExp(name.replace(/\W.*|User$/g, "")),
        );
      });
    }
  }
});
