// @ts-check
"use strict";

const { findInstalled } = require("./packages.js");

/** @type {import("./index.js").LocalCheck} */
module.exports = function router(folder) {
  const parseServer = findInstalled("parse-server", folder);
  if (!parseServer) {
    return ["skipped", "no parse-server is installed in this folder."];
  }
  const router = findInstalled("router", parseServer.at);
  const [major] = parseServer.version.split(".").map(Number);
  const [routerMajor, routerMinor] = (router?.version ?? "0.0")
    .split(".")
    .map(Number);
  const broken =
    major >= 8 && routerMajor === 2 && routerMinor >= 3 ? router : undefined;
  return broken
    ? [
        "failure",
        `parse-server ${parseServer.version} with router ${broken.version}: calls from Cloud Code fail with "Cannot convert undefined or null to object". Add "overrides": { "router": "2.2.0" } to package.json, delete node_modules and the lock file, and install again.`,
      ]
    : [
        "ok",
        `parse-server ${parseServer.version}${router ? ` with router ${router.version}` : ""} in this folder.`,
      ];
};
