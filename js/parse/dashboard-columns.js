// @ts-check
"use strict";

/**
 * Columns of our classes that are for people who look at them in Parse Dashboard. We write them and never read them: what we go by is `user`,
 * a text, and `at`, a number.
 */

/** The user as a pointer, which Parse Dashboard leads on to the row. */
const who = { type: "Pointer", targetClass: "_User" };
/** The moment as a date. */
const when = { type: "Date" };

/**
 * Their values in a new row. The ACL is closed: the class is locked to the master key already, but a row without an ACL is shown as
 * "Public Read + Write".
 * @param {{ user?: string, at?: number }} row what it is about; an empty `user` is nobody
 */
function forDashboard({ user, at }) {
  const iso = at === undefined ? undefined : isoOf(at);
  return {
    ...(user && {
      who: { __type: "Pointer", className: "_User", objectId: user },
    }),
    ...(iso && { when: { __type: "Date", iso } }),
    ACL: {},
  };
}

/** As long as years have four digits, which is all that databases take. */
const LENGTH_OF_ISO = "2026-11-24T00:00:00.000Z".length;

/**
 * @param {number} at milliseconds since 1970
 * @returns {string | undefined} `undefined` for a moment that is no date
 */
function isoOf(at) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return undefined;
  const iso = date.toISOString();
  return iso.length === LENGTH_OF_ISO ? iso : undefined;
}

module.exports = { forDashboard, isoOf, who, when };
