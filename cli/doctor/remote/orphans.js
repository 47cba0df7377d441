// @ts-check
"use strict";

const { plural } = require("../../output.js");
const { ofAccounts, ofTrail } = require("../../users/orphans.js");

/** @type {import("./index.js").RemoteCheck} */
module.exports = async function orphans(server) {
  const { ids, rows } = await ofAccounts(server);
  const known = new Set(ids);
  const trail = (await ofTrail(server)).filter((id) => !known.has(id));
  const accounts = ids.length + rows.length;
  if (accounts + trail.length === 0) {
    return ["ok", "neither an account nor a trail is left without its user."];
  }
  const found = [
    accounts > 0 &&
      `${plural(accounts, "account")} of users who are gone: second factors, numbers among them, are kept for nobody`,
    trail.length > 0 &&
      `the trail of ${plural(trail.length, "user")} who ${trail.length === 1 ? "is" : "are"} gone, without the deletion: nothing will erase its addresses`,
  ];
  return [
    "warning",
    `${found.filter(Boolean).join("; and ")}. If no backup is being restored, erase them: parse-two-factor forget --orphans.`,
  ];
};
