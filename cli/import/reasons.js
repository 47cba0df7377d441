// @ts-check
"use strict";

/** Why a second factor was not imported. @type {Record<string, string>} */
const REASONS = {
  profile:
    "codes with another algorithm, length or period than SHA-1, 6 digits and 30 s",
  weak: "a secret of less than 112 bits (NIST SP 800-63B-4 §3.1.4.1)",
  unreadable: "a secret that is no base32",
  number:
    "a number that codes cannot go to: it cannot be read as E.164, or its country is not among countries",
  channel: "a number, and no channel is on that codes could go by",
  full: "twenty factors already",
  nobody:
    "asked for no second factor here (require: 'nobody'), so that the password alone would be enough",
};

const ENROLL_ANEW =
  "Have the user enroll with us in a session that is open, then set authData.mfa to null with the master key";
const SHOWN_ANEW = "Have the user enroll a new secret: enrollTwoFactor";
const REMOVE_ONE = "The user has to remove one (removeTwoFactor)";
const REQUIRE_FIRST = "Set require to 'enrolled' first";

/** What to do, by where the factor comes from and the reason. @type {Record<"parse-mfa" | "otpauth", Record<string, string>>} */
const REMEDIES = {
  "parse-mfa": {
    profile: ENROLL_ANEW,
    weak: ENROLL_ANEW,
    unreadable: ENROLL_ANEW,
    number: "Set defaultCountry or countries, or correct authData.mfa.mobile",
    channel: "Turn one on in the option channels",
    full: REMOVE_ONE,
    nobody: REQUIRE_FIRST,
  },
  otpauth: {
    profile: SHOWN_ANEW,
    weak: SHOWN_ANEW,
    unreadable:
      "Look whether the line is whole; otherwise have the user enroll a new secret: enrollTwoFactor",
    full: REMOVE_ONE,
    nobody: REQUIRE_FIRST,
  },
};

/**
 * @param {string} reason
 * @param {keyof typeof REMEDIES} source
 */
function explained(reason, source) {
  const why = REASONS[reason];
  const remedy = REMEDIES[source][reason];
  return `not imported (${reason}): ${why && remedy ? `${why}. ${remedy}` : "see docs/wire.md"}.`;
}

module.exports = { explained };
