// @ts-check
"use strict";

/** The deployments that Twilio may call: those with the option `statusCallback`. @type {import("./deployment.js").Deployment[]} */
const deployments = [];

/** @param {import("./deployment.js").Deployment} deployment */
function listen(deployment) {
  deployments.push(deployment);
}

const listening = () => deployments;

module.exports = { listen, listening };
