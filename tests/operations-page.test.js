// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { readdirSync } = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { LOCAL_CHECKS } = require("../cli/doctor/local/index.js");
const { REMOTE_CHECKS } = require("../cli/doctor/remote/index.js");
const { ROOT, read } = require("./support/markdown");

/** Whoever searches docs/operations.md for a word of an event, of `doctor` or of the log finds it there. */

const page = read("docs/operations.md");

/** @param {string} folder @param {string} ending */
const source = (folder, ending) =>
  readdirSync(path.join(ROOT, folder), { recursive: true })
    .filter((name) => String(name).endsWith(ending))
    .map((name) => read(`${folder}/${name}`))
    .join("\n");

test("Each event stands in docs/operations.md.", () => {
  const [, names] = read("src/wire/event.rs").split("pub enum EventName {");
  const events = [...names.split("\n}")[0].matchAll(/^ +([A-Z]\w+),$/gm)].map(
    ([, name]) =>
      name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase(),
  );
  assert.ok(events.length > 15, String(events));
  const missing = events.filter((name) => !page.includes(`\`${name}\``));
  assert.deepEqual(missing, []);
});

test("Each check of doctor has its row in docs/operations.md.", () => {
  const checks = Object.keys({ ...REMOTE_CHECKS, ...LOCAL_CHECKS });
  const missing = checks.filter((name) => !page.includes(`\n| \`${name}\` `));
  assert.deepEqual(missing, []);
});

test("Each line of the log that docs/operations.md explains is one of ours.", () => {
  const [, section] = page.split("\n## Lines in the log\n");
  const rows = section.split("\n## ")[0].split("\n");
  const lines = rows.flatMap((row) => {
    const [, cell = ""] = row.split("|");
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, line]) => line);
  });
  assert.ok(lines.length > 25, String(lines));
  const code = source("js", ".js");
  const effects = read("js/effects/index.js");
  const isOurs = (/** @type {string} */ line) => {
    const [, effect] = /^(\w+) failed$/.exec(line) ?? [];
    return effect ? effects.includes(`\n  ${effect},\n`) : code.includes(line);
  };
  assert.deepEqual(
    lines.filter((line) => !isOurs(line)),
    [],
  );
});
