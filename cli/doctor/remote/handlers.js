// @ts-check
"use strict";

/** @type {import("./index.js").RemoteCheck} */
module.exports = function handlers(_, { replaced }) {
  if (!replaced) {
    return ["skipped", "this Parse Server does not show its handlers."];
  }
  return replaced.length > 0
    ? [
        "failure",
        `another handler stands in place of ours: ${replaced.join(", ")}; it may let users in without a second factor. Remove it (a webhook too, see GET /hooks/functions and /hooks/triggers), or hand it over as an option.`,
      ]
    : ["ok", "our Cloud functions and triggers are the registered ones."];
};
