// @ts-check
"use strict";

/**
 * What SashiDo does with a customer's repository: runs Parse Server with its `cloud/main.js`, mounts it at `/1`, and mounts the Express
 * app that the file exports. `sashido.js REPOSITORY`, with the settings of a dashboard in the environment; it sends its address.
 *
 * Twilio's SDK in the repository is led to the stand-in at TWILIO_STAND_IN; nothing in the repository knows.
 */

const http = require("node:http");
const { createRequire } = require("node:module");
const path = require("node:path");
const express = require("express");
const { ParseServer } = /** @type {any} */ (require("parse-server"));

const repository = process.argv[2];
const main = path.join(repository, "cloud", "main.js");
const standIn = process.env.TWILIO_STAND_IN;

const { RequestClient } = createRequire(main)("twilio");
const { request } = RequestClient.prototype;
RequestClient.prototype.request = function (/** @type {any} */ options) {
  const uri = options.uri.replace("https://api.twilio.com", standIn);
  return request.call(this, { ...options, uri });
};

async function start() {
  const app = express();
  const server = http.createServer(app);
  await new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve(undefined)),
  );
  const { port } = /** @type {import("node:net").AddressInfo} */ (
    server.address()
  );
  const url = `http://127.0.0.1:${port}`;
  const parse = new ParseServer({
    appId: "sashido",
    masterKey: "sashido-master-key",
    restAPIKey: "sashido-rest-key",
    javascriptKey: "sashido-javascript-key",
    databaseURI: process.env.PARSE_SERVER_DATABASE_URI,
    serverURL: `${url}/1`,
    cloud: main,
    logsFolder: null,
  });
  await parse.start();
  app.use("/1", parse.app);
  app.use(require(main).app);
  process.send?.({ url });
}

process.once("disconnect", () => process.exit());
start().catch((error) => {
  console.error(error);
  process.exit(1);
});
