// @ts-check
"use strict";

const { withTimeout } = require("../timeout.js");

/** @type {import("./index.js").Perform<"recordEvent">} */
async function recordEvent({ environment: { rest, onEvent } }, { event }) {
  await Promise.all([
    rest("POST", "classes/TwoFactorEvent", event),
    withTimeout((async () => onEvent?.(event))()),
  ]);
  return "done";
}

module.exports = { recordEvent };
