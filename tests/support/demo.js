// @ts-check
"use strict";

const { spawn } = require("node:child_process");
const { randomInt } = require("node:crypto");
const fs = require("node:fs/promises");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");
const { environment } = require("./process");
const { callParse } = require("./rest");

const START = path.join(__dirname, "..", "..", "sandbox", "start.js");

/**
 * The demo as `npm start` runs it, on a free port, with a temporary folder of its own to look for remains in.
 *
 * @param {Record<string, string>} [settings] environment variables
 */
async function startDemo(settings = {}) {
  const port = settings.PORT ?? String(await freePort());
  const temporary = await fs.mkdtemp(path.join(os.tmpdir(), "demo-test-"));
  // The database may run as another user, who has to get through.
  await fs.chmod(temporary, 0o711);

  const child = spawn(process.execPath, [START], {
    env: { ...environment(), TMPDIR: temporary, ...settings, PORT: port },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const ready = new Promise((resolve) => {
    child.stdout.on("data", (chunk) => {
      output += chunk;
      if (/^ready/m.test(output)) resolve(true);
    });
    child.stderr.on("data", (chunk) => (output += chunk));
    child.once("close", () => resolve(false));
  });
  /** @type {Promise<number | string>} */
  const ended = new Promise((resolve) =>
    child.once("close", (code, signal) => resolve(code ?? signal ?? "")),
  );

  const url = `http://localhost:${port}`;
  const id = settings.PARSE_SERVER_APPLICATION_ID ?? "demo";
  const key = settings.PARSE_SERVER_MASTER_KEY ?? "demo-master-key";

  /**
   * @param {string} method
   * @param {string} route
   * @param {object} [body]
   * @param {Record<string, string>} [headers]
   */
  const rest = (method, route, body, headers = {}) =>
    callParse(method, `${url}/parse${route}`, body, {
      "X-Parse-Application-Id": id,
      ...headers,
    });
  const asMaster = { "X-Parse-Master-Key": key };

  /** @param {"messages" | "mail"} what it received, newest first */
  const received = (what) => async (/** @type {string | undefined} */ to) => {
    const query = to === undefined ? "" : `?to=${encodeURIComponent(to)}`;
    const response = await fetch(`${url}/demo/${what}${query}`);
    return /** @type {any[]} */ (await response.json());
  };

  return {
    url,
    /** Whether it serves; false when it ended instead. */
    ready,
    /** With which code or by which signal it ended. */
    ended,
    output: () => output,
    rest,

    /** @param {object} params of `login` */
    login: (params) => rest("POST", "/functions/login", params),

    /** @param {Record<string, string>} columns */
    createUser: async (columns) => {
      const { status, body } = await rest("POST", "/users", columns, asMaster);
      if (status !== 201) throw new Error(JSON.stringify(body));
    },

    /**
     * @param {string} route
     * @param {Record<string, string>} [query]
     * @returns {Promise<any>}
     */
    asMaster: async (route, query = {}) =>
      (
        await rest(
          "GET",
          `${route}?${new URLSearchParams(query)}`,
          undefined,
          asMaster,
        )
      ).body,

    messages: received("messages"),
    mails: received("mail"),

    /** The process ids of the embedded databases it runs. */
    databases: async () => {
      /** @type {number[]} */
      const ids = [];
      for (const folder of await fs.readdir(temporary)) {
        const file = path.join(temporary, folder, "data", "postmaster.pid");
        const text = await fs.readFile(file, "utf8").catch(() => "");
        if (text) ids.push(Number(text.split("\n")[0]));
      }
      return ids;
    },

    /** What it left in its temporary folder. */
    remains: () => fs.readdir(temporary),

    /** @param {NodeJS.Signals} signal */
    signal: (signal) => child.kill(signal),

    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      await fs.rm(temporary, { recursive: true, force: true });
    },
  };
}

/**
 * A port that nobody listens on, below those that systems hand out to outgoing connections: one of these may be taken
 * again before the demo gets to it.
 * @returns {Promise<number>}
 */
async function freePort() {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(10_000, 32_000);
    const free = await Promise.all(
      ["127.0.0.1", "::1"].map((host) => isFree(port, host)),
    );
    if (free.every(Boolean)) return port;
  }
  throw new Error("no free port found");
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
function isFree(port, host) {
  return new Promise((resolve) => {
    const server = net.createServer();
    // A machine without IPv6 has no such address, and nobody on it.
    server.once("error", (/** @type {NodeJS.ErrnoException} */ { code }) =>
      resolve(code !== "EADDRINUSE"),
    );
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

module.exports = { startDemo };
