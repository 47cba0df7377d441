// @ts-check
"use strict";

/** Parse Server's default for sessionLength, in seconds. */
const YEAR = 31_536_000;

const CLAUSE = "NIST SP 800-63B-4 §2.2.3, ASVS 5.0 §7.3.1";

/** @type {import("./index.js").RemoteCheck} */
module.exports = function sessions(_, { sessions }) {
  if (!sessions) return ["skipped", "this Parse Server does not show it."];
  const { length, expires, extends: isExtended } = sessions;
  if (!expires) {
    return [
      "warning",
      `sessions never end (expireInactiveSessions: false), so a stolen one is good for ever (${CLAUSE}). Leave that option out.`,
    ];
  }
  if (length >= YEAR && !isExtended) {
    return [
      "warning",
      `a session lasts a year, and inactivity ends none, so a stolen one is good for that long (${CLAUSE}). Set Parse Server's sessionLength to hours or days, and extendSessionOnUse: true, so that sessions in use go on.`,
    ];
  }
  return [
    "ok",
    isExtended
      ? `a session ends ${days(length)} after its last use.`
      : `a session ends after ${days(length)}.`,
  ];
};

/** @param {number} seconds */
function days(seconds) {
  const hours = seconds / 3600;
  return hours < 48
    ? `${Math.round(hours * 10) / 10} hours`
    : `${Math.round(hours / 24)} days`;
}
