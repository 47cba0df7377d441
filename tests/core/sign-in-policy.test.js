// @ts-check
"use strict";

/** Whether Parse lets a user in, with a stand-in for Parse Server's own part: which rows its handler is shown. */

const assert = require("node:assert/strict");
const { afterEach, mock, test } = require("node:test");
const { basisOf } = require("../../js/parse/basis.js");
const { DEFAULTS } = require("../../js/parse/columns.js");
const server = require("../../js/parse/server.js");
const { askSignInPolicy } = require("../../js/parse/sign-in-policy.js");

const READING = {
  columns: DEFAULTS,
  defaultCountry: undefined,
  sendsCodesByMail: false,
};
const NOW = Object.freeze({
  objectId: "ada",
  username: "ada",
  password: "the hash",
  phone_number: "+15005550006",
});
const BEFORE = Object.freeze({ ...NOW, phone_number: "+15005550009" });

/** The count of wrong passwords, as Parse asks for it. */
const LOCKED = { username: "ada", _failed_login_count: { $gte: 3 } };

/**
 * Asks a Parse Server whose handler finds its user by name, then asks for the count of wrong passwords, and lets the user in.
 * @param {object} [row] the row that need not be read
 */
async function ask(row) {
  /** @type {any[]} */
  const read = [];
  /** @type {any[]} */
  const shown = [];
  mock.method(server, "config", () => ({
    authDataManager: {},
    database: {
      /** @type {(className: string, query: any) => Promise<any[]>} */
      async find(_, query) {
        read.push(query);
        return "_failed_login_count" in query ? [] : [NOW];
      },
    },
  }));
  mock.method(server, "usersRouter", () => ({
    /** @type {(request: any) => Promise<any>} */
    async handleLogIn({ config, body }) {
      const { database } = config;
      const { username } = body;
      const byName = { $or: [{ username }, { email: username }] };
      shown.push(...(await database.find("_User", byName)));
      assert.deepEqual(await database.find("_User", LOCKED), []);
      return config.filesController.expandFilesInObject();
    },
  }));
  const Parse = { applicationId: "sign-in-policy" };
  const environment = /** @type {any} */ ({ Parse, ...READING });
  const answer = await askSignInPolicy(environment, { user: "ada", row }, {});
  return { answer, read, shown };
}

afterEach(() => mock.restoreAll());

test("Parse is asked by the row as it is, and the answer is founded on that row.", async () => {
  const { answer, read, shown } = await ask();
  const { user } = /** @type {any} */ (answer);
  assert.deepEqual(
    read.map((query) => query.objectId),
    ["ada", "ada"],
  );
  assert.equal(user.basis, basisOf(NOW, READING));
  assert.equal(user.phoneNumber, NOW.phone_number);
  assert.notEqual(shown[0].password, NOW.password);
});

test("A row that this call has read is not read once more, but the count of wrong passwords is looked up.", async () => {
  const { answer, read, shown } = await ask(BEFORE);
  const { user } = /** @type {any} */ (answer);
  assert.deepEqual(read, [
    { _failed_login_count: LOCKED._failed_login_count, objectId: "ada" },
  ]);
  assert.equal(user.basis, basisOf(BEFORE, READING));
  assert.equal(user.phoneNumber, BEFORE.phone_number);
  assert.notEqual(shown[0].password, BEFORE.password);
  assert.equal(BEFORE.password, "the hash", "the handler got a copy");
});
