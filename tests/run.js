// @ts-check
"use strict";

/**
 * `npm test`: everything that must hold, on a fresh clone with Node and Rust. `npm test -- core types` runs those steps
 * only. A missing tool fails the run: no suite is ever skipped.
 */

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { installMissing } = require("./support/sandbox");
const { testFiles } = require("./support/test-files");

const ROOT = path.join(__dirname, "..");
const WASM = "wasm32-unknown-unknown";

/**
 * Proptest begins at the same seed, so that the same code gets the same verdict in each run. HACKING.md has the long run, which draws
 * its inputs anew.
 */
const SEEDED = { PROPTEST_RNG_SEED: "1", ...process.env };

/** The steps in the order in which they run. @type {Record<string, {what: string, run: () => void | Promise<void>}>} */
const steps = {
  install: {
    what: "npm ci, unless node_modules is up to date",
    run: () => installMissing(ROOT),
  },
  tools: {
    what: `look for cargo, the target ${WASM} and Chromium`,
    run: findTools,
  },
  core: {
    what: "cargo test --workspace --locked",
    run: () => run("cargo", ["test", "--workspace", "--locked"], SEEDED),
  },
  pkg: {
    what: "cargo xtask check: is pkg/ what src/ builds to?",
    run: () => run("cargo", ["xtask", "check"]),
  },
  types: {
    what: "tsc --noEmit",
    run: () =>
      run(process.execPath, [
        "node_modules/typescript/bin/tsc",
        "--noEmit",
        "-p",
        "tsconfig.json",
      ]),
  },
  node: {
    what: "node --test over tests/**/*.test.js",
    run: testNode,
  },
  matrix: {
    what: "one row of npm run test:matrix: the oldest Parse Server, with Cloud Code as a module",
    run: () =>
      run(process.execPath, ["tests/matrix/run.js", "parse-5-cloud-module"]),
  },
};

async function main() {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in steps));
  if (unknown.length > 0) {
    throw new Error(
      `no step is called ${unknown.join(", ")}: there are ${Object.keys(steps).join(", ")}`,
    );
  }
  const names = Object.keys(steps).filter(
    (name) => wanted.length === 0 || wanted.includes(name),
  );
  for (const name of names) {
    console.log(`\n== ${name}: ${steps[name].what}`);
    const start = Date.now();
    const took = () => `${((Date.now() - start) / 1000).toFixed(1)} s`;
    try {
      await steps[name].run();
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      throw new Error(`the step ${name} failed after ${took()}: ${reason}`, {
        cause: error,
      });
    }
    console.log(`== ${name}: done in ${took()}`);
  }
  console.log(`\nnpm test: all is well (${names.join(", ")})`);
}

/**
 * Runs a program to its end in the repository, its output going where ours goes.
 * @param {string} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function run(program, args, env = process.env) {
  const { status, signal, error } = spawnSync(program, args, {
    cwd: ROOT,
    env,
    stdio: "inherit",
  });
  if (error) throw error;
  if (status !== 0) {
    const how = signal ? `was ended by ${signal}` : `exited with ${status}`;
    throw new Error(`${path.basename(program)} ${how}`);
  }
}

/**
 * What a program prints; `undefined` where it does not run.
 * @param {string} program
 * @param {string[]} args
 */
function answer(program, args) {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** Finds what npm cannot bring, before anything slow starts. */
function findTools() {
  const cargo = answer("cargo", ["--version"]);
  if (!cargo) {
    throw new Error(
      "cargo is missing: install Rust 1.95 or newer from https://rustup.rs",
    );
  }
  console.log(cargo);

  if (!hasWasmTarget()) {
    spawnSync("rustup", ["target", "add", WASM], { stdio: "inherit" });
    if (!hasWasmTarget()) {
      throw new Error(
        `Rust cannot compile for ${WASM}: run \`rustup target add ${WASM}\`, or where rustc is Debian's \`apt-get install libstd-rust-dev-wasm32\``,
      );
    }
  }
  console.log(WASM);

  const chromium = findChromium() ?? installChromium();
  console.log(`${chromium}: ${answer(chromium, ["--version"])}`);
}

/** Whether rustc has a standard library for WebAssembly. */
function hasWasmTarget() {
  const libs = answer("rustc", ["--print", "target-libdir", "--target", WASM]);
  return (
    libs !== undefined &&
    fs.existsSync(libs) &&
    fs.readdirSync(libs).some((file) => /^libstd-.*\.rlib$/.test(file))
  );
}

/** @returns {string | undefined} */
function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (!fs.existsSync(given)) {
      throw new Error(`CHROMIUM_PATH names ${given}, which does not exist`);
    }
    return given;
  }
  const folders = [
    "/usr/bin",
    ...(process.env.PATH ?? "").split(path.delimiter),
  ];
  return ["chromium", "chromium-browser", "google-chrome"]
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((file) => fs.existsSync(file));
}

/** Installs Debian's Chromium where that takes no password. */
function installChromium() {
  if (process.getuid?.() === 0 && fs.existsSync("/etc/debian_version")) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    run("apt-get", ["update"], env);
    const install = ["install", "-y", "--no-install-recommends", "chromium"];
    run("apt-get", install, env);
  }
  const chromium = findChromium();
  if (!chromium) {
    throw new Error(
      "Chromium is missing: install it (`sudo apt-get install chromium`), or set CHROMIUM_PATH to a Chrome or Chromium",
    );
  }
  return chromium;
}

function testNode() {
  const files = testFiles().map((file) => path.join("tests", file));
  if (files.length === 0) throw new Error("there is no test file in tests/");
  // Files are named one by one: newer versions of Node take a folder for a module.
  run(
    process.execPath,
    [
      "--test",
      "--test-reporter=spec",
      // Each process has servers and a database of its own: more at once only slows two cores down.
      "--test-concurrency=2",
      // A process that hangs fails by its name, rather than the whole run at some other limit.
      `--test-timeout=${15 * 60 * 1000}`,
      ...files,
    ],
    { ...process.env, CHROMIUM_PATH: findChromium() ?? installChromium() },
  );
}

main().catch((error) => {
  console.error(`\nnpm test: ${error.message}`);
  process.exitCode = 1;
});
