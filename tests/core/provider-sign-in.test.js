// @ts-check
"use strict";

/** What tells a check of ours from a sign-in of somebody else's, with a stand-in for Parse Server's own part. */

const assert = require("node:assert/strict");
const { afterEach, mock, test } = require("node:test");
const { basisOf } = require("../../js/parse/basis.js");
const { DEFAULTS } = require("../../js/parse/columns.js");
const server = require("../../js/parse/server.js");
const {
  askProvider,
  isCheck,
  noteCreated,
  opensNoSession,
  stopCreation,
} = require("../../js/parse/provider-sign-in.js");

const READING = {
  columns: DEFAULTS,
  defaultCountry: undefined,
  sendsCodesByMail: false,
};
let applications = 0;

/**
 * A Parse Server whose `POST /users` does what the test says.
 * @param {(call: { method: string, path: string, config: any, trigger: (more?: object) => any }) => any} perform
 * @param {object} [restWrite] what `RestWrite` shows
 */
function standIn(perform, restWrite = { createSessionToken: async () => {} }) {
  const Parse = {
    applicationId: `app-${++applications}`,
    Error: class extends Error {
      /**
       * @param {number} code
       * @param {string} message
       */
      constructor(code, message) {
        super(message);
        this.code = code;
      }
    },
  };
  /** @type {any[]} */
  const made = [];
  /** @type {Record<string, any>} */
  const modules = {
    "RestWrite.js": { prototype: restWrite },
    "ParseServer.js": { default: { promiseRouter: () => ({}) } },
    "ParseServerRESTController.js": {
      ParseServerRESTController: () => ({
        /** @type {(...args: any[]) => Promise<any>} */
        async request(method, path, body, options, config) {
          made.push({ method, path, body, options });
          const trigger = (/** @type {object} */ more = {}) => ({
            object: { id: "ada", get: () => ({ demo: { id: "a" } }) },
            headers: config.headers,
            installationId: options.installationId,
            master: false,
            ...more,
          });
          return perform({ method, path, config, trigger });
        },
      }),
    },
  };
  /** Ada's, as it is when it is read. */
  const row = { objectId: "ada", authData: { demo: { id: "a" } } };
  mock.method(server, "config", () => ({
    database: { find: async () => [row] },
    authDataManager: {
      getValidatorForProvider: (/** @type {string} */ name) =>
        name === "demo" ? {} : undefined,
    },
  }));
  mock.method(
    server,
    "running",
    (/** @type {any} */ _, /** @type {string} */ name) => modules[name],
  );
  const word = { provider: "demo", authData: { demo: {} }, mayCreate: true };
  const request = { headers: { host: "example.com" }, ip: "192.0.2.1" };
  const abort = new AbortController();
  return {
    made,
    modules,
    row,
    abort,
    request,
    Parse,
    /** @param {object} [more] */
    ask: (more) =>
      askProvider(
        { Parse, ...READING },
        { ...word, ...more },
        request,
        abort.signal,
      ),
  };
}

afterEach(() => mock.restoreAll());

test("Whom Parse finds in a check is the answer, whatever the app's afterSave made of Parse's.", async () => {
  for (const answer of [{ objectId: "bob" }, { any: "JSON" }, undefined]) {
    const { ask, made, row } = standIn(async ({ trigger }) => {
      assert.equal(await isCheck({}, trigger()), true);
      return answer;
    });
    const asked = /** @type {any} */ (await ask());
    assert.deepEqual([asked.found, asked.isNew], ["ada", false]);
    assert.equal(asked.basis, basisOf(row, READING));
    assert.equal(made.length, 1);
    assert.deepEqual(made[0].options, { installationId: "cloud" });
  }
});

test("Whom a check creates is the answer, whatever the app's afterSave made of Parse's, and is no user whom Parse found.", async () => {
  for (const answer of [{ any: "JSON" }, undefined]) {
    const { ask, Parse, row } = standIn(async ({ trigger }) => {
      stopCreation(Parse, trigger());
      noteCreated(trigger({ object: { id: "new" } }));
      // What is saved beside it is another call's, or somebody who was there.
      noteCreated(trigger({ object: { id: "bob" }, headers: {} }));
      noteCreated(trigger({ object: { id: "bob" }, original: {} }));
      return answer;
    });
    const asked = /** @type {any} */ (await ask());
    assert.deepEqual([asked.found, asked.isNew], ["new", true]);
    assert.equal(asked.basis, basisOf(row, READING));
  }
});

test("A row that has lost its identity since Parse found it is the ground of no sign-in.", async () => {
  const { ask, row } = standIn(async ({ trigger }) => {
    row.authData = /** @type {any} */ ({});
    await isCheck({}, trigger());
    return { objectId: "ada" };
  });
  assert.equal(/** @type {any} */ (await ask()).basis, null);
});

test("Only the headers of the check itself, from nobody with the master key and no other installation, pass for it.", async () => {
  const { ask, request } = standIn(async ({ config, trigger }) => {
    for (const other of [
      // Calls of one batch share them.
      trigger({ headers: request.headers }),
      trigger({ headers: { ...config.headers } }),
      trigger({ headers: undefined }),
      trigger({ headers: "text" }),
      trigger({ master: true }),
      trigger({ installationId: "another" }),
      trigger({ installationId: undefined }),
    ]) {
      assert.equal(await isCheck({}, other), false);
    }
    return { objectId: "new" };
  });
  assert.equal(/** @type {any} */ (await ask()).found, "new");
});

test("A sign-in that comes after its check was given up, or was over, is no check any more.", async () => {
  /** @type {any} */
  let late;
  const { ask, abort } = standIn(async ({ trigger }) => {
    late = trigger();
    abort.abort();
    assert.equal(await isCheck({}, late), false);
    return { objectId: "ada" };
  });
  await ask();
  assert.equal(await isCheck({}, late), false);

  const over = standIn(({ trigger }) => {
    late = trigger();
    return { objectId: "ada" };
  });
  await over.ask();
  assert.equal(await isCheck({}, late), false);
});

test("A check that may create nobody stops the creation, and no other save is stopped.", async () => {
  const { ask, Parse } = standIn(({ trigger }) => {
    stopCreation(Parse, trigger({ installationId: "another" }));
    stopCreation(Parse, trigger());
    return { objectId: "new" };
  });
  assert.equal(await ask({ mayCreate: false }), "missing");
  const made = /** @type {any} */ (await ask({ mayCreate: true }));
  assert.deepEqual([made.found, made.isNew], ["new", true]);
});

test("A session that Parse opens all the same is closed, and the check fails.", async () => {
  const { ask, made } = standIn(({ path }) =>
    path === "/users" ? { objectId: "ada", sessionToken: "r:1" } : {},
  );
  await assert.rejects(ask(), /a session, which was closed/);
  assert.equal(made[1].path, "/logout");
  assert.equal(made[1].options.sessionToken, "r:1");
});

test("What an adapter throws without a code fails the check, and none of its text is passed on.", async () => {
  for (const thrown of [new TypeError("secret-token"), "secret-token", null]) {
    const { ask } = standIn(() => {
      throw thrown;
    });
    await assert.rejects(ask(), (/** @type {any} */ error) => {
      assert.doesNotMatch(String(error.stack), /secret-token/);
      return true;
    });
  }
});

test("What Parse refuses with a code of its own is the answer, and a provider that it does not have is refused unasked.", async () => {
  const { ask, Parse, made } = standIn(() => {
    throw new Parse.Error(101, "no");
  });
  assert.deepEqual(await ask(), { refused: { code: 101, message: "no" } });
  const unknown = await ask({ provider: "other" });
  assert.equal(/** @type {any} */ (unknown).refused.code, 252);
  assert.equal(made.length, 1);
});

test("A Parse Server without the rule that opens no session, or without a part of the way, is not asked.", async () => {
  // What is left of the statement where the rule is gone: it needs what the trial does not have.
  const without = {
    /** @this {any} */
    async createSessionToken() {
      return this.storage.authProvider;
    },
  };
  for (const restWrite of [without, {}]) {
    const { ask, made, Parse } = standIn(() => ({}), restWrite);
    assert.equal(await opensNoSession(Parse), false);
    assert.equal(await ask(), "unasked");
    assert.deepEqual(made, []);
  }
  for (const name of [
    "RestWrite.js",
    "ParseServer.js",
    "ParseServerRESTController.js",
  ]) {
    const { ask, modules } = standIn(() => ({}));
    delete modules[name];
    assert.equal(await ask(), "unasked", name);
  }
  const { ask } = standIn(() => ({}));
  mock.method(server, "config", () => undefined);
  assert.equal(await ask(), "unasked");
});
