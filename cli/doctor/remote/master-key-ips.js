// @ts-check
"use strict";

/** @type {import("./index.js").RemoteCheck} */
module.exports = function masterKeyIps(_, { masterKeyIps }) {
  const everyone = ["0.0.0.0/0", "0.0.0.0", "::/0", "::0", "::"];
  const open =
    !masterKeyIps?.length ||
    masterKeyIps.some((/** @type {string} */ ip) => everyone.includes(ip));
  return open
    ? [
        "warning",
        "the master key is taken from any address: who learns it resets every factor; set masterKeyIps to the machines that need it.",
      ]
    : ["ok", `the master key is taken from ${masterKeyIps.join(", ")} only.`];
};
