// @ts-check
"use strict";

const { version: own } = require("../../../package.json");

/** @type {import("./index.js").RemoteCheck} */
module.exports = function version(_, { version: running }) {
  if (running === own) return ["ok", `parse-two-factor ${running} runs.`];
  return [
    "warning",
    `the server runs parse-two-factor ${running ?? "(a version that does not say which)"}, and this command is of ${own}: deploy again, or run the command of the version that runs.`,
  ];
};
