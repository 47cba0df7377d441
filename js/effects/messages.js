// @ts-check
"use strict";

const { TimeoutError } = require("../timeout.js");

/** What Node and the HTTP client of Twilio's SDK call it when nobody answers in time. */
const TIMEOUTS = ["ECONNABORTED", "ETIMEDOUT"];

/** Of a refusal without a code of the provider's. */
const NO_CODE = 0;

/** @type {import("./index.js").Perform<"sendMessage">} */
async function sendMessage(
  { environment },
  { to, from, body, validityPeriod },
) {
  try {
    await environment.send({
      to,
      from: from ?? undefined,
      body,
      ...(validityPeriod ? { validityPeriod } : {}),
    });
    return "done";
  } catch (error) {
    // Twilio's texts repeat the number, so only its code is logged. Of an app's own function no digit is shown.
    const { code, status, message } = /** @type {any} */ (error ?? {});
    // Nobody knows what became of the message.
    if (error instanceof TimeoutError || TIMEOUTS.includes(code)) {
      throw new TimeoutError("no answer in time");
    }
    const reason =
      code || status
        ? `Twilio error ${code}, status ${status}`
        : String(message ?? error).replace(/\d/g, "•");
    environment.warn(`a message was not sent (${reason})`);
    // An error of Twilio's has both. The core knows what each code means.
    const isTwilios = Number.isInteger(code) && Number.isInteger(status);
    return { refused: { code: isTwilios ? code : NO_CODE, message: "" } };
  }
}

module.exports = { sendMessage };
