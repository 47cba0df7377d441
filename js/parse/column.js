// @ts-check
"use strict";

/**
 * A column's value as text, whatever its type: a number stored as a Number is still a number to check. An object may have a `toString`
 * that is no function, so JSON shows it.
 * @param {unknown} value
 * @returns {string | null}
 */
function asText(value) {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

module.exports = { asText };
