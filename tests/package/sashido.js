// @ts-check
"use strict";

/**
 * What SashiDo does with a customer's repository: runs Parse Server with its `cloud/main.js`, mounts it at `/1`, and
 * mounts the Express app that the file exports. The settings of the dashboard stand in the environment.
 */

const http = require("node:http");
const { createRequire } = require("node:module");
const path = require("node:path");
const express = require("express");
const { ParseServer } = /** @type {any} */ (require("parse-server"));
const { requestTo } = require("../../sandbox/twilio");
const { listen } = require("../support/listen");
const { takeOrders } = require("../support/process");

takeOrders({ start });

/**
 * @param {object} app
 * @param {string} app.repository its folder
 * @param {string} app.databaseURI
 * @param {string} app.twilioUrl the stand-in, to which Twilio's SDK in the repository is led; nothing in there knows
 * @returns {Promise<string>} the app's address
 */
async function start({ repository, databaseURI, twilioUrl }) {
  const main = path.join(repository, "cloud", "main.js");
  const { prototype } = createRequire(main)("twilio").RequestClient;
  prototype.request = requestTo(twilioUrl, prototype.request);

  const app = express();
  const url = `http://127.0.0.1:${await listen(http.createServer(app))}`;
  const parse = new ParseServer({
    appId: "sashido",
    masterKey: "sashido-master-key",
    restAPIKey: "sashido-rest-key",
    javascriptKey: "sashido-javascript-key",
    databaseURI,
    serverURL: `${url}/1`,
    cloud: main,
    logsFolder: null,
  });
  await parse.start();
  app.use("/1", parse.app);
  app.use(require(main).app);
  return url;
}
