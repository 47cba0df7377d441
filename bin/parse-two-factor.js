#!/usr/bin/env node
// @ts-check
"use strict";

const { main } = require("../cli/main.js");

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
