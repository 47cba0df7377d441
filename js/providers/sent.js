// @ts-check
"use strict";

/**
 * What became of messages and calls that Twilio took.
 *
 * @typedef {{ status: string, error: number | null }} Became
 * @typedef {{ looked: number, errors: { code: number, count: number }[] }} Listed
 * how many messages were looked at, and how many of them did not arrive, by Twilio's error code
 */

/** As many as Twilio gives in one answer, and enough to see what goes wrong now. */
const LISTED = 100;

/** What does not arrive any more. */
const UNDELIVERED = ["undelivered", "failed"];

/**
 * @param {any} client of Twilio's SDK
 * @param {string} sid
 * @returns {Promise<Became>}
 */
async function check(client, sid) {
  const kind = sid.startsWith("CA") ? client.calls : client.messages;
  const { status, errorCode } = await kind(sid).fetch();
  return {
    status: String(status),
    error: Number.isInteger(errorCode) ? errorCode : null,
  };
}

/**
 * @param {any} client of Twilio's SDK
 * @param {string} sid
 */
function confirm(client, sid) {
  return client.messages(sid).feedback.create({ outcome: "confirmed" });
}

/**
 * One request. Nobody learns whom the messages were for.
 * @param {any} client of Twilio's SDK
 * @returns {Promise<Listed>}
 */
async function list(client) {
  const messages = await client.messages.list({
    limit: LISTED,
    pageSize: LISTED,
  });
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const { status, errorCode } of messages) {
    if (!UNDELIVERED.includes(status)) continue;
    const code = Number.isInteger(errorCode) ? errorCode : 0;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return {
    looked: messages.length,
    errors: [...counts]
      .map(([code, count]) => ({ code, count }))
      .sort((a, b) => b.count - a.count),
  };
}

module.exports = { check, confirm, list };
