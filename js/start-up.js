// @ts-check
"use strict";

/**
 * What can only be done once the server answers: creating the state classes, and looking at its settings.
 */

const server = require("./parse/server.js");
const { warnings } = require("./warnings.js");

/** How often the server is asked after Cloud Code was loaded, and the longest pause: a minute in all. */
const ROUNDS = 600;
const LONGEST_PAUSE_MILLISECONDS = 100;

/**
 * Starts a deployment. What goes wrong is written into the log as well.
 * @param {import("./deployment.js").Deployment} deployment
 * @param {import("./options.js").HostOptions} options
 * @returns {Promise<void>} settles once the state classes exist
 */
function start(deployment, { sms }) {
  const ready = createClasses(deployment).then(() => {
    for (const message of warnings(deployment.Parse, sms, process.env)) {
      deployment.warn(message);
    }
  });
  ready.catch((error) => deployment.warn(describeFailure(error)));
  return ready;
}

/**
 * While Cloud Code is being loaded Parse answers nothing, so the state classes wait.
 * @param {import("./deployment.js").Deployment} deployment
 */
async function createClasses(deployment) {
  for (let round = 1; ; round += 1) {
    const pause = Math.min(2 ** round, LONGEST_PAUSE_MILLISECONDS);
    await new Promise((resolve) => setTimeout(resolve, pause).unref());
    if (server.isStarting(deployment.Parse)) continue;
    try {
      return await deployment.createClasses();
    } catch (error) {
      if (round === ROUNDS) throw error;
    }
  }
}

/**
 * Says for the log that the state classes could not be created.
 * @param {any} error
 */
function describeFailure(error) {
  const message = String(error?.message);
  // Parse Server 8 and 9 say so to every call from Cloud Code if the package `router` is too new.
  const hint = message.startsWith("Cannot convert undefined or null to object")
    ? ` (the package router has to be held at 2.2.0: see "Two things to set" in the README)`
    : "";
  return `the state classes could not be created: ${message}${hint}`;
}

module.exports = { start, describeFailure };
