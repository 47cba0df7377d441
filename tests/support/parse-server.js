// @ts-check
"use strict";

/**
 * The Parse Server under test: that of the folder `TEST_PARSE_SERVER`, or the repository's own.
 */

const { createRequire } = require("node:module");
const path = require("node:path");

const ROOT = path.join(__dirname, "..", "..");
const { TEST_PARSE_SERVER = "." } = process.env;

/** Resolves as the app does whose Parse Server runs. */
const installed = createRequire(
  path.resolve(ROOT, TEST_PARSE_SERVER, "package.json"),
);
const { ParseServerOptions } = installed(
  "parse-server/lib/Options/Definitions",
);

/**
 * Whether it has this option.
 * @param {string} name
 */
function hasOption(name) {
  return name in ParseServerOptions;
}

const major = Number.parseInt(
  installed("parse-server/package.json").version,
  10,
);

/** Whether functions and triggers see that they run amid a transaction. */
const showsTransactions = major >= 8;

/** Whether its /login goes by the policies of adapters, of which one of its own (`mfa`) asks for a second factor. */
const hasPolicies = major >= 6;

module.exports = { installed, hasOption, showsTransactions, hasPolicies };
