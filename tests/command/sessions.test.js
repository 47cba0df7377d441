// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, describe, test } = require("node:test");
const sessionsCheck = require("../../cli/doctor/remote/sessions.js");
const { INVALID_SESSION_TOKEN } = require("../support/refusals");
const { refused } = require("../support/answers");
const { command, startApp } = require("./command");

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

describe("Sessions", () => {
  test("Sessions of a user are listed without their tokens, and all of them end with --end.", async () => {
    const user = await app.user().create();
    const sessions = [await user.session(), await user.session()];
    const { code, out, json } = await command([
      "sessions",
      user.username,
      "--json",
    ]);
    assert.equal(code, 0);
    assert.equal(json.sessions.length, 2);
    assert.deepEqual(Object.keys(json.sessions[0]), [
      "id",
      "createdAt",
      "endsAt",
      "openedBy",
      "installation",
    ]);
    for (const { token } of sessions) assert.ok(!out.includes(token));
    const shown = await command(["sessions", user.id]);
    assert.match(shown.out, /: 2 sessions\.\n\w+ +since 20/);

    const ended = await command(["sessions", "--id", user.id, "--end"]);
    assert.equal(ended.code, 0);
    assert.match(ended.out, /2 sessions ended, none left/);
    for (const session of sessions) {
      await refused(session.status(), INVALID_SESSION_TOKEN);
    }
    assert.deepEqual(await user.sessions(), []);
    const none = await command(["sessions", user.id, "--end", "--json"]);
    assert.deepEqual([none.json.ended, none.json.left], [0, 0]);
  });

  test("Sessions of a user who does not exist are told apart from failures.", async () => {
    assert.equal((await command(["sessions", "nobody", "--end"])).code, 1);
    assert.equal((await command(["sessions"])).code, 2);
  });

  test("Sessions that last a year and that inactivity does not end are a warning with the clause, and shorter ones are none.", () => {
    const year = 31_536_000;
    const verdict = (/** @type {any} */ sessions) =>
      /** @type {[string, string]} */ (
        sessionsCheck(/** @type {any} */ (undefined), { sessions })
      );
    const of = (length = year, expires = true, isExtended = false) =>
      verdict({ length, expires, extends: isExtended });
    assert.equal(of()[0], "warning");
    assert.match(of()[1], /NIST SP 800-63B-4 §2\.2\.3, ASVS 5\.0 §7\.3\.1/);
    assert.equal(of(3600, false)[0], "warning");
    assert.equal(of(year, true, true)[0], "ok");
    assert.match(of(86_400)[1], /24 hours/);
    assert.match(of(30 * 86_400)[1], /30 days/);
    assert.equal(verdict(null)[0], "skipped");
  });

  test("Sessions of this Parse Server are looked at by doctor.", async () => {
    const { json } = await command(["doctor", "--json"]);
    const found = json.checks.find(
      (/** @type {any} */ { check }) => check === "sessions",
    );
    assert.equal(found.finding, "a session ends after 24 hours.");
  });
});
