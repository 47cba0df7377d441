// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { refused } = require("../support/answers");
const { startApp } = require("../support/app");
const { newKey } = require("../support/key");
const { TOO_MANY, WRONG_ANSWER } = require("../support/refusals");
const { SECOND } = require("../support/time");
const { wrongCode } = require("../support/user");
const { command, environment } = require("./command");

/** Why `status USER` says that no code comes, where a ceiling is reached. */

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp({
    options: {
      keys: newKey(),
      channels: { sms: true, call: true },
      limits: { messagesPerNumber: 1, spokenPerApp: 1, failures: 3 },
    },
  });
});
after(() => app?.stop());

const newUser = () => app.user().withNumber().create();

/** @param {import("../support/user").User} user @param {string} [method] */
const login = ({ username, password }, method) =>
  app.run("login", { username, password, ...(method && { method }) });

/** @param {string} id */
async function reasons(id) {
  const { json, err } = await command(
    ["status", id, "--json"],
    environment(app),
  );
  assert.ok(json, err);
  return json.codes.reasons.map((/** @type {any} */ { says }) => says);
}

test("A ceiling of a number is told to its user, and to others that it may be theirs: numbers are counted as hashes that some of them share.", async () => {
  const [ada, bob] = [await newUser(), await newUser()];
  await login(ada);
  await app.advance(31 * SECOND);
  await refused(login(ada), TOO_MANY);
  const [own, ...others] = await reasons(ada.id);
  assert.match(
    own,
    /^the ceiling of messages to the user's number .* \(4015\)/,
  );
  assert.deepEqual(others, []);

  const [may, ...more] = await reasons(bob.id);
  assert.match(may, /another user.* \(4015\): it may concern this one/);
  assert.deepEqual(more, []);
  await app.advance(SECOND);
  await login(bob);
  assert.deepEqual(await reasons(bob.id), [], "a code went there since");
});

test("The app's ceiling of calls is told, as that of messages is.", async () => {
  const [ada, bob] = [await newUser(), await newUser()];
  assert.equal((await login(ada, "call")).status, 200);
  await refused(login(bob, "call"), TOO_MANY);
  const says = await reasons(bob.id);
  assert.ok(
    says.some((/** @type {string} */ text) =>
      /^the app's 1 calls of this hour are used up \(4015\)/.test(text),
    ),
    says.join("\n"),
  );
});

test("A user whose codes are disabled is told after how many failures, by the deployment's own limit.", async () => {
  const ada = await newUser();
  const sign = await ada.login();
  for (const nth of [1, 2, 3]) {
    await refused(ada.answer(sign, wrongCode(ada.code(), nth)), WRONG_ANSWER);
  }
  const says = await reasons(ada.id);
  assert.ok(
    says.includes("3 failures in a row have disabled codes (4019)"),
    says.join("\n"),
  );
});
