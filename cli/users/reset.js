// @ts-check
"use strict";

const { CliError } = require("../cli-error.js");
const { DEFAULTS } = require("../../js/parse/columns.js");
const { confirm } = require("../confirm.js");
const { plural, shown } = require("../output.js");
const { find, USER_FLAGS, USER_HELP } = require("./find.js");

/**
 * @typedef {{ id: string, method: string, label: string, to?: string }} Factor
 * @typedef {{ factors: Factor[], recoveryCodesLeft: number, devices: object[] }} Status
 */

/** The id of the factor that stands in the column, whatever the column's name. */
const COLUMN = "phone_number";

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "reset USER [--factors | --number] [--ticket TEXT]",
  summary: "let a user in again after too many failures, or without factors",
  help: `Ends the failures in a row of a user whose second factor is disabled (4019), and voids what is under way:
sign-ins, step-ups, enrollments, trust in browsers. The factors stay.
With --number the user's numbers go as well, for a lost phone: the column phone_number is emptied (another one, if the
option columns names it), and enrolled numbers are removed.
With --factors everything else goes: enrolled factors, recovery codes. The column phone_number stays; call it with --number too if that
number is lost.
--ticket TEXT is written into the event trail, so that somebody can find out later why it was done.
Make sure first that it is the user who asks: whoever asks for a reset is who an attacker would pretend to be. The command says whom it
concerns and what it will remove, asks on a terminal, and says which factors are left.
${USER_HELP}

Example:
  npx parse-two-factor reset --username ada --number --ticket HELP-4711`,
  flags: {
    factors: { type: "boolean" },
    number: { type: "boolean" },
    ticket: { type: "string" },
    ...USER_FLAGS,
  },
  takes: [0, 1],
  async run({ args, flags, server: connection }) {
    if (flags.factors && flags.number) {
      throw new CliError(
        "Say --factors or --number. For both, call the command twice.",
      );
    }
    const scope = flags.factors
      ? "factors"
      : flags.number
        ? "number"
        : undefined;
    const server = connection();
    const health = await server.health();
    const column = (health.columns ?? DEFAULTS).phoneNumber;
    const { objectId, username } = await find(server, args, flags);
    const who = `${objectId} ${shown(username)}`.trimEnd();
    if (scope) {
      const before = await server.run("twoFactorStatus", { userId: objectId });
      await confirm(
        `${who}: ${PLANS[scope](before, column, health.require)}${browsers(before)}`,
      );
    }
    await server.run("resetTwoFactor", {
      userId: objectId,
      scope,
      ticket: flags.ticket,
    });
    const after = await server.run("twoFactorStatus", { userId: objectId });
    const text = `${who}: ${DONE[scope ?? "nothing"](column)} ${leftOver(after, health.require)}`;
    const json = { userId: objectId, username: username ?? null, ...after };
    return { code: 0, json, text };
  },
};

/** What a reset will remove, and what follows if nothing is left. @type {Record<string, (status: Status, column: string, require: string) => string>} */
const PLANS = {
  factors({ factors, recoveryCodesLeft }, column, require) {
    const enrolled = factors.filter(({ id }) => id !== COLUMN);
    const after =
      enrolled.length < factors.length
        ? `The number in ${column} stays.`
        : alone(require);
    return `this removes ${plural(enrolled.length, "factor")}${listed(enrolled)} and ${plural(recoveryCodesLeft, "recovery code")}. ${after}`;
  },
  number({ factors, recoveryCodesLeft }, _column, require) {
    const numbers = factors.filter(isNumber);
    const useless =
      numbers.length === factors.length && recoveryCodesLeft > 0
        ? ` With the last factor go ${plural(recoveryCodesLeft, "recovery code")}.`
        : "";
    const after = numbers.length === factors.length ? ` ${alone(require)}` : "";
    return `this removes ${plural(numbers.length, "number")}${listed(numbers)}.${useless}${after}`;
  },
};

/** What it has done. @type {Record<string, (column: string) => string>} */
const DONE = {
  nothing: () => "failures forgotten, sign-ins under way void.",
  factors: () =>
    "failures forgotten, enrolled factors and recovery codes removed.",
  number: (column) =>
    `failures forgotten, the column ${column} emptied, enrolled numbers removed.`,
};

/**
 * Which factors are left, and what follows if none is.
 * @param {Status} status
 * @param {string} require who needs a second factor in this deployment
 */
function leftOver({ factors, recoveryCodesLeft }, require) {
  const codes =
    recoveryCodesLeft > 0
      ? `, and ${plural(recoveryCodesLeft, "recovery code")}`
      : "";
  const left = `${plural(factors.length, "factor")} left${listed(factors)}${codes}.`;
  return factors.length > 0 ? left : `${left} ${alone(require)}`;
}

/**
 * What follows where no factor is left, and what to do.
 * @param {string} require who needs a second factor in this deployment
 */
function alone(require) {
  const enrolls = require === "everyone" || require === "always";
  const does = enrolls
    ? "enrolls a new factor at the next sign-in"
    : `signs in${require === "function" ? " or, if your function says so, enrolls a new factor" : ""}`;
  return `From then on the password alone ${does}. If anybody else may know it, set a new password first.`;
}

/** @param {Status} status */
function browsers({ devices }) {
  return devices.length > 0
    ? ` ${plural(devices.length, "trusted browser")} will be asked again.`
    : "";
}

/** @param {Factor[]} factors */
function listed(factors) {
  const named = factors.map(({ id, method, label, to }) => {
    if (id === COLUMN) return `${COLUMN} ${to ?? "that no code can reach"}`;
    // Without a name of the user's own, the number is the label.
    const number = to && to !== label ? ` ${to}` : "";
    return `${method} "${shown(label)}"${number}`;
  });
  return named.length > 0 ? ` (${named.join(", ")})` : "";
}

/** @param {Factor} factor */
function isNumber({ id, method }) {
  return id === COLUMN || method === "sms";
}
