// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const path = require("node:path");
const { test } = require("node:test");
const { version } = require("../../package.json");
const { wasm } = require("../../js/core.js");

const VECTORS = path.join(__dirname, "../vectors");

test("The test vectors of our formats are what their script makes of the documented formats.", () => {
  const made = execFileSync(process.execPath, [path.join(VECTORS, "make.js")]);
  const kept = require(path.join(VECTORS, "formats.json"));
  assert.deepEqual(kept, JSON.parse(made.toString()));
});

test("The core has the version of the package.", () => {
  assert.equal(wasm.version(), version);
});
