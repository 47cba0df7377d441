// @ts-check
"use strict";

const { fork } = require("node:child_process");
const { randomBytes } = require("node:crypto");
const path = require("node:path");
const { startTwilio } = require("../demo/twilio.js");

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
  const inherited = { ...process.env };
  for (const name of Object.keys(inherited)) {
    // The developer's own account and settings are no part of the measurement.
    if (/^(TWILLIO|TWILIO|TWO_FACTOR|PARSE_SERVER)_/.test(name)) {
      delete inherited[name];
    }
  }
  const child = fork(path.join(__dirname, "server.js"), [], {
    env: {
      ...inherited,
      ...ACCOUNT,
      NODE_ENV: "production",
      // Merely to be required, Parse Server makes a folder for log files, before it sees any options.
      PARSE_SERVER_LOGS_FOLDER: "null",
    },
    execArgv,
    // Recorded calls hold what JSON does not.
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  child.stderr?.on("data", (chunk) => (output += chunk));
  const ended = new Promise((resolve) => child.once("exit", resolve));

  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  const waiting = new Map();
  let orders = 0;
  child.on("message", (/** @type {any} */ { id, result, error }) => {
    const order = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) order?.resolve(result);
    else order?.reject(new Error(error));
  });
  child.once("exit", (code, signal) => {
    for (const { reject } of waiting.values()) {
      reject(
        new Error(`${settings.peer} ended (${code ?? signal}): ${output}`),
      );
    }
  });

  /**
   * @param {string} order
   * @param {any} [argument]
   * @returns {Promise<any>}
   */
  const order = (order, argument) =>
    new Promise((resolve, reject) => {
      const id = orders++;
      waiting.set(id, { resolve, reject });
      child.send({ id, order, argument });
    });
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
  };

  try {
    const url = await order("start", settings);
    return {
      url,
      pid: /** @type {number} */ (child.pid),
      /** @returns {Promise<NodeJS.CpuUsage>} what the process used since its start, in microseconds */
      cpu: () => order("cpu"),
      /** @returns {Promise<NodeJS.MemoryUsage>} */
      memory: () => order("memory"),
      /** @returns {Promise<{start: number, ready: number}>} milliseconds until it served, and until the peer was ready */
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
