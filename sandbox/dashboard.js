// @ts-check
"use strict";

/**
 * Parse Dashboard at `/dashboard`, where somebody has installed it beside the demo. It hands the master key to a browser, so it is for this
 * machine only, and nowhere in `demo/`. docs/dashboard.md has the same scripts and panels.
 */

const { onlyHere } = require("./only-here.js");

/** Resolved when the demo starts: this package neither needs nor brings it. */
const PACKAGE = "parse-dashboard";
const PATH = "/dashboard";
const OPERATOR = "operator";

const SCRIPTS = [
  {
    title: "Reset the second factor",
    classes: ["_User"],
    cloudCodeFunction: "resetTwoFactor",
    showConfirmationDialog: true,
    confirmationDialogStyle: "critical",
  },
];

/** @param {string} twoFactorStatus what the app calls the function */
const panels = (twoFactorStatus) => [
  {
    title: "Second factor",
    classes: ["_User"],
    cloudCodeFunction: twoFactorStatus,
  },
];

/**
 * @param {import("../demo/index.js").App} demo
 * @param {{ twoFactorStatus?: string }} [names] what the app calls our functions
 * @returns {string | undefined} who signs in where, if it is installed
 */
function serveDashboard({ app, url, applicationId, masterKey }, names = {}) {
  if (!isInstalled()) return undefined;
  const dashboard = require(PACKAGE)({
    apps: [
      {
        appName: "demo",
        serverURL: `${url}/parse`,
        appId: applicationId,
        masterKey,
        scripts: SCRIPTS,
        infoPanel: panels(names.twoFactorStatus ?? "twoFactorStatus"),
      },
    ],
    users: [{ user: OPERATOR, pass: masterKey }],
  });
  app.use(PATH, onlyHere, withoutPolicy, dashboard);
  return `Parse Dashboard: ${url}${PATH} (sign in as ${OPERATOR}, with the master key as the password)`;
}

function isInstalled() {
  try {
    require.resolve(PACKAGE);
    return true;
  } catch {
    return false;
  }
}

/**
 * The policy of the demo's own page, which stands in front, would stop the scripts and styles that Parse Dashboard writes into its page.
 * @param {import("express").Request} request
 * @param {import("express").Response} response
 * @param {() => void} next
 */
function withoutPolicy(request, response, next) {
  response.removeHeader("Content-Security-Policy");
  next();
}

module.exports = { SCRIPTS, panels, serveDashboard };
