// @ts-check
"use strict";

/** What a sign-in by password is founded on, with a stand-in for Parse Server's own part. */

const assert = require("node:assert/strict");
const { afterEach, mock, test } = require("node:test");
const { basisOf } = require("../../js/parse/basis.js");
const { DEFAULTS } = require("../../js/parse/columns.js");
const { verifyPassword } = require("../../js/parse/password.js");
const server = require("../../js/parse/server.js");

const READING = {
  columns: DEFAULTS,
  defaultCountry: undefined,
  sendsCodesByMail: false,
};
let applications = 0;
const credentials = { username: "ada", password: "right" };
const row = { objectId: "ada", username: "ada", password: "the hash" };

/**
 * A Parse Server whose `GET /verifyPassword` does what the test says.
 * @param {(database: any) => Promise<any>} perform
 * @param {any[]} found what its database finds, one after the other
 */
function standIn(perform, found) {
  /** @type {Record<string, any>} */
  const modules = {
    "ParseServer.js": { default: { promiseRouter: () => ({}) } },
    "ParseServerRESTController.js": {
      ParseServerRESTController: () => ({
        /** @type {(...args: any[]) => Promise<any>} */
        async request(method, path, query, options, config) {
          assert.deepEqual([method, path], ["GET", "/verifyPassword"]);
          assert.deepEqual(query, credentials);
          assert.deepEqual(options, { useMasterKey: true });
          return perform(config.database);
        },
      }),
    },
  };
  const rows = [...found];
  mock.method(server, "config", () => ({
    database: { find: async () => [rows.shift()] },
  }));
  mock.method(
    server,
    "running",
    (/** @type {any} */ _, /** @type {string} */ name) => modules[name],
  );
  const Parse = { applicationId: `password-${++applications}` };
  const environment = { Parse, ...READING, rest: assert.fail };
  return () =>
    verifyPassword(/** @type {any} */ (environment), { ...credentials });
}

afterEach(() => mock.restoreAll());

test("A sign-in by password is founded on the row that Parse compared the password with, whatever is read after that.", async () => {
  const changed = { ...row, password: "another hash" };
  const ask = standIn(
    async (database) => {
      const [compared] = await database.find("_User", { username: "ada" });
      delete compared.password;
      const [{ password, ...shown }] = await database.find("_User", {});
      assert.equal(password, changed.password);
      return shown;
    },
    [{ ...row }, changed],
  );
  const { basis, found } = await ask();
  assert.equal(basis, basisOf(row, READING));
  assert.deepEqual(found, row, "with the hash, though Parse took it off");
  assert.notEqual(basis, basisOf(changed, READING));
});

test("Without the row that Parse compared the password with, a sign-in is founded on nothing.", async () => {
  const others = { ...row, objectId: "bob" };
  for (const found of [others, row]) {
    const ask = standIn(
      async (database) => {
        await database.find(found === others ? "_User" : "_Role", {});
        return { objectId: "ada" };
      },
      [found],
    );
    assert.equal((await ask()).basis, null);
    mock.restoreAll();
  }
});

test("What Parse refuses a password with is passed on, and where the server does not show its parts it is asked over its REST API.", async () => {
  const refusal = Object.assign(new Error("wrong"), { code: 101 });
  const ask = standIn(() => Promise.reject(refusal), []);
  await assert.rejects(ask(), refusal);
  mock.restoreAll();
  const Parse = { applicationId: "nowhere" };
  const rest = async () => row;
  const environment = /** @type {any} */ ({ Parse, rest, ...READING });
  const answer = await verifyPassword(environment, credentials);
  assert.deepEqual(answer, { row, basis: null });
});
