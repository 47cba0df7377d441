// @ts-check
"use strict";

const { once } = require("node:events");

/**
 * Has a server listen on loopback, on a port that is free.
 * @param {import("node:net").Server} server
 * @returns {Promise<number>} the port
 */
async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return /** @type {import("node:net").AddressInfo} */ (server.address()).port;
}

module.exports = { listen };
