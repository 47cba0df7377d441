// @ts-check
"use strict";

/** @type {import("./index.js").RemoteCheck} */
module.exports = function liveQuery(_, { liveQuery }) {
  if (liveQuery === null) {
    return ["skipped", "this Parse Server does not show it."];
  }
  return liveQuery
    ? [
        "failure",
        "LiveQuery covers TwoFactorAccount: calls that need a second factor are refused (4022). Name the app's own classes in liveQuery.classNames, or all but ours: '(?!TwoFactor).*'.",
      ]
    : ["ok", "LiveQuery keeps its hands off the state classes."];
};
