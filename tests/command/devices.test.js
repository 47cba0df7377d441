// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { startApp } = require("../support/app");
const { result } = require("../support/answers");
const { newKey } = require("../support/key");
const { command, environment } = require("./command");

/** @typedef {import("../support/user").User} User */

/** @type {import("../support/app").App} */
let app;
/** @type {Record<string, string>} */
let env;
before(async () => {
  app = await startApp({
    options: {
      keys: newKey("only"),
      trustedDevices: { days: 7 },
      allow: ["trusted-device"],
    },
  });
  env = environment(app);
});
after(() => app?.stop());

/** @returns {Promise<{ user: User, device: string }>} */
async function trusting() {
  const user = await app.user().withNumber().create();
  const { challenge } = await user.login();
  const params = { challenge, code: user.code(), trust: true };
  const { device } = result(await app.run("login", params));
  return { user, device };
}

/** @param {{ user: User, device: string }} trusted */
async function isTrusted({ user, device }) {
  const params = { ...user.credentials, device };
  return result(await app.run("login", params)).status === "signed-in";
}

describe("Trusted browsers", () => {
  test("Trusted browsers of a user are listed without their tokens, and forgotten with --forget.", async () => {
    const [one, other] = [await trusting(), await trusting()];
    const { id } = one.user;
    const listed = await command(["devices", "--id", id, "--json"], env);
    assert.equal(listed.code, 0);
    assert.deepEqual(Object.keys(listed.json.devices[0]).sort(), [
      "createdAt",
      "endsAt",
      "id",
      "label",
    ]);
    assert.ok(!listed.out.includes(one.device.split(".")[0]));
    const shown = await command(["devices", one.user.username], env);
    assert.match(shown.out, /: 1 trusted browser\.\n\S+ +App +since 20/);
    assert.match((await command(["status", id], env)).out, /trusted browser/);

    const forgotten = await command(["devices", id, "--forget"], env);
    assert.deepEqual([forgotten.code, forgotten.err], [0, ""]);
    assert.match(forgotten.out, /1 trusted browser forgotten/);
    assert.deepEqual(
      [await isTrusted(one), await isTrusted(other)],
      [false, true],
    );
  });

  test("Trusted browsers of all users are forgotten with --forget-all, which takes no user.", async () => {
    const all = [await trusting(), await trusting()];
    const named = ["devices", all[0].user.id, "--forget-all"];
    assert.equal((await command(named, env)).code, 2);
    assert.equal((await command(["devices"], env)).code, 2);
    const { code, json } = await command(
      ["devices", "--forget-all", "--json"],
      env,
    );
    assert.deepEqual([code, json.failed], [0, 0]);
    assert.ok(json.users >= 2);
    for (const one of all) assert.equal(await isTrusted(one), false);
    const again = await command(["devices", "--forget-all", "--json"], env);
    assert.deepEqual(again.json, { users: 0, failed: 0 });
  });

  test("Trusted browsers are counted apart from what hangs on a key, and hold up no key's retirement.", async () => {
    await trusting();
    const { json } = await command(["keys", "status", "--json"], env);
    const [only] = json.keys;
    assert.deepEqual([only.users, only.devices > 0], [0, true]);
    assert.match(
      (await command(["policy"], env)).out,
      /trustedDevices +7 d \(NIST SP 800-63B-4 §5\.1: trusted-device\)/,
    );
    const lost = await startApp({
      databaseURI: app.databaseURI,
      options: { keys: newKey("next") },
    });
    try {
      const { code, out } = await command(
        ["keys", "retire", "only"],
        environment(lost),
      );
      assert.equal(code, 0, out);
    } finally {
      await lost.stop();
    }
  });
});
