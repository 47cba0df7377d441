// @ts-check
"use strict";

/**
 * One Parse Server process of an app under test; app.js gives it its orders.
 *
 * Time stands still here until the test moves it.
 */

const http = require("node:http");
const { createRequire } = require("node:module");
const path = require("node:path");
const twilio = require("twilio");
const { requestTo } = require("./sandbox");
const { listen } = require("./listen");
const ownCode = require("./own-code");
const { installed, hasOption } = require("./parse-server");
const { takeOrders } = require("./process");

const { TEST_CLOUD, TEST_DIRECT_ACCESS } = process.env;

/** Of bcrypt, whose cost is an exponent. Parse Server takes 10. */
const LEAST_COST = 4;

const requireOfParse = createRequire(installed.resolve("parse-server"));

// Passwords get bcrypt of the least cost: the tests hash thousands of them, and no promise rests on how long that takes.
for (const name of ["@node-rs/bcrypt", "bcryptjs"]) {
  const bcrypt = requireOfParse(name);
  const { hash } = bcrypt;
  bcrypt.hash = (/** @type {string} */ password) => hash(password, LEAST_COST);
}
// Under its name the oldest exports a function that makes no instance.
const { default: ParseServer } = installed("parse-server");
const { ParseGraphQLServer } = installed(
  "parse-server/lib/GraphQL/ParseGraphQLServer",
);
const { logLevels } = installed(
  "parse-server/lib/Controllers/LoggerController",
);
const express = requireOfParse("express");

/** The level that prints nothing, or the least that there is. */
const quiet = logLevels?.includes("silent") ? "silent" : "silly";

/**
 * What the app's own handlers, the event hook and the mail adapter were given, in order.
 * @type {{calls: object[], events: object[], mails: object[]}}
 */
const seen = { calls: [], events: [], mails: [] };
let now = 0;
/** What Twilio's SDK sends requests with. */
const httpClient = /** @type {any} */ (new twilio.RequestClient());

takeOrders({
  start,
  setTime: (to) => {
    now = to;
  },
  seen: (what) => seen[/** @type {"calls"} */ (what)],
  setSmsTimeout: (milliseconds) => {
    httpClient.defaultTimeout = milliseconds;
  },
});

/**
 * @param {object} app
 * @param {number} app.now
 * @param {string} app.databaseURI
 * @param {{accountSid: string, authToken: string, url: string}} app.twilio
 * @param {object} app.options options of `parse-two-factor`
 * @param {string[]} app.hooks the app's own handlers to pass along
 * @param {boolean} app.installed whether the app's cloud code has our line
 * @param {boolean} app.goesOn whether the host goes on after an error of our line
 * @param {string[]} app.beforehand what the app's cloud code registers before our line
 * @param {string[]} app.afterwards and after it
 * @param {any} app.server options of Parse Server
 * @param {string} app.own what the app has of its own: a name in own-code.js, or none
 * @returns {Promise<string>} where it is mounted
 */
async function start(app) {
  now = app.now;
  const own = ownCode[app.own];
  const server = express();
  // Parse Server's own option reaches only the Express app that `startApp` makes; whoever mounts it sets Express's.
  if (app.server.trustProxy) server.set("trust proxy", app.server.trustProxy);
  own?.serve?.(server);
  const listener = http.createServer(server);
  const serverURL = `http://127.0.0.1:${await listen(listener)}/parse`;

  /** @type {any} */
  let twoFactor;
  const cloud = cloudCode((Parse, parseTwoFactor) => {
    for (const name of app.beforehand) {
      register(Parse, name, ownHandler(Parse, name));
    }
    const ownOptions = own?.cloud?.(Parse);
    if (!app.installed) return;
    const start = app.goesOn ? goingOn(parseTwoFactor) : parseTwoFactor;
    twoFactor = start(Parse, {
      clock: () => now,
      sms: twilioClient(app.twilio),
      onEvent: (/** @type {object} */ event) => seen.events.push(event),
      ...Object.fromEntries(
        app.hooks.map((name) => [name, ownHandler(Parse, name)]),
      ),
      ...app.options,
      ...ownOptions,
    });
    for (const name of app.afterwards) {
      register(Parse, name, ownHandler(Parse, name));
    }
    Parse.Cloud.define("needsStepUp", async (/** @type {any} */ request) => {
      await twoFactor.requireStepUp(request);
      return "done";
    });
  });
  const options = {
    appId: "tests",
    masterKey: "tests-master-key",
    databaseURI: app.databaseURI,
    serverURL,
    publicServerURL: serverURL,
    appName: "tests",
    allowClientClassCreation: false,
    // To stdout, where app.js reads it: a test may say what must not stand in it.
    logsFolder: null,
    // What our start-up warning asks for: by default Parse Server prints codes, tokens and the rows of users.
    ...(hasOption("logLevels")
      ? {
          logLevels: {
            cloudFunctionSuccess: quiet,
            cloudFunctionError: quiet,
            triggerBeforeSuccess: quiet,
            triggerBeforeError: quiet,
            triggerAfter: quiet,
          },
        }
      : { logLevel: "warn" }),
    auth: { house: { module: houseAuthentication } },
    emailAdapter: mailbox,
    ...(TEST_DIRECT_ACCESS && { directAccess: TEST_DIRECT_ACCESS === "on" }),
    ...app.server,
    ...own?.server,
    cloud,
  };
  const parse = await startParseServer(options, server);
  new ParseGraphQLServer(parse, { graphQLPath: "/graphql" }).applyGraphQL(
    server,
  );
  await twoFactor?.ready;
  return serverURL;
}

/**
 * The line of ours as on a host that goes on after an error in Cloud Code.
 * @param {(...args: any[]) => unknown} parseTwoFactor
 */
function goingOn(parseTwoFactor) {
  return (/** @type {any[]} */ ...args) => {
    try {
      return parseTwoFactor(...args);
    } catch {
      return undefined;
    }
  };
}

/**
 * What the option `cloud` gets: the Cloud Code in the form that is asked for.
 * @param {(Parse: any, parseTwoFactor: any) => void} code
 * @returns {((Parse: any) => void) | string}
 */
function cloudCode(code) {
  if (!TEST_CLOUD || TEST_CLOUD === "function") {
    return (Parse) => code(Parse, require("parse-two-factor"));
  }
  // The files find Parse and parse-two-factor by themselves, as an app's do, and call it with them.
  Object.assign(globalThis, { cloudCode: code });
  if (TEST_CLOUD === "path") return path.join(__dirname, "cloud", "main.js");
  // What npm tells the scripts of a package that is a module.
  process.env.npm_package_type = "module";
  return path.join(__dirname, "cloud", "main.mjs");
}

/**
 * Starts Parse Server, mounted at `/parse`.
 * @param {any} options
 * @param {import("express").Express} server
 */
async function startParseServer(options, server) {
  if (ParseServer.startApp) {
    const parse = new ParseServer(options);
    await parse.start();
    server.use("/parse", parse.app);
    return parse;
  }
  // Parse Server 5 starts as it is made. It calls itself to make the classes that it was given, so it is mounted before that.
  /** @type {any} */
  let parse;
  await new Promise((resolve, reject) => {
    parse = new ParseServer({
      ...options,
      serverStartComplete: (/** @type {any} */ error) =>
        error ? reject(error) : resolve(undefined),
    });
    server.use("/parse", parse.app);
  });
  return parse;
}

/**
 * The real SDK, its requests led to the stand-in on loopback.
 * @param {{accountSid: string, authToken: string, url: string}} account
 */
function twilioClient({ accountSid, authToken, url }) {
  httpClient.request = requestTo(url);
  return twilio(accountSid, authToken, { httpClient });
}

/**
 * A handler of the app's own, as its author would pass it: it takes note, and turns some users away.
 * @param {any} Parse
 * @param {string} name
 */
function ownHandler(Parse, name) {
  if (name === "require") return /** @type {any} */ (requireByStage);
  return async (/** @type {any} */ request) => {
    const username = request.object?.get("username");
    seen.calls.push({ name, userId: request.object?.id, username });
    if (name === "beforeLogin" && username?.startsWith("unwelcome")) {
      throw new Parse.Error(1234, "The house does not let you in");
    }
  };
}

/**
 * A roll-out by a column of the app's own.
 * @param {any} user
 * @param {import("../../js/types.js").Circumstances} circumstances
 */
async function requireByStage(user, { route }) {
  seen.calls.push({ name: "require", userId: user.id, route });
  const stage = user.get("stage");
  if (stage === "throws") throw new Error(`no stage for ${user.id}`);
  return stage;
}

/**
 * @param {any} Parse
 * @param {string} name
 * @param {(request: any) => unknown} handler
 */
function register(Parse, name, handler) {
  if (name === "beforeLogin") Parse.Cloud.beforeLogin(handler);
  else if (name === "afterLogin") Parse.Cloud.afterLogin(handler);
  else if (name === "beforeSaveUser") Parse.Cloud.beforeSave("_User", handler);
  else if (name === "afterSaveUser") Parse.Cloud.afterSave("_User", handler);
  else if (name === "beforeDeleteUser")
    Parse.Cloud.beforeDelete("_User", handler);
  else if (name === "beforeSave(Parse.User)")
    Parse.Cloud.beforeSave(Parse.User, handler);
  else Parse.Cloud.define(name, handler);
}

/** A provider that takes anybody's word, the way into an account without its password. */
const houseAuthentication = {
  validateAuthData: async () => ({}),
  validateAppId: async () => {},
};

const mailbox = {
  sendVerificationEmail: async (/** @type {any} */ mail) => {
    seen.mails.push({ link: mail.link });
  },
  sendPasswordResetEmail: async (/** @type {any} */ mail) => {
    seen.mails.push({ link: mail.link });
  },
  sendMail: async (/** @type {any} */ mail) => {
    if (mail.to.startsWith("down")) throw new Error(`no route to ${mail.to}`);
    seen.mails.push(mail);
  },
};
