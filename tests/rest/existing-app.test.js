// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { execFile } = require("node:child_process");
const { randomBytes } = require("node:crypto");
const fs = require("node:fs/promises");
const path = require("node:path");
const { after, before, describe, test } = require("node:test");
const { promisify } = require("node:util");
const { startApp, whyNot } = require("../support/app");
const { refused, result } = require("../support/answers");
const { newKey } = require("../support/key");
const { hasOption } = require("../support/parse-server");
const {
  LAST_FACTOR,
  NATIVE_SIGN_IN,
  PHONE_UNUSABLE,
  OPERATION_FORBIDDEN,
  STEP_UP_REQUIRED,
  TRY_AGAIN,
  WRONG_ANSWER,
} = require("../support/refusals");
const { Session } = require("../support/session");
const { User, wrongCode } = require("../support/user");

/** @typedef {import("../support/app").App} App */

const KEY = newKey();

describe("A roll-out by a function of the user", () => {
  /** @type {App} */
  let app;
  before(async () => {
    app = await startApp({ hooks: ["require"], options: { keys: KEY } });
  });
  after(() => app?.stop());

  test("A roll-out by function asks those with a factor who are enrolled, and nobody else.", async () => {
    const ada = await app.user({ stage: "enrolled" }).withNumber().create();
    const bob = await app.user({ stage: "enrolled" }).create();

    await refused(ada.nativeLogin(), NATIVE_SIGN_IN);
    await ada.signIn();

    await bob.loginByPassword();
    assert.equal((await bob.nativeLogin()).status, 200);
  });

  test("A roll-out by function has those without a factor enroll while they sign in, where everyone needs one.", async () => {
    const bob = await app.user({ stage: "everyone" }).create();
    await refused(bob.nativeLogin(), NATIVE_SIGN_IN);
    const { status } = result(await app.run("login", bob.credentials));
    assert.equal(status, "enroll");
    assert.deepEqual(await bob.sessions(), []);

    const ada = await app.user({ stage: "everyone" }).withNumber().create();
    await refused(ada.nativeLogin(), NATIVE_SIGN_IN);
    await ada.signIn();
  });

  test("A roll-out by function leaves the sign-in of those it spares as it was, by every way, and changes with its answer.", async () => {
    const ada = await app.user({ stage: "nobody" }).withNumber().create();
    const { sessionToken } = (await ada.nativeLogin()).body;
    assert.equal(typeof sessionToken, "string");
    await ada.loginByPassword();
    const session = new Session(app, ada, sessionToken);
    const change = await session.change({ phone_number: app.newNumber() });
    assert.equal(change.status, 200, JSON.stringify(change.body));
    assert.deepEqual(ada.messages, []);
    assert.equal(await ada.account(), undefined, "something was written");

    await ada.update({ stage: "enrolled" });
    await refused(ada.nativeLogin(), NATIVE_SIGN_IN);
    await ada.login();

    await ada.update({ stage: "nobody" });
    assert.equal((await ada.nativeLogin()).status, 200);
  });

  test("A roll-out by function is told who asks: login, Parse's own sign-in, a save or a deletion.", async () => {
    const ada = await app.user({ stage: "nobody" }).withNumber().create();
    const session = await ada.session();
    await ada.nativeLogin();
    await ada.loginByPassword();
    await session.change({ phone_number: app.newNumber() });
    await session.status();
    await app.rest("DELETE", `/users/${ada.id}`, undefined, session.headers);
    const calls = await app.seen("calls");
    const asked = calls.filter(
      ({ name, userId }) => name === "require" && userId === ada.id,
    );
    assert.deepEqual(
      asked.map(({ route }) => route),
      ["native", "login", "save", "save", "delete"],
    );
  });

  for (const stage of ["throws", "everybody", "", undefined]) {
    const what = stage === "throws" ? "that throws" : JSON.stringify(stage);
    test(`A roll-out by function lets nobody in on an answer like ${what}, and the log says so.`, async () => {
      for (const newUser of [
        app.user({ stage }),
        app.user({ stage }).withNumber(),
      ]) {
        const ada = await newUser.create();
        const { length } = app.log();
        await refused(ada.nativeLogin(), TRY_AGAIN);
        await refused(ada.login(), TRY_AGAIN);
        assert.deepEqual(await ada.sessions(), []);
        assert.match(
          app.log().slice(length),
          stage === "throws"
            ? new RegExp(`the option require threw: no stage for ${ada.id}`)
            : /the option require answered none of enrolled, everyone, always, nobody/,
        );
      }
    });
  }

  test("A roll-out by function keeps the last factor of a user who needs one, and of nobody else.", async () => {
    for (const [stage, kept] of /** @type {const} */ ([
      ["everyone", true],
      ["enrolled", false],
      ["nobody", false],
    ])) {
      const ada = await app.user({ stage }).withTotp().create();
      const session = ada.ownSession;
      await session.stepUp();

      const removal = session.remove(ada.factor.id);

      if (kept) await refused(removal, LAST_FACTOR);
      else assert.deepEqual(await removal, {});
      const { factors } = await session.status();
      assert.deepEqual(factors, kept ? [ada.factor] : [], stage);
    }
  });
});

describe("An app that hides its users", () => {
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
    "with protected fields, private users and a closed class": (app) =>
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
    test(`An app ${how} hides no factor from us.`, async () => {
      await hide(app);
      const From = "+14155550199";
      const bySms = await app.user({ From }).withNumber().create();
      const byApp = await app.user().withTotp().create();
      for (const user of [bySms, byApp]) {
        await user.update({ ACL: { [user.id]: { read: true, write: true } } });
      }
      const session = await bySms.session();
      // Nobody else sees the number: this is an app that hides. (Owners see their own, up to Parse Server 8.)
      const seen = await app.rest("GET", `/users/${bySms.id}`);
      assert.ok(!JSON.stringify(seen.body).includes(String(bySms.phone)));

      for (const user of [bySms, byApp]) {
        await refused(user.nativeLogin(), NATIVE_SIGN_IN);
      }
      const change = session.change({ phone_number: app.newNumber() });
      // Where the class is closed, Parse refuses a client's save before or after our trigger.
      const isClosed = how.includes("closed");
      await refused(
        change,
        isClosed ? [STEP_UP_REQUIRED, OPERATION_FORBIDDEN] : STEP_UP_REQUIRED,
      );

      await bySms.signIn();
      assert.equal(bySms.messages[0].from, From);

      const sign = await byApp.login();
      assert.deepEqual(sign.methods, ["totp", "recovery"]);
      await byApp.answer(sign, byApp.totp());
    });
  }
});

describe("An app with a beforeFind of its own on its users", () => {
  for (const own of ["hides its users", "lets no one find its users"]) {
    test(`An app that ${own} by a beforeFind of its own opens no session by the password alone.`, async () => {
      const app = await startApp({ own, options: { keys: KEY } });
      try {
        const ada = await app.user().withNumber().create();
        // Which of the two, depends on what Parse's version asks the beforeFind.
        await refused(ada.nativeLogin(), [NATIVE_SIGN_IN, TRY_AGAIN]);
        assert.deepEqual(await ada.sessions(), []);

        const first = await app.run("login", ada.credentials);
        if (first.body.result) {
          const sign = first.body.result;
          assert.equal(typeof sign.challenge, "string");
          await refused(ada.answer(sign, wrongCode(ada.code())), WRONG_ANSWER);
        }
        assert.deepEqual(await ada.sessions(), []);
      } finally {
        await app.stop();
      }
    });
  }
});

describe("An app whose own beforeSave writes the number", () => {
  /** @type {App} */
  let app;
  before(async () => {
    app = await startApp({ own: "writes the number itself" });
  });
  after(() => app?.stop());

  test("An app whose own beforeSave writes the number changes it with a step-up or the master key, and not by a session alone.", async () => {
    const ada = await app.user().withNumber().create();
    const session = await ada.session();
    const mobile = "+1 (415) 555-0002";

    await refused(session.change({ mobile }), STEP_UP_REQUIRED);
    assert.equal((await ada.row()).phone_number, ada.phone);

    await session.stepUp();
    const changed = await session.change({ mobile });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    assert.equal((await ada.row()).phone_number, "+14155550002");

    const bob = await app.user().withNumber().create();
    await bob.update({ mobile });
    assert.equal((await bob.row()).phone_number, "+14155550002");
  });

  test("An app whose own beforeSave writes the number may take one as people write it, and what it makes of it counts.", async () => {
    const account = {
      username: `user-${randomBytes(6).toString("hex")}`,
      password: "password",
    };
    const { body } = await app.rest("POST", "/users", {
      ...account,
      phone_number: "+1 415 555 0003",
    });
    assert.ok(body.objectId, JSON.stringify(body));
    const phone = "+14155550003";
    const ada = new User(app, { ...account, id: body.objectId, phone });
    assert.equal((await ada.row()).phone_number, phone);
    await ada.signIn();

    const answer = app.rest("POST", "/users", {
      username: `user-${randomBytes(6).toString("hex")}`,
      password: "password",
      phone_number: "0888",
    });
    await refused(answer, PHONE_UNUSABLE);
  });
});

test("An app whose event hook never settles signs its users in all the same.", async () => {
  const app = await startApp({ own: "waits for its event hook forever" });
  try {
    const ada = await app.user().withNumber().create();
    await ada.signIn();
    assert.notDeepEqual(await ada.events(), []);
  } finally {
    await app.stop();
  }
});

describe("An app whose master key is a function", () => {
  const own = "asks a function for its master key";
  const durable = { TWO_FACTOR_KEYS: KEY };

  for (const [what, server, env, setting] of /** @type {const} */ ([
    ["that has no key ring", { directAccess: true }, {}, /TWO_FACTOR_KEYS/],
    [
      "whose Cloud Code calls it over HTTP",
      { directAccess: false },
      durable,
      /masterKey is a function and directAccess is false/,
    ],
  ])) {
    test(`An app whose master key is a function and ${what} does not start, and says what to set.`, async () => {
      assert.match(await whyNot({ own, server, env }), setting);
    });
  }

  // Before 8 Parse Server takes the function itself for the key.
  if (hasOption("masterKeyTtl")) {
    test("An app whose master key is a function and that has a key ring signs its users in.", async () => {
      const server = { directAccess: true };
      const app = await startApp({ own, server, env: durable });
      try {
        await (await app.user().withNumber().create()).signIn();
      } finally {
        await app.stop();
      }
    });
  }
});

describe("Taking it out", () => {
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
    const file = path.join(__dirname, "..", "..", "docs", "adopting.md");
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

  test("Taking it out by the documented steps leaves no trace, and a password is enough again.", async () => {
    const handlers = ["beforeLogin", "afterLogin", "beforeSaveUser"];
    const before = await startApp({ installed: false, beforehand: handlers });
    const { databaseURI } = before;
    /** @type {App[]} */
    const apps = [before];
    try {
      const users = [
        await before.user({ From: "+14155550199" }).withNumber().create(),
        await before.user().create(),
      ];
      // The first session makes Parse's class for it.
      for (const user of users) await user.session();
      const untouched = await everything(before);

      const during = await startApp({
        databaseURI,
        hooks: handlers,
        options: { keys: KEY },
      });
      apps.push(during);
      await users[0].on(during).signIn();
      const enrolled = await during.user().withTotp().create();
      await refused(enrolled.nativeLogin(), NATIVE_SIGN_IN);
      await enrolled.delete();
      assert.notDeepEqual(await everything(during), untouched);
      await during.stop();

      const after = await startApp({
        databaseURI,
        installed: false,
        beforehand: handlers,
      });
      apps.push(after);
      const [drop, forget, dropColumns] = await commands("Taking it out");
      await follow(after, drop);
      await follow(after, forget);

      assert.deepEqual(await everything(after), untouched);
      for (const user of users) {
        const { status, body } = await user.on(after).nativeLogin();
        assert.equal(status, 200, JSON.stringify(body));
        const calls = (await after.seen("calls")).filter(
          ({ userId }) => userId === user.id,
        );
        assert.deepEqual(
          calls.map(({ name }) => name),
          ["beforeLogin", "afterLogin"],
        );
      }
      const gone = await after.run("login", users[0].credentials);
      assert.equal(gone.status, 400, JSON.stringify(gone.body));

      await follow(after, dropColumns);
      const { fields } = await after.asMaster("GET", "/schemas/_User");
      assert.ok(!("phone_number" in fields) && !("From" in fields));
    } finally {
      for (const app of apps.reverse()) await app.stop();
    }
  });
});

test("Parse's answers to a sign-up, a save and a sign-in by a provider are the same with us and without us.", async () => {
  /** @type {Record<string, string[]>[]} */
  const all = [];
  for (const installed of [false, true]) {
    const app = await startApp({ installed });
    try {
      const provider = { authData: { house: { id: "ada" } } };
      const ada = { username: "ada", password: "first" };
      const signUp = await app.rest("POST", "/users", ada);
      const session = { "X-Parse-Session-Token": signUp.body.sessionToken };
      const own = `/users/${signUp.body.objectId}`;
      const answers = {
        signUp,
        email: await app.rest("PUT", own, { email: "a@example.com" }, session),
        password: await app.rest("PUT", own, { password: "second" }, session),
        linkedSignUp: await app.rest("POST", "/users", provider),
        linkedSignIn: await app.rest("POST", "/users", provider),
      };
      all.push(
        Object.fromEntries(
          Object.entries(answers).map(([name, { body }]) => [
            name,
            Object.keys(body).sort(),
          ]),
        ),
      );
    } finally {
      await app.stop();
    }
  }
  assert.ok(all[0].linkedSignIn.includes("sessionToken"), JSON.stringify(all));
  assert.deepEqual(all[1], all[0]);
});
