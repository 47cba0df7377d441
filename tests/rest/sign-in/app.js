// @ts-check
"use strict";

const { sharedApp } = require("../../support/shared-app");

/** An app with the tutorial's one line: no option and no key ring. */
module.exports = sharedApp({});
