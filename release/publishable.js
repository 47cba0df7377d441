// @ts-check
"use strict";

/**
 * What `npm publish` runs first. npm's provenance ties a package to the repository that `package.json` names, and readers of npmjs.com
 * report from there, so nothing is published that names none.
 */

const fs = require("node:fs");

const FIELDS = ["repository", "homepage", "bugs"];

const manifest = JSON.parse(fs.readFileSync("package.json", "utf8"));
const missing = FIELDS.filter((name) => !manifest[name]);
if (missing.length > 0) {
  console.error(
    `package.json lacks ${missing.join(", ")}: set them with npm pkg set, to the address that publishes (HACKING.md, "Release").`,
  );
  process.exitCode = 1;
}
