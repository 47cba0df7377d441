// @ts-check
"use strict";

const assert = require("node:assert/strict");
const http = require("node:http");
const { before, describe, test } = require("node:test");
const { listen } = require("../support/listen");
const { OLD, command, environment, startApp, twilio } = require("./command");

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

describe("The command", () => {
  const NAMES = [
    "doctor",
    "status",
    "reset",
    "keys new",
    "keys status",
    "keys retire",
    "policy",
  ];

  test("The command's help names every command and what it finds in the environment.", async () => {
    const { code, out } = await command(["--help"], {});
    assert.equal(code, 0);
    for (const name of NAMES) assert.match(out, new RegExp(`^  ${name}`, "m"));
    assert.match(out, /^ {2}status USER/m);
    assert.match(out, /^ {2}reset USER/m);
    assert.match(out, /PARSE_SERVER_MASTER_KEY/);
  });

  for (const name of NAMES) {
    test(`The help of ${name} shows its usage, an example and its exit codes.`, async () => {
      const { code, out } = await command(["help", ...name.split(" ")], {});
      assert.equal(code, 0, name);
      assert.match(out, /Usage: parse-two-factor .*\n[^]*Example/, name);
      assert.match(out, /Exit codes/, name);
    });
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
    test(`The command fails where it is not understood: ${args.join(" ")}.`, async () => {
      const { code, out, err } = await command(args, {});
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.match(err, /^parse-two-factor: /);
    });
  }

  test("The command says what the environment lacks, and takes the master key from nowhere else.", async () => {
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
      /\(403 unauthorized\): check PARSE_SERVER_APPLICATION_ID/,
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
    test(`The command refuses ${what}, whatever it is asked.`, async () => {
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

  test("The command refuses what is not Parse, and a Parse Server without us.", async () => {
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

  test("No command prints a secret: no key, no token, no password and no whole number.", async () => {
    const ada = await app.user().withNumber().withTotp().create();
    const env = { ...environment(app), ...twilio(app), TWO_FACTOR_KEYS: OLD };
    let printed = "";
    for (const args of [
      ["status", ada.id],
      ["status", ada.username, "--json"],
      ["doctor"],
      ["doctor", "--json"],
      ["keys", "status"],
      ["keys", "retire", "old"],
      ["reset", ada.id],
      ["policy"],
    ]) {
      // It looks for them in all that it prints.
      const { out, err } = await command(args, env);
      printed += out + err;
      for (const secret of [ada.phone, ada.password, ada.secret]) {
        assert.ok(!printed.includes(secret), args.join(" "));
      }
    }
    assert.ok(printed.includes(ada.phone.slice(-4)), "no user was printed");
  });
});
