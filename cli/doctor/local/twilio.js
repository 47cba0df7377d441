// @ts-check
"use strict";

const { credentials } = require("../../../js/providers/twilio.js");
const { clientOf } = require("./sdk.js");

/** @type {import("./index.js").LocalCheck} */
module.exports = async function twilio(folder, env) {
  const { accountSid, authToken } = credentials(env);
  if (!accountSid || !authToken) {
    return ["skipped", "no Twilio account in the environment of this command."];
  }
  let account;
  try {
    const client = clientOf(folder, accountSid, authToken);
    account = await client.api.v2010.accounts(accountSid).fetch();
  } catch (/** @type {any} */ error) {
    if (error?.status === 401 || error?.code === 20003) {
      return [
        "failure",
        "Twilio does not take the account in the environment (20003): compare TWILLIO_ACCOUNT_SID and TWILLIO_AUTH_TOKEN with its console.",
      ];
    }
    const why = error?.code ?? error?.status ?? "no answer";
    return ["warning", `Twilio could not be asked (${why}): try again.`];
  }
  if (account.status !== "active") {
    return [
      "failure",
      `the Twilio account is ${account.status}: it sends nothing (4018).`,
    ];
  }
  return account.type === "Trial"
    ? [
        "warning",
        "the Twilio account is on trial: it sends to verified numbers only.",
      ]
    : ["ok", "Twilio takes the account in the environment, which is active."];
};
