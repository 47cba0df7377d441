// @ts-check
"use strict";

const { newKey } = require("../../support/key");
const { sharedApp } = require("../../support/shared-app");

const KEYS = newKey();
const ISSUER = "Haus & Hof + Käse";

/** An app with a key ring, so that its users may enroll factors. */
const startApp = sharedApp({
  options: { keys: KEYS, issuer: ISSUER },
  server: { readOnlyMasterKey: "tests-read-only-key" },
});

module.exports = { startApp, KEYS, ISSUER };
