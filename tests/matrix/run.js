// @ts-check
"use strict";

/**
 * `npm run test:matrix`: the wire tests on every Parse Server, Node, form of Cloud Code and database that we say we run
 * on. `npm run test:matrix -- parse-5 mongodb-parse-9` runs those rows only, `-- --list` prints them.
 *
 * What a row needs is installed into folders beside this file, from lock files. MongoDB's rows need Java 17 or newer and
 * Maven, or the URI of a server in `TEST_MONGODB_URI`; Firefox's needs Debian's `firefox-esr`, or `FIREFOX_PATH`.
 */

const { spawn, spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { installMissing } = require("../support/sandbox");
const { testFiles } = require("../support/test-files");

const ROOT = path.join(__dirname, "..", "..");

/** The major versions, and those of Node that each declares (5 and 6 are run on a newer one as well). */
const VERSIONS = [
  { parse: 5, nodes: [18] },
  { parse: 6, nodes: [18] },
  { parse: 7, nodes: [18, 22] },
  { parse: 8, nodes: [18, 22, 24] },
  { parse: 9, nodes: [22, 24] },
];

/** A fault at every statement is about ours; how a version's driver takes a cut connection is not. `npm test` has it. */
const FAULTS = ["rest/database-faults.test.js"];
/** Every other test that starts an app; they all speak to it over the wire. */
const EVERYTHING = [...testFiles("rest"), ...testFiles("command")].filter(
  (file) => !FAULTS.includes(file),
);
/** Of these, those that take the log settings of the README: 5 has none, 6 knows no `silent`. */
const LOG_SETTINGS = ["rest/log.test.js", "command/index.js"];
const SIGN_IN = "rest/sign-in/index.js";
const NATIVE_ROUTES = "rest/native-routes/index.js";
const SESSIONS = [
  SIGN_IN,
  NATIVE_ROUTES,
  "rest/federated.test.js",
  "rest/linking.test.js",
  "rest/enroll-by-word.test.js",
  "rest/one-time-codes.test.js",
  "rest/devices.test.js",
  "rest/races.test.js",
  "rest/changes.test.js",
  "rest/existing-app.test.js",
  "rest/factors/index.js",
  "rest/parse-rules.test.js",
  "rest/start-up.test.js",
];
/** What the form of Cloud Code could change: the way in, and what is registered when. */
const START = {
  files: [SIGN_IN, NATIVE_ROUTES],
  only: /opens a session that works|opens no session for a user|run once for|does not start|is warned at start-up/,
};
/** What the version of Node could change: the WebAssembly, its random bytes, the calls of Parse. */
const CORE = {
  files: [SIGN_IN, "rest/factors/index.js"],
  only: /opens a session that works|keeps the installation id|interoperate with codes|works once, is written down|five codes in any fifteen minutes/,
};

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {string[]} files
 * @property {RegExp} [only] the names of those tests in them that run; all by default
 * @property {number} parse
 * @property {number} [node] the running one by default
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [mongodb]
 * @property {string} [needs] a folder beside this file, of what the tests require
 */

/** @type {Row[]} */
const VERSION_ROWS = VERSIONS.flatMap(({ parse, nodes }) => {
  // Where each call from Cloud Code goes by default: over HTTP up to 5, in process since.
  const directAccess = parse === 5 ? "on" : "off";
  const files = EVERYTHING.filter(
    (file) => parse >= 7 || !LOG_SETTINGS.includes(file),
  );
  const otherWay = {
    files: SESSIONS,
    parse,
    env: { TEST_DIRECT_ACCESS: directAccess },
  };
  return [
    { name: `parse-${parse}`, files, parse },
    { name: `parse-${parse}-direct-access-${directAccess}`, ...otherWay },
    ...["path", "module"].map((form) => ({
      name: `parse-${parse}-cloud-${form}`,
      ...START,
      parse,
      env: { TEST_CLOUD: form },
    })),
    ...nodes.map((node) => ({
      name: `parse-${parse}-node-${node}`,
      ...CORE,
      parse,
      node,
    })),
    {
      name: `mongodb-parse-${parse}`,
      files,
      parse,
      mongodb: true,
    },
    {
      name: `mongodb-parse-${parse}-direct-access-${directAccess}`,
      ...otherWay,
      mongodb: true,
    },
  ];
});

/** @type {Row[]} */
const ROWS = [
  ...VERSION_ROWS,
  {
    name: "dashboard",
    files: ["matrix/dashboard/browser.js"],
    parse: 9,
    needs: "dashboard",
  },
  {
    name: "firefox",
    files: ["matrix/firefox/browser.js"],
    parse: 9,
    needs: "firefox",
  },
];

async function main() {
  const wanted = process.argv.slice(2);
  if (wanted.includes("--list")) {
    for (const { name, files } of ROWS) console.log(name, files.join(" "));
    return;
  }
  const unknown = wanted.filter(
    (name) => !ROWS.some((row) => row.name === name),
  );
  if (unknown.length > 0) {
    throw new Error(`no row is called ${unknown.join(", ")}: try --list`);
  }
  const rows = ROWS.filter(
    ({ name }) => wanted.length === 0 || wanted.includes(name),
  );
  await installMissing(ROOT);
  const failed = [];
  for (const row of rows) {
    const start = Date.now();
    const { ok, output } = await run(row);
    const count = (/** @type {string} */ what) =>
      Number(new RegExp(`^ℹ ${what} (\\d+)$`, "m").exec(output)?.[1] ?? 0);
    const seconds = ((Date.now() - start) / 1000).toFixed(0);
    // A row in which nothing was tested is no good news.
    const passed = ok && count("pass") > 0;
    if (!passed) {
      console.log(output);
      failed.push(row.name);
    }
    console.log(
      `${passed ? "ok" : "FAILED"}  ${row.name}: ${count("pass")} passed, ${count("fail")} failed (${seconds} s)`,
    );
  }
  if (failed.length > 0) throw new Error(`failed: ${failed.join(", ")}`);
  console.log(`\nall ${rows.length} rows are well`);
}

/**
 * @param {Row} row
 * @returns {Promise<{ok: boolean, output: string}>}
 */
async function run({ files, only, parse, node, env, mongodb, needs }) {
  if (needs) await installMissing(path.join(__dirname, needs));
  const folder = await parseServer(parse);
  const program = node ? await nodeProgram(node) : process.execPath;
  const database = mongodb ? await startMongo() : undefined;
  try {
    const child = spawn(
      process.execPath,
      [
        "--test",
        "--test-reporter=spec",
        "--test-concurrency=2",
        `--test-timeout=${30 * 60 * 1000}`,
        ...(only ? [`--test-name-pattern=${only}`] : []),
        ...files.map((file) => path.join("tests", file)),
      ],
      {
        cwd: ROOT,
        env: {
          ...process.env,
          ...(database && { PARSE_SERVER_DATABASE_URI: database.uri }),
          TEST_PARSE_SERVER: folder,
          TEST_NODE: program,
          ...env,
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    const code = await new Promise((resolve) => child.once("close", resolve));
    return { ok: code === 0, output };
  } finally {
    database?.stop();
  }
}

/**
 * @param {number} major
 * @returns {Promise<string>} the folder of an app with that Parse Server; the newest is the repository's own
 */
async function parseServer(major) {
  const own = require("parse-server/package.json").version;
  if (own.startsWith(`${major}.`)) return ROOT;
  const folder = path.join(__dirname, `parse-${major}`);
  await installMissing(folder);
  return folder;
}

/** @param {number} major */
async function nodeProgram(major) {
  const folder = path.join(__dirname, "node");
  await installMissing(folder);
  return path.join(folder, "node_modules", `node-${major}`, "bin", "node");
}

/**
 * MongoDB's protocol on loopback: the server that `TEST_MONGODB_URI` names, else one in memory that Maven brings.
 * @returns {Promise<{uri: string, stop: () => void}>}
 */
async function startMongo() {
  const given = process.env.TEST_MONGODB_URI;
  if (given) return { uri: given, stop: () => {} };
  const child = spawn(
    "java",
    ["-cp", path.join(mongoLibraries(), "*"), "Server.java"],
    {
      cwd: path.join(__dirname, "mongo"),
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const stop = () => void child.kill();
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`java ended with code ${code}`)),
    );
    child.stdout.once("data", (line) =>
      resolve({ uri: String(line).trim(), stop }),
    );
  });
}

/** @returns {string} the folder of the libraries, each as its checksum says */
function mongoLibraries() {
  const folder = path.join(__dirname, "mongo");
  const libraries = path.join(folder, "target", "dependency");
  const sums = fs
    .readFileSync(path.join(folder, "SHA256SUMS"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(/\s+/));
  if (!sums.every(([, file]) => fs.existsSync(path.join(libraries, file)))) {
    const { status, error } = spawnSync(
      "mvn",
      ["-q", "dependency:copy-dependencies"],
      { cwd: folder, stdio: "inherit" },
    );
    if (error ?? status !== 0) throw error ?? new Error("mvn failed");
  }
  for (const file of fs.readdirSync(libraries)) {
    const bytes = fs.readFileSync(path.join(libraries, file));
    const sum = createHash("sha256").update(bytes).digest("hex");
    if (!sums.some(([want, name]) => name === file && want === sum)) {
      throw new Error(`${file} is not the one that SHA256SUMS names`);
    }
  }
  return libraries;
}

main().catch((error) => {
  console.error(`\nnpm run test:matrix: ${error.message}`);
  process.exitCode = 1;
});
