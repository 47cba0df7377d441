// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { before, describe, test } = require("node:test");
const { isEmpty, read, written } = require("../../cli/key-lines.js");
const { startApp: startOtherApp } = require("../support/app");
const { INVALID_CREDENTIALS, WRONG_ANSWER } = require("../support/refusals");
const { refused } = require("../support/answers");
const {
  OLD,
  QUIET,
  command,
  environment,
  finding,
  startApp,
} = require("./command");

/** @typedef {import("../support/user").User} User */

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

/** @param {number} [length] in characters of base32 */
function newSecret(length = 32) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return [...randomBytes(length)].map((byte) => alphabet[byte % 32]).join("");
}

/**
 * Runs the import of these lines, whose secrets it must not show.
 * @param {string[]} lines
 * @param {string[]} [flags]
 * @param {Record<string, string>} [env]
 */
async function importOf(lines, flags = [], env = environment(app)) {
  const args = ["import", "otpauth", ...flags];
  const done = await command(args, env, undefined, lines.join("\r\n"));
  for (const [, secret] of lines.join("\n").matchAll(/secret=([^&\s]+)/g)) {
    assert.ok(!(done.out + done.err).includes(secret), "it shows a secret");
  }
  return done;
}

/** Of whom the trail says that something was imported, and how the entry leads Parse Dashboard to them. @param {User} user */
async function imports(user) {
  const entries = await app.rows("TwoFactorEvent", {
    user: user.id,
    what: "factor-enrolled",
  });
  for (const { who, when, at } of entries) {
    assert.equal(who.objectId, user.id);
    assert.equal(Date.parse(when.iso), at);
  }
  return entries.map(({ about }) => about);
}

describe("Secrets of authenticator apps from elsewhere", () => {
  test("Lines of standard input become authenticator apps of their users, who sign in by them, and a second run adds nothing twice.", async () => {
    const email = `${randomBytes(6).toString("hex")}@example.com`;
    const [ada, bob, eve] = await Promise.all(
      [{}, { email }, {}].map((columns) => app.user(columns).create()),
    );
    const secrets = [newSecret(), newSecret(), newSecret(23)];
    const lines = [
      "\ufeff# from the old product",
      "",
      `${ada.username} otpauth://totp/Old%20App:ada%40example.com?secret=${secrets[0]}&issuer=Old%20App`,
      `  ${email}\tOTPAUTH://totp/Old App:${email}?secret=${secrets[1].toLowerCase()}&algorithm=sha1&digits=6&period=30`,
      `${JSON.stringify(eve.id)} otpauth://totp/x?secret=${secrets[2]}`,
    ];

    const dry = await importOf(lines, ["--dry-run"]);
    assert.equal(dry.code, 0, dry.out + dry.err);
    assert.match(dry.out, /3 authenticator apps would be imported\. Nothing/);
    for (const user of [ada, bob, eve]) {
      assert.equal(await user.account(), undefined);
    }

    const done = await importOf(lines, ["--json"]);
    assert.equal(done.code, 0, done.out + done.err);
    assert.deepEqual(done.json, {
      dryRun: false,
      lines: [
        { line: 3, user: ada.username, added: ["totp"] },
        { line: 4, user: email, added: ["totp"] },
        { line: 5, user: eve.id, added: ["totp"] },
      ],
    });
    const again = await importOf(lines);
    assert.equal(again.code, 0);
    assert.equal(again.out.match(/there already/g)?.length, 3, again.out);
    const labels = ["ada@example.com", "", "x"];
    for (const [n, user] of [ada, bob, eve].entries()) {
      assert.deepEqual(await imports(user), ["imported totp"]);
      const { authenticators } = await user.account();
      const [{ factor }] = authenticators.filter(
        (/** @type {any} */ element) => element.factor,
      );
      assert.equal(factor.label, labels[n]);
      assert.equal(authenticators.length, 2, "the factor, and its id");
      await user.with({ secret: secrets[n] }).signIn();
    }
  });

  test("A line that cannot be imported is named with what to do, without its secret, and holds up nobody else.", async () => {
    const ada = await app.user().create();
    const uri = (/** @type {string} */ more) => `otpauth://totp/x?${more}`;
    const [weak, good] = [newSecret(22), newSecret()];
    const cases = /** @type {const} */ ([
      [`${ada.id} ${uri(`secret=${weak}`)}`, /\(weak\).*112 bits.*enroll/],
      [
        `${ada.id} ${uri(`secret=${good}&algorithm=SHA256`)}`,
        /\(profile\).*SHA-1, 6 digits and 30 s.*enrollTwoFactor/,
      ],
      [`${ada.id} ${uri(`secret=${good}&digits=8`)}`, /\(profile\)/],
      [`${ada.id} ${uri(`secret=${good}&period=60`)}`, /\(profile\)/],
      [`${ada.id} otpauth://hotp/x?secret=${good}&counter=1`, /\(profile\)/],
      [`${ada.id} ${uri("secret=not+base32!")}`, /\(unreadable\).*whole/],
      [`${ada.id} ${uri("digits=6")}`, /no secret/],
      [`${ada.id} ${uri(`secret=${good}&secret=${weak}`)}`, /secret .*twice/],
      [`${ada.id} ${uri(`secret=${"A".repeat(2000)}`)}`, /too long/],
      [uri(`secret=${good}`), /no user before/],
      [`${ada.id} ${good}`, /no otpauth/],
      [`"${ada.id} ${uri(`secret=${good}`)}`, /no user before/],
      [`${ada.id} otpauth://totp/%zz?secret=${good}`, /not a URI/],
      [`nobody-${ada.id} ${uri(`secret=${good}`)}`, /no user with this/],
      [`${ada.id} ${uri(`secret=${good}`)}`, /^line \d+ +\S+ +imported$/],
    ]);
    const { code, out } = await importOf(cases.map(([line]) => line));

    assert.equal(code, 1);
    const said = out.split("\n");
    for (const [n, [line, expected]] of cases.entries()) {
      assert.match(said[n], expected, line);
      assert.ok(said[n].startsWith(`line ${n + 1} `));
    }
    assert.ok(!out.includes(good), "it shows a secret");
    assert.deepEqual(await imports(ada), ["imported totp"]);
    await ada.with({ secret: good }).signIn();
  });

  test("A name that means two users is refused, and --by says which one it is.", async () => {
    const ada = await app.user().create();
    const eve = await app.user({ username: ada.id }).create();
    const secret = newSecret();
    const line = `${ada.id} otpauth://totp/x?secret=${secret}`;
    const { code, out } = await importOf([line]);
    assert.equal(code, 1);
    assert.match(out, /means 2 users/);
    const by = await importOf([line], ["--by", "id"]);
    assert.equal(by.code, 0, by.out);
    await ada.with({ secret }).signIn();
    await eve.loginByPassword();
    const wrong = await importOf([line], ["--by", "phone"]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /id, username, email/);
  });

  test("No secret is sent to a server whose log prints it, and the operator hears what to set.", async () => {
    const ada = await app.user().create();
    const secret = newSecret();
    const line = `${ada.id} otpauth://totp/x?secret=${secret}`;
    /** @type {[any, string][]} */
    const cases = [
      [{ logLevels: { ...QUIET, cloudFunctionSuccess: "info" } }, "Success"],
      [{ logLevels: { ...QUIET, cloudFunctionError: "error" } }, "Error"],
      [{ logLevels: QUIET, verbose: true }, "logLevel: 'info'"],
    ];
    for (const [server, said] of cases) {
      const talkative = await startOtherApp({
        databaseURI: app.databaseURI,
        options: { keys: OLD },
        server,
      });
      try {
        const env = environment(talkative);
        for (const flags of server.verbose ? [["--dry-run"]] : [[]]) {
          const { code, out, err } = await importOf([line], flags, env);
          assert.equal(code, 2, out);
          assert.ok(err.includes(said), err);
          assert.match(err, /Nothing was read/);
        }
        if (server.verbose) await finding(env, "log", "failure");
        assert.ok(!talkative.log().includes(secret), "it is in the log");
      } finally {
        await talkative.stop();
      }
    }
    assert.equal(await ada.account(), undefined);
    const quiet = await importOf([line]);
    assert.equal(quiet.code, 0, quiet.out);
    assert.ok(!app.log().includes(secret), "it is in the log");
  });

  test("No secret travels in clear to another machine, is read from a terminal, or stands in an argument.", async () => {
    const secret = newSecret();
    const uri = `otpauth://totp/x?secret=${secret}`;
    for (const host of [
      "example.com",
      "localhost.example.com",
      "127.example.com",
      "10.0.0.1",
      "[::2]",
    ]) {
      const env = {
        ...environment(app),
        PARSE_SERVER_URL: `http://${host}/parse`,
      };
      const { code, err } = await importOf([`ada ${uri}`], [], env);
      assert.equal(code, 2);
      assert.match(err, /in clear.*https:/);
    }
    const onTerminal = {
      ...environment(app),
      NODE_OPTIONS: "--import=data:text/javascript,process.stdin.isTTY=true",
    };
    const typed = await importOf([`ada ${uri}`], [], onTerminal);
    assert.equal(typed.code, 2);
    assert.match(typed.err, /standard input/);
    const named = await command(["import", "otpauth", "ada", uri]);
    assert.equal(named.code, 2);
    assert.match(named.err, /< FILE/);
    assert.ok(!named.err.includes(secret));
  });

  test("The secret of somebody else's line is of no use to a user, whatever the user is called.", async () => {
    const [ada, eve] = [await app.user().create(), await app.user().create()];
    const secret = newSecret();
    await importOf([`${ada.id} otpauth://totp/x?secret=${secret}`]);
    const sign = await ada.login();
    const wrong = eve.with({ secret: newSecret() }).totp();
    await refused(ada.answer(sign, wrong), WRONG_ANSWER);
    await refused(
      ada.with({ password: eve.password }).login(),
      INVALID_CREDENTIALS,
    );
    for (const name of [
      "ada",
      "ada@example.com",
      "a b",
      " ada",
      '"ada"',
      "#ada",
      `${ada.id} otpauth://totp/x?secret=${secret} #`,
      `eve\n${ada.id} otpauth://totp/x?secret=${secret}`,
      "eve\u2028ada \u202eotpauth://",
      "🦀",
    ]) {
      const line = `${written(name)} otpauth://totp/x?secret=MINE`;
      assert.match(line, /^[ -~]+$/);
      assert.ok(!isEmpty(line));
      assert.deepEqual(read(line), {
        user: name,
        secret: "MINE",
        profile: "SHA1/6/30",
        label: "x",
      });
    }
  });
});
