// @ts-check
"use strict";

const { CliError } = require("../../cli-error.js");

/** @type {import("./index.js").RemoteCheck} */
module.exports = async function parseMfa(server) {
  try {
    const next = await server.run("importTwoFactor", { dryRun: true });
    if (next.user === null) return ["ok", "no row has authData.mfa."];
    return [
      "warning",
      "users of Parse Server's own second factor are left. While its adapter is configured, move them: parse-two-factor import parse-mfa. Without it, Parse Server answers their sign-ins with 500.",
    ];
  } catch (error) {
    if (!(error instanceof CliError) || !/\(4023\)/.test(error.message)) {
      throw error;
    }
    return [
      "warning",
      "rows have authData.mfa, and Parse Server's own adapter mfa is not configured: their sign-ins, reading them with the master key and setting it to null are answered with 500 by Parse Server. Put the adapter back into the option auth, and run parse-two-factor import parse-mfa.",
    ];
  }
};
