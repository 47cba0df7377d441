// @ts-check
"use strict";

const { explained } = require("../../provider-errors.js");

/**
 * What became of the account's last messages. Twilio is asked by the server, which has the account.
 * @type {import("./index.js").RemoteCheck}
 */
module.exports = async function messages(server, { sms }) {
  if (sms === "none") return ["skipped", "there is nobody who sends messages."];
  const { messages } = await server.run("twoFactorHealth", { messages: true });
  if (!messages) {
    return ["skipped", "messages go out by functions of the app's own."];
  }
  const { failed, looked, errors } = messages;
  if (failed) {
    const why = /^[0-9]+$/.test(failed)
      ? `${failed}: ${explained(Number(failed))}`
      : failed;
    return [
      "warning",
      `the server could not ask Twilio about the last messages (${why}).`,
    ];
  }
  if (errors.length === 0) {
    return [
      "ok",
      `of the Twilio account's last ${looked} messages none failed.`,
    ];
  }
  const said = errors.map(
    (/** @type {{ code: number, count: number }} */ { code, count }) =>
      `${count} with ${code}: ${explained(code)}`,
  );
  return [
    "warning",
    `of the Twilio account's last ${looked} messages some did not arrive: ${said.join("; ")}.`,
  ];
};
