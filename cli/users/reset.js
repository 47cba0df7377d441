// @ts-check
"use strict";

const readline = require("node:readline/promises");
const { CliError } = require("../cli-error.js");
const { plural, printable, shown } = require("../output.js");
const { find, USER_FLAGS, USER_HELP } = require("./find.js");

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "reset USER [--factors]",
  summary: "let a user in again after too many failures, or without factors",
  help: `Ends the failures in a row of a user whose second factor is disabled (4019), and voids what is under way:
sign-ins, step-ups, enrollments, trust in browsers. The factors stay.
With --factors the enrolled factors and recovery codes go as well, for a user who lost them all. The column phone_number is the app's
own and stays (another one, if the option columns names it); delete it where that number is lost too. Make sure first that it is the user who asks: whoever asks for a reset is
who an attacker would pretend to be. The command says whom it concerns and what it will remove, and asks on a terminal.
${USER_HELP}

Example:
  npx parse-two-factor reset --username ada --factors`,
  flags: { factors: { type: "boolean" }, ...USER_FLAGS },
  takes: [0, 1],
  async run({ args, flags, server: connection }) {
    const server = connection();
    const { columns } = await server.health();
    const { objectId, username } = await find(server, args, flags);
    const who = `${objectId} ${shown(username)}`.trimEnd();
    if (flags.factors) {
      const before = await server.run("twoFactorStatus", { userId: objectId });
      await announce(`${who}: ${planned(before, columns?.phoneNumber)}`);
    }
    const scope = flags.factors ? { scope: "factors" } : {};
    await server.run("resetTwoFactor", { userId: objectId, ...scope });
    const after = await server.run("twoFactorStatus", { userId: objectId });
    const left = plural(after.factors.length, "factor");
    const text = flags.factors
      ? `${who}: failures forgotten, enrolled factors and recovery codes removed. ${left} left.`
      : `${who}: failures forgotten, sign-ins under way void. ${left} left.`;
    const json = { userId: objectId, username: username ?? null, ...after };
    return { code: 0, json, text };
  },
};

/**
 * What a reset of the factors will remove.
 * @param {{ factors: { id: string, method: string, label: string }[], recoveryCodesLeft: number, devices: object[] }} status
 * @param {string} [column] of the number
 */
function planned(
  { factors, recoveryCodesLeft, devices },
  column = "phone_number",
) {
  const enrolled = factors.filter(({ id }) => id !== "phone_number");
  const named = enrolled.map(
    ({ method, label }) => `${method} "${shown(label)}"`,
  );
  const stays =
    enrolled.length < factors.length ? ` The number in ${column} stays.` : "";
  const browsers =
    devices.length > 0
      ? ` ${plural(devices.length, "trusted browser")} will be asked again.`
      : "";
  return `this removes ${plural(enrolled.length, "factor")}${named.length > 0 ? ` (${named.join(", ")})` : ""} and ${plural(recoveryCodesLeft, "recovery code")}.${browsers}${stays}`;
}

/**
 * Says what is about to happen, and waits for a yes where somebody can give one. A script has decided already.
 * @param {string} plan
 * @throws {CliError} without a yes
 */
async function announce(plan) {
  process.stderr.write(printable(`${plan}\n`));
  if (!process.stdin.isTTY || !process.stderr.isTTY) return;
  const { stdin: input, stderr: output } = process;
  const terminal = readline.createInterface({ input, output });
  const answer = await terminal.question("Go on? [y/N] ");
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new CliError("Nothing was changed.", 1);
  }
}
