// @ts-check
"use strict";

const { randomBytes, randomInt } = require("node:crypto");
const path = require("node:path");
const { startTwilio } = require("../../sandbox/twilio");
const { result } = require("./answers");
const { freshDatabase } = require("./database");
const { startProcess } = require("./process");
const { callParse } = require("./rest");
const { STEP, totp } = require("./totp");

const MASTER = {
  "X-Parse-Master-Key": "tests-master-key",
};

/**
 * @typedef {import("./rest").Answer} Answer
 * @typedef {{id: string, username: string, password: string, phone?: string}} User
 * @typedef {{id: string, method: string, label: string, createdAt: number}} Factor
 * @typedef {{user: User, token: string, secret: string, factor: Factor, recoveryCodes: string[]}} Enrolled
 * @typedef {{sessionToken?: string, master?: boolean, headers?: Record<string, string>, node?: number}} Caller
 * @typedef {Awaited<ReturnType<typeof startApp>>} App
 */

/**
 * A whole app: a database, the stand-in of Twilio, and one or more Parse Server processes with `parse-two-factor`.
 *
 * @param {object} [settings]
 * @param {number} [settings.nodes]
 * @param {object} [settings.options] options of `parse-two-factor`; what cannot cross to another process (`sms`,
 *   `clock`, `onEvent`) is supplied there
 * @param {string[]} [settings.hooks] which of `beforeLogin`, `afterLogin`, `beforeSaveUser` the app passes, and
 *   `require`, which answers what stands in the user's column `stage`
 * @param {boolean} [settings.installed] false for the app without `parse-two-factor`, before it came or after it went
 * @param {string[]} [settings.beforehand] what the app's cloud code registers before it requires ours
 * @param {string[]} [settings.afterwards] what it registers after that
 * @param {object} [settings.server] options of Parse Server
 * @param {string} [settings.own] what the app has of its own that no JSON carries: a name in own-code.js
 * @param {Record<string, string>} [settings.env]
 * @param {string} [settings.databaseURI] the database of an app that is still running, for what the next deployment
 *   finds; without it an empty one
 */
async function startApp({
  nodes = 1,
  options = {},
  hooks = [],
  installed = true,
  beforehand = [],
  afterwards = [],
  server = {},
  own = "",
  env = {},
  databaseURI,
} = {}) {
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

    // On the hour, so that a window aligned to the clock begins with the test, whenever it runs.
    const hour = 3_600_000;
    let now = Math.ceil(Date.now() / hour) * hour;

    const processes = Array.from({ length: nodes }, () => {
      const node = startProcess(path.join(__dirname, "node.js"), {
        execPath: process.env.TEST_NODE,
        env: { TWILLIO_FROM_NUMBER: "+15005550006", ...env },
      });
      stops.push(node.stop);
      return node;
    });
    let alive = processes;
    /** @param {number} ms */
    const advance = async (ms) => {
      now += ms;
      await Promise.all(alive.map((node) => node.order("setTime", now)));
    };
    /** @type {string[]} */
    const urls = [];
    for (const node of processes) {
      urls.push(
        await node.order("start", {
          now,
          databaseURI: database.uri,
          twilio: { ...account, url: twilio.url },
          options,
          hooks,
          installed,
          beforehand,
          afterwards,
          server,
          own,
        }),
      );
    }

    /**
     * @param {string} method
     * @param {string} route below the mount, `/users/me`
     * @param {any} [body] a string goes as it is
     * @param {Record<string, string>} [headers]
     * @param {number} [node]
     * @returns {Promise<Answer>}
     */
    const rest = (method, route, body, headers = {}, node = 0) =>
      callParse(method, urls[node] + route, body, {
        "X-Parse-Application-Id": "tests",
        ...headers,
      });

    /**
     * Like `rest`, for what a test needs done and does not test.
     * @param {string} method
     * @param {string} route
     * @param {any} [body]
     */
    const asMaster = async (method, route, body) => {
      const answer = await rest(method, route, body, MASTER);
      if (answer.status >= 300) {
        throw new Error(
          `${method} ${route}: ${answer.status} ${JSON.stringify(answer.body)}`,
        );
      }
      return answer.body;
    };

    /**
     * @param {string} name
     * @param {any} [params]
     * @param {Caller} [caller]
     */
    const run = (name, params = {}, caller = {}) =>
      rest(
        "POST",
        `/functions/${name}`,
        params,
        {
          ...(caller.sessionToken && {
            "X-Parse-Session-Token": caller.sessionToken,
          }),
          ...(caller.master && MASTER),
          ...caller.headers,
        },
        caller.node,
      );

    const firstNumber = randomInt(2_000_000, 9_000_000);
    let numbers = 0;
    const newNumber = () => `+1415${firstNumber + numbers++}`;

    /**
     * A user with a number, unless `phone_number` is given as undefined, and without a session.
     * @param {Record<string, any>} [columns]
     * @returns {Promise<User>}
     */
    const createUser = async (columns = {}) => {
      const user = {
        username: `user-${randomBytes(6).toString("hex")}`,
        password: `password-${randomBytes(6).toString("hex")}`,
        phone_number: newNumber(),
        ...columns,
      };
      const { objectId } = await asMaster("POST", "/users", user);
      await closeSessions(objectId);
      return {
        id: objectId,
        username: user.username,
        password: user.password,
        phone: user.phone_number,
      };
    };

    /**
     * A user with an authenticator app and, unless one is given, without a number; the step that confirmed it is past.
     * @param {Record<string, any>} [columns]
     * @returns {Promise<Enrolled>}
     */
    const createEnrolled = async (columns = {}) => {
      const user = await createUser({ phone_number: undefined, ...columns });
      const token = await sessionOf(user);
      const caller = { sessionToken: token };
      const method = { method: "totp", password: user.password };
      const { enrollment, secret } = result(
        await run("enrollTwoFactor", method, caller),
      );
      const confirm = { enrollment, code: totp(secret, now) };
      const { factor, recoveryCodes } = result(
        await run("confirmTwoFactor", confirm, caller),
      );
      await advance(STEP);
      return { user, token, secret, factor, recoveryCodes };
    };

    /**
     * @param {string} className
     * @param {object} [where]
     * @returns {Promise<any[]>}
     */
    const rows = async (className, where = {}) =>
      (
        await asMaster(
          "GET",
          `/classes/${className}?limit=10000&where=${encodeURIComponent(JSON.stringify(where))}`,
        )
      ).results;

    /** @param {string} userId */
    const sessions = (userId) =>
      rows("_Session", {
        user: { __type: "Pointer", className: "_User", objectId: userId },
      });

    /** @param {User} user */
    const messagesTo = (user) =>
      twilio.received.filter((message) => message.to === user.phone);

    /**
     * Closes what preparing a test opened, so that every session it finds was opened by what it did.
     * @param {string} userId
     */
    const closeSessions = async (userId) => {
      for (const session of await sessions(userId)) {
        await asMaster("DELETE", `/sessions/${session.objectId}`);
      }
    };

    /**
     * @param {User} user
     * @returns {string} the code in the newest message to the user
     */
    const codeOf = (user) => {
      const body = messagesTo(user)[0]?.body ?? "";
      const code = /^Your 2FA code is (\d{6})(?:\n|$)/.exec(body)?.[1];
      if (code === undefined) {
        throw new Error(
          `the newest message to ${user.username} holds no code: ${JSON.stringify(body)}`,
        );
      }
      return code;
    };

    /**
     * The first call, which must be answered with a challenge.
     * @param {User} user
     * @param {Caller} [caller]
     * @returns {Promise<{challenge: string, code: string}>}
     */
    const begin = async (user, caller) => {
      const { username, password } = user;
      const answer = await run("login", { username, password }, caller);
      if (!answer.body.result?.challenge) {
        throw new Error(`no challenge: ${JSON.stringify(answer)}`);
      }
      return { challenge: answer.body.result.challenge, code: codeOf(user) };
    };

    /**
     * A session from the operator's hand: what a thief of a session has.
     * @param {User} user
     * @returns {Promise<string>}
     */
    const sessionOf = async (user) =>
      (await asMaster("POST", "/loginAs", { userId: user.id })).sessionToken;

    return {
      urls,
      databaseURI: database.uri,
      rest,
      asMaster,
      run,
      createUser,
      createEnrolled,
      newNumber,
      rows,
      sessions,
      closeSessions,
      messages: () => twilio.received,
      messagesTo,
      codeOf,
      begin,
      sessionOf,
      twilio,
      twilioAccount: account,
      /** Everything that stands in the database, as the master key sees it. */
      dump: async () => {
        const { results } = await asMaster("GET", "/schemas");
        /** @type {Record<string, any[]>} */
        const tables = {};
        for (const { className } of results) {
          tables[className] = await rows(className);
        }
        return tables;
      },
      advance,
      now: () => now,
      /**
       * What the app's own `calls` of handlers, `events` or `mails` were, on every node.
       * @param {"calls" | "events" | "mails"} what
       * @returns {Promise<any[]>}
       */
      seen: async (what) =>
        (
          await Promise.all(alive.map((node) => node.order("seen", what)))
        ).flat(),
      /**
       * Ends a node with SIGKILL, amid whatever it does.
       * @param {number} node
       */
      kill: async (node) => {
        alive = alive.filter((other) => other !== processes[node]);
        await processes[node].stop();
      },
      /** All that the processes wrote, Parse Server's log included. */
      log: () => processes.map((node) => node.output()).join(""),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * @param {string} code
 * @param {number} [nth]
 * @returns {string} a code of the same form that is not it; a different one for each of nth = 1 … 999999
 */
function wrongCode(code, nth = 1) {
  return String((Number(code) + nth) % 1_000_000).padStart(6, "0");
}

/**
 * @param {User} user
 * @returns {{username: string, password: string}} what they sign in with
 */
function credentials({ username, password }) {
  return { username, password };
}

module.exports = { startApp, wrongCode, credentials };
