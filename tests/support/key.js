// @ts-check
"use strict";

const { randomBytes } = require("node:crypto");

/** A new entry of a key ring. */
function newKey(id = "a") {
  return `${id}:${randomBytes(32).toString("base64")}`;
}

module.exports = { newKey };
