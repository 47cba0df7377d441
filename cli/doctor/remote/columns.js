// @ts-check
"use strict";

const { faultOf, renamed } = require("../../../js/parse/columns.js");

/** @type {import("./index.js").RemoteCheck} */
module.exports = async function columns(server, { columns, allow }) {
  if (!columns) return ["skipped", "this version of the server does not say."];
  const read = (
    /** @type {string} */ path,
    /** @type {Record<string, unknown>} */ query = {},
  ) => server.request("GET", `/${path}`, { query });
  const fault = await faultOf(read, columns);
  if (fault) {
    return allow.includes("columns")
      ? ["warning", `${fault} It is allowed (columns).`]
      : ["failure", `${fault} Until then nobody can sign in (4023).`];
  }
  const named = renamed(columns).map(([what, name]) => `${what}: ${name}`);
  return [
    "ok",
    named.length === 0
      ? "number, sender and language are in the tutorial's columns."
      : `named otherwise: ${named.join(", ")}. Nothing is left in the tutorial's column of the number.`,
  ];
};
