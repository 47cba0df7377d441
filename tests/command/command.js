// @ts-check
"use strict";

/**
 * The operator's command, run as an operator runs it: a process of its own that speaks to a Parse Server by its URL.
 */

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { after } = require("node:test");
const { newKey } = require("../support/key");
const { sharedApp } = require("../support/shared-app");

/** @typedef {import("../support/app").App} App */
/** @typedef {{ code: number | null, out: string, err: string, json: any }} Run */

const ROOT = path.join(__dirname, "..", "..");
const { bin } = require("../../package.json");

const OLD = newKey("old");
const NEW = newKey("new");

/** What the README asks for. */
const QUIET = {
  cloudFunctionSuccess: "silent",
  cloudFunctionError: "silent",
  triggerBeforeSuccess: "silent",
  triggerBeforeError: "silent",
  triggerAfter: "silent",
};

const startApp = sharedApp({
  options: { keys: OLD },
  server: { logLevels: QUIET, sessionLength: 86_400 },
});

/** @type {string[]} */
const folders = [];
after(() => {
  for (const made of folders) fs.rmSync(made, { recursive: true });
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

/** An app's folder: what the command is called in. */
const folder = appFolder({ "parse-server": "9.10.0", router: "2.2.0" });

/**
 * @param {App} of
 * @returns {Record<string, string>}
 */
const environment = (of) => ({
  PARSE_SERVER_URL: of.urls[0],
  PARSE_SERVER_APPLICATION_ID: "tests",
  PARSE_SERVER_MASTER_KEY: "tests-master-key",
});

/** The account in the environment, and the way to the stand-in. @param {App} of */
const twilio = (of) => ({
  TWILIO_ACCOUNT_SID: of.twilioAccount.accountSid,
  TWILIO_AUTH_TOKEN: of.twilioAccount.authToken,
  TEST_TWILIO_URL: of.twilio.url,
  NODE_OPTIONS: `--require ${JSON.stringify(path.join(ROOT, "tests", "support", "twilio-on-loopback.js"))}`,
});

/** What no output may show: keys, the start of every password and of every number that the tests make. */
const SECRETS = [
  "tests-master-key",
  OLD.split(":")[1],
  NEW.split(":")[1],
  "password-",
  "+1415",
];

/**
 * Runs the command, whose output must hold no secret.
 * @param {string[]} args
 * @param {Record<string, string>} [env] by default that of the shared app
 * @param {string} [cwd]
 * @param {string} [input] what it reads
 * @returns {Promise<Run>}
 */
async function command(args, env, cwd = folder, input = "") {
  const variables = env ?? environment(await startApp());
  const program = path.join(ROOT, bin["parse-two-factor"]);
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...variables },
  });
  let [out, err] = ["", ""];
  // It may end before it has read all of it.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  const code = await new Promise((resolve) => child.once("close", resolve));
  const token = variables.TWILIO_AUTH_TOKEN;
  for (const secret of token ? [...SECRETS, token] : SECRETS) {
    const said = `${args.join(" ")} shows ${secret.slice(0, 4)}…`;
    assert.ok(!(out + err).includes(secret), said);
  }
  const json = args.includes("--json") && out ? JSON.parse(out) : undefined;
  return { code, out, err, json };
}

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

module.exports = {
  OLD,
  NEW,
  QUIET,
  startApp,
  appFolder,
  environment,
  twilio,
  command,
  finding,
};
