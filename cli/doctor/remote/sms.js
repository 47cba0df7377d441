// @ts-check
"use strict";

/** @type {import("./index.js").RemoteCheck} */
module.exports = function sms(_, { sms, sender, verify }) {
  if (sms === "none") {
    return [
      "failure",
      "no messages can be sent (4018): set TWILLIO_ACCOUNT_SID and TWILLIO_AUTH_TOKEN where the server runs, or give the option sms.",
    ];
  }
  if (verify) {
    return [
      "ok",
      `codes go out by Twilio Verify (${verify}). It sends no notices: users hear of changes by mail or not at all.`,
    ];
  }
  if (!sender) {
    return [
      "warning",
      "no sender for users without a From: set TWILLIO_FROM_NUMBER or TWILIO_MESSAGING_SERVICE_SID, unless your option sms chooses one.",
    ];
  }
  return [
    "ok",
    sms === "option"
      ? "messages go out by the option sms."
      : "messages go out by the Twilio account in the server's environment.",
  ];
};
