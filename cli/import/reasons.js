// @ts-check
"use strict";

/** Why a user was not imported, and what to do. @type {Record<string, string>} */
const REASONS = {
  profile:
    "codes with another algorithm, length or period than SHA-1, 6 digits and 30 s. Have the user enroll with us in a session that is open, then set authData.mfa to null with the master key",
  weak: "a secret of less than 112 bits (NIST SP 800-63B-4 §3.1.4.1). Have the user enroll with us in a session that is open, then set authData.mfa to null with the master key",
  unreadable:
    "a secret that is no base32. Have the user enroll with us in a session that is open, then set authData.mfa to null with the master key",
  number:
    "a number that codes cannot go to: it cannot be read as E.164, or its country is not among countries. Set defaultCountry or countries, or correct authData.mfa.mobile",
  channel:
    "a number, and no channel is on that codes could go by. Turn one on in the option channels",
  full: "twenty factors already. The user has to remove one (removeTwoFactor)",
  nobody:
    "asked for no second factor here (require: 'nobody'), so that the password alone would be enough. Set require to 'enrolled' first",
};

/** @param {string} reason */
function explained(reason) {
  return `not imported (${reason}): ${REASONS[reason] ?? "see docs/wire.md"}.`;
}

module.exports = { explained };
