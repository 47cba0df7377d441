// @ts-check
"use strict";

const {
  isForEveryone,
  keptOut,
  refusedByProvider,
  REPLAYED,
  UNASKED,
} = require("../../../js/health.js");
const { DEFAULTS } = require("../../../js/parse/columns.js");

/** @type {import("./index.js").RemoteCheck} */
module.exports = async function providers(server, health) {
  const { providers, require, federated = "refuse" } = health;
  const { phoneNumber: column } = health.columns ?? DEFAULTS;
  const rules = { require, federated, column };
  if (!providers) return ["skipped", "this Parse Server does not show them."];
  const where = refusedByProvider(providers, rules);
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
  const all = isForEveryone(require);
  // A database that has no such column answers a query for it with an error of its own.
  const { count } =
    all || (await server.request("GET", "/schemas/_User")).fields[column]
      ? await server.request("GET", "/users", {
          query: { where, count: 1, limit: 0 },
        })
      : { count: 0 };
  if (count > 0) return ["warning", keptOut(count, rules)];
  const nobody = all ? "no user" : "no user with a number";
  return ["ok", `${nobody} is linked to a provider.`];
};
