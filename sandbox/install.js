// @ts-check
"use strict";

const { spawn } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

/**
 * Runs `npm ci` in `root` when there is no node_modules, or one older than the lock file.
 * @param {string} root
 * @param {AbortSignal} [signal] ends it; npm takes a moment to let go of node_modules, and only then we reject
 */
async function installMissing(root, signal) {
  if (isInstalled(root)) return;
  const release = await lock(root, signal);
  try {
    // Another process may have installed while we waited.
    if (isInstalled(root)) return;
    const state = fs.existsSync(path.join(root, "node_modules"))
      ? "node_modules is incomplete or older than package-lock.json"
      : "There is no node_modules yet";
    console.log(`${state}: running npm ci (about half a minute) …`);
    await npmCi(root, signal);
  } finally {
    release();
  }
}

/** @param {string} root */
function isInstalled(root) {
  try {
    // npm writes the inner file when an install has succeeded.
    const installed = path.join(root, "node_modules", ".package-lock.json");
    const wanted = path.join(root, "package-lock.json");
    return fs.statSync(installed).mtimeMs >= fs.statSync(wanted).mtimeMs;
  } catch {
    return false;
  }
}

/**
 * @param {string} root
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
function npmCi(root, signal) {
  // With NODE_ENV=production npm would leave out the development dependencies, of which the demo is made.
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund"];
  // Its warnings are about install scripts, none of which is needed here.
  args.push("--loglevel=error");
  // Under `npm start` this is the npm that started us, else whichever is on the path.
  const self = process.env.npm_execpath ?? "";
  /** @type {import("node:child_process").SpawnOptions} */
  const options = { cwd: root, stdio: "inherit", signal };
  const child = /npm-cli\.[cm]?js$/.test(self)
    ? spawn(process.execPath, [self, ...args], options)
    : // npm is a batch file on Windows.
      spawn("npm", args, { ...options, shell: process.platform === "win32" });
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      if (signal?.aborted) return;
      reject(new Error(`npm ci did not start: ${error.message}`));
    });
    child.once("close", (code) => {
      if (code === 0) return resolve();
      reject(new Error("npm ci failed: its reason is above"));
    });
  });
}

/**
 * Two npm ci in one folder delete each other's files, and nothing keeps two demos from being started at once.
 * @param {string} root
 * @param {AbortSignal} [signal]
 * @returns {Promise<() => void>} call it to release
 */
async function lock(root, signal) {
  const key = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const file = path.join(os.tmpdir(), `parse-two-factor-install-${key}`);
  let waiting = false;
  for (;;) {
    signal?.throwIfAborted();
    try {
      fs.writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== "EEXIST") throw error;
    }
    if (!isHeld(file)) {
      fs.rmSync(file, { force: true });
      continue;
    }
    if (!waiting) console.log("Waiting for another start to finish npm ci …");
    waiting = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** @param {string} file */
function isHeld(file) {
  try {
    const pid = Number(fs.readFileSync(file, "utf8"));
    // The file is empty for a moment while its owner makes it.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

module.exports = { installMissing };
