// @ts-check
"use strict";

/**
 * Why a code by message does not come: what the user's row, this hour's counters and the event trail say about it.
 */

const { wasm } = require("../../js/core.js");
const { DEFAULTS } = require("../../js/parse/columns.js");
const { shown } = require("../output.js");
const { explained } = require("../provider-errors.js");
const { deliveryOf, deliveryReason } = require("./delivery.js");

const HOUR = 3_600_000;

/** Marks in an account that count as a message. */
const MESSAGES = ["notice", "unsent"];

/** @typedef {{ reason: "sender" | "number" | "country" | "window" | "ceiling" | "provider" | "delivery" | "disabled", says: string }} Reason */

/**
 * @param {import("../server.js").Server} server
 * @param {any} health
 * @param {{ id: string, disabled: boolean }} user
 * @returns {Promise<{ reasons: Reason[], last: string | null, delivery: import("./delivery.js").Delivery | null }>} what keeps codes back now;
 *   and what became of the last one, by the trail and by Twilio
 */
async function whyNone(server, health, { id, disabled }) {
  const [{ results: users }, { results: accounts }, hour, trail, others] =
    await Promise.all([
      find(server, "/users", { objectId: id }),
      find(server, "/classes/TwoFactorAccount", { user: id }),
      windowsOf(server, health.now),
      entriesOf(server, id, health.now),
      ceilingsOfOthers(server, id, health.now),
    ]);
  const limits = Object.fromEntries(
    health.limits.map((/** @type {any} */ { name, value }) => [name, value]),
  );
  const column = (health.columns ?? DEFAULTS).phoneNumber;
  const delivery = await deliveryOf(server, accounts[0]);
  /** @type {(Reason | undefined)[]} */
  const found = [
    disabled ? disabledReason(limits) : undefined,
    health.sms === "none" ? senderReason() : undefined,
    numberReason(users[0]?.[column], column, health),
    windowReason(accounts[0], limits, health.now),
    ...appReasons(hour, limits),
    ...ceilingReasons(trail, others),
    providerReason(trail.find(isCode)),
    deliveryReason(delivery),
  ];
  const reasons = /** @type {Reason[]} */ (found.filter(Boolean));
  return { reasons, last: lastOf(trail.find(isCode), delivery), delivery };
}

/**
 * @param {Record<string, number>} limits
 * @returns {Reason}
 */
function disabledReason({ failures }) {
  return {
    reason: "disabled",
    says: `${failures} failures in a row have disabled codes (4019)`,
  };
}

/** @returns {Reason} */
function senderReason() {
  return {
    reason: "sender",
    says: "this deployment has nobody to send messages (4018): see doctor",
  };
}

/**
 * @param {unknown} number
 * @param {string} column that it stands in
 * @param {{ defaultCountry: string | null, countries: string[] }} health
 * @returns {Reason | undefined}
 */
function numberReason(number, column, { defaultCountry, countries }) {
  if (!number) return undefined;
  const read = (/** @type {string[]} */ within) =>
    typeof number === "string"
      ? wasm.readNumber(number, defaultCountry ?? undefined, within)
      : undefined;
  if (read([]) === undefined) {
    return {
      reason: "number",
      says: `${column} holds no number that codes can go to (4017), as +359888123456 is: correct it`,
    };
  }
  if (read(countries) === undefined) {
    return {
      reason: "country",
      says: `the number is in none of the countries that messages may go to (${countries.join(", ")}; 4017)`,
    };
  }
  return undefined;
}

/**
 * @param {any} account
 * @param {Record<string, number>} limits
 * @param {number} now
 * @returns {Reason | undefined}
 */
function windowReason(account, { codesPerUser, userWindow }, now) {
  const since = now - 1000 * userWindow;
  const codes = elements(account?.challenges, "code");
  const marks = elements(account?.redemptions, "mark").filter(({ kind }) =>
    MESSAGES.includes(kind),
  );
  const sent = [...codes, ...marks]
    .map(({ at }) => at)
    .filter((at) => at > since)
    .sort((a, b) => a - b);
  if (sent.length < codesPerUser) return undefined;
  const until = sent[sent.length - codesPerUser] + 1000 * userWindow;
  return {
    reason: "window",
    says: `${sent.length} messages in ${userWindow / 60} minutes, of which a user gets ${codesPerUser} (4015): the next one at ${time(until)}`,
  };
}

/** The counter of each channel, its limit, and what is counted. */
const OF_THE_APP = [
  ["app", "messagesPerApp", "messages"],
  ["calls", "spokenPerApp", "calls"],
  ["whatsapp", "whatsappPerApp", "messages by WhatsApp"],
  ["mailCodes", "mailsPerApp", "codes by mail"],
];

/**
 * @param {any[]} hour its counters
 * @param {Record<string, number>} limits
 * @returns {Reason[]}
 */
function appReasons([row], limits) {
  return OF_THE_APP.filter(
    ([counter, limit]) => row?.counts?.[counter] >= limits[limit],
  ).map(([, limit, what]) => ({
    reason: "ceiling",
    says: `the app's ${limits[limit]} ${what} of this hour are used up (4015): the next one at ${time(row.endsAt)}`,
  }));
}

/** What has a ceiling of its own, by the name in the trail. @type {Record<string, string>} */
const COUNTED = { number: "number", block: "block of numbers" };

/**
 * Ceilings of this hour that the user reached; and those that others reached first, which are not reported again. The trail does not say of
 * which number they were. What a code has gone past does not concern the user.
 * @param {any[]} trail the user's
 * @param {any[]} others of other users
 * @returns {Reason[]}
 */
function ceilingReasons(trail, others) {
  const own = trail.filter(isCeiling);
  const isKnown = new Set(own.map(({ about }) => about));
  const code = trail.find(isCode);
  const since = code?.outcome === 0 ? code.at : 0;
  const says = own.map(
    ({ about, at }) =>
      `the ceiling of messages to the user's ${COUNTED[about]} was reached at ${time(at)} (4015): until the end of that hour none goes there`,
  );
  for (const about of Object.keys(COUNTED)) {
    const of = others.find((one) => one.about === about && one.at >= since);
    if (!of || isKnown.has(about)) continue;
    says.push(
      `the ceiling of messages to a ${COUNTED[about]} was reached by another user at ${time(of.at)} (4015): it may concern this one, whose number may count together with that one, until the end of that hour`,
    );
  }
  return says.map((text) => ({ reason: "ceiling", says: text }));
}

/**
 * @param {any} code the last one
 * @returns {Reason | undefined}
 */
function providerReason(code) {
  if (!code || code.outcome === 0) return undefined;
  const what =
    code.outcome === 4026
      ? "says that it cannot reach this number until somebody changes something"
      : "did not take the message, or did not answer";
  const error = /\berror (\d+)$/.exec(code.about)?.[1];
  const why = error ? ` (${explained(Number(error))})` : "";
  return {
    reason: "provider",
    says: `the provider ${what} (${code.outcome}): ${shown(code.about)}${why} at ${time(code.at)}`,
  };
}

/**
 * @param {any} code the last one
 * @param {import("./delivery.js").Delivery | null} delivery
 */
function lastOf(code, delivery) {
  if (!code) return null;
  const took = code.outcome === 0 ? "taken by the provider" : "not taken";
  const since =
    delivery && "status" in delivery ? `, by now ${delivery.status}` : "";
  return `${took} at ${time(code.at)} for ${shown(code.about)}${since}`;
}

/** @param {any} entry */
const isCode = ({ what }) => what === "code-sent";

/** @param {any} entry */
const isCeiling = ({ what, about }) =>
  what === "ceiling-reached" && Object.hasOwn(COUNTED, about);

/**
 * The user's entries about messages: codes of all time, ceilings of this hour, the newest first.
 * @param {import("../server.js").Server} server
 * @param {string} user
 * @param {number} now
 */
async function entriesOf(server, user, now) {
  const hour = now - (now % HOUR);
  const [codes, ceilings] = await Promise.all([
    find(server, "/classes/TwoFactorEvent", { user, what: "code-sent" }, "-at"),
    find(
      server,
      "/classes/TwoFactorEvent",
      { user, what: "ceiling-reached", at: { $gte: hour } },
      "-at",
    ),
  ]);
  return [...codes.results.slice(0, 1), ...ceilings.results];
}

/**
 * Ceilings of this hour that others reached, the newest first.
 * @param {import("../server.js").Server} server
 * @param {string} user
 * @param {number} now
 * @returns {Promise<any[]>}
 */
async function ceilingsOfOthers(server, user, now) {
  const where = {
    what: "ceiling-reached",
    user: { $ne: user },
    about: { $in: Object.keys(COUNTED) },
    at: { $gte: now - (now % HOUR) },
  };
  const path = "/classes/TwoFactorEvent";
  return (await find(server, path, where, "-at")).results;
}

/**
 * @param {import("../server.js").Server} server
 * @param {number} now
 */
async function windowsOf(server, now) {
  const endsAt = now - (now % HOUR) + HOUR;
  const bucket = `messages:${endsAt}`;
  return (await find(server, "/classes/TwoFactorWindow", { bucket })).results;
}

/**
 * @param {import("../server.js").Server} server
 * @param {string} path
 * @param {object} where
 * @param {string} [order]
 */
function find(server, path, where, order = "createdAt") {
  return server.request("GET", path, { query: { where, order, limit: 20 } });
}

/**
 * @param {any[] | undefined} set of an account
 * @param {string} tag
 * @returns {any[]}
 */
function elements(set, tag) {
  return (set ?? []).map((element) => element[tag]).filter(Boolean);
}

/** @param {number} at */
function time(at) {
  return new Date(at).toISOString();
}

module.exports = { whyNone };
