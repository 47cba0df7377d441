// @ts-check
"use strict";

const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

/**
 * Runs `npm ci` in `root` when there is no node_modules, or one older than the lock file.
 * @param {string} root
 */
async function installMissing(root) {
  if (isInstalled(root)) return;
  const release = await lock(root);
  try {
    // Another process may have installed while we waited.
    if (isInstalled(root)) return;
    const state = fs.existsSync(path.join(root, "node_modules"))
      ? "node_modules is older than package-lock.json"
      : "There is no node_modules yet";
    console.log(`${state}: running npm ci (about half a minute) …`);
    npmCi(root);
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

/** @param {string} root */
function npmCi(root) {
  // With NODE_ENV=production npm would leave out the development dependencies, of which the demo is made.
  const args = "ci --include=dev --no-audit --no-fund --loglevel=error".split(
    " ",
  );
  // Under `npm start` this is the npm that started us, else whichever is on the path.
  const self = process.env.npm_execpath ?? "";
  const { status, error } = /npm-cli\.[cm]?js$/.test(self)
    ? spawnSync(process.execPath, [self, ...args], {
        cwd: root,
        stdio: "inherit",
      })
    : spawnSync("npm", args, {
        cwd: root,
        stdio: "inherit",
        // npm is a batch file on Windows.
        shell: process.platform === "win32",
      });
  if (status !== 0) {
    throw new Error(
      `npm ci failed${error ? ` (${error.message})` : ""}: its reason is above`,
    );
  }
}

/**
 * Two npm ci in one folder delete each other's files, and nothing keeps two demos from being started at once.
 * @param {string} root
 * @returns {Promise<() => void>} call it to release
 */
async function lock(root) {
  const key = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const file = path.join(os.tmpdir(), `parse-two-factor-install-${key}`);
  let waiting = false;
  for (;;) {
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
