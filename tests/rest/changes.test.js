// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { refused } = require("../support/answers");
const { startApp } = require("../support/app");
const { newKey } = require("../support/key");
const { CHALLENGE_UNKNOWN } = require("../support/refusals");

/** @typedef {import("../support/user").User} User */

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp({
    // Two of them die.
    nodes: 3,
    own: "begins a sign-in amid a save",
    hooks: ["afterSaveUser"],
    options: { keys: newKey() },
  });
  // The column has to be there: a save is looked at before it is made.
  await app.user({ begun: "" }).create();
});
after(() => app?.stop());

/** @type {Record<string, (user: User) => object>} */
const CHANGES = {
  number: () => ({ phone_number: app.newNumber() }),
  password: () => ({ password: "a new password" }),
  provider: ({ username }) => ({ authData: { house: { id: username } } }),
  ACL: ({ id }) => ({ ACL: { [id]: { read: true, write: false } } }),
};

/** @param {User} user @param {string} [end] */
const begun = ({ username, password }, end = "") =>
  `${username} ${password} ${end}`.trim();

/**
 * Answers the challenge that was begun while the user was being saved.
 * @param {User} user
 * @param {string} code
 */
async function answerOfTheOld(user, code) {
  const { begun: challenge } = await user.row();
  assert.ok(challenge.includes("."), `nobody began: ${challenge}`);
  return app.run("login", { challenge, code });
}

describe("A sign-in that begins while Parse saves a change", () => {
  for (const [name, change] of Object.entries(CHANGES)) {
    test(`A sign-in that begins while Parse saves another ${name} is void after it, and the owner gets in.`, async () => {
      const ada = await app.user().withNumber().create();
      const columns = /** @type {any} */ (change(ada));
      await ada.update({ ...columns, begun: begun(ada) });
      await refused(answerOfTheOld(ada, ada.code()), CHALLENGE_UNKNOWN);
      await app.advance(31_000);
      const { password = ada.password, phone_number: phone = ada.phone } =
        columns;
      const now = ada.with({ password, phone });
      await now.answer(await now.login(), now.code());
    });
  }

  for (const [place, name] of ["number", "password"].entries()) {
    const node = place + 1;
    test(`A sign-in that begins while Parse saves another ${name} is void after it, though the process died before it heard of the save.`, async () => {
      const ada = await app.user().withNumber().create();
      const columns = { ...CHANGES[name](ada), begun: begun(ada, "dies") };
      const headers = { "X-Parse-Master-Key": "tests-master-key" };
      const save = app.rest("PUT", `/users/${ada.id}`, columns, headers, node);
      await assert.rejects(save, "the process lives");
      await app.kill(node);
      await refused(answerOfTheOld(ada, ada.code()), CHALLENGE_UNKNOWN);
    });
  }
});
