// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, before, describe, test } = require("node:test");
const { startApp } = require("./support/app");
const { granted, refused, tally } = require("./support/answers");
const { STEP, totp } = require("./support/totp");

/** @typedef {import("./support/app").App} App */
/** @typedef {import("./support/app").User} User */

const KEY = `a:${randomBytes(32).toString("base64")}`;

/** @param {User} user */
const credentials = ({ username, password }) => ({ username, password });

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
      const user = await app.createUser({ stage, phone_number: undefined });
      const caller = { sessionToken: await app.sessionOf(user) };
      /**
       * @param {string} name
       * @param {object} params
       */
      const run = async (name, params) => {
        const { status, body } = await app.run(name, params, caller);
        assert.equal(status, 200, JSON.stringify(body));
        return body.result;
      };
      const { password } = user;
      const { enrollment, secret } = await run("enrollTwoFactor", {
        method: "totp",
        password,
      });
      const { factor } = await run("confirmTwoFactor", {
        enrollment,
        code: totp(secret, app.now()),
      });
      await app.advance(STEP);
      const { challenge } = await run("stepUp", {});
      await run("stepUp", { challenge, code: totp(secret, app.now()) });

      const removal = { factor: factor.id };
      const answer = await app.run("removeTwoFactor", removal, caller);

      if (kept) refused(answer, 4016);
      else assert.deepEqual(answer.body, { result: {} });
      const { factors } = await run("twoFactorStatus", {});
      assert.deepEqual(factors, kept ? [factor] : [], stage);
    }
  });
});
