// @ts-check
"use strict";

const { CLASSES, isLocked } = require("../../../js/parse/classes.js");

/** @type {import("./index.js").RemoteCheck} */
module.exports = async function classes(server) {
  const { results } = await server.request("GET", "/schemas");
  const open = Object.keys(CLASSES).filter(
    (name) =>
      !results.some(
        (/** @type {any} */ schema) =>
          schema.className === name && isLocked(schema),
      ),
  );
  return open.length > 0
    ? [
        "failure",
        `not locked to the master key: ${open.join(", ")}; clients can read or change what sign-ins go by. Restart the server: it locks them at start-up.`,
      ]
    : ["ok", "the state classes are locked to everyone but the master key."];
};
