// @ts-check
"use strict";

const { CliError } = require("../cli-error.js");

/** Milliseconds. @type {Record<string, number>} */
const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * The moment that `--since` names: some time ago (90m, 24h, 7d), or a date as JavaScript reads it.
 * @param {string | undefined} text
 * @param {number} now
 * @param {number} otherwise without the option
 * @returns {number}
 */
function since(text, now, otherwise) {
  if (text === undefined) return otherwise;
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const at = unit ? now - Number(amount) * UNITS[unit] : Date.parse(text);
  if (Number.isFinite(at)) return at;
  throw new CliError(
    "--since takes some time ago, as in 24h or 7d, or a date, as in 2026-11-24 or 2026-11-24T12:00Z.",
  );
}

module.exports = { since };
