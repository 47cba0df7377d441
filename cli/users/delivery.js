// @ts-check
"use strict";

/**
 * What became of a user's last message: Twilio is asked by the server, which has the account.
 */

const { explained } = require("../provider-errors.js");

/** @typedef {{ status: string, error: number | null } | { failed: string }} Delivery */

/** What does not arrive any more, of messages and of calls. */
const UNDELIVERED = ["undelivered", "failed", "canceled", "busy", "no-answer"];

/**
 * @param {import("../server.js").Server} server
 * @param {any} account the user's row
 * @returns {Promise<Delivery | null>} `null` where the row knows no message
 */
async function deliveryOf(server, account) {
  const delivered = (account?.challenges ?? [])
    .map((/** @type {any} */ element) => element.delivered)
    .filter((/** @type {any} */ one) => one?.sid)
    .sort((/** @type {any} */ a, /** @type {any} */ b) => b.at - a.at);
  if (delivered.length === 0) return null;
  const asked = { message: delivered[0].sid };
  return (await server.run("twoFactorHealth", asked)).message ?? null;
}

/**
 * @param {Delivery | null} delivery
 * @returns {{ reason: "delivery", says: string } | undefined} why the code did not come
 */
function deliveryReason(delivery) {
  if (!delivery || "failed" in delivery) return undefined;
  const { status, error } = delivery;
  if (!UNDELIVERED.includes(status)) return undefined;
  const why = error === null ? "" : ` (${error}): ${explained(error)}`;
  return {
    reason: "delivery",
    says: `Twilio took the last code, and says by now ${status}${why}`,
  };
}

module.exports = { deliveryOf, deliveryReason };
