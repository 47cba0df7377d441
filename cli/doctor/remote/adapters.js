// @ts-check
"use strict";

const { besideOurs } = require("../../../js/health.js");

/** @type {import("./index.js").RemoteCheck} */
module.exports = function adapters(_, { adapters }) {
  if (!adapters) return ["skipped", "this Parse Server does not show them."];
  return adapters.length > 0
    ? ["warning", besideOurs(adapters)]
    : ["ok", "no adapter of Parse Server's own asks for a second factor."];
};
