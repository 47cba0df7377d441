// @ts-check
"use strict";

const { fork } = require("node:child_process");
const path = require("node:path");

/**
 * @typedef {object} Database
 * @property {string} uri what `PARSE_SERVER_DATABASE_URI` takes
 * @property {() => Promise<void>} stop ends it and removes its folder
 */

/**
 * Starts a real PostgreSQL on a free loopback port, in a temporary folder of its own.
 *
 * It runs under a process of its own that watches the channel to this one: the kernel closes that channel however
 * we end, SIGKILL included, so no database is left behind. The process is detached (a session of its own) because
 * Ctrl-C in a terminal signals the whole foreground group, and the database must outlive what is still using it.
 *
 * @param {Record<string, string>} [settings] of PostgreSQL, over those that database-process.js chooses
 * @returns {Promise<Database>}
 */
function startDatabase(settings = {}) {
  const script = path.join(__dirname, "database-process.js");
  const child = fork(script, [JSON.stringify(settings)], {
    detached: true,
    // Not our options (--test, --inspect, …), and not our output: a reader of our stdout must see it end with us.
    execArgv: [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));

  const stop = async () => {
    child.ref();
    if (child.connected) child.disconnect();
    await ended;
  };

  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`The database's process ended with code ${code}`)),
    );
    child.once(
      "message",
      (/** @type {{uri?: string, error?: string}} */ message) => {
        if (message.uri === undefined) {
          return reject(new Error(message.error));
        }
        // A caller with nothing else to do may end without stop().
        child.unref();
        child.channel?.unref();
        resolve({ uri: message.uri, stop });
      },
    );
  });
}

module.exports = { startDatabase };
