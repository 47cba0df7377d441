// @ts-check
"use strict";

const server = require("../parse/server.js");
const { TimeoutError, withTimeout } = require("../timeout.js");

/** The core asks nothing but whether the mail was taken. */
const REFUSED = { refused: { code: 0, message: "" } };

/**
 * By the adapter itself: `Parse.Cloud.sendEmail` answers nothing where there is none.
 * @type {import("./index.js").Perform<"sendMail">}
 */
async function sendMail({ environment }, { to, subject, text }) {
  const { Parse, warn } = environment;
  const adapter = server.mailAdapter(Parse);
  if (!adapter) return REFUSED;
  try {
    const mail = { to, subject, text };
    await withTimeout((async () => adapter.sendMail(mail))());
    return "done";
  } catch (/** @type {any} */ error) {
    // Nobody knows what became of the mail.
    if (error instanceof TimeoutError) throw error;
    warn(`a mail was not sent (the mail adapter threw: ${shown(error, to)})`);
    return REFUSED;
  }
}

/**
 * What an adapter throws may repeat the address, and the text with a code in it.
 * @param {any} error
 * @param {string} address
 */
function shown(error, address) {
  const text = String(error?.message ?? error).slice(0, 256);
  return text.replaceAll(address, "•").replace(/\d/g, "•");
}

module.exports = { sendMail };
