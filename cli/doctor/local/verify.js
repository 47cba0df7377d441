// @ts-check
"use strict";

const { credentials } = require("../../../js/providers/twilio.js");
const { clientOf } = require("./sdk.js");

/** @type {import("./index.js").LocalCheck} */
module.exports = async function verify(folder, env, health) {
  if (!health) return ["skipped", "the server did not say how it is."];
  const { verify: sid } = health;
  if (!sid) return ["ok", "codes do not go through Twilio Verify."];
  const { accountSid, authToken } = credentials(env);
  if (!accountSid || !authToken) {
    return ["skipped", "no Twilio account in the environment of this command."];
  }
  let service;
  try {
    const client = clientOf(folder, accountSid, authToken);
    service = await client.verify.v2.services(sid).fetch();
  } catch (/** @type {any} */ error) {
    if (error?.status === 404) {
      return [
        "failure",
        `the Twilio account in the environment has no Verify service ${sid}, so no code goes out (4018): compare verify.serviceSid with Twilio's console.`,
      ];
    }
    const why = error?.code ?? error?.status ?? "no answer";
    return ["warning", `Twilio Verify could not be asked (${why}): try again.`];
  }
  return service.customCodeEnabled === false
    ? [
        "failure",
        `the Verify service ${sid} takes no codes of ours (60204), so none goes out (4018): turn on Enable Custom Verification Code in its settings.`,
      ]
    : ["ok", `the Verify service ${sid} is there and takes codes of ours.`];
};
