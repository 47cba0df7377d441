// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, before, test } = require("node:test");
const { result } = require("../support/answers");
const { startApp } = require("../support/app");
const { newKey } = require("../support/key");

/** @typedef {import("../support/user").User} User */

/** @type {import("../support/app").App} */
let app;
before(async () => {
  const channels = { email: true };
  const options = { keys: newKey(), channels, allow: ["email"] };
  app = await startApp({ options });
});
after(() => app?.stop());

/** @param {string} address @returns {Promise<any>} the last mail to an address */
const lastMail = async (address) =>
  (await app.seen("mails")).filter(({ to }) => to === address).at(-1);

/** @param {string} address */
async function codeTo(address) {
  const { text } = await lastMail(address);
  return /^Your 2FA code is (\d{6})$/.exec(text)?.[1];
}

/** A user whose address is the only factor. */
async function enrolled() {
  const email = `ada-${randomBytes(6).toString("hex")}@example.com`;
  const user = await app.user({ email, emailVerified: true }).create();
  const { token: sessionToken } = await user.session();
  const { password } = user;
  const begun = result(
    await app.run(
      "enrollTwoFactor",
      { method: "email", password },
      { sessionToken },
    ),
  );
  assert.equal(begun.to, "a•••@example.com");
  const { enrollment } = begun;
  const code = await codeTo(email);
  const confirmed = result(
    await app.run("confirmTwoFactor", { enrollment, code }, { sessionToken }),
  );
  const { method, label } = confirmed.factor;
  assert.deepEqual([method, label], ["email", "a•••@example.com"]);
  return { user, email, recoveryCodes: confirmed.recoveryCodes };
}

test("A user enrolls the verified address, signs in by a code that comes by mail, and no row holds the address in clear.", async () => {
  const { user, email } = await enrolled();
  const sign = await user.login();
  assert.deepEqual(sign.methods, ["email", "recovery"]);
  assert.equal((await lastMail(email)).subject, "Your code");
  const token = await user.answer(sign, await codeTo(email));
  assert.match(token, /^r:/);
  const account = JSON.stringify(await user.account());
  assert.ok(!account.includes(email) && account.includes("a•••@"), account);

  const asOwner = { "X-Parse-Session-Token": (await user.session()).token };
  const route = `/users/${user.id}`;
  const moved = { email: `new-${email}` };
  const refused = await app.rest("PUT", route, moved, asOwner);
  assert.equal(refused.body.code, 4020, JSON.stringify(refused.body));
  await user.update(moved);
  const after = await user.login();
  assert.deepEqual(after.methods, ["recovery"]);
});

test("A password that was reset by mail ends codes by mail for a day, and a user who has nothing else hears for how long.", async () => {
  const { user, email, recoveryCodes } = await enrolled();
  await app.rest("POST", "/requestPasswordReset", { email });
  const { link } = (await app.seen("mails")).at(-1);
  const token = new URL(link).searchParams.get("token") ?? "";
  const password = "a password after the reset";
  const page = `${app.urls[0]}/apps/tests/request_password_reset`;
  const { username } = user;
  const reset = await fetch(page, {
    method: "POST",
    headers: { "X-Requested-With": "XMLHttpRequest" },
    body: new URLSearchParams({ token, username, new_password: password }),
  });
  assert.equal(reset.status, 200, await reset.text());

  const ada = user.with({ password });
  const sent = (await app.seen("mails")).length;
  const refused = await app.run("login", ada.credentials);
  assert.equal(refused.body.code, 4015, JSON.stringify(refused.body));
  assert.deepEqual(refused.body.error.match(/\d+/g), ["86400"]);
  assert.equal((await app.seen("mails")).length, sent);
  assert.match(await ada.answerWithPassword(recoveryCodes[0]), /^r:/);
  await app.advance(86_400_000);
  const sign = await ada.login();
  assert.match(await ada.answer(sign, await codeTo(email)), /^r:/);
});
