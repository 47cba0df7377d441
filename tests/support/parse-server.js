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

/** Whether its configuration tells when it has started. */
const saysWhenItHasStarted = major >= 6;

/** Whether it outlives a call by the session of a user whose row it cannot read; where not, that is so without us as well. */
const outlivesSessions = major >= 8;

/** Whether it asks a provider about a word that it holds already; by default, where that is a setting. */
const asksProviders = major >= 7;

/** Whether its adapter for GitHub, and others, exchange a code of one use before anything else is done. */
const exchangesCodes = major >= 7;

/** The SDK that it has. @type {any} */
const sdk = () =>
  createRequire(installed.resolve("parse-server"))("parse/node");

/**
 * Whether it can make an object of a row with this value.
 * @param {unknown} value
 */
function canRead(value) {
  try {
    sdk().Object.fromJSON({
      className: "_User",
      objectId: "x",
      value: [value],
    });
    return true;
  } catch {
    return false;
  }
}

module.exports = {
  installed,
  hasOption,
  showsTransactions,
  asksProviders,
  exchangesCodes,
  hasPolicies,
  saysWhenItHasStarted,
  outlivesSessions,
  canRead,
};
