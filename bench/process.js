// @ts-check
"use strict";

const { randomBytes } = require("node:crypto");
const path = require("node:path");
const { startTwilio } = require("../sandbox/twilio/index.js");
const { startProcess } = require("../tests/support/process.js");

/** @typedef {Awaited<ReturnType<typeof startServer>>} Server */
/** @typedef {Awaited<ReturnType<typeof startPhone>>} Phone */

/** The account that the stand-in of Twilio knows, in the tutorial's spelling, which ours reads as well. */
const ACCOUNT = {
  TWILLIO_ACCOUNT_SID: `AC${randomBytes(16).toString("hex")}`,
  TWILLIO_AUTH_TOKEN: randomBytes(16).toString("hex"),
  TWILLIO_FROM_NUMBER: "+15005550006",
};

/** The stand-in of Twilio, in this process: what it costs is not the server's. */
function startPhone() {
  return startTwilio({
    accountSid: ACCOUNT.TWILLIO_ACCOUNT_SID,
    authToken: ACCOUNT.TWILLIO_AUTH_TOKEN,
  });
}

/**
 * A Parse Server of a peer, in a process of its own.
 * @param {object} settings
 * @param {string} settings.peer
 * @param {string} settings.databaseURI
 * @param {string} settings.twilioUrl
 * @param {boolean} [settings.recording] of what crosses into the core, for `recorded`
 * @param {string[]} [settings.execArgv] options of Node
 */
async function startServer({ execArgv = [], ...settings }) {
  const { pid, order, stop } = startProcess(path.join(__dirname, "server.js"), {
    env: { ...ACCOUNT, NODE_ENV: "production" },
    execArgv,
    // Recorded calls hold what JSON does not.
    serialization: "advanced",
  });
  try {
    const url = await order("start", settings);
    return {
      url,
      pid,
      /** @returns {Promise<NodeJS.CpuUsage>} what the process used since its start, in microseconds */
      cpu: () => order("cpu"),
      /** @returns {Promise<NodeJS.MemoryUsage>} */
      memory: () => order("memory"),
      /** @returns {Promise<{start: number, cloud: number, ready: number}>} milliseconds until it served, and until the peer was ready */
      times: () => order("times"),
      /** @returns {Promise<import("./recorder.js").Crossing[]>} those since it was last asked */
      recorded: () => order("recorded"),
      /** Starts the profiler, or ends it and answers with milliseconds by package. */
      profile: () => order("profile"),
      /** @param {number} milliseconds */
      advance: (milliseconds) => order("advance", milliseconds),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

module.exports = { startPhone, startServer };
