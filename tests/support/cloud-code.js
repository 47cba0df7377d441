// @ts-check
"use strict";

/**
 * A Parse Server process with cloud code from the documentation, as its reader would have it. It tells where it is
 * mounted; with code that does not load it ends, and its stderr says why.
 */

const http = require("node:http");
const express = require("express");
// Its types know neither its class nor all of its options.
const { ParseServer } = /** @type {any} */ (require("parse-server"));

process.once("disconnect", () => process.exit());

/** Handlers that a block may hand over without showing them. */
Object.assign(globalThis, {
  beforeLogin: async () => {},
  afterLogin: async () => {},
  beforeSaveUser: async () => {},
});

process.once(
  "message",
  async (/** @type {any} */ { databaseURI, cloud, options }) => {
    const app = express();
    const server = http.createServer(app);
    await new Promise((resolve) =>
      server.listen(0, "127.0.0.1", () => resolve(undefined)),
    );
    const { port } = /** @type {import("node:net").AddressInfo} */ (
      server.address()
    );
    const serverURL = `http://127.0.0.1:${port}/parse`;
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
    process.send?.({ serverURL });
  },
);
