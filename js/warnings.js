// @ts-check
"use strict";

/**
 * Sentences for the log about a server whose settings leak secrets or keep second factors from working.
 */

const {
  besideOurs,
  isForEveryone,
  keptOut,
  logged,
  logsRequests,
  refusedByProvider,
  wholeOfPlusOne,
  REPLAYED,
  REQUESTS,
  UNASKED,
} = require("./health.js");
const { opensNoSession } = require("./parse/provider-sign-in.js");
const server = require("./parse/server.js");
const { describeSender } = require("./providers/index.js");

/**
 * @param {any} Parse
 * @param {{ givens: import("./providers/index.js").Givens, countries?: readonly string[], channels?: readonly any[], verify?: unknown }} options
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
function warnings(
  Parse,
  { givens, countries = [], channels = [], verify },
  env,
) {
  return [
    ...warningOfSender(givens, env),
    ...(verify ? [CODES_ALONE] : []),
    ...warningOfMail(Parse, channels),
    ...warningOfLog(Parse),
    ...warningOfLiveQuery(Parse),
    ...warningOfAdapters(Parse),
    ...[wholeOfPlusOne(countries) ?? []].flat(),
  ];
}

const CODES_ALONE =
  "Twilio Verify sends codes and nothing else, so no notice goes out as a message: users hear by mail that a factor was added or removed, or not at all. The option onEvent tells the app.";

/**
 * @param {import("./providers/index.js").Givens} givens
 * @param {NodeJS.ProcessEnv} env
 */
function warningOfSender(givens, env) {
  if (Object.keys(givens).length === 0) return [];
  const own = Object.values(givens).every((given) => given.by);
  if (own || describeSender(givens, env).sms !== "none") return [];
  return [
    "There is nobody to send messages: set TWILLIO_ACCOUNT_SID and TWILLIO_AUTH_TOKEN, or give the option sms. Until then users with a phone number get 4018.",
  ];
}

/**
 * @param {any} Parse
 * @param {readonly any[]} channels
 */
function warningOfMail(Parse, channels) {
  const isOn = channels.some(({ channel }) => channel === "email");
  if (!isOn || server.mailAdapter(Parse)) return [];
  return [
    "channels.email is on, and this Parse Server sends no mail: set emailAdapter, one that has sendMail. Until then users whose only second factor is their address get 4023.",
  ];
}

/**
 * Which of Parse Server's own log settings print secrets, and how to stop that.
 * @param {any} Parse
 */
function warningOfLog(Parse) {
  const config = server.config(Parse);
  if (!config) {
    return [
      "The running Parse Server is not among the loaded modules. So its own sign-in rules cannot be asked and nobody can sign in (4023), a readOnlyMasterKey passes for the master key, and its log settings were not looked at. Keep parse-server out of a bundle.",
    ];
  }
  const requests = logsRequests(config) ? [REQUESTS] : [];
  if (server.hasOption("logLevels") === false) {
    return [
      ...requests,
      "This Parse Server has no logLevels: what Cloud functions answer (session tokens, secrets of authenticator apps) and the users of triggers stand in its log unless it says logLevel: 'warn', and calls that fail stand there with their parameters (challenges, wrong codes) in any case. Keep its log as secret as its database, or move to a Parse Server with logLevels.",
    ];
  }
  const level = server.quietestLevel();
  const silent = logged(config).map((setting) => `${setting}: '${level}'`);
  if (silent.length === 0) return requests;
  return [
    ...requests,
    `Parse Server logs the parameters and results of Cloud functions and the users of triggers: codes, session tokens and phone numbers stand in its log. Set logLevels: { ${silent.join(", ")} }.`,
  ];
}

/** @param {any} Parse */
function warningOfLiveQuery(Parse) {
  if (!server.hasLiveQuery(Parse, "TwoFactorAccount")) return [];
  return [
    "LiveQuery covers the class TwoFactorAccount. From Parse Server 6 on, answers to a change of such a class leave out what did not change, and calls that need a second factor are refused (4022). Name the app's own classes in liveQuery.classNames, or all but ours: '(?!TwoFactor).*'.",
  ];
}

/** @param {any} Parse */
function warningOfAdapters(Parse) {
  const adapters = server.secondFactorAdapters(Parse) ?? [];
  return adapters.length > 0 ? [besideOurs(adapters)] : [];
}

/**
 * Warnings about the words of providers, where they are taken.
 * @param {any} Parse
 * @param {unknown} federated the option
 * @returns {Promise<string[]>}
 */
async function providerWarnings(Parse, federated) {
  const providers = server.firstFactorProviders(Parse) ?? [];
  if (federated === "refuse" || providers.length === 0) return [];
  return [
    ...((await opensNoSession(Parse)) ? [] : [UNASKED]),
    ...(server.asksProviders(Parse) ? [] : [REPLAYED]),
  ];
}

/**
 * Warnings about users whom the settings keep out.
 * @param {any} Parse
 * @param {import("./parse/rest.js").Rest} rest
 * @param {import("./health.js").Rules} rules
 * @returns {Promise<string[]>}
 */
async function userWarnings(Parse, rest, rules) {
  if (rules.federated === "trust") return [];
  const providers = server.firstFactorProviders(Parse) ?? [];
  const where = refusedByProvider(providers, rules);
  if (!where) return [];
  if (!isForEveryone(rules.require)) {
    // A database that has no such column answers a query for it with an error of its own.
    const { fields } = await rest("GET", "schemas/_User");
    if (!fields[rules.column]) return [];
  }
  const { count } = await rest("GET", "users", { where, count: 1, limit: 0 });
  return count > 0 ? [keptOut(count, rules)] : [];
}

module.exports = { providerWarnings, userWarnings, warnings };
