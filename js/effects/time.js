// @ts-check
"use strict";

/** @type {import("./index.js").Perform<"wait">} */
async function wait(_, { milliseconds }) {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return "done";
}

module.exports = { wait };
