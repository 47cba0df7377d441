// @ts-check
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const TESTS = path.join(__dirname, "..");

/**
 * What `node --test` is given: each test file, or the index.js of a folder whose files run in one process.
 * @param {string} [folder] below tests/
 * @returns {string[]} paths below tests/
 */
function testFiles(folder = "") {
  const entries = fs.readdirSync(path.join(TESTS, folder), {
    withFileTypes: true,
  });
  const names = entries.map(({ name }) => name);
  if (names.includes("index.js")) return [path.join(folder, "index.js")];
  return entries
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        return entry.name === "node_modules" ? [] : testFiles(file);
      }
      return entry.name.endsWith(".test.js") ? [file] : [];
    })
    .sort();
}

/**
 * Runs the test files of a folder in this process, so that they share what takes long to start.
 * @param {string} folder
 */
function runTogether(folder) {
  for (const name of fs.readdirSync(folder).sort()) {
    if (name.endsWith(".test.js")) require(path.join(folder, name));
  }
}

module.exports = { testFiles, runTogether };
