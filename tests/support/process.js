// @ts-check
"use strict";

/**
 * A process that takes orders over IPC: `startProcess` in the one that gives them, `takeOrders` in the one that takes
 * them. Parse is a singleton, and CPU time and memory are those of a process, so every Parse Server has one of its own.
 */

const { fork } = require("node:child_process");
const path = require("node:path");

/** @typedef {ReturnType<typeof startProcess>} Process */

/**
 * @param {string} file the program, which calls `takeOrders`
 * @param {object} [options]
 * @param {Record<string, string>} [options.env] what it finds in its environment beside what `environment` leaves
 * @param {string} [options.execPath] the Node that runs it, by default the running one
 * @param {string[]} [options.execArgv] options of that Node, by default none: those of the test runner are not for it
 * @param {"json" | "advanced"} [options.serialization] of orders and answers, as for `fork`
 */
function startProcess(file, { env = {}, execArgv = [], ...options } = {}) {
  const child = fork(file, [], {
    ...options,
    execArgv,
    env: {
      ...environment(),
      // Merely to be required, Parse Server makes a folder for log files, before it sees any options.
      PARSE_SERVER_LOGS_FOLDER: "null",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  child.stderr?.on("data", (chunk) => (output += chunk));

  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  const waiting = new Map();
  let orders = 0;
  child.on("message", (/** @type {any} */ { id, result, error }) => {
    const order = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) order?.resolve(result);
    else order?.reject(new Error(error));
  });
  // Not at its exit, when what it wrote may still be on its way.
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.once("close", (code, signal) => {
    const name = path.basename(file);
    for (const { reject } of waiting.values()) {
      reject(new Error(`${name} ended (${code ?? signal}): ${output}`));
    }
  });

  return {
    pid: /** @type {number} */ (child.pid),

    /**
     * @param {string} order
     * @param {any} [argument]
     * @returns {Promise<any>} what the order returned; rejected with what it threw, or if the process ends before
     */
    order: (order, argument) =>
      new Promise((resolve, reject) => {
        const id = orders++;
        waiting.set(id, { resolve, reject });
        child.send({ id, order, argument }, (error) => error && reject(error));
      }),

    /** All that it wrote to stdout and stderr. */
    output: () => output,

    /** Ends it with SIGKILL, amid whatever it does. */
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/**
 * Carries out the orders that come from the process which started this one, and ends with it.
 * @param {Record<string, (argument: any) => any>} orders
 */
function takeOrders(orders) {
  process.on("message", async (/** @type {any} */ { id, order, argument }) => {
    try {
      process.send?.({ id, result: await orders[order](argument) });
    } catch (error) {
      // Parse throws strings as well as errors.
      const text = /** @type {any} */ (error)?.stack ?? String(error);
      process.send?.({ id, error: text });
    }
  });
  process.once("disconnect", () => process.exit());
}

/**
 * This process's environment without the developer's own account and settings, which are none of a test's business.
 * @returns {NodeJS.ProcessEnv}
 */
function environment() {
  const own = /^(TWILLIO_|TWILIO_|TWO_FACTOR_|PARSE_SERVER_|HOST$)/;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !own.test(name)),
  );
}

module.exports = { startProcess, takeOrders, environment };
