// @ts-check
"use strict";

const assert = require("node:assert/strict");
const http = require("node:http");
const { before, describe, test } = require("node:test");
const { startApp: startOtherApp } = require("../support/app");
const { listen } = require("../support/listen");
const {
  appFolder,
  command,
  environment,
  finding,
  startApp,
  twilio,
} = require("./command");

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

describe("The doctor", () => {
  const CHECKS = [
    "server",
    "version",
    "keys",
    "orphans",
    "classes",
    "handlers",
    "columns",
    "native-login",
    "log",
    "live-query",
    "adapters",
    "parse-mfa",
    "providers",
    "sessions",
    "master-key-ips",
    "addresses",
    "countries",
    "sms",
    "messages",
    "status-callback",
    "passkeys",
    "clock",
    "router",
    "twilio",
    "verify",
  ];

  test("The doctor finds nothing in a sound deployment, and leaves no trace there.", async () => {
    // What is ahead by a little now agrees, whatever time the command takes to start.
    await app.advance(Date.now() + 10_000 - app.now());
    const before = await app.dump();
    const env = { ...environment(app), ...twilio(app) };
    const { code, json } = await command(["doctor", "--json"], env);
    assert.deepEqual(
      json.checks.map(
        (/** @type {any} */ { check, verdict }) => `${check} ${verdict}`,
      ),
      CHECKS.map((check) => `${check} ok`),
      JSON.stringify(json, null, 1),
    );
    assert.equal(code, 0);
    assert.deepEqual(await app.dump(), before);
    const plain = await command(["doctor"], env);
    assert.equal(plain.code, 0);
    for (const check of CHECKS)
      assert.match(plain.out, new RegExp(`^ok +${check} `, "m"));
  });

  test("The doctor removes what a run that was killed left behind, and nobody else.", async () => {
    const minutesAgo = (/** @type {number} */ minutes) =>
      `parse-two-factor-doctor-${Date.now() - 60_000 * minutes}-0123`;
    const old = await app.user({ username: minutesAgo(11) }).create();
    await old.session();
    // What no client can write says that the doctor made this one.
    await app.asMaster("POST", "/classes/TwoFactorAccount", {
      user: old.id,
      authenticators: [{ confirmed: "doctor" }],
    });
    const own = await app.user({ username: minutesAgo(12) }).create();
    const running = await app.user({ username: minutesAgo(9) }).create();
    const username = "parse-two-factor-doctor-who";
    const user = await app.user({ username }).create();
    await command(["doctor"]);
    const ids = [old, own, running, user].map(({ id }) => id);
    const left = await app.rows("_User", { objectId: { $in: ids } });
    assert.deepEqual(
      left.map(({ objectId }) => objectId).sort(),
      [own.id, running.id, user.id].sort(),
      "a user whom somebody signed up under such a name stays",
    );
    assert.equal(await old.account(), undefined);
    assert.deepEqual(await old.sessions(), []);
  });

  test("The doctor tries /login as a client with the app's REST key, and without it does not take a refusal of the client for an answer.", async () => {
    const keyed = await startOtherApp({ server: { restAPIKey: "a-rest-key" } });
    try {
      const env = environment(keyed);
      const without = await finding(env, "native-login", "warning");
      assert.match(without, /PARSE_SERVER_REST_API_KEY/);
      const withKey = { ...env, PARSE_SERVER_REST_API_KEY: "a-rest-key" };
      assert.match(await finding(withKey, "native-login", "ok"), /4010/);
      assert.deepEqual(await keyed.rows("_User"), []);
    } finally {
      await keyed.stop();
    }
  });

  test("The doctor finds a class that is not locked.", async () => {
    const path = "/schemas/TwoFactorAccount";
    const { classLevelPermissions } = await app.asMaster("GET", path);
    const open = { ...classLevelPermissions, find: { "*": true } };
    await app.asMaster("PUT", path, { classLevelPermissions: open });
    try {
      assert.match(
        await finding(environment(app), "classes", "failure"),
        /TwoFactorAccount/,
      );
    } finally {
      await app.asMaster("PUT", path, { classLevelPermissions });
    }
    await finding(environment(app), "classes", "ok");
  });

  test("The doctor finds a broken set of packages, and says nothing where there is none.", async () => {
    const env = environment(app);
    for (const [
      packages,
      verdict,
    ] of /** @type {[Record<string, string>, string][]} */ ([
      [{ "parse-server": "9.10.0", router: "2.3.0" }, "failure"],
      [{ "parse-server": "8.6.94", router: "2.4.1" }, "failure"],
      [
        {
          "parse-server": "9.10.0",
          "parse-server/node_modules/router": "2.3.0",
          router: "2.2.0",
        },
        "failure",
      ],
      [{ "parse-server": "7.5.4", router: "2.3.0" }, "ok"],
      [{}, "skipped"],
    ])) {
      await finding(env, "router", verdict, appFolder(packages));
    }
  });

  test("The doctor finds a Twilio account that is not taken, and one that cannot be asked.", async () => {
    const env = { ...environment(app), ...twilio(app) };
    const wrong = { ...env, TWILIO_AUTH_TOKEN: "0".repeat(32) };
    assert.match(await finding(wrong, "twilio", "failure"), /20003/);
    app.twilio.failWith("error");
    try {
      await finding(env, "twilio", "warning");
    } finally {
      app.twilio.failWith(null);
    }
    await finding(environment(app), "twilio", "skipped");
  });

  test("The doctor and status explain why messages did not arrive, and say so where Twilio cannot be asked.", async () => {
    const env = environment(app);
    const ada = await app.user().withNumber().create();
    await ada.login();
    const args = ["status", "--id", ada.id];
    try {
      app.twilio.decide(ada.phone, "undelivered", 30034);
      const said = await finding(env, "messages", "warning");
      assert.match(said, /1 with 30034: the sender is not registered/);
      const { out } = await command(args, env);
      assert.match(out, /^no code comes +Twilio .* undelivered \(30034\): /m);
      app.twilio.decide(ada.phone, "undelivered", 39999);
      const unknown = await finding(env, "messages", "warning");
      assert.match(unknown, /docs\/api\/errors\/39999/);
      app.twilio.decide(ada.phone, "delivered");
      const fine = await command(args, env);
      assert.match(fine.out, /^last code .*, by now delivered$/m);
      for (const mode of /** @type {const} */ (["error", "not-found"])) {
        app.twilio.failWith(mode);
        assert.match(await finding(env, "messages", "warning"), /\(20[45]/);
        const asked = await command(args, env);
        assert.match(asked.out, /^last code +taken by the provider/m);
      }
    } finally {
      app.twilio.failWith(null);
    }
  });

  test("The doctor looks at the folder all the same where the server cannot be asked.", async () => {
    const env = { ...environment(app), PARSE_SERVER_MASTER_KEY: "wrong" };
    assert.match(await finding(env, "server", "failure"), /master key/);
    await finding(env, "classes", "skipped");
    await finding(env, "router", "ok");
  });

  test("The doctor finds each thing that is wrong in a careless deployment.", async () => {
    const careless = await startOtherApp({
      options: { sms: null, trustAddresses: true, require: "nobody" },
      server: {
        logLevels: {},
        masterKeyIps: ["0.0.0.0/0", "::/0"],
        trustProxy: true,
        liveQuery: { classNames: [".*"] },
      },
      env: { TWILLIO_FROM_NUMBER: "" },
    });
    try {
      const { code, json } = await command(
        ["doctor", "--json"],
        environment(careless),
      );
      assert.equal(code, 2);
      const verdicts = Object.fromEntries(
        json.checks.map((/** @type {any} */ { check, verdict }) => [
          check,
          verdict,
        ]),
      );
      assert.deepEqual(verdicts, {
        server: "ok",
        version: "ok",
        orphans: "ok",
        keys: "warning",
        classes: "ok",
        handlers: "ok",
        columns: "ok",
        "native-login": "warning",
        log: "failure",
        "live-query": "failure",
        adapters: "ok",
        "parse-mfa": "ok",
        providers: "ok",
        sessions: "warning",
        "master-key-ips": "warning",
        addresses: "failure",
        countries: "ok",
        sms: "failure",
        messages: "skipped",
        "status-callback": "ok",
        passkeys: "ok",
        clock: "warning",
        router: "ok",
        twilio: "skipped",
        verify: "ok",
      });
    } finally {
      await careless.stop();
    }
  });

  test("The doctor finds a forged address that gets round masterKeyIps, and a sender that is missing.", async () => {
    const proxied = await startOtherApp({
      server: { trustProxy: true },
      env: { TWILLIO_FROM_NUMBER: "" },
    });
    try {
      const env = environment(proxied);
      assert.match(await finding(env, "addresses", "warning"), /masterKeyIps/);
      assert.match(await finding(env, "sms", "warning"), /TWILLIO_FROM_NUMBER/);
    } finally {
      await proxied.stop();
    }
  });

  test("The doctor finds a webhook in our place, sees that it lets the user in, and leaves no trace there either.", async () => {
    const webhook = http.createServer((_, response) =>
      response.end('{"success":{}}'),
    );
    const url = `http://127.0.0.1:${await listen(webhook)}/`;
    const hooked = await startOtherApp();
    try {
      // Parse Server makes the table of sessions with the first one.
      await (await hooked.user().create()).session();
      await hooked.asMaster("POST", "/hooks/triggers", {
        className: "_User",
        triggerName: "beforeLogin",
        url,
      });
      const before = await hooked.dump();
      const env = environment(hooked);
      assert.match(await finding(env, "handlers", "failure"), /beforeLogin/);
      assert.match(
        await finding(env, "native-login", "failure"),
        /by password alone/,
      );
      assert.deepEqual(await hooked.dump(), before);
    } finally {
      await hooked.stop();
      webhook.close();
    }
  });
});
