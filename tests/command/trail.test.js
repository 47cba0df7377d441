// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, describe, test } = require("node:test");
const { HOUR, SECOND } = require("../support/time");
const { command, startApp } = require("./command");

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

describe("The trail", () => {
  test("The events of a user are printed the oldest first, by name, by id after a deletion, and as JSON and CSV.", async () => {
    const ada = await app.user().withNumber().create();
    const sign = await ada.login();
    await app.advance(SECOND);
    await ada.answer(sign, ada.codeFor(sign));
    await app.advance(SECOND);
    const { code, json } = await command(["events", ada.username, "--json"]);
    assert.equal(code, 0);
    assert.deepEqual(
      json.events.map((/** @type {any} */ { what, user }) => [what, user]),
      [
        ["code-sent", ada.id],
        ["signed-in", ada.id],
      ],
    );
    await ada.delete();
    const csv = await command(["events", ada.id, "--csv"]);
    const [names, ...lines] = csv.out.trim().split("\n");
    assert.equal(names, "at,what,user,method,outcome,address,about");
    assert.deepEqual(
      lines.map((line) => line.split(",")[1]),
      ['"code-sent"', '"signed-in"', '"user-deleted"'],
    );
    assert.match((await command(["events", ada.id])).out, /\n3 events\.\n$/);
    assert.equal((await command(["events", "nobody"])).code, 1);
    const both = await command(["events", ada.id, "--csv", "--json"]);
    assert.equal(both.code, 2);
  });

  test("What a user wrote is no formula in a table, and breaks no line of it.", async () => {
    const at = app.now();
    const cells = {
      '=HYPERLINK("https://evil.example","x")\n+1,2': `'=HYPERLINK(""https://evil.example"",""x"")\n'+1,2`,
      " =1": "' =1",
      "\u00a0-1": "'\u00a0-1",
      "\u200b@SUM(1)": "'\ufffd@SUM(1)",
      "|cmd": "'|cmd",
      "＝1": "'＝1",
      "＋1": "'＋1",
      "－1": "'－1",
      "＠1": "'＠1",
      "x;=1": "x;'=1",
      "x; +1": "x;' +1",
      "my phone; work-phone": "my phone; work-phone",
      "a=b": "a=b",
    };
    for (const [nth, [about, cell]] of Object.entries(cells).entries()) {
      const user = `formula${nth}-${at}`;
      const entry = { what: "factor-enrolled", user, at, about, outcome: 0 };
      await app.asMaster("POST", "/classes/TwoFactorEvent", entry);
      const { out } = await command(["events", "--id", user, "--csv"]);
      assert.ok(out.trimEnd().endsWith(`,"0","","${cell}"`), out);
    }
  });

  test("The events since a moment are printed, of all users those of the last day by default.", async () => {
    const old = app.now() - 25 * HOUR;
    const user = `since${app.now()}`;
    for (const at of [old, app.now()]) {
      const entry = { what: "signed-in", user, at, outcome: 0 };
      await app.asMaster("POST", "/classes/TwoFactorEvent", entry);
    }
    /** @param {string[]} args */
    const found = async (...args) => {
      const { json, err } = await command(["events", ...args, "--json"]);
      assert.ok(json, err);
      return json.events.filter(
        (/** @type {any} */ event) => event.user === user,
      ).length;
    };
    assert.equal(await found(), 1);
    assert.equal(await found("--since", "26h"), 2);
    assert.equal(await found("--since", new Date(old).toISOString()), 2);
    assert.equal(await found("--since", "24h", "--id", user), 1);
    assert.equal(await found("--id", user), 2);
    assert.equal((await command(["events", "--since", "soon"])).code, 2);
  });

  test("The statistics count who has what, and what happened how often.", async () => {
    const stats = async () => {
      const { json, err } = await command(["stats", "--json"]);
      assert.ok(json, err);
      return json;
    };
    const before = await stats();
    const ada = await app.user().withNumber().create();
    await ada.signIn();
    await app.user().withTotp().create();
    const { users, events } = await stats();
    const more = Object.fromEntries(
      Object.keys(users).map((key) => [key, users[key] - before.users[key]]),
    );
    assert.deepEqual(more, {
      users: 2,
      number: 1,
      enrolled: 1,
      totp: 1,
      sms: 0,
      email: 0,
      webauthn: 0,
      recoveryCodes: 1,
      trustedBrowsers: 0,
    });
    const sms = (/** @type {any} */ { events: all }) =>
      all.find(
        (/** @type {any} */ { what, method, outcome }) =>
          what === "signed-in" && method === "sms" && outcome === 0,
      )?.count ?? 0;
    assert.equal(sms({ events }) - sms(before), 1);
    assert.match((await command(["stats"])).out, /^signed-in sms +\d+$/m);
  });
});
