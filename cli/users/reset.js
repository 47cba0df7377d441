// @ts-check
"use strict";

const { plural } = require("../output.js");
const { find } = require("./find.js");

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "reset USER [--factors]",
  summary: "let a user in again after too many failures, or without factors",
  help: `Ends the failures in a row of a user whose second factor is disabled (4019), and voids what is under way:
sign-ins, step-ups, enrolments. The factors stay.
With --factors the enrolled factors and recovery codes go as well, for a user who lost them all. The column phone_number is the app's
own and stays; delete it where that number is lost too. Make sure first that it is the user who asks: whoever asks for a reset is
who an attacker would pretend to be.

Example:
  npx parse-two-factor reset ada --factors`,
  flags: { factors: { type: "boolean" } },
  takes: [1, 1],
  async run({ args: [wanted], flags, server: connection }) {
    const server = connection();
    await server.health();
    const { objectId, username } = await find(server, wanted);
    const scope = flags.factors ? { scope: "factors" } : {};
    await server.run("resetTwoFactor", { userId: objectId, ...scope });
    const after = await server.run("twoFactorStatus", { userId: objectId });
    const left = plural(after.factors.length, "factor");
    const text = flags.factors
      ? `${objectId} ${username ?? ""}: failures forgotten, enrolled factors and recovery codes removed. ${left} left.`
      : `${objectId} ${username ?? ""}: failures forgotten, sign-ins under way void. ${left} left.`;
    const json = { userId: objectId, username: username ?? null, ...after };
    return { code: 0, json, text };
  },
};
