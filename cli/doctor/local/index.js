// @ts-check
"use strict";

/**
 * Checks of the folder and the environment in which the command is called. Each of them also gets what the server says of itself, if it does.
 * @typedef {(folder: string, env: NodeJS.ProcessEnv, health?: any) => Finding | Promise<Finding>} LocalCheck
 * @typedef {import("../finding.js").Finding} Finding
 */

/** In the order in which they are printed. @type {Record<string, LocalCheck>} */
const LOCAL_CHECKS = {
  router: require("./router.js"),
  twilio: require("./twilio.js"),
  verify: require("./verify.js"),
};

module.exports = { LOCAL_CHECKS };
