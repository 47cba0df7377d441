// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { startApp } = require("../../support/app");
const { refused } = require("../../support/answers");
const {
  EMAIL_NOT_VERIFIED,
  INVALID_CREDENTIALS,
  NATIVE_SIGN_IN,
} = require("../../support/refusals");
const { wires } = require("../../support/wires");

/** @typedef {import("../../support/user").User} User */

describe("A user whom Parse would not let in", () => {
  /** @type {import("../../support/app").App} */
  let app;

  before(async () => {
    app = await startApp({
      server: {
        verifyUserEmails: true,
        preventLoginWithUnverifiedEmail: true,
        accountLockout: { duration: 5, threshold: 3 },
        // Nobody in this app is as old as this: a policy that holds must not lock everybody out.
        passwordPolicy: { maxPasswordAge: 30 },
      },
    });
  });
  after(() => app?.stop());

  let addresses = 0;
  const createUnverified = () => {
    const email = `user-${addresses++}@example.com`;
    return app.user({ email }).withNumber().create();
  };
  const createVerified = async () => {
    const user = await createUnverified();
    await user.update({ emailVerified: true });
    return user;
  };

  test("A user against whom Parse has nothing gets in.", async () => {
    await (await createVerified()).signIn();
  });

  test("A user with an e-mail address that was not verified is refused.", async () => {
    const ada = await createUnverified();
    const natively = await ada.nativeLogin();

    const message = await refused(ada.login(), EMAIL_NOT_VERIFIED);

    const { code, error } = natively.body;
    assert.deepEqual([code, error], [EMAIL_NOT_VERIFIED, message]);
    assert.deepEqual(ada.messages, []);
    assert.deepEqual(await ada.sessions(), []);
  });

  test("A banned user is refused like a wrong password.", async () => {
    const ada = await createVerified();
    await ada.update({ ACL: {} });

    const message = await refused(ada.login(), INVALID_CREDENTIALS);

    const wrong = ada.with({ password: "not the password" }).login();
    assert.equal(await refused(wrong, INVALID_CREDENTIALS), message);
    assert.deepEqual(ada.messages, []);
  });

  for (const [wire, handIn] of Object.entries(wires)) {
    test(`A user banned after the code was sent is refused on ${wire}.`, async () => {
      const ada = await createVerified();
      const sign = await ada.login();
      await ada.update({ ACL: {} });

      await refused(handIn(ada, sign, ada.code()), INVALID_CREDENTIALS);

      assert.deepEqual(await ada.sessions(), []);
    });
  }

  test("A user deleted after the code was sent is refused.", async () => {
    const ada = await createVerified();
    const sign = await ada.login();
    await ada.delete();
    await refused(ada.answer(sign, ada.code()), INVALID_CREDENTIALS);
    assert.deepEqual(await ada.sessions(), []);
  });

  test("A user locked out by wrong passwords is refused with the right one.", async () => {
    const ada = await createVerified();
    for (let n = 0; n < 3; n++) {
      const password = `not the password ${n}`;
      await refused(ada.with({ password }).login(), INVALID_CREDENTIALS);
    }
    const natively = await ada.nativeLogin();
    assert.match(natively.body.error, /locked/);

    const message = await refused(ada.login(), natively.body.code);

    assert.equal(message, natively.body.error);
    assert.deepEqual(ada.messages, []);
  });

  test("A transaction that holds the user's row does not hold the user up.", async () => {
    const ada = await createVerified();
    const body = { username: ada.username, password: "not the password" };
    const requests = ["/parse/login", "/parse/functions/login"].map((path) => ({
      method: "POST",
      path,
      body,
    }));

    const held = await app.rest("POST", "/batch", {
      transaction: true,
      requests,
    });

    assert.ok(held.status >= 400, JSON.stringify(held));
    await ada.signIn();
  });

  test("A user who resets the password by mail still needs the code.", async () => {
    const ada = await createVerified();
    const { email } = await ada.row();
    const password = "a password after the reset";
    await app.rest("POST", "/requestPasswordReset", { email });
    const { link } = (await app.seen("mails")).at(-1);
    const token = new URL(link).searchParams.get("token") ?? "";

    const { username } = ada;
    const reset = await fetch(
      `${app.urls[0]}/apps/tests/request_password_reset`,
      {
        method: "POST",
        headers: { "X-Requested-With": "XMLHttpRequest" },
        body: new URLSearchParams({ token, username, new_password: password }),
      },
    );

    assert.equal(reset.status, 200, await reset.text());
    assert.deepEqual(await ada.sessions(), []);
    const changed = ada.with({ password });
    await refused(changed.nativeLogin(), NATIVE_SIGN_IN);
    await changed.signIn();
  });
});

test("A password past its age is refused on our way in too.", async () => {
  // Expired as soon as it is set: no test waits for a day to pass on Parse's own clock.
  const strict = await startApp({
    server: { passwordPolicy: { maxPasswordAge: 1e-9 } },
  });
  try {
    for (const newUser of [strict.user().withNumber(), strict.user()]) {
      const ada = await newUser.create();
      const natively = await ada.nativeLogin();
      assert.match(natively.body.error, /expired/);

      const message = await refused(ada.login(), natively.body.code);

      assert.equal(message, natively.body.error);
      assert.deepEqual(ada.messages, []);
      assert.deepEqual(await ada.sessions(), []);
    }
  } finally {
    await strict.stop();
  }
});
