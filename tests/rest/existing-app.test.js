// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { execFile } = require("node:child_process");
const { randomBytes } = require("node:crypto");
const fs = require("node:fs/promises");
const path = require("node:path");
const { after, before, describe, test } = require("node:test");
const { promisify } = require("node:util");
const { startApp, credentials, wrongCode } = require("./support/app");
const { result, granted, refused, tally } = require("./support/answers");
const { hasOption } = require("./support/parse-server");
const { totp } = require("./support/totp");

/** @typedef {import("./support/app").App} App */
/** @typedef {import("./support/app").User} User */

const KEY = `a:${randomBytes(32).toString("base64")}`;

describe("a roll-out by a function of the user", () => {
  /** @type {App} */
  let app;
  before(async () => {
    app = await startApp({ hooks: ["require"], options: { keys: KEY } });
  });
  after(() => app?.stop());

  /** @param {User} user */
  const native = (user) => app.rest("POST", "/login", credentials(user));

  test("asks those with a factor who are enrolled, and nobody else", async () => {
    const enrolled = await app.createUser({ stage: "enrolled" });
    const without = await app.createUser({
      stage: "enrolled",
      phone_number: undefined,
    });

    refused(await native(enrolled), 4010);
    const { challenge, code } = await app.begin(enrolled);
    granted(await app.run("login", { challenge, code }));

    granted(await app.run("login", credentials(without)));
    assert.equal((await native(without)).status, 200);
  });

  test("refuses those without a factor where everyone needs one", async () => {
    const without = await app.createUser({
      stage: "everyone",
      phone_number: undefined,
    });
    refused(await native(without), 4016);
    refused(await app.run("login", credentials(without)), 4016);
    assert.deepEqual(await app.sessions(without.id), []);

    const enrolled = await app.createUser({ stage: "everyone" });
    refused(await native(enrolled), 4010);
    const { challenge, code } = await app.begin(enrolled);
    granted(await app.run("login", { challenge, code }));
  });

  test("leaves nobody's sign-in as it was, by every way, and changes with it", async () => {
    const user = await app.createUser({ stage: "nobody" });
    const { sessionToken } = (await native(user)).body;
    assert.equal(typeof sessionToken, "string");
    granted(await app.run("login", credentials(user)));
    const change = await app.rest(
      "PUT",
      `/users/${user.id}`,
      { phone_number: app.newNumber() },
      { "X-Parse-Session-Token": sessionToken },
    );
    assert.equal(change.status, 200, JSON.stringify(change.body));
    assert.deepEqual(app.messagesTo(user), []);
    assert.deepEqual(
      await app.rows("TwoFactorAccount", { user: user.id }),
      [],
      "something was written",
    );

    await app.asMaster("PUT", `/users/${user.id}`, { stage: "enrolled" });
    refused(await native(user), 4010);
    assert.deepEqual(tally([await app.run("login", credentials(user))]), {
      challenge: 1,
    });

    await app.asMaster("PUT", `/users/${user.id}`, { stage: "nobody" });
    assert.equal((await native(user)).status, 200);
  });

  for (const stage of ["throws", "everybody", "", undefined]) {
    test(`lets nobody in on an answer like ${JSON.stringify(stage)}, and the log says so`, async () => {
      for (const phone_number of [undefined, app.newNumber()]) {
        const user = await app.createUser({ phone_number, stage });
        const { length } = app.log();
        refused(await native(user), 4022);
        refused(await app.run("login", credentials(user)), 4022);
        assert.deepEqual(await app.sessions(user.id), []);
        assert.match(
          app.log().slice(length),
          stage === "throws"
            ? new RegExp(`the option require threw: no stage for ${user.id}`)
            : /the option require answered none of enrolled, everyone, nobody/,
        );
      }
    });
  }

  test("keeps the last factor of a user who needs one, and of nobody else", async () => {
    for (const [stage, kept] of /** @type {const} */ ([
      ["everyone", true],
      ["enrolled", false],
      ["nobody", false],
    ])) {
      const { token, secret, factor } = await app.createEnrolled({ stage });
      const caller = { sessionToken: token };
      const { challenge } = result(await app.run("stepUp", {}, caller));
      const code = totp(secret, app.now());
      result(await app.run("stepUp", { challenge, code }, caller));

      const removal = { factor: factor.id };
      const answer = await app.run("removeTwoFactor", removal, caller);

      if (kept) refused(answer, 4016);
      else assert.deepEqual(answer.body, { result: {} });
      const { factors } = result(await app.run("twoFactorStatus", {}, caller));
      assert.deepEqual(factors, kept ? [factor] : [], stage);
    }
  });
});

describe("an app that hides its users", () => {
  const CLOSED = {
    find: {},
    get: {},
    count: {},
    create: {},
    update: {},
    delete: {},
    addField: {},
  };

  /** @type {Record<string, (app: App) => Promise<unknown>>} */
  const hidden = {
    "with protected fields and private users": async () => {},
    "and closes the class as well": (app) =>
      app.asMaster("PUT", "/schemas/_User", {
        className: "_User",
        classLevelPermissions: {
          ...CLOSED,
          protectedFields: { "*": ["phone_number", "From", "username"] },
        },
      }),
  };

  /** @type {App} */
  let app;
  before(async () => {
    const columns = ["phone_number", "From", "username", "email"];
    app = await startApp({
      options: { keys: KEY },
      server: {
        enforcePrivateUsers: true,
        protectedFields: { _User: { "*": columns } },
      },
    });
  });
  after(() => app?.stop());

  for (const [how, hide] of Object.entries(hidden)) {
    test(`${how} hides no factor from us`, async () => {
      await hide(app);
      const bySms = await app.createUser({ From: "+14155550199" });
      const byApp = await app.createEnrolled();
      for (const { id } of [bySms, byApp.user]) {
        const ACL = { [id]: { read: true, write: true } };
        await app.asMaster("PUT", `/users/${id}`, { ACL });
      }
      const token = await app.sessionOf(bySms);
      // Nobody else sees the number: this is an app that hides. (Owners see their own, up to Parse Server 8.)
      const seen = await app.rest("GET", `/users/${bySms.id}`);
      assert.ok(!JSON.stringify(seen.body).includes(String(bySms.phone)));

      for (const user of [bySms, byApp.user]) {
        refused(await app.rest("POST", "/login", credentials(user)), 4010);
      }
      const change = await app.rest(
        "PUT",
        `/users/${bySms.id}`,
        { phone_number: app.newNumber() },
        { "X-Parse-Session-Token": token },
      );
      assert.ok(change.status >= 400, JSON.stringify(change.body));

      const { challenge, code } = await app.begin(bySms);
      assert.equal(app.messagesTo(bySms)[0].from, "+14155550199");
      granted(await app.run("login", { challenge, code }));

      const first = await app.run("login", credentials(byApp.user));
      assert.deepEqual(first.body.result?.methods, ["totp", "recovery"]);
      granted(
        await app.run("login", {
          challenge: first.body.result.challenge,
          code: totp(byApp.secret, app.now()),
        }),
      );
    });
  }
});

describe("an app that by a beforeFind of its own", () => {
  for (const own of ["hides its users", "lets no one find its users"]) {
    test(`${own} opens no session by the password alone`, async () => {
      const app = await startApp({ own, options: { keys: KEY } });
      try {
        const user = await app.createUser();
        refused(
          await app.rest("POST", "/login", credentials(user)),
          [4010, 4022],
        );
        assert.deepEqual(await app.sessions(user.id), []);

        const first = await app.run("login", credentials(user));
        if (first.body.result) {
          const { challenge } = first.body.result;
          assert.equal(typeof challenge, "string", JSON.stringify(first.body));
          const code = wrongCode(app.codeOf(user));
          const second = await app.run("login", { challenge, code });
          assert.ok(second.status >= 400, JSON.stringify(second.body));
        }
        assert.deepEqual(await app.sessions(user.id), []);
      } finally {
        await app.stop();
      }
    });
  }
});

describe("an app whose own beforeSave writes the number", () => {
  /** @type {App} */
  let app;
  before(async () => {
    app = await startApp({ own: "writes the number itself" });
  });
  after(() => app?.stop());

  /** @param {string} id */
  const numberOf = async (id) =>
    (await app.rows("_User", { objectId: id }))[0].phone_number;

  test("changes it with a step-up or the master key, and not by a session alone", async () => {
    const user = await app.createUser();
    const sessionToken = await app.sessionOf(user);
    const headers = { "X-Parse-Session-Token": sessionToken };
    const mobile = "+1 (415) 555-0002";
    const change = () =>
      app.rest("PUT", `/users/${user.id}`, { mobile }, headers);

    refused(await change(), 4020);
    assert.equal(await numberOf(user.id), user.phone);

    const begun = await app.run("stepUp", {}, { sessionToken });
    const { challenge } = begun.body.result;
    const stepUp = { challenge, code: app.codeOf(user) };
    await app.run("stepUp", stepUp, { sessionToken });
    const changed = await change();
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    assert.equal(await numberOf(user.id), "+14155550002");

    const other = await app.createUser();
    await app.asMaster("PUT", `/users/${other.id}`, { mobile });
    assert.equal(await numberOf(other.id), "+14155550002");
  });

  test("may take one as people write it, and what it makes of it counts", async () => {
    const { phone_number, ...account } = {
      username: `user-${randomBytes(6).toString("hex")}`,
      password: "password",
      phone_number: "+1 415 555 0003",
    };
    const { body } = await app.rest("POST", "/users", {
      ...account,
      phone_number,
    });
    assert.ok(body.objectId, JSON.stringify(body));
    assert.equal(await numberOf(body.objectId), "+14155550003");
    const user = { ...account, id: body.objectId, phone: "+14155550003" };
    granted(await app.run("login", await app.begin(user)));

    const answer = await app.rest("POST", "/users", {
      username: `user-${randomBytes(6).toString("hex")}`,
      password: "password",
      phone_number: "0888",
    });
    refused(answer, 4017);
  });
});

test("an app whose event hook never settles signs its users in all the same", async () => {
  const app = await startApp({ own: "waits for its event hook forever" });
  try {
    const user = await app.createUser();
    granted(await app.run("login", await app.begin(user)));
    assert.notDeepEqual(
      await app.rows("TwoFactorEvent", { user: user.id }),
      [],
    );
  } finally {
    await app.stop();
  }
});

describe("an app whose master key is a function", () => {
  const own = "asks a function for its master key";

  test("and that has no key ring does not start, and says what to set", async () => {
    /** @type {unknown} */
    let failure;
    try {
      const app = await startApp({ own });
      await app.stop();
    } catch (error) {
      failure = error;
    }
    assert.ok(failure instanceof Error, "it started");
    assert.match(failure.message, /TWO_FACTOR_KEYS/);
  });

  // Before 8 Parse Server takes the function itself for the key.
  if (hasOption("masterKeyTtl")) {
    test("and that has one signs its users in", async () => {
      const app = await startApp({ own, env: { TWO_FACTOR_KEYS: KEY } });
      try {
        const user = await app.createUser();
        granted(await app.run("login", await app.begin(user)));
      } finally {
        await app.stop();
      }
    });
  }
});

describe("taking it out", () => {
  /** Everything of the database that is not Parse's own record of sessions. @param {App} app */
  const everything = async (app) => {
    const { results } = await app.asMaster("GET", "/schemas");
    const schemas = Object.fromEntries(
      // Parse notes the indexes that MongoDB has as it starts, whoever made them.
      results.map((/** @type {any} */ { className, fields }) => [
        className,
        fields,
      ]),
    );
    const rows = await app.dump();
    delete rows._Session;
    return { schemas, rows, idempotency: await app.rows("_Idempotency") };
  };

  /**
   * The commands of a section of docs/adopting.md, as they stand there.
   * @param {string} section
   */
  const commands = async (section) => {
    const file = path.join(__dirname, "..", "docs", "adopting.md");
    const [, text] = (await fs.readFile(file, "utf8")).split(`## ${section}\n`);
    const blocks = text.split("\n## ")[0].matchAll(/```sh\n(.*?)```/gs);
    return [...blocks].map(([, block]) => block);
  };

  /**
   * @param {App} app
   * @param {string} script
   */
  const follow = async (app, script) => {
    const { stdout } = await promisify(execFile)("sh", ["-euc", script], {
      env: {
        PATH: process.env.PATH,
        SERVER_URL: app.urls[0],
        APPLICATION_ID: "tests",
        MASTER_KEY: "tests-master-key",
      },
    });
    assert.doesNotMatch(stdout, /"error"/);
  };

  test("by the documented steps leaves no trace, and a password is enough again", async () => {
    const handlers = ["beforeLogin", "afterLogin", "beforeSaveUser"];
    const before = await startApp({ installed: false, beforehand: handlers });
    const { databaseURI } = before;
    /** @type {App[]} */
    const apps = [before];
    try {
      const users = [
        await before.createUser({ From: "+14155550199" }),
        await before.createUser({ phone_number: undefined }),
      ];
      // The first session makes Parse's class for it.
      for (const user of users) await before.sessionOf(user);
      const untouched = await everything(before);

      const during = await startApp({
        databaseURI,
        hooks: handlers,
        options: { keys: KEY },
      });
      apps.push(during);
      const { challenge, code } = await during.begin(users[0]);
      granted(await during.run("login", { challenge, code }));
      const enrolled = await during.createEnrolled();
      refused(
        await during.rest("POST", "/login", credentials(enrolled.user)),
        4010,
      );
      await during.asMaster("DELETE", `/users/${enrolled.user.id}`);
      assert.notDeepEqual(await everything(during), untouched);
      await during.stop();

      const after = await startApp({
        databaseURI,
        installed: false,
        beforehand: handlers,
      });
      apps.push(after);
      const [drop, dropColumns] = await commands("Taking it out");
      await follow(after, drop);

      assert.deepEqual(await everything(after), untouched);
      for (const user of users) {
        const { status, body } = await after.rest(
          "POST",
          "/login",
          credentials(user),
        );
        assert.equal(status, 200, JSON.stringify(body));
        const calls = (await after.seen("calls")).filter(
          ({ userId }) => userId === user.id,
        );
        assert.deepEqual(
          calls.map(({ name }) => name),
          ["beforeLogin", "afterLogin"],
        );
      }
      const gone = await after.run("login", credentials(users[0]));
      assert.equal(gone.status, 400, JSON.stringify(gone.body));

      await follow(after, dropColumns);
      const { fields } = await after.asMaster("GET", "/schemas/_User");
      assert.ok(!("phone_number" in fields) && !("From" in fields));
    } finally {
      for (const app of apps.reverse()) await app.stop();
    }
  });
});
