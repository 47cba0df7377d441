// @ts-check
"use strict";

/**
 * The package as it is published: packed once, installed as a customer would, and run.
 *
 * What only this file needs stands in tests/package/package.json, so that `npm start` does not wait for it.
 */

const assert = require("node:assert/strict");
const { execFile } = require("node:child_process");
const { randomBytes } = require("node:crypto");
const fs = require("node:fs/promises");
const os = require("node:os");
const path = require("node:path");
const { after, before, describe, test } = require("node:test");
const { promisify } = require("node:util");
const { granted } = require("./support/answers");
const { freshDatabase } = require("./support/database");
const { startProcess } = require("./support/process");
const { NATIVE_SIGN_IN } = require("./support/refusals");
const { callParse } = require("./support/rest");
const { installMissing, startTwilio } = require("./support/sandbox");

const ROOT = path.join(__dirname, "..");
const HERE = path.join(__dirname, "package");
const BIN = path.join(HERE, "node_modules", ".bin");

/** The core's refusal of a challenge that is made up: app.* and typed.* print it. */
const UNKNOWN = "4012";

/** What this machine has at hand is not fetched again. */
const QUIET = ["--no-audit", "--no-fund", "--loglevel=error"];

/** @type {string} */
let temporary;
/** @type {string} */
let tarball;
/** A project with the package in it, and the little apps of tests/package/. @type {string} */
let project;

before(async () => {
  await installMissing(HERE);
  temporary = await fs.mkdtemp(path.join(os.tmpdir(), "package-test-"));
  const pack = ["pack", "--ignore-scripts", "--json"];
  const [{ filename }] = JSON.parse(
    await run("npm", [...pack, "--pack-destination", temporary], ROOT),
  );
  tarball = path.join(temporary, filename);

  project = path.join(temporary, "project");
  await fs.mkdir(project);
  for (const file of await fs.readdir(HERE)) {
    if (/^(app|parse|typed)\./.test(file)) {
      await fs.copyFile(path.join(HERE, file), path.join(project, file));
    }
  }
  await fs.writeFile(path.join(project, "package.json"), '{"private": true}');
  // Without the registry: it has no dependency that would have to come from there.
  await run("npm", ["install", "--offline", ...QUIET, tarball], project);
});
after(() => fs.rm(temporary, { recursive: true, force: true }));

/**
 * What a program prints, which must succeed.
 * @param {string} program
 * @param {string[]} args
 * @param {string} [cwd]
 */
async function run(program, args, cwd = project) {
  const env = { ...process.env, NODE_ENV: "" };
  try {
    const { stdout } = await promisify(execFile)(program, args, { cwd, env });
    return stdout.trim();
  } catch (error) {
    const { message, stdout } = /** @type {any} */ (error);
    throw new Error(`${message}\n${stdout}`, { cause: error });
  }
}

/** @param {string} file */
const installed = (file) =>
  path.join(project, "node_modules", "parse-two-factor", file);

/**
 * A document without its code, which may look like links.
 * @param {string} file
 */
async function prose(file) {
  return (await fs.readFile(file, "utf8")).replace(/^```.*?^```/gms, "");
}

/**
 * The anchor of a heading, as the places that show Markdown make it.
 * @param {string} heading
 */
function slug(heading) {
  const kept = heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "");
  return kept.replaceAll(" ", "-");
}

describe("The package", () => {
  test("The package holds what an app needs and its documents, and brings nothing else along.", async () => {
    assert.deepEqual(
      (await fs.readdir(path.join(project, "node_modules"))).filter(
        (name) => !name.startsWith("."),
      ),
      ["parse-two-factor"],
    );
    const entries = await fs.readdir(installed("."), {
      recursive: true,
      withFileTypes: true,
    });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        path
          .relative(installed("."), path.join(entry.parentPath, entry.name))
          .replaceAll(path.sep, "/"),
      );
    const expected = [
      /^(package\.json|sbom\.cdx\.json|LICENSE-MIT|LICENSE-APACHE)$/,
      /^(README|CHANGELOG|HACKING|CONTRIBUTING|SECURITY)\.md$/,
      /^docs\/([\w-]+\.(md|png)|openapi\.json)$/,
      /^dist\/client\.(mjs|cjs|d\.mts|d\.cts)$/,
      /^dist\/(elements(\.d\.mts|\.mjs)|lang\/[a-z]{2}\.mjs)$/,
      /^js\/([\w-]+\/)?[\w-]+(\.d)?\.(js|mjs|ts|mts)$/,
      /^bin\/[\w-]+\.js$/,
      /^cli\/([\w-]+\/){0,2}[\w-]+\.js$/,
      /^pkg\/parse_two_factor(\.cjs|\.d\.cts|_bg\.wasm)$/,
      /^pkg\/THIRD-PARTY-LICENSES$/,
    ];
    assert.deepEqual(
      files.filter((file) => !expected.some((form) => form.test(file))),
      [],
    );
    for (const form of expected) {
      assert.ok(
        files.some((file) => form.test(file)),
        `nothing like ${form}`,
      );
    }
  });

  test("The package has documents whose links lead somewhere.", async () => {
    const shipped = [".", "docs"].map(async (folder) =>
      (await fs.readdir(installed(folder)))
        .filter((name) => name.endsWith(".md"))
        .map((name) => path.join(folder, name)),
    );
    const documents = (await Promise.all(shipped)).flat();
    assert.ok(documents.length > 10, String(documents));
    for (const document of documents) {
      const text = await prose(installed(document));
      for (const [, target, anchor] of text.matchAll(
        /\]\(([^)#]*)(?:#([^)]+))?\)/g,
      )) {
        if (/^https?:/.test(target)) continue;
        const where = `${document} points to ${target}#${anchor}`;
        const file = target
          ? path.join(path.dirname(installed(document)), target)
          : installed(document);
        await assert.doesNotReject(fs.access(file), where);
        if (anchor === undefined) continue;
        const headings = (await prose(file)).matchAll(/^#+ (.+)$/gm);
        const anchors = [...headings].map(([, heading]) => slug(heading));
        assert.ok(anchors.includes(anchor), where);
      }
    }
  });

  for (const file of ["app.cjs", "app.mjs"]) {
    test(`The package runs in Node by ${file}.`, async () => {
      assert.equal(await run(process.execPath, [file]), UNKNOWN);
    });
  }

  test("The package compiles in a strict TypeScript app, as CommonJS and as ESM, and then runs.", async () => {
    const tsc = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const options = ["--ignoreConfig", "--strict", "--module", "nodenext"];
    // With no types but the package's own, and those checked as well.
    options.push(
      "--target",
      "es2022",
      "--types",
      "",
      "--skipLibCheck",
      "false",
    );
    const sources = ["typed.mts", "typed.cts"];
    await run(process.execPath, [tsc, ...options, ...sources]);
    for (const file of ["typed.mjs", "typed.cjs"]) {
      assert.equal(await run(process.execPath, [file]), UNKNOWN);
    }
  });

  test("The package explains each of its options in an editor.", async () => {
    const typescript = require(path.join(HERE, "node_modules", "typescript"));
    const program = typescript.createProgram([installed("js/types.d.ts")], {
      module: typescript.ModuleKind.NodeNext,
    });
    const checker = program.getTypeChecker();
    const file = program.getSourceFile(installed("js/types.d.ts"));
    const exported = checker.getExportsOfModule(
      checker.getSymbolAtLocation(file),
    );
    /** @type {string[]} */
    const silent = [];
    /** @param {any} type */
    const look = (type, under = "") => {
      for (const property of type.getProperties()) {
        const name = under + property.getName();
        const text = typescript.displayPartsToString(
          property.getDocumentationComment(checker),
        );
        if (!text) silent.push(name);
        if (name === "limits") {
          const limits = checker.getTypeOfSymbol(property);
          look(checker.getNonNullableType(limits), "limits.");
        }
      }
      return type.getProperties().length;
    };
    for (const [name, properties] of /** @type {const} */ ([
      ["Options", 10],
      ["TwoFactorSignIn", 2],
      ["Message", 4],
      ["Event", 7],
    ])) {
      const symbol = exported.find(
        (/** @type {any} */ each) => each.getName() === name,
      );
      const count = look(
        checker.getDeclaredTypeOfSymbol(
          symbol.flags & typescript.SymbolFlags.Alias
            ? checker.getAliasedSymbol(symbol)
            : symbol,
        ),
      );
      assert.ok(count >= properties, `${name} has ${count} properties`);
    }
    assert.deepEqual(silent, []);
  });

  test("The package is without fault to publint and to attw.", async () => {
    const publint = path.join(BIN, "publint");
    assert.match(await run(publint, ["--strict", tarball]), /All good!/);
    // The elements are for browsers, where there is no CommonJS.
    await run(path.join(BIN, "attw"), [
      tarball,
      "--exclude-entrypoints",
      "elements",
    ]);
  });
});

describe("The core", () => {
  /** @type {Record<string, string[]>} */
  const runtimes = {
    Node: [process.execPath],
    Deno: [
      path.join(BIN, "deno"),
      "run",
      "--quiet",
      "--no-config",
      "--allow-read",
      "--allow-env",
    ],
    Bun: [path.join(BIN, "bun"), "run"],
  };
  for (const [name, [program, ...args]] of Object.entries(runtimes)) {
    test(`The core runs in ${name}.`, async () => {
      const core = path.join(HERE, "core.cjs");
      const module = installed("pkg/parse_two_factor.cjs");
      const printed = await run(program, [...args, core, module]);
      assert.deepEqual(JSON.parse(printed), {
        method: "totp",
        recoveryCodes: 10,
        differ: 10,
        qr: true,
        sealed: true,
      });
    });
  }
});

describe("A bundler", () => {
  test("A bundler leaves the package outside, as esbuild does if told.", async () => {
    for (const [source, format] of [
      ["app.cjs", "cjs"],
      ["app.mjs", "esm"],
    ]) {
      const bundle = `esbuild.${format === "cjs" ? "cjs" : "mjs"}`;
      await run(path.join(BIN, "esbuild"), [
        source,
        "--bundle",
        "--platform=node",
        `--format=${format}`,
        "--external:parse-two-factor",
        `--outfile=${bundle}`,
      ]);
      assert.equal(await run(process.execPath, [bundle]), UNKNOWN);
    }
  });

  test("A bundler leaves the package outside, as Rollup does if told.", async () => {
    await run(path.join(BIN, "rollup"), [
      "app.mjs",
      // The stub is CommonJS, which Rollup reads with a plug-in only.
      "--external",
      "parse-two-factor,./parse.cjs",
      "--file",
      "rollup.mjs",
      "--silent",
    ]);
    assert.equal(await run(process.execPath, ["rollup.mjs"]), UNKNOWN);
  });

  test("A bundler leaves the package outside, as webpack does if told.", async () => {
    const webpack = require(path.join(HERE, "node_modules", "webpack"));
    const stats = await promisify(webpack)({
      mode: "production",
      target: "node",
      context: project,
      entry: "./app.cjs",
      output: { path: project, filename: "webpack.cjs" },
      externals: { "parse-two-factor": "commonjs parse-two-factor" },
    });
    assert.deepEqual(stats.toJson().errors, []);
    assert.equal(await run(process.execPath, ["webpack.cjs"]), UNKNOWN);
  });

  test("A bundler may take the package in where the .wasm is laid beside the bundle, as with esbuild.", async () => {
    await run(path.join(BIN, "esbuild"), [
      "app.cjs",
      "--bundle",
      "--platform=node",
      "--external:twilio",
      "--outfile=one/bundle.cjs",
    ]);
    const bundle = ["one/bundle.cjs"];
    await assert.rejects(
      run(process.execPath, bundle),
      /parse_two_factor_bg\.wasm/,
    );
    const wasm = "parse_two_factor_bg.wasm";
    await fs.copyFile(
      installed(`pkg/${wasm}`),
      path.join(project, "one", wasm),
    );
    assert.equal(await run(process.execPath, bundle), UNKNOWN);
  });
});

describe("The elements, in an app with a framework", () => {
  /** The examples of docs/clients.md, by their language. @param {string} language */
  async function example(language) {
    const page = await fs.readFile(path.join(ROOT, "docs/clients.md"), "utf8");
    const fence = new RegExp(`^\`\`\`${language} .*?\\n(.*?)^\`\`\``, "ms");
    const [, code] = fence.exec(page) ?? [];
    assert.ok(code, `no example in ${language}`);
    return code;
  }

  /**
   * Bundles a component with the framework and the elements, as an app for browsers.
   * @param {string} name of its file
   * @param {string} code
   */
  async function bundle(name, code) {
    await fs.writeFile(path.join(project, name), code);
    const bundled = `bundle-${name}.js`;
    const args = [name, "--bundle", "--format=esm", `--outfile=${bundled}`];
    args.push("--jsx=automatic", "--log-level=warning");
    const env = { ...process.env, NODE_PATH: path.join(HERE, "node_modules") };
    const { stderr } = await promisify(execFile)(
      path.join(BIN, "esbuild"),
      [...args, '--define:process.env.NODE_ENV="production"'],
      { cwd: project, env },
    );
    assert.equal(stderr, "");
    const text = await fs.readFile(path.join(project, bundled), "utf8");
    assert.match(text, /customElements\.define\("two-factor-sign-in"/);
    // A bundler finds the languages as well.
    assert.match(text, /Anmelden/);
    assert.match(text, /signed-in/);
  }

  test("The example for React builds with the elements and their languages.", async () => {
    await bundle("react.jsx", await example("jsx"));
  });

  test("The example for Vue builds with the elements and their languages.", async () => {
    const compiler = require(
      path.join(HERE, "node_modules", "vue", "compiler-sfc"),
    );
    const templateParseOptions = {
      isCustomElement: (/** @type {string} */ tag) =>
        tag.startsWith("two-factor-"),
    };
    const { descriptor } = compiler.parse(await example("vue"), {
      templateParseOptions,
    });
    const { content } = compiler.compileScript(descriptor, {
      id: "example",
      inlineTemplate: true,
    });
    assert.doesNotMatch(content, /resolveComponent/);
    await bundle("vue.js", content);
  });

  test("The example for Svelte builds with the elements and their languages.", async () => {
    const { compile } = require(
      path.join(HERE, "node_modules", "svelte", "compiler"),
    );
    const { js, warnings } = compile(await example("svelte"), {
      filename: "Example.svelte",
    });
    assert.deepEqual(warnings, []);
    await bundle("svelte.js", js.code);
  });
});

describe("The demo, deployed as SashiDo deploys a repository", () => {
  const account = {
    accountSid: `AC${randomBytes(16).toString("hex")}`,
    authToken: randomBytes(16).toString("hex"),
  };
  const MASTER = { "X-Parse-Master-Key": "sashido-master-key" };
  const user = { username: "123", password: "123" };
  const phone_number = "+14155550123";

  /** @type {(() => Promise<unknown>)[]} */
  const stops = [];
  /** @type {import("./support/sandbox").Twilio} */
  let twilio;
  /** @type {string} */
  let url;

  before(async () => {
    const repository = path.join(temporary, "repository");
    await fs.cp(path.join(ROOT, "demo"), repository, { recursive: true });
    // Parse Server is SashiDo's: it stands in devDependencies.
    const install = ["install", "--omit=dev", "--prefer-offline", ...QUIET];
    await run("npm", [...install, tarball], repository);

    const database = await freshDatabase();
    stops.push(database.stop);
    twilio = await startTwilio(account);
    stops.push(twilio.stop);
    const server = startProcess(path.join(HERE, "sashido.js"), {
      env: {
        // The tutorial's variables, and nothing else of ours.
        TWILLIO_ACCOUNT_SID: account.accountSid,
        TWILLIO_AUTH_TOKEN: account.authToken,
        TWILLIO_FROM_NUMBER: "+15005550006",
      },
    });
    stops.push(server.stop);
    url = await server.order("start", {
      repository,
      databaseURI: database.uri,
      twilioUrl: twilio.url,
    });
  });
  after(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  /**
   * @param {string} method
   * @param {string} route
   * @param {object} [body]
   * @param {Record<string, string>} [headers]
   */
  const rest = (method, route, body, headers = {}) =>
    callParse(method, `${url}/1${route}`, body, {
      "X-Parse-Application-Id": "sashido",
      "X-Parse-REST-API-Key": "sashido-rest-key",
      ...headers,
    });

  const code = () => /\d{6}/.exec(twilio.received[0].body)?.[0];

  /**
   * The commands of the guide, as they stand there.
   * @returns {Promise<string[]>}
   */
  async function commands() {
    const guide = await fs.readFile(path.join(ROOT, "docs/sashido.md"), "utf8");
    const blocks = [...guide.matchAll(/^```sh\n(.*?)```/gms)];
    return blocks.map(([, block]) => block).filter((b) => b.includes("curl"));
  }

  /**
   * @param {string} command
   * @param {Record<string, string | undefined>} [variables]
   */
  async function follow(command, variables) {
    const { stdout } = await promisify(execFile)("sh", ["-euc", command], {
      env: {
        PATH: process.env.PATH,
        SERVER_URL: `${url}/1`,
        APPLICATION_ID: "sashido",
        REST_API_KEY: "sashido-rest-key",
        MASTER_KEY: "sashido-master-key",
        ...variables,
      },
    });
    return JSON.parse(stdout);
  }

  test("The deployed demo signs a user in with a code, on the tutorial's wire and on the challenge's.", async () => {
    const created = { ...user, phone_number };
    const { status } = await rest("POST", "/users", created, MASTER);
    assert.equal(status, 201);

    const first = await rest("POST", "/functions/login", user);
    assert.equal(first.body.result?.to, "•••• 0123", JSON.stringify(first));
    assert.equal(twilio.received.length, 1);
    assert.equal(twilio.received[0].to, phone_number);
    assert.equal(twilio.received[0].from, "+15005550006");
    const second = { ...user, code: code() };
    granted(await rest("POST", "/functions/login", second));

    const { challenge } = (await rest("POST", "/functions/login", user)).body
      .result;
    const answer = { challenge, code: code() };
    const token = granted(await rest("POST", "/functions/login", answer));
    const me = await rest("GET", "/users/me", undefined, {
      "X-Parse-Session-Token": token,
    });
    assert.equal(me.body.username, user.username);
  });

  test("The deployed demo answers the guide's commands as the guide says, a tutorial's column and all.", async () => {
    const [first, second, dropColumn] = await commands();
    const tutorial = { ...user, username: "tutorial", phone_number };
    const code_2fa = "A1B2C3";
    const created = await rest(
      "POST",
      "/users",
      { ...tutorial, code_2fa },
      MASTER,
    );
    assert.equal(created.status, 201);

    assert.equal((await follow(first)).result.method, "sms");
    const wrong = code() === "000000" ? "111111" : "000000";
    assert.deepEqual(await follow(second, { CODE: wrong }), {
      code: 141,
      error: "Invalid 2fa code",
    });
    const { result } = await follow(second, { CODE: code() });
    assert.deepEqual(Object.keys(result), ["status", "sessionToken"]);

    await follow(dropColumn);
    const row = await rest(
      "GET",
      `/users/${created.body.objectId}`,
      undefined,
      MASTER,
    );
    assert.equal(row.body.phone_number, phone_number);
    assert.equal(row.body.code_2fa, undefined);
  });

  test("The deployed demo lets nobody in past it.", async () => {
    assert.equal(
      (await rest("POST", "/login", user)).body.code,
      NATIVE_SIGN_IN,
    );
  });

  test("The deployed demo shows its page, which knows where Parse is mounted.", async () => {
    const page = await fetch(url);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<html/);
    const { serverPath } = await (await fetch(`${url}/config.json`)).json();
    assert.equal(serverPath, "/1");
    assert.equal((await fetch(`${url}/parse.js`)).status, 200);
  });
});
