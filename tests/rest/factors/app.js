// @ts-check
"use strict";

const { newKey } = require("../../support/key");
const { sharedApp } = require("../../support/shared-app");

const KEYS = newKey();
const ISSUER = "Haus & Hof + Käse";

/** An app with a key ring, so that its users may enroll factors, and passkeys as well. */
const startApp = sharedApp({
  options: { keys: KEYS, issuer: ISSUER, webauthn: { rpId: "example.com" } },
  server: { readOnlyMasterKey: "tests-read-only-key" },
});

module.exports = { startApp, KEYS, ISSUER };
