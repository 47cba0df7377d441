// @ts-check
"use strict";

/** One Parse Server process of a peer; process.js gives it its orders. */

const http = require("node:http");
const { Session } = require("node:inspector");
const express = require("express");
const twilio = require("twilio");
const { requestTo } = require("../sandbox/twilio/index.js");
const { listen } = require("../tests/support/listen.js");
const { takeOrders } = require("../tests/support/process.js");
const { peers } = require("./peers.js");

/** What the clock that a peer is given is ahead of the machine's. */
let ahead = 0;
/** How long Parse Server took to serve, of that the peer's Cloud Code until it returned, and the peer to be ready, in milliseconds. */
const times = { start: 0, cloud: 0, ready: 0 };
/** @type {(() => import("./recorder.js").Crossing[]) | undefined} */
let recorded;

takeOrders({
  start,
  cpu: () => process.cpuUsage(),
  memory: () => {
    globalThis.gc?.();
    return process.memoryUsage();
  },
  advance: (milliseconds) => {
    ahead += milliseconds;
  },
  times: () => times,
  recorded: () => recorded?.(),
  profile,
});

/**
 * @param {object} settings
 * @param {string} settings.peer
 * @param {string} settings.databaseURI
 * @param {string} settings.twilioUrl
 * @param {boolean} [settings.recording] of what crosses into the core
 * @param {boolean} [settings.busy] whether more messages are sent than the default ceilings let through
 * @returns {Promise<string>} where Parse Server is mounted
 */
async function start({
  peer,
  databaseURI,
  twilioUrl,
  recording = false,
  busy = false,
}) {
  if (recording) recorded = require("./recorder.js").record();
  twilio.RequestClient.prototype.request = requestTo(twilioUrl);
  const { ParseServer } = /** @type {any} */ (require("parse-server"));
  const app = express();
  const listener = http.createServer(app);
  const serverURL = `http://127.0.0.1:${await listen(listener)}/parse`;
  /** @type {Promise<unknown>[]} */
  const ready = [];
  const begin = performance.now();
  const { cloud, ...options } = /** @type {any} */ (
    peers[peer].server({
      clock: () => Date.now() + ahead,
      busy,
      ready: (/** @type {Promise<unknown>} */ promise) => ready.push(promise),
    })
  );
  const parse = new ParseServer({
    appId: "bench",
    masterKey: "bench-master-key",
    databaseURI,
    serverURL,
    // The same for all: nothing is logged, so that no peer pays for the log.
    silent: true,
    logsFolder: null,
    logLevels: {
      cloudFunctionSuccess: "silent",
      cloudFunctionError: "silent",
      triggerBeforeSuccess: "silent",
      triggerBeforeError: "silent",
      triggerAfter: "silent",
    },
    ...options,
    ...(cloud && { cloud: timed(cloud) }),
  });
  await parse.start();
  times.start = performance.now() - begin;
  app.use("/parse", parse.app);
  await Promise.all(ready);
  times.ready = performance.now() - begin;
  return serverURL;
}

/**
 * Cloud Code, and how long it takes.
 * @param {(Parse: any) => void} cloud
 */
function timed(cloud) {
  return (/** @type {any} */ Parse) => {
    const begin = performance.now();
    cloud(Parse);
    times.cloud = performance.now() - begin;
  };
}

/** While it runs. @type {import("node:inspector").Session | undefined} */
let profiler;

/**
 * Starts V8's profiler, or ends it.
 * @returns {Promise<Record<string, number> | undefined>} at the end, the milliseconds that were spent in each package
 */
async function profile() {
  const session = profiler ?? new Session();
  const post = (/** @type {string} */ method) =>
    new Promise((resolve, reject) =>
      session.post(method, (error, result) =>
        error ? reject(error) : resolve(result),
      ),
    );
  if (!profiler) {
    profiler = session;
    session.connect();
    await post("Profiler.enable");
    await post("Profiler.start");
    return undefined;
  }
  const { profile: found } = /** @type {any} */ (await post("Profiler.stop"));
  session.disconnect();
  profiler = undefined;
  /** @type {Map<number, string>} */
  const owners = new Map();
  for (const { id, callFrame } of found.nodes) {
    owners.set(id, ownerOf(callFrame));
  }
  /** @type {Record<string, number>} */
  const spent = {};
  for (const [i, id] of found.samples.entries()) {
    const owner = owners.get(id) ?? "";
    spent[owner] = (spent[owner] ?? 0) + found.timeDeltas[i] / 1000;
  }
  return spent;
}

/**
 * Whose code a frame is.
 * @param {{url: string, functionName: string}} frame
 */
function ownerOf({ url, functionName }) {
  if (url.startsWith("wasm:")) return "ours: WebAssembly";
  const inside = /.*[/\\]node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)/.exec(
    url,
  );
  if (inside) return `\`${inside[1]}\``;
  if (url.startsWith("node:")) return "Node's own modules";
  if (/[/\\](js|pkg)[/\\]/.test(url)) return "ours: JavaScript";
  // The profiler's own start and stop are no work of the server's.
  if (url === "" && functionName === "dispatch") return "(idle)";
  if (functionName.startsWith("(")) return functionName;
  return url === "" ? "Node's own modules" : "the benchmark";
}
