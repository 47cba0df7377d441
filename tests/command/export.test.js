// @ts-check
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { before, describe, test } = require("node:test");
const { listen } = require("../support/listen");
const {
  NEW,
  OLD,
  appFolder,
  command,
  environment,
  startApp,
} = require("./command");

/** @type {import("../support/app").App} */
let app;
/** @type {string} */
let folder;
/** @type {Record<string, string>} */
let env;
before(async () => {
  app = await startApp();
  folder = appFolder({});
  env = { ...environment(app), TWO_FACTOR_KEYS: `${NEW},${OLD}` };
});

/** @param {string[]} args @param {Record<string, string>} [variables] */
async function exported(args, variables = env) {
  const done = await command(["export", ...args], variables, folder);
  assert.doesNotMatch(done.err, /secret=|otpauth:/);
  if (args[0] !== "-") assert.doesNotMatch(done.out, /secret=|otpauth:/);
  return done;
}

/** The entries of the trail about exports, of one user or of all. @param {string} user */
const entriesOf = (user) =>
  app.rows("TwoFactorEvent", { what: "factors-exported", user });

describe("An export", () => {
  test("What users have enrolled goes into a file that only its owner reads, the trail says so, and import otpauth reads it again.", async () => {
    const ada = await app.user().withTotp().create();
    const phone = app.newNumber();
    await ada.ownSession.stepUp();
    const begun = await ada.ownSession.enrollNumber(phone);
    await ada.ownSession.confirm(begun, ada.with({ phone }).code());
    const bob = await app.user().withTotp().create();
    await app.user().create();
    const before = (await entriesOf("")).length;

    const { code, out, err, json } = await exported(["all.txt", "--json"]);
    assert.equal(code, 0, out + err);
    assert.ok(json.factors.totp >= 2 && json.factors.sms >= 1, out);
    assert.deepEqual(json.closed, []);

    const file = path.join(folder, "all.txt");
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    const lines = fs.readFileSync(file, "utf8").split("\n");
    for (const { id, secret } of [ada, bob]) {
      const uri = `otpauth://totp/${id}?secret=${secret}&algorithm=SHA1&digits=6&period=30`;
      assert.ok(lines.includes(`${id} ${uri}`), "an app is missing");
    }
    assert.ok(lines.includes(`# ${ada.id} tel:${phone}`));
    const [entry, ...others] = (await entriesOf("")).slice(before);
    assert.equal(others.length, 0);
    const sum = json.factors.totp + json.factors.sms;
    assert.equal(entry.about, `${sum} factors of ${json.users} users`);
    assert.equal(entry.outcome, 0);
    assert.equal(Date.parse(entry.when.iso), entry.at);
    assert.deepEqual(entry.ACL, {});

    await ada.reset("factors");
    const text = fs.readFileSync(file, "utf8");
    const args = ["import", "otpauth", "--by", "id"];
    const again = await command(args, environment(app), folder, text);
    assert.match(again.out, new RegExp(`${ada.id} +imported\n`), again.err);
    assert.match(again.out, new RegExp(`${bob.id} +there already\n`));
    assert.ok(!again.out.includes(ada.secret));
    await ada.with({ phone: undefined }).signIn();
  });

  test("A file that exists, or a link, is not overwritten, and nothing is exported then.", async () => {
    const ada = await app.user().withTotp().create();
    fs.writeFileSync(path.join(folder, "there.txt"), "mine");
    fs.symlinkSync("elsewhere.txt", path.join(folder, "link.txt"));
    for (const name of ["there.txt", "link.txt"]) {
      const { code, err } = await exported([name, "--user", ada.id]);
      assert.equal(code, 2);
      assert.match(err, /already, and it is not overwritten/);
    }
    const none = await exported(["no-folder/all.txt", "--user", ada.id]);
    assert.equal(none.code, 2);
    assert.match(none.err, /ENOENT/);
    assert.equal(
      fs.readFileSync(path.join(folder, "there.txt"), "utf8"),
      "mine",
    );
    assert.ok(!fs.existsSync(path.join(folder, "elsewhere.txt")));
    assert.deepEqual(await entriesOf(ada.id), []);
  });

  test("One user goes into a pipe, and never into a terminal or into JSON.", async () => {
    const ada = await app.user().withTotp().create();
    const only = ["-", "--user", ada.id];
    const piped = await exported(only);
    assert.equal(piped.code, 0, piped.err);
    const [, , line, ...rest] = piped.out.trimEnd().split("\n");
    assert.ok(line.startsWith(`${ada.id} otpauth://totp/`));
    assert.ok(line.includes(ada.secret));
    assert.deepEqual(rest, []);
    assert.match(piped.err, /1 user: 1 authenticator app/);
    const [entry] = await entriesOf(ada.id);
    assert.equal(entry.about, "1 factor of 1 user");
    assert.equal(entry.who.objectId, ada.id);

    const onTerminal = {
      ...env,
      NODE_OPTIONS: "--import=data:text/javascript,process.stdout.isTTY=true",
    };
    for (const refusal of [
      await exported(only, onTerminal),
      await exported([...only, "--json"]),
    ]) {
      assert.equal(refusal.code, 2);
      assert.equal(refusal.out, "");
      assert.match(refusal.err, /name a file/);
    }
    assert.equal((await entriesOf(ada.id)).length, 1);
  });

  test("Without the key ring nothing is opened, and a factor whose key is missing is named.", async () => {
    const ada = await app.user().withTotp().create();
    const only = ["some.txt", "--user", ada.id];
    const without = await exported(only, environment(app));
    assert.equal(without.code, 2);
    assert.match(without.err, /Set TWO_FACTOR_KEYS/);
    const other = await exported(only, { ...env, TWO_FACTOR_KEYS: NEW });
    assert.equal(other.code, 1);
    assert.match(other.err, new RegExp(`${ada.id}.*sealed with the key old`));
    const nobody = await exported(["some.txt", "--user", "nobody"]);
    assert.equal(nobody.code, 1);
    assert.match(nobody.err, /no user "nobody"/);
    assert.ok(!fs.existsSync(path.join(folder, "some.txt")));
    assert.deepEqual(await entriesOf(ada.id), []);
    assert.equal((await exported(only)).code, 0);
  });

  test("No secret stands in the file before the trail has the export.", async () => {
    const ada = await app.user().withTotp().create();
    // Parse Server, which cannot write the trail.
    const server = http.createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method, url = "", headers } = request;
      if (method === "POST" && url.includes("TwoFactorEvent")) {
        response.writeHead(500, { "Content-Type": "application/json" });
        response.end(JSON.stringify({ code: 1, error: "no trail" }));
        return;
      }
      const body = method === "GET" ? undefined : Buffer.concat(chunks);
      const { host, connection, "content-length": length, ...rest } = headers;
      assert.ok(host ?? connection ?? length);
      const answer = await fetch(new URL(url, app.urls[0]), {
        method,
        headers: /** @type {Record<string, string>} */ (rest),
        body,
      });
      response.writeHead(answer.status, { "Content-Type": "application/json" });
      response.end(await answer.text());
    });
    const PARSE_SERVER_URL = `http://127.0.0.1:${await listen(server)}/parse`;
    try {
      const only = ["trail.txt", "--user", ada.id];
      const refusal = await exported(only, { ...env, PARSE_SERVER_URL });
      assert.equal(refusal.code, 2);
      assert.match(refusal.err, /no trail/);
      assert.ok(!fs.existsSync(path.join(folder, "trail.txt")));
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
