// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, describe, test } = require("node:test");
const { refused } = require("../../support/answers");
const { showsTransactions } = require("../../support/parse-server");
const { STEP_UP_REQUIRED } = require("../../support/refusals");
const { User } = require("../../support/user");
const { CLAIMS, batch, graphQL, inBody, startApp } = require("./app");

/**
 * @typedef {import("../../support/session").Session} Session
 * @typedef {import("./app").Answer} Answer
 */

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

test("A number is not changed amid a transaction, which could end when there is a factor.", async () => {
  const ada = await app.user().create();
  const { headers } = await ada.session();
  const phone_number = app.newNumber();
  const path = `/parse/users/${ada.id}`;
  const change = { method: "PUT", path, body: { phone_number } };
  const amid = { transaction: true, requests: [change] };

  const answer = await app.rest("POST", "/batch", amid, headers);

  const row = await ada.row();
  if (!showsTransactions && answer.status === 200) {
    assert.equal(row.phone_number, phone_number);
    return;
  }
  // Parse answers a transaction that a trigger refuses with a 500 of its own.
  assert.ok(answer.status >= 400, JSON.stringify(answer));
  assert.equal(row.phone_number, undefined);
});

describe("A session alone", () => {
  /**
   * The ways to write one's own row.
   * @type {Record<string, (session: Session, change: object) => Promise<Answer>>}
   */
  const writes = {
    "by PUT /users/:id": (session, change) => session.change(change),

    "by PUT /classes/_User/:id": ({ user, headers }, change) =>
      app.rest("PUT", `/classes/_User/${user.id}`, change, headers),

    "by POST /users/:id with _method": ({ user, token }, change) =>
      app.rest(
        "POST",
        `/users/${user.id}`,
        {
          ...change,
          _method: "PUT",
          _ApplicationId: "tests",
          _SessionToken: token,
          _context: CLAIMS,
        },
        inBody,
      ),

    "by POST /batch": ({ user, headers }, body) =>
      batch(
        [{ method: "PUT", path: `/parse/users/${user.id}`, body }],
        headers,
      ),

    "with a claim in the headers": ({ user, headers }, change) =>
      app.rest("PUT", `/users/${user.id}`, change, {
        ...headers,
        "X-Parse-Cloud-Context": JSON.stringify(CLAIMS),
        "X-Parse-Installation-Id": "cloud",
      }),

    "by GraphQL's updateUser": ({ user, headers }, fields) =>
      graphQL(
        `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { objectId } } }`,
        { input: { id: user.id, fields } },
        headers,
      ),
  };

  for (const [way, write] of Object.entries(writes)) {
    test(`A session alone does not change the number, its sender or the password ${way}.`, async () => {
      const ada = await app.user().withNumber().create();
      const session = await ada.session();
      /** @type {object[]} */
      const changes = [
        { phone_number: app.newNumber() },
        { phone_number: null },
        { password: "a password of the thief" },
        { nickname: "Al", phone_number: app.newNumber() },
      ];
      // GraphQL's types do not take these.
      if (!way.includes("GraphQL")) {
        changes.push(
          { phone_number: { __op: "Delete" } },
          { From: "+14155550199" },
          { From: { __op: "AddUnique", objects: ["+1"] } },
        );
      }
      for (const change of changes) {
        await refused(write(session, change), STEP_UP_REQUIRED);
      }

      const row = await ada.row();
      assert.equal(row.phone_number, ada.phone);
      assert.equal(row.nickname, undefined);
      assert.equal(row.From, undefined);
      await ada.login();
    });
  }

  test("A session alone changes any other column.", async () => {
    const ada = await app.user().withNumber().create();
    await ada.update({ nickname: "Al" });
    const session = await ada.session();
    const answer = await session.change({ nickname: "Bo" });
    assert.equal(answer.status, 200, JSON.stringify(answer));
    assert.equal((await ada.row()).nickname, "Bo");
  });

  test("A session alone changes the password of a user without a second factor, as ever.", async () => {
    const ada = await app.user().create();
    const session = await ada.session();
    const password = "another password";

    const answer = await session.change({ password });

    assert.equal(answer.status, 200, JSON.stringify(answer));
    await ada.with({ password }).loginByPassword();
  });
});

test("The master key changes the sender, and a new user brings one along.", async () => {
  const From = "+14155550199";
  const ada = await app.user().withNumber().create();
  await ada.update({ From });
  await ada.login();
  assert.equal(ada.messages[0].from, From);

  const phone = app.newNumber();
  const account = { username: `${ada.username}-2`, password: "password" };
  const columns = { ...account, phone_number: phone, From };
  const { body } = await app.rest("POST", "/users", columns);
  assert.ok(body.objectId, JSON.stringify(body));
  const bob = new User(app, { ...account, id: body.objectId, phone });
  await bob.login();
  assert.equal(bob.messages[0].from, From);
});

test("The master key changes number and password, and the new ones count.", async () => {
  const ada = await app.user().withNumber().create();
  const phone = app.newNumber();
  const password = "a password from the operator";
  await ada.update({ phone_number: phone, password });

  await ada.with({ phone, password }).signIn();

  assert.deepEqual(ada.messages, []);
});
