// @ts-check
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");
const { importsOf } = require("./support/rust-imports");

const ROOT = path.join(__dirname, "..");

/**
 * The files of a folder, by their path in the repository.
 * @param {string} folder
 * @param {RegExp} form
 */
function filesIn(folder, form) {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true })
    .map((name) => `${folder}/${String(name).replaceAll(path.sep, "/")}`)
    .filter((file) => form.test(file) && !file.includes("/node_modules/"));
}

/**
 * @param {string[]} files
 * @param {number} most
 */
function longerThan(files, most) {
  return files
    .map((file) => {
      const text = fs.readFileSync(path.join(ROOT, file), "utf8");
      return { file, lines: text.split("\n").length - 1 };
    })
    .filter(({ lines }) => lines > most)
    .map(({ file, lines }) => `${file}: ${lines}`);
}

/**
 * What our JavaScript loads, by file.
 * @param {string} folder
 */
function requiresIn(folder) {
  const imports = new Map();
  for (const file of filesIn(folder, /\.js$/)) {
    const text = fs.readFileSync(path.join(ROOT, file), "utf8");
    const loaded = [...text.matchAll(/\brequire\("(\.[^"]*)"\)/g)].map(
      ([, name]) => path.posix.join(path.posix.dirname(file), name),
    );
    imports.set(file, new Set(loaded));
  }
  return imports;
}

/**
 * The rings of files that use each other. (Files are in one ring if each can be reached from the other.)
 * @param {Map<string, Set<string>>} imports
 * @returns {string[][]}
 */
function ringsOf(imports) {
  const reached = new Map(
    [...imports.keys()].map((file) => [file, reachableFrom(file, imports)]),
  );
  /** @type {Map<string, string[]>} */
  const rings = new Map();
  for (const [file, others] of reached) {
    if (!others.has(file)) continue;
    const ring = [...others]
      .filter((other) => reached.get(other)?.has(file))
      .sort();
    rings.set(ring.join(), ring);
  }
  return [...rings.values()];
}

/**
 * @param {string} file
 * @param {Map<string, Set<string>>} imports
 */
function reachableFrom(file, imports) {
  const reached = new Set();
  const open = [file];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const next of imports.get(at) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(next);
    }
  }
  return reached;
}

test("no source file is longer than 400 lines", () => {
  const files = ["src", "js", "cli", "sandbox", "browser", "openapi"].flatMap(
    (folder) => filesIn(folder, /\.(rs|js|ts|mts|mjs)$/),
  );
  assert.ok(files.length > 20, "the files were not found");
  assert.deepEqual(longerThan(files, 400), []);
});

test("no test file is longer than 800 lines", () => {
  const files = filesIn("tests", /\.(js|rs)$/);
  assert.ok(files.length > 20, "the files were not found");
  assert.deepEqual(longerThan(files, 800), []);
});

test("no two files of the core use each other, however long the way round", () => {
  const imports = importsOf(path.join(ROOT, "src"));
  const uses = [...imports.values()].reduce((sum, of) => sum + of.size, 0);
  assert.ok(uses > imports.size, "the imports were not found");
  assert.deepEqual(ringsOf(imports), []);
});

test("a ring of Rust files is found through groups, submodules and names taken over, but not through tests", () => {
  const crate = fs.mkdtempSync(path.join(os.tmpdir(), "structure-test-"));
  try {
    fs.mkdirSync(path.join(crate, "row"));
    for (const [file, text] of Object.entries({
      "lib.rs": "mod row; mod clock; mod keys; use row::Row; // crate::keys",
      "row/mod.rs": "mod view; pub(crate) use view::{View as Row, Other};",
      "row/view.rs": "use crate::{clock::{self, Time}, keys};",
      "clock.rs":
        'fn now() -> crate::row::Row { todo!() } const NOT: &str = "crate::keys";',
      "keys.rs":
        "#[cfg(test)] mod tests { use super::*; use crate::row::Other; }",
    })) {
      fs.writeFileSync(path.join(crate, file), text);
    }
    assert.deepEqual(ringsOf(importsOf(crate)), [["clock.rs", "row/view.rs"]]);
  } finally {
    fs.rmSync(crate, { recursive: true });
  }
});

for (const folder of ["js", "cli"]) {
  test(`no two files of ${folder}/ load each other, however long the way round`, () => {
    const imports = requiresIn(folder);
    assert.ok(imports.size > 10, "the files were not found");
    assert.deepEqual(ringsOf(imports), []);
  });
}

test("demo/ holds what SashiDo deploys and nothing else", () => {
  const installed = "node_modules";
  const entries = fs.readdirSync(path.join(ROOT, "demo")).sort();
  assert.deepEqual(
    entries.filter((name) => name !== installed),
    [".gitignore", "cloud", "index.js", "package.json", "public"],
  );
});
