// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { elements } = require("./support/account");
const { startApp } = require("./support/app");

const HOUR = 3_600_000;

describe("what is over goes away by itself", () => {
  /** @type {import("./support/app").App} */
  let app;
  before(async () => {
    app = await startApp();
  });
  after(() => app?.stop());

  const signIn = async () => {
    const { challenge, code } = await app.begin(await app.createUser());
    const { body } = await app.run("login", { challenge, code });
    assert.ok(body.result?.sessionToken, JSON.stringify(body));
  };

  test("windows that ended go as new ones come, without a job", async () => {
    /** @type {Set<string>} */
    const seen = new Set();
    for (let hour = 0; hour < 8; hour += 1) {
      await signIn();
      for (const row of await app.rows("TwoFactorWindow")) seen.add(row.bucket);
      await app.advance(HOUR);
    }
    assert.equal(seen.size, 8);
    // Each new window sweeps up to two, an hour after their end.
    const left = await app.rows("TwoFactorWindow");
    assert.ok(left.length <= 3, `${left.length} windows`);
  });

  test("no lock under which a row was created stays behind", async () => {
    const locks = await app.rows("_Idempotency");
    assert.deepEqual(
      locks.filter((lock) => lock.reqId.startsWith("two-factor")),
      [],
    );
  });

  test("an account keeps nothing of sign-ins that are past", async () => {
    const user = await app.createUser();
    for (let i = 0; i < 6; i += 1) {
      const { challenge, code } = await app.begin(user);
      await app.run("login", { challenge, code });
      await app.advance(HOUR);
    }
    const [account] = await app.rows("TwoFactorAccount", { user: user.id });
    const codes = elements(account.challenges, "code");
    assert.deepEqual(
      account.challenges,
      codes.map((code) => ({ code })),
    );
    assert.ok(codes.length <= 2, `${codes.length} codes`);
    assert.ok(
      account.redemptions.length <= 2,
      `${account.redemptions.length} redemptions`,
    );
  });
});
