// @ts-check
"use strict";

const { REQUESTS } = require("../../../js/health.js");

/** @type {import("./index.js").RemoteCheck} */
module.exports = function log(_, health) {
  const { logged, logsRequests, logLevels, quietest } = health;
  if (logsRequests) return ["failure", REQUESTS];
  if (logLevels === false) {
    return [
      "warning",
      "this Parse Server has no logLevels: session tokens and codes stand in its log; keep that as secret as the database, or move to one with logLevels.",
    ];
  }
  if (!logged) return ["skipped", "this Parse Server does not show it."];
  return logged.length > 0
    ? [
        "failure",
        `Parse Server's log prints codes, session tokens and numbers: set logLevels: { ${logged.map((/** @type {string} */ name) => `${name}: '${quietest}'`).join(", ")} }.`,
      ]
    : ["ok", "Parse Server's log prints no codes, tokens or numbers."];
};
