// @ts-check
"use strict";

/** A Parse Server process with cloud code from the documentation, as its reader would have it. */

const http = require("node:http");
const express = require("express");
// Its types know neither its class nor all of its options.
const { ParseServer } = /** @type {any} */ (require("parse-server"));
const { listen } = require("./listen");
const { takeOrders } = require("./process");

/** Handlers that a block may hand over without showing them. */
Object.assign(globalThis, {
  beforeLogin: async () => {},
  afterLogin: async () => {},
  beforeSaveUser: async () => {},
});

takeOrders({ start });

/**
 * @param {object} app
 * @param {string} app.databaseURI
 * @param {string} app.cloud the file of the cloud code
 * @param {object} app.options more options of Parse Server
 * @returns {Promise<string>} where it is mounted; rejected with code that does not load
 */
async function start({ databaseURI, cloud, options }) {
  const app = express();
  const server = http.createServer(app);
  const serverURL = `http://127.0.0.1:${await listen(server)}/parse`;
  const parse = new ParseServer({
    appId: "tests",
    masterKey: "tests-master-key",
    databaseURI,
    serverURL,
    logsFolder: null,
    cloud,
    ...options,
  });
  await parse.start();
  app.use("/parse", parse.app);
  return serverURL;
}
