// @ts-check
"use strict";

/** @type {import("./index.js").Perform<"sendMessage">} */
async function sendMessage({ environment }, { to, from, body }) {
  try {
    await environment.send({ to, from: from ?? undefined, body });
    return "done";
  } catch (error) {
    // Twilio's texts repeat the number, so only its code is logged. Of an app's own function no digit is shown.
    const { code, status, message } = /** @type {any} */ (error ?? {});
    const reason =
      code || status
        ? `Twilio error ${code}, status ${status}`
        : String(message ?? error).replace(/\d/g, "•");
    environment.warn(`a message was not sent (${reason})`);
    return { refused: { code: 4018, message: "" } };
  }
}

module.exports = { sendMessage };
