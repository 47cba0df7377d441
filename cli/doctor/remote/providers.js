// @ts-check
"use strict";

const {
  keptOut,
  numberBesideProvider,
  REPLAYED,
  UNASKED,
} = require("../../../js/health.js");
const { DEFAULTS } = require("../../../js/parse/columns.js");

/** @type {import("../finding.js").Finding} */
const NOBODY = ["ok", "no user with a number is linked to a provider."];

/** @type {import("./index.js").RemoteCheck} */
module.exports = async function providers(server, health) {
  const { providers, require, federated = "refuse" } = health;
  const { phoneNumber } = health.columns ?? DEFAULTS;
  if (!providers) return ["skipped", "this Parse Server does not show them."];
  const where = numberBesideProvider(providers, phoneNumber);
  if (!where) return ["ok", "no provider's word is a first factor."];
  if (federated !== "refuse" && !health.providerSignIn) {
    return ["failure", UNASKED];
  }
  if (federated !== "refuse" && !health.asksProviders) {
    return ["warning", REPLAYED];
  }
  if (federated === "trust") {
    return [
      "ok",
      "federated is 'trust': a provider's word opens a session, and nobody tells whether the provider asked for a second factor.",
    ];
  }
  if (require === "nobody") {
    return ["ok", "require is 'nobody': a number keeps nobody out."];
  }
  // A database that has no such column answers a query for it with an error of its own.
  const { fields } = await server.request("GET", "/schemas/_User");
  if (!fields[phoneNumber]) return NOBODY;
  const { count } = await server.request("GET", "/users", {
    query: { where, count: 1, limit: 0 },
  });
  if (count === 0) return NOBODY;
  return ["warning", keptOut(count, federated, phoneNumber)];
};
