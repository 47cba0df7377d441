// @ts-check
"use strict";

/** How far the clocks may be apart before codes of authenticator apps become a matter of luck. */
const CLOCKS_APART_MILLISECONDS = 20_000;

/** @type {import("./index.js").RemoteCheck} */
module.exports = function clock(_, { now }) {
  const apart = Math.abs(now - Date.now());
  return apart > CLOCKS_APART_MILLISECONDS
    ? [
        "warning",
        `the server's clock and this machine's are ${Math.round(apart / 1000)} s apart: codes of authenticator apps go by the time, so set the one that is wrong.`,
      ]
    : ["ok", "the server's clock agrees with this machine's."];
};
