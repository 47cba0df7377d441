// @ts-check
"use strict";

/**
 * The operator's command, run as an operator runs it: a process of its own that speaks to a Parse Server by its URL.
 */

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { randomBytes } = require("node:crypto");
const fs = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");
const { after, before, describe, test } = require("node:test");
const { granted } = require("./support/answers");
const { startApp, wrongCode } = require("./support/app");
const { listen } = require("./support/listen");
const { STEP, totp } = require("./support/totp");

/** @typedef {import("./support/app").App} App */
/** @typedef {{ code: number | null, out: string, err: string, json: any }} Run */

const ROOT = path.join(__dirname, "..");
const { bin } = require("../package.json");

/** @param {string} id */
const key = (id) => `${id}:${randomBytes(32).toString("base64")}`;
const OLD = key("old");
const NEW = key("new");

/** All that the command printed, but for `keys new`. */
let printed = "";

/** @type {string[]} */
const folders = [];

/** An app's folder: what the command is called in. @type {string} */
let folder;

/** What the README asks for. */
const QUIET = {
  cloudFunctionSuccess: "silent",
  cloudFunctionError: "silent",
  triggerBeforeSuccess: "silent",
  triggerBeforeError: "silent",
};

/** @type {App} */
let app;

before(async () => {
  folder = appFolder({ "parse-server": "9.10.0", router: "2.2.0" });
  app = await startApp({
    options: { keys: OLD },
    server: { logLevels: QUIET },
  });
});
after(async () => {
  for (const made of folders) fs.rmSync(made, { recursive: true });
  await app?.stop();
});

/**
 * A folder with these packages installed, as far as their manifests go.
 * @param {Record<string, string>} packages
 */
function appFolder(packages) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), "parse-two-factor-"));
  folders.push(made);
  for (const [name, version] of Object.entries(packages)) {
    const at = path.join(made, "node_modules", name);
    fs.mkdirSync(at, { recursive: true });
    const manifest = JSON.stringify({ name, version });
    fs.writeFileSync(path.join(at, "package.json"), manifest);
  }
  return made;
}

/**
 * @param {App} of
 * @returns {Record<string, string>}
 */
const environment = (of) => ({
  PARSE_SERVER_URL: of.urls[0],
  PARSE_SERVER_APPLICATION_ID: "tests",
  PARSE_SERVER_MASTER_KEY: "tests-master-key",
});

/**
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @param {string} [cwd]
 * @returns {Promise<Run>}
 */
async function command(args, env = environment(app), cwd = folder) {
  const program = path.join(ROOT, bin["parse-two-factor"]);
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (args[0] !== "keys" || args[1] !== "new") printed += out + err;
  const json = args.includes("--json") && out ? JSON.parse(out) : undefined;
  return { code, out, err, json };
}

describe("the command", () => {
  test("teaches, in general and for each command, and fails where it is not understood", async () => {
    const general = await command(["--help"], {});
    assert.equal(general.code, 0);
    for (const name of [
      "doctor",
      "status USER",
      "reset USER",
      "keys new",
      "keys status",
      "keys retire",
      "policy",
    ]) {
      assert.match(general.out, new RegExp(`^  ${name}`, "m"));
    }
    assert.match(general.out, /PARSE_SERVER_MASTER_KEY/);
    for (const name of [
      "doctor",
      "status",
      "reset",
      "keys new",
      "keys status",
      "keys retire",
      "policy",
    ]) {
      const { code, out } = await command(["help", ...name.split(" ")], {});
      assert.equal(code, 0, name);
      assert.match(out, /Usage: parse-two-factor .*\n[^]*Example/, name);
      assert.match(out, /Exit codes/, name);
    }
    for (const args of [
      ["nothing"],
      ["keys"],
      ["keys", "lose"],
      ["status"],
      ["status", "a", "b"],
      ["policy", "--factors"],
      ["policy", "--nothing"],
      ["doctor", "--master-key", "x"],
    ]) {
      const { code, out, err } = await command(args, {});
      assert.equal(code, 2, args.join(" "));
      assert.equal(out, "");
      assert.match(err, /^parse-two-factor: /);
    }
  });

  test("says what the environment lacks, and takes the master key from nowhere else", async () => {
    const { code, err } = await command(["doctor"], {});
    assert.equal(code, 2);
    for (const name of ["URL", "APPLICATION_ID", "MASTER_KEY"]) {
      assert.match(err, new RegExp(`PARSE_SERVER_${name}`));
    }
    const { PARSE_SERVER_MASTER_KEY } = environment(app);
    const byFlags = await command(
      ["policy", "--url", app.urls[0], "--app-id", "tests"],
      { PARSE_SERVER_MASTER_KEY },
    );
    assert.equal(byFlags.code, 0, byFlags.err);
  });

  for (const [what, changed, says] of /** @type {const} */ ([
    [
      "a wrong master key",
      { PARSE_SERVER_MASTER_KEY: "wrong" },
      /does not take the master key/,
    ],
    [
      "a wrong app id",
      { PARSE_SERVER_APPLICATION_ID: "wrong" },
      /PARSE_SERVER_APPLICATION_ID/,
    ],
    [
      "a server that does not run",
      { PARSE_SERVER_URL: "http://127.0.0.1:9/parse" },
      /could not be reached/,
    ],
    [
      "a URL that is none",
      { PARSE_SERVER_URL: "localhost" },
      /begins with https/,
    ],
  ])) {
    test(`refuses ${what}, whatever it is asked`, async () => {
      const env = { ...environment(app), ...changed };
      for (const args of [
        ["status", "ada"],
        ["reset", "ada"],
        ["keys", "status"],
        ["keys", "retire", "old"],
        ["policy"],
      ]) {
        const { code, out, err } = await command(args, env);
        assert.equal(code, 2, args.join(" "));
        assert.equal(out, "");
        assert.match(err, says);
      }
    });
  }

  test("refuses what is not Parse, and a Parse Server without us", async () => {
    const page = http.createServer((_, response) => response.end("<html>"));
    const parse = http.createServer((_, response) => {
      response.statusCode = 400;
      response.end('{"code":141,"error":"Invalid function"}');
    });
    for (const [server, says] of /** @type {const} */ ([
      [page, /is not Parse/],
      [parse, /does not require parse-two-factor/],
    ])) {
      const url = `http://127.0.0.1:${await listen(server)}/parse`;
      try {
        const { code, err } = await command(["policy"], {
          ...environment(app),
          PARSE_SERVER_URL: url,
        });
        assert.equal(code, 2);
        assert.match(err, says);
      } finally {
        server.close();
      }
    }
  });
});

describe("a user", () => {
  test("is found by id, name or e-mail address, and shown without the whole number", async () => {
    const email = `${randomBytes(6).toString("hex")}@example.com`;
    const user = await app.createUser({ email });
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
    assert.ok(!out.includes(String(user.phone)));
  });

  test("is shown without the control characters of a name", async () => {
    const hostile = "ada\x1b[2J\x1b[31m\r\b\x7f\x9bm all is well";
    const user = await app.createUser({
      username: `${randomBytes(6).toString("hex")}${hostile}`,
    });
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

  test("who does not exist, and a name that two go by, are told apart from failures", async () => {
    const nobody = await command(["status", "nobody"]);
    assert.equal(nobody.code, 1);
    assert.match(nobody.err, /no user .*"nobody"/);
    assert.equal((await command(["reset", "nobody"])).code, 1);
    const email = `${randomBytes(6).toString("hex")}@example.com`;
    await app.createUser({ email });
    await app.createUser({ username: email });
    const two = await command(["reset", email]);
    assert.equal(two.code, 1);
    assert.match(two.err, /give the objectId/);
  });

  test("who is disabled is shown so, and let in again by a reset", async () => {
    const app = await startApp({ options: { limits: { failures: 3 } } });
    try {
      const user = await app.createUser();
      const { challenge, code } = await app.begin(user);
      for (const nth of [1, 2, 3]) {
        await app.run("login", { challenge, code: wrongCode(code, nth) });
      }
      const env = environment(app);
      const before = await command(["status", user.id, "--json"], env);
      assert.equal(before.code, 1);
      assert.equal(before.json.disabled, true);
      assert.match((await command(["status", user.id], env)).out, /reset/);
      const reset = await command(["reset", user.username, "--json"], env);
      assert.equal(reset.code, 0);
      assert.equal(reset.json.disabled, false);
      const again = await app.begin(user);
      granted(await app.run("login", again));
    } finally {
      await app.stop();
    }
  });

  test("who lost everything has no enrolled factors after a reset of them", async () => {
    const { user } = await app.createEnrolled();
    const plain = await command(["reset", user.id, "--json"]);
    assert.deepEqual(
      [plain.json.factors.length, plain.json.recoveryCodesLeft],
      [1, 10],
    );
    const all = await command(["reset", user.id, "--factors"]);
    assert.equal(all.code, 0);
    assert.match(all.out, /0 factors left/);
    const { out } = await command(["status", user.id]);
    assert.match(out, /^factors +none$/m);
  });
});

describe("the keys", () => {
  test("new, are entries that a server takes, and never the same", async () => {
    const named = await command(["keys", "new", "2026b"], {});
    assert.equal(named.code, 0);
    assert.match(named.out, /^2026b:[A-Za-z0-9+/]{43}=\n$/);
    const { json } = await command(["keys", "new", "--json"], {});
    assert.match(json.id, /^\d{8}$/);
    assert.notEqual(json.entry.split(":")[1], named.out.trim().split(":")[1]);

    const ring = `${named.out.trim()},${json.entry}`;
    const third = await command(["keys", "new", "--json"], {
      TWO_FACTOR_KEYS: ring,
    });
    assert.equal(third.json.id, `${json.id}b`);
    for (const [
      args,
      env,
    ] of /** @type {[string[], Record<string, string>][]} */ ([
      [["a b"], {}],
      [["seventeen-letters"], {}],
      [["2026b"], { TWO_FACTOR_KEYS: ring }],
      [[], { TWO_FACTOR_KEYS: "no ring at all" }],
    ])) {
      const { code, out, err } = await command(["keys", "new", ...args], env);
      assert.equal(code, 2, args.join());
      assert.equal(out, "");
      assert.ok(!err.includes(ring.slice(6, 30)));
    }
  });

  test("are counted, fall out of use as users sign in, and may go once nothing hangs on them", async () => {
    const first = await startApp({ options: { keys: OLD } });
    /** @type {App | undefined} */
    let next;
    try {
      const { user, token, secret } = await first.createEnrolled();
      const caller = { sessionToken: token };
      await first.createEnrolled();
      const { databaseURI } = first;
      next = await startApp({
        databaseURI,
        options: { keys: `${NEW},${OLD}` },
      });
      const env = {
        ...environment(next),
        TWO_FACTOR_KEYS: `${NEW},${OLD},${key("here")}`,
      };
      const onOld = { id: "old", server: "reads", here: "reads" };
      const onNew = { id: "new", server: "writes", here: "writes" };
      const onlyHere = {
        id: "here",
        server: "missing",
        here: "reads",
        factors: 0,
        recoveryCodes: 0,
        users: 0,
      };

      const before = await command(["keys", "status", "--json"], env);
      assert.equal(before.code, 0);
      assert.deepEqual(before.json, {
        durable: true,
        keys: [
          { ...onNew, factors: 0, recoveryCodes: 0, users: 0 },
          { ...onOld, factors: 2, recoveryCodes: 20, users: 2 },
          onlyHere,
        ],
      });

      await next.advance(first.now() - next.now() + STEP);
      const { username, password } = user;
      const begun = await next.run("login", { username, password });
      const { challenge } = begun.body.result;
      const code = totp(secret, next.now());
      granted(await next.run("login", { challenge, code }));
      const moved = await command(["keys", "status", "--json"], env);
      assert.deepEqual(moved.json.keys.slice(0, 2), [
        { ...onNew, factors: 1, recoveryCodes: 0, users: 1 },
        { ...onOld, factors: 1, recoveryCodes: 20, users: 2 },
      ]);

      const retire = (/** @type {string} */ id) =>
        command(["keys", "retire", id], env);
      const writing = await retire("new");
      assert.equal(writing.code, 1);
      assert.match(writing.out, /the one that writes/);
      const needed = await retire("old");
      assert.equal(needed.code, 1);
      assert.match(needed.out, /1 factor and 20 recovery codes of 2 users/);
      assert.equal((await retire("never")).code, 0);

      // Whoever has used up or replaced everything of the old key: here both lose it by the operator's hand.
      for (const row of await next.rows("TwoFactorAccount")) {
        if (row.user !== user.id)
          await command(["reset", row.user, "--factors"], env);
      }
      await next.advance(STEP);
      const again = await next.run("stepUp", {}, caller);
      const stepped = await next.run(
        "stepUp",
        {
          challenge: again.body.result.challenge,
          code: totp(secret, next.now()),
        },
        caller,
      );
      assert.equal(stepped.status, 200, JSON.stringify(stepped.body));
      assert.equal(
        (await next.run("newRecoveryCodes", {}, caller)).status,
        200,
      );
      const safe = await command(["keys", "retire", "old", "--json"], env);
      assert.equal(safe.code, 0, safe.out);
      assert.deepEqual(safe.json, {
        id: "old",
        server: "reads",
        factors: 0,
        recoveryCodes: 0,
        users: 0,
        safe: true,
      });
    } finally {
      await next?.stop();
      await first.stop();
    }
  });

  test("that are missing on the server are an alarm", async () => {
    const { user } = await app.createEnrolled();
    const { databaseURI } = app;
    const lost = await startApp({ databaseURI, options: { keys: NEW } });
    try {
      const env = environment(lost);
      const { code, json, out } = await command(
        ["keys", "status", "--json"],
        env,
      );
      assert.equal(code, 1, out);
      const old = json.keys.find(
        (/** @type {any} */ known) => known.id === "old",
      );
      assert.equal(old.server, "missing");
      assert.ok(old.users >= 1);
      assert.match(
        (await command(["keys", "status"], env)).out,
        /Key old is missing on the server/,
      );
      assert.equal((await command(["keys", "retire", "old"], env)).code, 1);
      assert.match(
        await finding(env, "keys", "failure"),
        /old \(.*are refused \(4023\)/,
      );
    } finally {
      await lost.stop();
      await command(["reset", user.id, "--factors"]);
    }
  });

  test("are counted over more users than are read at a time", async () => {
    const before = await command(["keys", "status", "--json"]);
    const many = 1100;
    const requests = Array.from({ length: many }, (_, nth) => ({
      method: "POST",
      path: "/parse/classes/TwoFactorAccount",
      body: {
        user: `many-${nth}`,
        authenticators: [{ recoveryCode: { kid: "many", hash: `${nth}` } }],
      },
    }));
    for (let from = 0; from < many; from += 50) {
      await app.asMaster("POST", "/batch", {
        requests: requests.slice(from, from + 50),
      });
    }
    try {
      const { json } = await command(["keys", "status", "--json"]);
      const counted = json.keys.find(
        (/** @type {any} */ known) => known.id === "many",
      );
      assert.deepEqual(counted, {
        id: "many",
        server: "missing",
        factors: 0,
        recoveryCodes: many,
        users: many,
      });
      assert.deepEqual(
        json.keys.filter((/** @type {any} */ known) => known.id !== "many"),
        before.json.keys,
      );
    } finally {
      const rows = await app.rows("TwoFactorAccount", {
        user: { $regex: "^many-" },
      });
      for (let from = 0; from < many; from += 50) {
        const requests = rows.slice(from, from + 50).map(({ objectId }) => ({
          method: "DELETE",
          path: `/parse/classes/TwoFactorAccount/${objectId}`,
        }));
        await app.asMaster("POST", "/batch", { requests });
      }
    }
  });
});

/**
 * What one check of the doctor says.
 * @param {Record<string, string>} env
 * @param {string} check
 * @param {string} verdict which it has to come to
 * @param {string} [cwd]
 * @returns {Promise<string>}
 */
async function finding(env, check, verdict, cwd) {
  const { code, json, err } = await command(["doctor", "--json"], env, cwd);
  assert.ok(json, err);
  const found = json.checks.find(
    (/** @type {any} */ one) => one.check === check,
  );
  assert.equal(found.verdict, verdict, JSON.stringify(found));
  if (verdict === "failure") assert.equal(code, 2);
  if (verdict === "warning") assert.notEqual(code, 0);
  return found.finding;
}

describe("the doctor", () => {
  const CHECKS = [
    "server",
    "keys",
    "classes",
    "handlers",
    "native-login",
    "log",
    "live-query",
    "adapters",
    "master-key-ips",
    "addresses",
    "sms",
    "clock",
    "router",
    "twilio",
  ];

  /** The account in the environment, and the way to the stand-in. */
  const twilio = () => ({
    TWILIO_ACCOUNT_SID: app.twilioAccount.accountSid,
    TWILIO_AUTH_TOKEN: app.twilioAccount.authToken,
    TEST_TWILIO_URL: app.twilio.url,
    NODE_OPTIONS: `--require ${JSON.stringify(path.join(__dirname, "support", "twilio-on-loopback.js"))}`,
  });

  test("finds nothing in a sound deployment, and leaves no trace there", async () => {
    // What is ahead by a little now agrees, whatever time the command takes to start.
    await app.advance(Date.now() + 10_000 - app.now());
    const before = await app.dump();
    const env = { ...environment(app), ...twilio() };
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

  test("removes what a run that was killed left behind, and nobody else", async () => {
    const minutesAgo = (/** @type {number} */ minutes) =>
      `parse-two-factor-doctor-${Date.now() - 60_000 * minutes}-0123`;
    const old = await app.createUser({ username: minutesAgo(11) });
    await app.sessionOf(old);
    const running = await app.createUser({ username: minutesAgo(9) });
    const user = await app.createUser({
      username: "parse-two-factor-doctor-who",
    });
    await command(["doctor"]);
    const ids = [old, running, user].map(({ id }) => id);
    const left = await app.rows("_User", { objectId: { $in: ids } });
    assert.deepEqual(
      left.map(({ objectId }) => objectId).sort(),
      [running.id, user.id].sort(),
    );
    assert.deepEqual(await app.sessions(old.id), []);
  });

  test("finds a class that is not locked", async () => {
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

  test("finds a broken set of packages, and says nothing where there is none", async () => {
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

  test("finds a Twilio account that is not taken, and one that cannot be asked", async () => {
    const env = { ...environment(app), ...twilio() };
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

  test("looks at the folder all the same where the server cannot be asked", async () => {
    const env = { ...environment(app), PARSE_SERVER_MASTER_KEY: "wrong" };
    assert.match(await finding(env, "server", "failure"), /master key/);
    await finding(env, "classes", "skipped");
    await finding(env, "router", "ok");
  });

  test("finds each thing that is wrong in a careless deployment", async () => {
    const careless = await startApp({
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
        keys: "warning",
        classes: "ok",
        handlers: "ok",
        "native-login": "warning",
        log: "failure",
        "live-query": "failure",
        adapters: "ok",
        "master-key-ips": "warning",
        addresses: "failure",
        sms: "failure",
        clock: "warning",
        router: "ok",
        twilio: "skipped",
      });
    } finally {
      await careless.stop();
    }
  });

  test("finds a forged address that gets round masterKeyIps, and a sender that is missing", async () => {
    const proxied = await startApp({
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

  test("finds a webhook in our place, sees that it lets the user in, and leaves no trace there either", async () => {
    const webhook = http.createServer((_, response) =>
      response.end('{"success":{}}'),
    );
    const url = `http://127.0.0.1:${await listen(webhook)}/`;
    const hooked = await startApp();
    try {
      // Parse Server makes the table of sessions with the first one.
      await hooked.sessionOf(await hooked.createUser());
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

describe("the policy", () => {
  test("is the deployment's, or the defaults, each limit with what it rests on", async () => {
    const strict = await startApp({
      options: { limits: { codeLifetime: 120 }, countries: ["+359"] },
    });
    try {
      const { code, json } = await command(
        ["policy", "--json"],
        environment(strict),
      );
      assert.equal(code, 0);
      assert.deepEqual(json.countries, ["+359"]);
      const lifetime = json.limits.find(
        (/** @type {any} */ { name }) => name === "codeLifetime",
      );
      assert.deepEqual(
        [lifetime.value, lifetime.default, lifetime.unit],
        [120, 300, "s"],
      );
      const { out } = await command(["policy"], environment(strict));
      assert.match(
        out,
        /^codeLifetime +120 s +default 300 +at most 600 s: NIST SP 800-63B-4 §3.1.3.2/m,
      );
    } finally {
      await strict.stop();
    }
    const defaults = await command(["policy", "--defaults", "--json"], {});
    assert.equal(defaults.code, 0);
    assert.deepEqual(
      defaults.json.limits.filter(
        (/** @type {any} */ { value, default: d }) => value !== d,
      ),
      [],
    );
  });

  test("is what docs/security.md says", async () => {
    const { json } = await command(["policy", "--defaults", "--json"], {});
    const security = fs.readFileSync(
      path.join(ROOT, "docs", "security.md"),
      "utf8",
    );
    const rows = security
      .split("## Limits")[1]
      .split("##")[0]
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    const documented = rows.flatMap((row) =>
      [...row.split("|")[1].matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    assert.deepEqual(
      documented.sort(),
      json.limits.map((/** @type {any} */ { name }) => name).sort(),
    );
    for (const { name, value, clause } of json.limits) {
      const row = String(
        rows.find((line) => line.split("|")[1].includes(`\`${name}\``)),
      );
      const byDefault = row.split("|")[2];
      const inWords = { alphabet: "digits", codeLength: "six" };
      const shown = Object.hasOwn(inWords, name)
        ? inWords[/** @type {"alphabet"} */ (name)]
        : String(value);
      assert.ok(byDefault.includes(shown), `${name}: ${byDefault}`);
      for (const part of clause
        ? [clause.says, clause.cited, clause.allow ?? ""]
        : []) {
        assert.ok(row.includes(part), `${name}: ${row} has no ${part}`);
      }
    }
  });
});

test("nothing that was printed is secret", () => {
  assert.ok(printed.length > 10_000);
  const secrets = [
    environment(app).PARSE_SERVER_MASTER_KEY,
    OLD.split(":")[1],
    NEW.split(":")[1],
    app.twilioAccount.authToken,
    "password-",
    "+1415",
  ];
  for (const secret of secrets) {
    assert.ok(!printed.includes(secret), `it shows ${secret.slice(0, 4)}…`);
  }
});
