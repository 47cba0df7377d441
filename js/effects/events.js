// @ts-check
"use strict";

const { forDashboard } = require("../parse/dashboard-columns.js");
const { withTimeout } = require("../timeout.js");

/**
 * The app's `onEvent` gets the entry alone: by the hash of a session and the claim's nonce nobody but us finds anything.
 * @type {import("./index.js").Perform<"recordEvent">}
 */
async function recordEvent(
  { environment: { rest, retention, onEvent } },
  { event, opened },
) {
  await Promise.all([
    rest("POST", "classes/TwoFactorEvent", {
      ...event,
      ...opened,
      ...forDashboard(event),
    }),
    withTimeout((async () => onEvent?.(event))()),
    retention.entryAdded(),
  ]);
  return "done";
}

/** @type {import("./index.js").Perform<"findSignIn">} */
async function findSignIn({ environment: { rest } }, { user, session, since }) {
  const { results } = await rest("GET", "classes/TwoFactorEvent", {
    where: { user, session, at: { $gte: since } },
    keys: "claim",
    limit: 1,
  });
  const claim = results[0]?.claim;
  return claim ? { claimed: claim } : "missing";
}

module.exports = { findSignIn, recordEvent };
