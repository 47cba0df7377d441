// @ts-check
"use strict";

const fs = require("node:fs");
const path = require("node:path");

/**
 * The package by this name that code in a folder would load.
 * @param {string} name
 * @param {string} folder
 * @returns {{ version: string, at: string } | undefined}
 */
function findInstalled(name, folder) {
  for (let at = folder; ; at = path.dirname(at)) {
    const candidate = path.join(at, "node_modules", name);
    const manifest = path.join(candidate, "package.json");
    if (fs.existsSync(manifest)) {
      const { version } = JSON.parse(fs.readFileSync(manifest, "utf8"));
      return { version: String(version), at: fs.realpathSync(candidate) };
    }
    if (at === path.dirname(at)) return undefined;
  }
}

module.exports = { findInstalled };
