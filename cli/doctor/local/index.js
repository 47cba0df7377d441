// @ts-check
"use strict";

/**
 * Checks of the folder and the environment in which the command is called.
 * @typedef {(folder: string, env: NodeJS.ProcessEnv) => Finding | Promise<Finding>} LocalCheck
 * @typedef {import("../finding.js").Finding} Finding
 */

/** In the order in which they are printed. @type {Record<string, LocalCheck>} */
const LOCAL_CHECKS = {
  router: require("./router.js"),
  twilio: require("./twilio.js"),
};

module.exports = { LOCAL_CHECKS };
