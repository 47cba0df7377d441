// @ts-check
"use strict";

const { plural } = require("../../output.js");
const { ofAccounts } = require("../../users/orphans.js");

/** @type {import("./index.js").RemoteCheck} */
module.exports = async function orphans(server) {
  const ids = await ofAccounts(server);
  if (ids.length === 0) return ["ok", "no account is left without its user."];
  return [
    "warning",
    `${plural(ids.length, "account")} of users who are gone: second factors, numbers among them, are kept for nobody. If no backup is being restored, erase them: parse-two-factor forget --orphans.`,
  ];
};
