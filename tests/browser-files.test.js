// @ts-check
"use strict";

/** dist/, as it is committed: what the sources build to, and small. */

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { gzipSync } = require("node:zlib");
const { differences } = require("../browser/build");
const { refusalCodes } = require("../browser/refusals");
const codes = require("./support/refusals");

const DIST = path.join(__dirname, "..", "dist");

/** @param {string} name */
const zipped = (name) =>
  gzipSync(fs.readFileSync(path.join(DIST, name)), { level: 9 }).length;

test("What is committed in dist/ is what browser/ builds to.", async () => {
  assert.deepEqual(await differences(), []);
});

test("The client has at most 4 KB, gzipped.", () => {
  for (const name of ["client.mjs", "client.cjs"]) {
    assert.ok(zipped(name) <= 4096, `${name}: ${zipped(name)}`);
  }
});

test("The elements have at most 30 KB with the client and English, and each further language at most 4 KB, gzipped.", () => {
  assert.ok(zipped("elements.mjs") <= 30 * 1024, `${zipped("elements.mjs")}`);
  const languages = fs.readdirSync(path.join(DIST, "lang"));
  assert.equal(languages.length, 8);
  for (const name of languages) {
    assert.ok(zipped(`lang/${name}`) <= 4096, name);
  }
});

test("The client's types name every refusal of the core's, and no other.", () => {
  const types = fs.readFileSync(path.join(DIST, "client.d.mts"), "utf8");
  const [, union] = /type RefusalCode =([^;]*);/.exec(types) ?? [];
  const named = union.split("|").map(Number);
  assert.deepEqual(named, refusalCodes());
  // Ours, as the other tests meet them.
  for (const code of Object.values(codes)) {
    if (code >= 4010) assert.ok(named.includes(code), String(code));
  }
});
