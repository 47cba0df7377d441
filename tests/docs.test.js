// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { execFile } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { after, before, describe, test } = require("node:test");
const vm = require("node:vm");
// Not the package's types, which know no `Parse.initialize` with one argument.
const Parse = /** @type {any} */ (require("parse/node"));
const { refused } = require("./support/answers");
const { freshDatabase } = require("./support/database");
const { startDemo } = require("./support/demo");
const {
  ROOT,
  anchors,
  blocks,
  documents,
  pages,
  prose,
  read,
} = require("./support/markdown");
const { startProcess } = require("./support/process");
const {
  PAGE,
  cells,
  page,
  plain,
  promises,
  tests,
} = require("./support/promises");
const { INVALID_CREDENTIALS, RESEND_TOO_SOON } = require("./support/refusals");
const { callParse } = require("./support/rest");

/**
 * What README.md and docs/ show is run: `sh` in a shell, its curl against the demo; `js` as the cloud code or as options
 * of a real Parse Server, or as a client of the demo if it awaits; `json` is parsed, and after a curl compared with what that
 * answered. A block that cannot run says why behind its language: ```sh no-run: the reason
 */

/** @typedef {import("./support/markdown").Block} Block */

const AsyncFunction = /** @type {any} */ ((async () => {}).constructor);

const all = documents().flatMap(blocks);

/** @param {Block} block */
const at = ({ file, line }) => `${file}:${line}`;

/** The blocks of a language that are to run. @param {string} language */
const toRun = (language) =>
  all.filter((block) => block.language === language && !block.unrun);

/** Whether it is for a client rather than for the server. @param {Block} block */
const isForClient = ({ language, code }) =>
  language === "js" && /^[^ ].*\bawait /m.test(code);

/** The blocks that talk to a running app. */
const talking = [...toRun("sh"), ...toRun("js").filter(isForClient)];

test("Every block of code is run here, or says why not.", () => {
  for (const block of all) {
    const { language, unrun } = block;
    if (unrun !== undefined) {
      assert.ok(unrun.length > 10, `${at(block)}: no reason`);
    } else {
      const known = ["", "js", "sh", "json", "mermaid"];
      assert.ok(known.includes(language), `${at(block)}: ${language}`);
    }
  }
  for (const language of ["js", "sh", "json"]) {
    assert.ok(toRun(language).length > 0, language);
  }
});

for (const file of new Set(talking.map((block) => block.file))) {
  describe(`What ${file} shows for a shell or a client`, () => {
    const USER = { username: "123", password: "123", phone: "+15005550006" };

    /** @type {Awaited<ReturnType<typeof startDemo>>} */
    let demo;
    before(async () => {
      demo = await startDemo();
      assert.ok(await demo.ready, demo.output());
    });
    after(() => demo?.stop());

    const master = { "X-Parse-Master-Key": "demo-master-key" };

    /**
     * The variables that a block may use; a code and its challenge, if it does, of a sign-in just begun.
     * @param {string} code
     * @returns {Promise<Record<string, string>>}
     */
    async function variables(code) {
      const where = JSON.stringify({ username: USER.username });
      const [user] = (await demo.asMaster("/users", { where })).results;
      // Columns of the tutorial's that the demo does without.
      const columns = { From: "+15005550100", code_2fa: "000000" };
      await demo.rest("PUT", `/users/${user.objectId}`, columns, master);
      const session = { userId: user.objectId };
      const opened = await demo.rest("POST", "/loginAs", session, master);
      const always = {
        SERVER_URL: `${demo.url}/parse`,
        APPLICATION_ID: "demo",
        REST_API_KEY: "none",
        MASTER_KEY: "demo-master-key",
        USER_ID: user.objectId,
        SESSION: opened.body.sessionToken,
      };
      if (!/\$C(HALLENGE|ODE)|demo\/messages/.test(code)) return always;

      // As it was when the demo started, so that no limit counts what other blocks sent.
      const { results } = await demo.asMaster("/classes/TwoFactorAccount");
      for (const { objectId } of results) {
        const row = `/classes/TwoFactorAccount/${objectId}`;
        await demo.rest("DELETE", row, undefined, master);
      }
      const number = { phone_number: USER.phone };
      await demo.rest("PUT", `/users/${user.objectId}`, number, master);
      const { username, password } = USER;
      const begun = await demo.login({ username, password });
      const [message] = await demo.messages(USER.phone);
      return {
        ...always,
        CHALLENGE: begun.body.result.challenge,
        CODE: message.body.slice(-6),
      };
    }

    for (const block of toRun("sh").filter((block) => block.file === file)) {
      test(`The block at ${at(block)} runs.`, async () => {
        const code = block.code.replaceAll("http://localhost:1337", demo.url);
        const said = await shell(code, await variables(code));

        const answers = said.map((line) => JSON.parse(line));
        const curls = code.match(/^ *curl /gm) ?? [];
        assert.ok(answers.length >= curls.length, said.join("\n"));
        for (const [n, answer] of answers.entries()) {
          // Thirty seconds, which no test waits for.
          const tooSoon =
            code.includes("resendCode") && answer.code === RESEND_TOO_SOON;
          const what = `${at(block)}, ${n}: ${said[n]}`;
          assert.ok(!answer.error || tooSoon, what);
          assert.ok(!Array.isArray(answer) || answer.length > 0, what);
        }
        const shown = all[all.indexOf(block) + 1];
        if (shown?.file === block.file && shown.language === "json") {
          const example = JSON.parse(shown.code);
          if (example.result && curls.length > 0) {
            assert.deepEqual(shape(answers.at(-1)), shape(example), at(shown));
          }
        }
      });
    }

    for (const block of talking.filter(isForClient)) {
      if (block.file !== file) continue;
      test(`The block at ${at(block)} signs in.`, async () => {
        const { CODE } = await variables("$CODE");
        Parse.initialize("demo");
        Parse.serverURL = `${demo.url}/parse`;
        Parse.User.enableUnsafeCurrentUser();
        const names = ["Parse", "username", "password", "code"];
        const run = new AsyncFunction(...names, block.code);
        await run(Parse, USER.username, USER.password, CODE);
        assert.equal(Parse.User.current()?.get("username"), USER.username);
        await Parse.User.logOut();
      });
    }

    /**
     * Runs a block, curl quietly and with a line for each answer.
     * @param {string} code
     * @param {Record<string, string>} env
     * @returns {Promise<string[]>} the lines that curl printed
     */
    function shell(code, env) {
      const call = `command curl --silent --show-error "$@"`;
      const curl = `curl() { local said; said=$(${call}); echo "$said" >&3; echo "$said"; }`;
      const script = `set -euo pipefail\nexec 3>&1 >/dev/null\n${curl}\n${code}`;
      const options = { cwd: os.tmpdir(), env: { ...process.env, ...env } };
      return new Promise((resolve, reject) =>
        execFile("bash", ["-c", script], options, (error, stdout, stderr) => {
          if (error)
            reject(new Error(`${stderr}\n${stdout}`, { cause: error }));
          else resolve(stdout.split("\n").filter((line) => line.trim()));
        }),
      );
    }
  });
}

describe("What is shown as JavaScript", () => {
  /** @type {Awaited<ReturnType<typeof freshDatabase>>} */
  let database;
  /** @type {string} */
  let folder;
  before(async () => {
    database = await freshDatabase();
    // Below the repository, so that `require` finds what the reader has installed.
    folder = fs.mkdtempSync(path.join(ROOT, "node_modules", ".docs-test-"));
  });
  after(async () => {
    fs.rmSync(folder, { recursive: true, force: true });
    await database?.stop();
  });

  for (const block of toRun("js").filter((block) => !isForClient(block))) {
    test(`The block at ${at(block)} starts a server, and login answers.`, async () => {
      // Options of Parse Server are shown without the call around them.
      const isOptions = /^\w+: /.test(block.code);
      const options = isOptions ? vm.runInNewContext(`({${block.code}})`) : {};
      const code = isOptions
        ? `require("parse-two-factor")(Parse);`
        : block.code;
      const cloud = path.join(folder, `line-${block.line}.js`);
      fs.writeFileSync(cloud, code);
      const server = startProcess(
        path.join(__dirname, "support", "cloud-code.js"),
      );
      try {
        const url = await server.order("start", {
          databaseURI: database.uri,
          cloud,
          options,
        });
        const nobody = { username: "nobody", password: "x" };
        const app = { "X-Parse-Application-Id": "tests" };
        const login = `${url}/functions/login`;
        const answer = callParse("POST", login, nobody, app);
        await refused(answer, INVALID_CREDENTIALS);
        if (isOptions && options.logLevels) {
          assert.doesNotMatch(server.output(), /logLevels/, "still warned of");
        }
      } finally {
        await server.stop();
      }
    });
  }
});

test("What is shown as JSON is JSON.", () => {
  for (const block of toRun("json")) {
    // A part of a file is shown without the braces around it.
    const { code } = block;
    const whole = code.startsWith('"') ? `{${code}}` : code;
    assert.doesNotThrow(() => JSON.parse(whole), at(block));
  }
});

describe("docs/promises.toml", () => {
  const all = promises();
  const there = tests();

  test("Each promise says what it is, how it is kept, and which tests hold it.", () => {
    assert.ok(all.length > 30, `${all.length} promises`);
    for (const promise of all) {
      const { id, against, says, how, broken_by } = promise;
      assert.match(id, /^[a-z]+(-[a-z]+)*$/);
      for (const text of [against, says, how]) assert.ok(text?.length > 3, id);
      assert.ok(Array.isArray(broken_by), id);
      assert.ok(promise.tests?.length > 0, `${id} names no test`);
    }
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
  });

  test("Each test that a promise names exists.", () => {
    const missing = all.flatMap(({ id, tests }) =>
      tests
        .filter((title) => !there.has(plain(title)))
        .map((title) => `${id}: ${title}`),
    );
    assert.deepEqual(missing, []);
  });

  test("Each cell of the table of thieves has a word, a reason and a test that exists.", () => {
    const table = cells();
    assert.ok(table.length >= 24, `${table.length} cells`);
    for (const { id, may, because, tests } of table) {
      for (const text of [may, because]) assert.ok(text?.length > 1, id);
      assert.ok(tests?.length > 0, `${id} names no test`);
      for (const title of tests) {
        assert.ok(there.has(plain(title)), `${id}: ${title}`);
      }
    }
  });

  test("docs/security.md has what `npm run docs` makes of the promises.", async () => {
    assert.equal(await page(), read(PAGE));
  });
});

describe("README.md, docs/ and the documents at the top", () => {
  /** Inline code of a document, with the document. */
  const named = pages().flatMap((file) =>
    [...prose(file).matchAll(/`([^`\n]+)`/g)].map(([, code]) => ({
      file,
      code,
    })),
  );

  test("Each relative link and each anchor leads somewhere.", () => {
    let links = 0;
    for (const file of pages()) {
      const targets = prose(file).matchAll(
        /\]\(([^()\s#]*)(?:#([^()\s]+))?\)/g,
      );
      for (const [link, target, anchor] of targets) {
        if (/^https?:/.test(target)) continue;
        links++;
        const to = target ? path.posix.join(path.dirname(file), target) : file;
        assert.ok(fs.existsSync(path.join(ROOT, to)), `${file}: ${link}`);
        if (anchor === undefined) continue;
        assert.ok(anchors(to).includes(anchor), `${file}: ${link}`);
      }
    }
    assert.ok(links > 100, `${links} links`);
  });

  test("Each file that a document names exists.", () => {
    const folders =
      /^(bench|bin|cli|demo|docs|js|pkg|sandbox|src|tests|xtask)\/[\w./-]*$/;
    // NAME stands for whatever a recipe makes.
    const paths = named.filter(
      ({ code }) => folders.test(code) && !code.includes("NAME"),
    );
    const missing = paths.filter(
      ({ code }) => !fs.existsSync(path.join(ROOT, code)),
    );
    assert.deepEqual(missing, []);
    assert.ok(paths.length > 50, `${paths.length} paths`);
  });

  test("Each Rust test that a document names exists.", () => {
    const functions = named.filter(({ code }) =>
      /^[a-z]+(_[a-z0-9]+){3,}$/.test(code),
    );
    const there = tests();
    assert.deepEqual(
      functions.filter(({ code }) => !there.has(code)),
      [],
    );
    assert.ok(functions.length > 10, `${functions.length} functions`);
  });

  test("No table has a cell of more than 300 characters.", () => {
    const cells = pages().flatMap((file) =>
      read(file)
        .split("\n")
        .filter((line) => line.startsWith("|"))
        .flatMap((line) => line.split("|").map((cell) => cell.trim())),
    );
    assert.ok(cells.length > 300, `${cells.length} cells`);
    assert.deepEqual(
      cells.filter((cell) => cell.length > 300),
      [],
    );
  });
});

test("Each refusal that docs/wire.md lists is one of the core's, and has an anchor.", () => {
  const wire = read("docs/wire.md");
  const table = wire.split("\n## Refusals\n")[1].split("\n### ")[0];
  const rows = [...table.matchAll(/^\| \[(\d+)\]\(#(\d+)\) +\| (.*?) +\|$/gm)];
  assert.ok(rows.length > 15, `${rows.length} rows`);
  // A sentence of the core, with our names of functions, and "…" for what else it fills in.
  const said = new Set(
    fs
      .readdirSync(path.join(ROOT, "src"), { recursive: true })
      .filter((name) => String(name).endsWith(".rs"))
      .flatMap((name) => [
        ...read(`src/${name}`).matchAll(/"((?:\\.|[^"\\])*)"/g),
      ])
      .map(([, text]) =>
        text
          .replace(/\\"/g, '"')
          .replace("{login}", "login")
          .replace("{step_up}", "stepUp")
          .replace(/\{\w+\}/g, "…"),
      ),
  );
  for (const [, code, anchor, message] of rows) {
    assert.equal(anchor, code);
    assert.ok(anchors("docs/wire.md").includes(code), code);
    const sentence = /^`(.*)`$/.exec(message)?.[1];
    if (sentence === undefined) continue;
    const filled = sentence.replace(/\b\d+(?=[ .])/g, "…");
    assert.ok(said.has(sentence) || said.has(filled), sentence);
  }
});

/**
 * The names in an answer, whatever their values.
 * @param {any} value
 * @returns {any}
 */
function shape(value) {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape);
  if (value === null || typeof value !== "object") return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, of]) => [name, shape(of)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
