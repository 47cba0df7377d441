// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes, randomInt } = require("node:crypto");
const path = require("node:path");
const { freshDatabase } = require("./database");
const { startProcess } = require("./process");
const { callParse } = require("./rest");
const { startTwilio } = require("./sandbox");
const { NewUser } = require("./user");

const MASTER = {
  "X-Parse-Master-Key": "tests-master-key",
};

/**
 * @typedef {import("./rest").Answer} Answer
 * @typedef {import("./process").Process} Process
 * @typedef {{sessionToken?: string, master?: boolean, headers?: Record<string, string>, node?: number}} Caller
 *
 * @typedef {object} Settings
 * @property {number} [nodes]
 * @property {object} [options] options of `parse-two-factor`; what cannot cross to another process (`sms`, `clock`,
 *   `onEvent`) is supplied there
 * @property {string[]} [hooks] which of `beforeLogin`, `afterLogin`, `beforeSaveUser`, `afterSaveUser` the app passes, and `require`,
 *   which answers what stands in the user's column `stage`
 * @property {boolean} [installed] false for the app without `parse-two-factor`, before it came or after it went
 * @property {boolean} [goesOn] whether the host goes on after an error of our line
 * @property {string[]} [beforehand] what the app's cloud code registers before it requires ours
 * @property {string[]} [afterwards] what it registers after that
 * @property {object} [server] options of Parse Server
 * @property {string} [own] what the app has of its own that no JSON carries: a name in own-code.js
 * @property {Record<string, string>} [env]
 * @property {string} [databaseURI] the database of an app that is still running, for what the next deployment finds;
 *   without it an empty one
 */

/**
 * Starts a whole app: a database, the stand-in of Twilio, and one or more Parse Server processes with
 * `parse-two-factor`.
 * @param {Settings} [settings]
 */
async function startApp({ nodes = 1, env = {}, databaseURI, ...rest } = {}) {
  /** @type {(() => Promise<void>)[]} */
  const stops = [];
  const stop = async () => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    const database = databaseURI
      ? { uri: databaseURI, stop: async () => {} }
      : await freshDatabase();
    stops.push(database.stop);

    const account = {
      accountSid: `AC${randomBytes(16).toString("hex")}`,
      authToken: randomBytes(16).toString("hex"),
    };
    const twilio = await startTwilio(account);
    stops.push(async () => twilio.stop());

    const processes = Array.from({ length: nodes }, () => {
      const node = startProcess(path.join(__dirname, "node.js"), {
        execPath: process.env.TEST_NODE,
        env: { TWILLIO_FROM_NUMBER: "+15005550006", ...env },
      });
      stops.push(node.stop);
      return node;
    });

    // On the hour, so that a window aligned to the clock begins with the test, whenever it runs.
    const hour = 3_600_000;
    const now = Math.ceil(Date.now() / hour) * hour;
    /** @type {{ options: any, [more: string]: any }} */
    const settings = {
      now,
      databaseURI: database.uri,
      twilio: { ...account, url: twilio.url },
      options: {},
      hooks: [],
      installed: true,
      goesOn: false,
      beforehand: [],
      afterwards: [],
      server: {},
      own: "",
      ...rest,
    };
    /** @type {string[]} */
    const urls = [];
    for (const node of processes) {
      urls.push(await node.order("start", settings));
    }
    return new App({
      urls,
      processes,
      databaseURI: database.uri,
      twilio,
      twilioAccount: account,
      numberColumn: settings.options.columns?.phoneNumber ?? "phone_number",
      now,
      stop,
    });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A running app, as its clients and its operator see it. */
class App {
  #processes;
  #alive;
  #now;
  #numbers = randomInt(2_000_000, 9_000_000);

  /**
   * @param {object} parts
   * @param {string[]} parts.urls where each node is mounted
   * @param {Process[]} parts.processes
   * @param {string} parts.databaseURI
   * @param {import("./sandbox").Twilio} parts.twilio
   * @param {{accountSid: string, authToken: string}} parts.twilioAccount
   * @param {string} parts.numberColumn where the app looks for a number
   * @param {number} parts.now
   * @param {() => Promise<void>} parts.stop
   */
  constructor(parts) {
    this.urls = parts.urls;
    this.databaseURI = parts.databaseURI;
    this.twilio = parts.twilio;
    this.twilioAccount = parts.twilioAccount;
    this.numberColumn = parts.numberColumn;
    this.stop = parts.stop;
    this.#processes = parts.processes;
    this.#alive = parts.processes;
    this.#now = parts.now;
  }

  // Requests.

  /**
   * @param {string} method
   * @param {string} route below the mount, `/users/me`
   * @param {any} [body] a string goes as it is
   * @param {Record<string, string>} [headers]
   * @param {number} [node]
   * @returns {Promise<Answer>}
   */
  rest(method, route, body, headers = {}, node = 0) {
    return callParse(method, this.urls[node] + route, body, {
      "X-Parse-Application-Id": "tests",
      ...headers,
    });
  }

  /**
   * Like `rest`, for what a test needs done and does not test.
   * @param {string} method
   * @param {string} route
   * @param {any} [body]
   */
  async asMaster(method, route, body) {
    const answer = await this.rest(method, route, body, MASTER);
    if (answer.status >= 300) {
      throw new Error(
        `${method} ${route}: ${answer.status} ${JSON.stringify(answer.body)}`,
      );
    }
    return answer.body;
  }

  /**
   * Calls a Cloud function, whatever it answers.
   * @param {string} name
   * @param {any} [params]
   * @param {Caller} [caller]
   */
  run(name, params = {}, { sessionToken, master, headers, node } = {}) {
    const all = {
      ...(sessionToken && { "X-Parse-Session-Token": sessionToken }),
      ...(master && MASTER),
      ...headers,
    };
    return this.rest("POST", `/functions/${name}`, params, all, node);
  }

  // Users.

  /** A user to be made, with these columns beside a name and a password. @param {Record<string, any>} [columns] */
  user(columns = {}) {
    return new NewUser(this, columns);
  }

  newNumber() {
    return `+1415${this.#numbers++}`;
  }

  /** Messages that were sent, newest first. */
  messages() {
    return this.twilio.received;
  }

  /** @param {string} userId */
  sessions(userId) {
    return this.rows("_Session", {
      user: { __type: "Pointer", className: "_User", objectId: userId },
    });
  }

  /**
   * Closes what preparing a test opened, so that every session it finds was opened by what it did.
   * @param {string} userId
   */
  async closeSessions(userId) {
    for (const session of await this.sessions(userId)) {
      await this.asMaster("DELETE", `/sessions/${session.objectId}`);
    }
  }

  // The database.

  /**
   * @param {string} className
   * @param {object} [where]
   * @returns {Promise<any[]>}
   */
  async rows(className, where = {}) {
    const query = encodeURIComponent(JSON.stringify(where));
    const route = `/classes/${className}?limit=10000&where=${query}`;
    return (await this.asMaster("GET", route)).results;
  }

  /** Everything that stands in the database, as the master key sees it. */
  async dump() {
    const { results } = await this.asMaster("GET", "/schemas");
    /** @type {Record<string, any[]>} */
    const tables = {};
    for (const { className } of results) {
      tables[className] = await this.rows(className);
    }
    return tables;
  }

  // The processes.

  now() {
    return this.#now;
  }

  /** @param {number} milliseconds */
  async advance(milliseconds) {
    this.#now += milliseconds;
    await this.#order("setTime", this.#now);
  }

  /**
   * What the app's own `calls` of handlers, `events` or `mails` were, on every node.
   * @param {"calls" | "events" | "mails"} what
   * @returns {Promise<any[]>}
   */
  async seen(what) {
    return (await this.#order("seen", what)).flat();
  }

  /**
   * How many milliseconds the app's Twilio client waits for an answer; undefined: as long as by default.
   * @param {number} [milliseconds]
   */
  async setSmsTimeout(milliseconds) {
    await this.#order("setSmsTimeout", milliseconds);
  }

  /**
   * @param {string} order
   * @param {any} argument
   */
  #order(order, argument) {
    return Promise.all(this.#alive.map((node) => node.order(order, argument)));
  }

  /**
   * Ends a node with SIGKILL, amid whatever it does.
   * @param {number} node
   */
  async kill(node) {
    const killed = this.#processes[node];
    this.#alive = this.#alive.filter((other) => other !== killed);
    await killed.stop();
  }

  /** All that the processes wrote, Parse Server's log included. */
  log() {
    return this.#processes.map((node) => node.output()).join("");
  }
}

/**
 * Why an app does not start.
 * @param {Settings} settings
 */
async function whyNot(settings) {
  /** @type {unknown} */
  let failure;
  try {
    const app = await startApp(settings);
    await app.stop();
  } catch (error) {
    failure = error;
  }
  assert.ok(failure instanceof Error, "it started");
  return failure.message;
}

exports.App = App;
exports.startApp = startApp;
exports.whyNot = whyNot;
