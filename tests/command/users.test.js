// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { before, describe, test } = require("node:test");
const { refused } = require("../support/answers");
const { startApp: startOtherApp } = require("../support/app");
const { newKey } = require("../support/key");
const { UNREACHABLE, WRONG_ANSWER } = require("../support/refusals");
const { wrongCode } = require("../support/user");
const { command, environment, startApp } = require("./command");

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

describe("A user", () => {
  test("A user is found by id, name or e-mail address, and shown without the whole number.", async () => {
    const email = `${randomBytes(6).toString("hex")}@example.com`;
    const user = await app.user({ email }).withNumber().create();
    for (const by of [user.id, user.username, email]) {
      const { code, json } = await command(["status", by, "--json"]);
      assert.equal(code, 0);
      assert.equal(json.userId, user.id);
      assert.equal(json.username, user.username);
      assert.equal(json.factors[0].id, "phone_number");
      assert.equal(json.disabled, false);
    }
    const { out } = await command(["status", user.username]);
    assert.match(out, /sms {2}phone_number {2}•••• \d{4}\n/);
    assert.ok(!out.includes(user.phone));
  });

  test("A user is shown without the control characters of a name.", async () => {
    const hostile = "ada\x1b[2J\x1b[31m\r\b\x7f\x9bm all is well";
    const username = `${randomBytes(6).toString("hex")}${hostile}`;
    const user = await app.user({ username }).create();
    const { code, out, err } = await command(["status", user.id]);
    assert.equal(code, 0, err);
    assert.match(out, /all is well/);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(out + err, /(?!\n)[\x00-\x1f\x7f-\x9f]/);
    const asJson = await command(["status", user.id, "--json"]);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(asJson.out, /(?!\n)[\x00-\x1f\x7f-\x9f]/);
    assert.ok(JSON.parse(asJson.out).username.endsWith(hostile));
  });

  test("A user who does not exist is told apart from failures.", async () => {
    const nobody = await command(["status", "nobody"]);
    assert.equal(nobody.code, 1);
    assert.match(nobody.err, /no user .*"nobody"/);
    assert.equal((await command(["reset", "nobody"])).code, 1);
  });

  test("A user whose objectId is another user's name is not hit by that name (an objectId is public in most apps).", async () => {
    const victim = await app.user().withTotp().create();
    const email = `${randomBytes(6).toString("hex")}@example.com`;
    const thief = await app.user({ username: victim.id, email }).create();
    const namesake = await app.user({ username: email }).create();

    for (const [wanted, ids] of /** @type {[string, string[]][]} */ ([
      [victim.id, [victim.id, thief.id]],
      [email, [thief.id, namesake.id]],
    ])) {
      for (const args of [["status"], ["reset"], ["reset", "--factors"]]) {
        const { code, out, err } = await command([...args, wanted]);
        assert.equal(code, 1);
        assert.equal(out, "");
        for (const id of ids) assert.ok(err.includes(id), err);
        assert.match(err, /--username/);
      }
    }
    assert.deepEqual((await victim.ownSession.status()).factors, [
      victim.factor,
    ]);

    for (const [flag, text, id] of [
      ["--id", victim.id, victim.id],
      ["--username", victim.id, thief.id],
      ["--email", email, thief.id],
      ["--username", email, namesake.id],
    ]) {
      const { code, json } = await command(["status", flag, text, "--json"]);
      assert.deepEqual([code, json.userId], [0, id]);
    }
    assert.equal((await command(["reset", "--email", victim.id])).code, 1);
    assert.equal((await command(["reset"])).code, 2);
    const two = await command(["reset", victim.id, "--id", victim.id]);
    assert.equal(two.code, 2);
  });

  test("A user who is disabled is shown so, and let in again by a reset.", async () => {
    const strict = await startOtherApp({
      options: { limits: { failures: 3 } },
    });
    try {
      const user = await strict.user().withNumber().create();
      const sign = await user.login();
      for (const nth of [1, 2, 3]) {
        const wrong = user.answer(sign, wrongCode(user.code(), nth));
        await refused(wrong, WRONG_ANSWER);
      }
      const env = environment(strict);
      const before = await command(["status", user.id, "--json"], env);
      assert.equal(before.code, 1);
      assert.equal(before.json.disabled, true);
      assert.match((await command(["status", user.id], env)).out, /reset/);
      const reset = await command(["reset", user.username, "--json"], env);
      assert.equal(reset.code, 0);
      assert.equal(reset.json.disabled, false);
      await user.signIn();
    } finally {
      await strict.stop();
    }
  });

  test("A user who lost everything has no enrolled factors after a reset of them.", async () => {
    const user = await app.user().withTotp().create();
    const plain = await command(["reset", user.id, "--json"]);
    assert.deepEqual(
      [plain.json.factors.length, plain.json.recoveryCodesLeft],
      [1, 10],
    );
    const all = await command(["reset", user.id, "--factors"]);
    assert.equal(all.code, 0);
    assert.match(all.out, /0 factors left/);
    const said = `${user.id} ${user.username}: this removes 1 factor (totp "") and 10 recovery codes. `;
    assert.ok(all.err.includes(said), all.err);
    const { out } = await command(["status", user.id]);
    assert.match(out, /^factors +none$/m);
  });

  test("A user who lost the phone has no number after a reset of it, which names the numbers first and says what is left.", async () => {
    const user = await app.user().withTotp().withNumber().create();
    const { code, out, err, json } = await command([
      ...["reset", user.id, "--number", "--ticket", "HELP-4711", "--json"],
    ]);
    assert.equal(code, 0, err);
    const masked = `•••• ${user.phone.slice(-4)}`;
    const said = `this removes 1 number (phone_number ${masked}).`;
    assert.ok(err.includes(`${user.id} ${user.username}: ${said}`), err);
    assert.deepEqual(
      json.factors.map((/** @type {any} */ { id }) => id),
      [user.factor.id],
      out,
    );
    const [row] = await app.rows("_User", { objectId: user.id });
    assert.equal(row.phone_number, undefined);
    const [reset] = await app.rows("TwoFactorEvent", {
      user: user.id,
      what: "reset",
    });
    assert.equal(reset.about, "number, ticket HELP-4711");
    const plain = await command(["reset", user.id]);
    assert.match(plain.out, /1 factor left \(totp ""\), and 10 recovery codes/);
    const both = await command(["reset", user.id, "--number", "--factors"]);
    assert.equal(both.code, 2);
  });

  test("A reset that leaves no factor says that the password alone is enough from now on, and what to do.", async () => {
    const user = await app.user().withTotp().create();
    const { out, err } = await command(["reset", user.id, "--factors"]);
    // Before the question: afterwards it may be too late.
    assert.match(
      err,
      /10 recovery codes\. From then on the password alone signs in\. .* set a new password first/,
    );
    assert.match(
      out,
      /0 factors left\. From then on the password alone signs in/,
    );
    assert.match(out, /set a new password first/);

    const two = await app.user().withTotp().withNumber().create();
    const number = await command(["reset", two.id, "--number"]);
    assert.doesNotMatch(number.err + number.out, /the password alone/);
    await two.update({ phone_number: app.newNumber() });
    const factors = await command(["reset", two.id, "--factors"]);
    assert.doesNotMatch(factors.err + factors.out, /the password alone/);
    const last = await command(["reset", two.id, "--number"]);
    assert.match(last.err, /\)\. From then on the password alone signs in/);

    const strict = await startOtherApp({
      options: { require: "everyone", keys: newKey() },
    });
    try {
      const other = await strict.user().create();
      const env = environment(strict);
      const reset = await command(["reset", other.id, "--factors"], env);
      assert.match(reset.err, /the password alone enrolls a new factor/);
      assert.match(reset.out, /the password alone enrolls a new factor/);
      assert.match(reset.out, /set a new password first/);
    } finally {
      await strict.stop();
    }
  });

  test("A user to whom no code comes is told by status why: a number that none can reach, the window, and what the provider answered.", async () => {
    /** @param {string} id */
    const reasons = async (id) => {
      const { json } = await command(["status", id, "--json"]);
      return json.codes.reasons.map((/** @type {any} */ { reason }) => reason);
    };
    const ada = await app.user().withNumber().create();
    await ada.signIn();
    assert.deepEqual(await reasons(ada.id), []);
    const shown = await command(["status", ada.id]);
    assert.match(
      shown.out,
      /^last code +taken by the provider at .* •••• \d{4}, by now delivered$/m,
    );

    const unusable = await app.user({ phone_number: "0888 123 456" }).create();
    assert.deepEqual(await reasons(unusable.id), ["number"]);
    const said = await command(["status", unusable.id]);
    assert.match(said.out, /^no code comes +phone_number holds no number/m);
    assert.ok(!said.out.includes("0888"));
    const readable = { phone_number: "+1 (500) 555-0137" };
    const spaced = await app.user(readable).create();
    assert.deepEqual(await reasons(spaced.id), []);

    for (let nth = 1; nth < 5; nth += 1) await ada.signIn();
    assert.deepEqual(await reasons(ada.id), ["window"]);

    const phone_number = "+15005550004";
    const blocked = await app.user({ phone_number }).create();
    const { username, password } = blocked;
    await refused(app.run("login", { username, password }), UNREACHABLE);
    const { out } = await command(["status", blocked.id]);
    assert.match(
      out,
      /^no code comes +the provider says .* \(4026\): .*21610/m,
    );
  });
});
