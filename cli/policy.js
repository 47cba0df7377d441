// @ts-check
"use strict";

/**
 * Every limit, with what it rests on.
 */

const { wasm } = require("../js/core.js");
const { table } = require("./output.js");

/** @typedef {import("../pkg/parse_two_factor.cjs").Limit} Limit */

/** @param {Limit} limit */
function row({ name, value, default: byDefault, unit, what, clause }) {
  const bound = clause ? `${clause.says}: ${clause.cited}` : "";
  const allow = clause?.allow ? ` (${clause.allow})` : "";
  const changed = value === byDefault ? "" : `default ${byDefault}`;
  return [name, `${value} ${unit}`.trim(), changed, `${bound}${allow}`, what];
}

/** @param {number | null | undefined} days */
function trustedDevices(days) {
  if (!days) return "off (NIST SP 800-63B-4 §5.1)";
  return `${days} d (NIST SP 800-63B-4 §5.1: trusted-device)`;
}

/** @type {import("./commands.js").Command} */
module.exports = {
  usage: "policy [--defaults]",
  summary: "every limit, with the clause it rests on",
  help: `Prints every limit of the deployment: its name among the options' limits, its value, the default where that is another, what it
rests on, and what it is for. The name in brackets is what the option allow takes to break that bound. A limit without a clause is this project's own.

Example: what a new deployment would go by, without asking any server
  npx parse-two-factor policy --defaults`,
  flags: { defaults: { type: "boolean" } },
  takes: [0, 0],
  async run({ flags, server }) {
    /** @type {{ limits: Limit[], allow: string[], [setting: string]: any }} */
    const source = flags.defaults
      ? { limits: wasm.defaultLimits(), allow: [] }
      : await server().health();
    const {
      limits,
      allow,
      require,
      countries,
      defaultCountry,
      trustAddresses,
      trustedDays,
    } = source;
    const lines = [table(limits.map(row))];
    if (!flags.defaults) {
      lines.push(
        "",
        table([
          ["require", String(require)],
          ["countries", countries.join(" ") || "all"],
          ["defaultCountry", defaultCountry ?? "none"],
          ["trustAddresses", String(trustAddresses)],
          ["trustedDevices", trustedDevices(trustedDays)],
          ["allow", allow.join(" ") || "nothing"],
        ]),
      );
    }
    const json = flags.defaults
      ? { limits }
      : {
          limits,
          require,
          countries,
          defaultCountry,
          trustAddresses,
          trustedDays: trustedDays ?? null,
          allow,
        };
    return { code: 0, json, text: lines.join("\n") };
  },
};
