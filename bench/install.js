// @ts-check
"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { installMissing } = require("../sandbox/install.js");

const CORE = path.join(__dirname, "core");

/** The libraries that ours is measured beside; they are none of the project's own dependencies. */
const installPeers = () => installMissing(__dirname);

/**
 * Compiles `core/` with the versions of crates that the core itself is locked to.
 * @returns {Buffer} the WebAssembly
 */
function buildCore() {
  fs.copyFileSync(
    path.join(__dirname, "..", "Cargo.lock"),
    path.join(CORE, "Cargo.lock"),
  );
  const target = "wasm32-unknown-unknown";
  const { status, error } = spawnSync(
    "cargo",
    ["build", "--quiet", "--release", "--target", target],
    { cwd: CORE, stdio: ["ignore", "inherit", "inherit"] },
  );
  if (error) throw error;
  if (status !== 0) throw new Error("bench/core did not compile");
  const folder = process.env.CARGO_TARGET_DIR ?? path.join(CORE, "target");
  return fs.readFileSync(
    path.join(folder, target, "release", "parse_two_factor_bench.wasm"),
  );
}

module.exports = { buildCore, installPeers };
