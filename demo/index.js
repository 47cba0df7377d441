// @ts-check
"use strict";

/**
 * The app on one's own machine. SashiDo runs Parse Server itself and has no use for this file. All settings come from
 * the environment.
 */

const http = require("node:http");
const path = require("node:path");
const express = require("express");

// Merely to be required, Parse Server makes a folder for log files, before it sees the options below.
process.env.PARSE_SERVER_LOGS_FOLDER ??= "null";
// Its types know neither its class nor all of its options.
const { ParseServer } = /** @type {any} */ (require("parse-server"));

const LOOPBACK = ["127.0.0.1", "::1"];

/**
 * @typedef {object} App
 * @property {import("express").Express} app
 * @property {string} url
 * @property {string} applicationId
 * @property {string} masterKey
 * @property {() => Promise<void>} stop
 */

/** PostgreSQL's answer when two processes create the same thing at once. */
const UNIQUE_VIOLATION = "23505";

/**
 * Parse Server creates its tables with `IF NOT EXISTS`, which two processes on an empty database can both pass; the one that loses
 * finds them there the next time.
 * @param {any} parse
 */
async function startParse(parse) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await parse.start();
      // Where it loses that race unseen, it skips the making of its SQL functions as well, and says so on the console alone.
      const { adapter } = parse.config.databaseController;
      await adapter.performInitialization({ VolatileClassesSchemas: [] });
      return;
    } catch (error) {
      const { code } = /** @type {{ code?: string }} */ (error);
      if (code !== UNIQUE_VIOLATION || attempt === 10) throw error;
    }
  }
}

/**
 * @param {object} [more] options of Parse Server
 * @returns {Promise<App>}
 */
async function start(more) {
  const { env } = process;
  const port = Number(env.PORT || 1337);
  const applicationId = env.PARSE_SERVER_APPLICATION_ID || "demo";
  const masterKey = env.PARSE_SERVER_MASTER_KEY || "demo-master-key";

  const app = express();
  app.disable("x-powered-by");

  const parse = new ParseServer({
    appId: applicationId,
    masterKey,
    masterKeyIps: LOOPBACK,
    databaseURI: env.PARSE_SERVER_DATABASE_URI,
    serverURL: `http://localhost:${port}/parse`,
    cloud: path.join(__dirname, "cloud", "main.js"),
    allowClientClassCreation: false,

    // Parse Server logs the parameters and results of Cloud functions, codes and session tokens among them, and the
    // whole user when a trigger refuses.
    logLevels: {
      cloudFunctionSuccess: "silent",
      cloudFunctionError: "silent",
      triggerBeforeError: "silent",
    },
    logLevel: "warn",
    logsFolder: null,
    verbose: false,

    // What Parse Server has announced as its next defaults; it warns about each that is left unset.
    allowAggregationForReadOnlyMasterKey: false,
    fileUpload: { allowedFileUrlDomains: [] },
    installation: { duplicateDeviceTokenActionEnforceAuth: true },
    pages: { encodePageParamHeaders: true },
    protectedFieldsOwnerExempt: false,
    protectedFieldsSaveResponseExempt: false,
    protectedFieldsTriggerExempt: true,
    readOnlyMasterKeyIps: LOOPBACK,
    requestComplexity: {
      batchRequestLimit: 100,
      graphQLDepth: 20,
      graphQLFields: 200,
      includeCount: 100,
      includeDepth: 10,
      queryDepth: 10,
      subqueryDepth: 10,
    },
    ...more,
  });
  await startParse(parse);
  app.use("/parse", parse.app);
  app.use(require("./cloud/main.js").app);

  // `localhost` is 127.0.0.1 here and ::1 there: the demo answers on both, and on nothing that others can reach.
  /** @type {http.Server[]} */
  const servers = [];
  for (const host of env.HOST ? [env.HOST] : LOOPBACK) {
    try {
      servers.push(await listen(app, port, host));
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      const noIpv6 = code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT";
      if (servers.length > 0 && noIpv6) continue;
      throw error;
    }
  }

  return {
    app,
    url: `http://localhost:${port}`,
    applicationId,
    masterKey,
    async stop() {
      // Parse Server closes the HTTP server that it would have opened itself, and its database.
      const [first, ...rest] = servers;
      parse.server = first;
      for (const server of rest) server.close();
      for (const server of servers) server.closeIdleConnections();
      // A request that never ends must not hold the process.
      const close = () => servers.forEach((one) => one.closeAllConnections());
      setTimeout(close, 3000).unref();
      await parse.handleShutdown();
    },
  };
}

/**
 * @param {express.Express} app
 * @param {number} port
 * @param {string} host
 * @returns {Promise<http.Server>}
 */
function listen(app, port, host) {
  return new Promise((resolve, reject) => {
    const server = http.createServer(app);
    server.once("error", reject);
    server.listen(port, host, () => resolve(server));
  });
}

if (require.main === module) {
  start().then(({ url }) => console.log(`ready at ${url}`));
}

module.exports = { start };
