// @ts-check
"use strict";

const { BlockList } = require("node:net");

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

/**
 * Lets this machine through and nobody else.
 * @param {import("express").Request} request
 * @param {import("express").Response} response
 * @param {() => void} next
 */
function onlyHere(request, response, next) {
  // The socket's address: a header can claim anything.
  const { remoteAddress = "", remoteFamily } = request.socket;
  const family = remoteFamily === "IPv6" ? "ipv6" : "ipv4";
  if (loopback.check(remoteAddress, family)) return next();
  response.status(403).json({ error: "Only from this machine" });
}

module.exports = { onlyHere };
