// @ts-check
"use strict";

/**
 * Twilio Verify, by Twilio's SDK. What is asked of it, and in which order, the core says.
 *
 * @typedef {Extract<import("../core.js").Effect, { do: "verify" }>["step"]} Step
 * @typedef {Extract<Step, { start: unknown }>["start"]} Start
 *
 * @typedef {object} Verify
 * @property {(service: string, start: Start) => Promise<{ sid: string, sendCodeAttempts?: unknown[] }>} start sends a code of our own
 * @property {(service: string, of: string, status: "canceled" | "approved") => Promise<unknown>} end of a verification, by its SID or
 *   by the number that it is pending for
 */

/**
 * @param {() => any} account Twilio's client; it throws where there is none
 * @returns {Verify}
 */
function throughVerify(account) {
  /** @param {string} service */
  const verifications = (service) =>
    account().verify.v2.services(service).verifications;
  return {
    start: async (service, { channel, to, code, locale, appHash }) =>
      verifications(service).create({
        to,
        channel,
        customCode: code,
        ...(locale ? { locale } : {}),
        ...(appHash ? { appHash } : {}),
      }),
    end: async (service, of, status) =>
      verifications(service)(of).update({ status }),
  };
}

module.exports = { throughVerify };
