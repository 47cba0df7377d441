// @ts-check
"use strict";

/**
 * One Parse Server process of an app under test. Parse is a singleton, so every app, and every node of an app that
 * runs on several, has a process of its own; app.js speaks to it over IPC.
 *
 * Time stands still here until the test moves it.
 */

const http = require("node:http");
const express = require("express");
// Its types know neither its classes nor all of its options.
const { ParseServer } = /** @type {any} */ (require("parse-server"));
const { ParseGraphQLServer } = /** @type {any} */ (
  // @ts-expect-error: it has no types at all.
  require("parse-server/lib/GraphQL/ParseGraphQLServer")
);
const twilio = require("twilio");

/**
 * What the app's own handlers, the event hook and the mail adapter were given, in order.
 * @type {{calls: object[], events: object[], mails: object[]}}
 */
const seen = { calls: [], events: [], mails: [] };
let now = 0;

/** @type {Record<string, (argument: any) => any>} */
const orders = {
  start,
  setTime: (to) => {
    now = to;
  },
  seen: (what) => seen[/** @type {"calls"} */ (what)],
};

process.on("message", async (/** @type {any} */ { id, order, argument }) => {
  try {
    const result = await orders[order](argument);
    process.send?.({ id, result });
  } catch (error) {
    // Parse throws strings as well as errors.
    process.send?.({
      id,
      error: String(/** @type {any} */ (error)?.message ?? error),
    });
  }
});
process.once("disconnect", () => process.exit());

/**
 * @param {object} app
 * @param {number} app.now
 * @param {string} app.databaseURI
 * @param {{accountSid: string, authToken: string, url: string}} app.twilio
 * @param {object} app.options options of `parse-two-factor`
 * @param {string[]} app.hooks the app's own handlers to pass along
 * @param {string[]} app.afterwards what the app's cloud code registers after ours
 * @param {any} app.server options of Parse Server
 * @returns {Promise<string>} where it is mounted
 */
async function start(app) {
  now = app.now;
  const server = express();
  // Parse Server's own option reaches only the Express app that `startApp` makes; whoever mounts it sets Express's.
  if (app.server.trustProxy) server.set("trust proxy", app.server.trustProxy);
  const listener = http.createServer(server);
  await new Promise((resolve) =>
    listener.listen(0, "127.0.0.1", () => resolve(undefined)),
  );
  const { port } = /** @type {import("node:net").AddressInfo} */ (
    listener.address()
  );
  const serverURL = `http://127.0.0.1:${port}/parse`;

  /** @type {any} */
  let twoFactor;
  const parse = new ParseServer({
    appId: "tests",
    masterKey: "tests-master-key",
    databaseURI: app.databaseURI,
    serverURL,
    publicServerURL: serverURL,
    appName: "tests",
    allowClientClassCreation: false,
    // To stdout, where app.js reads it: a test may say what must not stand in it.
    logsFolder: null,
    // What our start-up warning asks for: at their defaults these print codes, tokens and the rows of users.
    logLevels: {
      cloudFunctionSuccess: "silent",
      cloudFunctionError: "silent",
      triggerBeforeSuccess: "silent",
      triggerAfter: "silent",
    },
    auth: { house: { module: houseAuthentication } },
    emailAdapter: mailbox,
    ...app.server,
    cloud: (/** @type {any} */ Parse) => {
      twoFactor = require("parse-two-factor")(Parse, {
        clock: () => now,
        sms: twilioClient(app.twilio),
        onEvent: (/** @type {object} */ event) => seen.events.push(event),
        ...Object.fromEntries(
          app.hooks.map((name) => [name, ownHandler(Parse, name)]),
        ),
        ...app.options,
      });
      for (const name of app.afterwards) register(Parse, name);
      Parse.Cloud.define("needsStepUp", async (/** @type {any} */ request) => {
        await twoFactor.requireStepUp(request);
        return "done";
      });
    },
  });
  await parse.start();
  server.use("/parse", parse.app);
  new ParseGraphQLServer(parse, { graphQLPath: "/graphql" }).applyGraphQL(
    server,
  );
  await twoFactor.ready;
  return serverURL;
}

/**
 * The real SDK, its requests led to the stand-in on loopback.
 * @param {{accountSid: string, authToken: string, url: string}} account
 */
function twilioClient({ accountSid, authToken, url }) {
  const httpClient = new twilio.RequestClient();
  const request = httpClient.request.bind(httpClient);
  httpClient.request = (/** @type {any} */ options) =>
    request({
      ...options,
      uri: options.uri.replace("https://api.twilio.com", url),
    });
  return twilio(accountSid, authToken, { httpClient });
}

/**
 * A handler of the app's own, as its author would pass it: it takes note, and turns some users away.
 * @param {any} Parse
 * @param {string} name
 */
function ownHandler(Parse, name) {
  if (name === "require") return requireByStage;
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
 */
async function requireByStage(user) {
  const stage = user.get("stage");
  if (stage === "throws") throw new Error(`no stage for ${user.id}`);
  return stage;
}

/**
 * @param {any} Parse
 * @param {string} name
 */
function register(Parse, name) {
  const handler = async () => {};
  if (name === "beforeLogin") Parse.Cloud.beforeLogin(handler);
  else if (name === "afterLogin") Parse.Cloud.afterLogin(handler);
  else if (name === "beforeSaveUser") Parse.Cloud.beforeSave("_User", handler);
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
  sendMail: async () => {},
};
