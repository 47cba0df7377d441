// @ts-check
"use strict";

/**
 * What an operator cannot see from outside: what stands around the core in the running process. The master key alone may ask for it
 * (`twoFactorHealth`), and nothing of it is secret.
 */

const { opensNoSession } = require("./parse/provider-sign-in.js");
const { replaced } = require("./register.js");
const server = require("./parse/server.js");
const { describeSender } = require("./providers/index.js");

/** Where Parse Server logs codes and session tokens (functions) and whole users, their numbers with them (triggers). */
const LOG_SETTINGS = [
  ["cloudFunctionSuccess", "info"],
  ["cloudFunctionError", "error"],
  ["triggerBeforeSuccess", "info"],
  ["triggerBeforeError", "error"],
  ["triggerAfter", "info"],
];
const LOG_LEVELS = ["error", "warn", "info", "verbose", "debug", "silly"];

/**
 * Which of Parse Server's own log settings print what must not stand in a log.
 * @param {any} config the running server's
 * @returns {string[]}
 */
function logged(config) {
  const { logLevels = {} } = config;
  return LOG_SETTINGS.filter(([setting, byDefault]) => {
    const rank = LOG_LEVELS.indexOf(logLevels[setting] ?? byDefault);
    return rank >= 0 && rank <= LOG_LEVELS.indexOf(levelOf(config));
  }).map(([setting]) => setting);
}

/**
 * Whether Parse Server logs each request as it comes and each answer, whatever its `logLevels` say. It does so at the level `verbose`. Of the
 * body it masks `password` alone, and of the headers nothing.
 * @param {any} config the running server's
 */
function logsRequests(config) {
  return ["verbose", "silly"].includes(levelOf(config));
}

/** The level up to which it logs. @param {any} config @returns {string} */
function levelOf({ logLevel, verbose }) {
  return logLevel ?? (verbose ? "verbose" : "info");
}

/** What follows from that, and what to do. */
const REQUESTS =
  "Parse Server logs whole requests, with the master key, session tokens, codes and secrets in them, whatever its logLevels say: set logLevel: 'info', and leave out verbose and the variable VERBOSE.";

/**
 * What follows from Parse's own second factor beside ours, and what to do.
 * @param {readonly string[]} adapters
 */
function besideOurs(adapters) {
  const names = adapters.join(", ");
  return `Parse Server's own second factor is on beside ours (${names} in its option auth). Our login refuses a user who enrolled there as Parse's /login does ("Missing additional authData"), and a user who has a factor with us as well can sign in nowhere. Have these users enroll with us, set ${names} in the authData of each to null with the master key, and then take ${names} out of auth.`;
}

/**
 * What decides about users whom a provider signs in.
 * @typedef {object} Rules
 * @property {unknown} [require] the option
 * @property {unknown} [federated] the option
 * @property {string} column of the number
 */

/**
 * Whether Parse's own sign-in refuses those who have no factor yet as well. What a function answers is not known here.
 * @param {unknown} require the option
 */
function isForEveryone(require) {
  return require === "everyone" || require === "always";
}

/**
 * A query for users whom Parse's own sign-in by a provider refuses: those who have a number as well, or all of them where everyone needs a
 * second factor. `undefined` where no provider is configured.
 * @param {readonly string[]} providers
 * @param {Rules} rules
 */
function refusedByProvider(providers, { require, column }) {
  if (providers.length === 0) return undefined;
  const linked = providers.map((name) => ({
    // PostgreSQL's adapter takes no $exists for a part of a column.
    [`authData.${name}.id`]: { $regex: "." },
  }));
  const asked = isForEveryone(require)
    ? {}
    : { [column]: { $exists: true, $ne: "" } };
  return { ...asked, $or: linked };
}

/**
 * What becomes of them, and what to do.
 * @param {number} count
 * @param {Rules} rules
 */
function keptOut(count, { require, federated, column }) {
  const all = isForEveryone(require);
  const [who, are, have] =
    count === 1 ? ["1 user", "is", "has"] : [`${count} users`, "are", "have"];
  const users = all
    ? `${who} ${are} linked to a provider`
    : `${who} ${have} a number in ${column} and ${are} linked to a provider`;
  if (federated !== "refuse") {
    return `${users}. Parse's own sign-in by a provider answers 4010 to such a user: have your clients call the Cloud function login with authData in place of logInWith.`;
  }
  const [why, otherwise] = all
    ? [`With require: '${require}'`, ""]
    : ["With a number", "remove the number, or "];
  return `${users}. ${why}, only a password and the Cloud function login let a user in, and the provider's sign-in answers 4010. Whoever never had a password can set one by password reset, which needs an e-mail address; for others ${otherwise}let the option require answer 'nobody'.`;
}

/**
 * What follows from `+1` in `countries` without a country left out, and what to do.
 * @param {readonly string[]} countries
 * @returns {string | undefined}
 */
function wholeOfPlusOne(countries) {
  const narrower = countries.some((entry) => /^-?\+1./.test(entry));
  if (!countries.includes("+1") || narrower) return undefined;
  return "countries has +1, which is the calling code of 25 countries and territories, some of them known for SMS pumping. Leave out those without users: '-+1876' (Jamaica), '-+1809' (Dominican Republic).";
}

/** Where a provider's word is taken and cannot be checked. */
const UNASKED =
  "Parse Server cannot be asked for a provider's word without opening a session, so login answers 4023 to every one: run Parse Server 5 to 9, and keep it out of a bundle.";

/** Where a word that was used once is good again. */
const REPLAYED =
  "This Parse Server does not ask the provider about a word that the user's row holds already, and a session can read that: whoever had a session of the user has the first factor. Set allowExpiredAuthDataToken: false, which Parse Server 6 and newer have.";

/** @param {any} config the running server's */
function sessionsOf({
  sessionLength,
  expireInactiveSessions,
  extendSessionOnUse,
}) {
  return {
    length: Number(sessionLength),
    expires: expireInactiveSessions !== false,
    extends: extendSessionOnUse === true,
  };
}

/**
 * @typedef {object} Surroundings
 * @property {"none" | "option" | "twilio"} sms who sends messages
 * @property {boolean} sender whether there is a sender for users without a `From`; an app's own function may choose one itself
 * @property {string[] | null} replaced functions and triggers of ours in whose place another handler stands
 * @property {string[] | null} logged log settings that print what must not stand in a log
 * @property {boolean | null} logsRequests whether it logs whole requests beside that
 * @property {boolean | null} logLevels whether this Parse Server has such settings
 * @property {string} quietest the level at which it logs least
 * @property {boolean | null} liveQuery whether LiveQuery covers the accounts, and with that keeps second factors from working
 * @property {string[] | null} adapters Parse Server's own adapters that may ask for a second factor
 * @property {string[] | null} providers whose word is a first factor
 * @property {boolean} providerSignIn whether this Parse Server can be asked for a provider's word
 * @property {boolean} asksProviders whether it is set to ask the provider about a word that it holds already
 * @property {{ length: number, expires: boolean, extends: boolean } | null} sessions how many seconds a session lasts, whether it ends at all, and whether use moves its end
 * @property {import("./parse/columns.js").Columns} columns of `_User` for number, sender and language
 * @property {string[] | null} masterKeyIps from where the master key is taken
 */

/**
 * Where the server does not show something the answer is `null`.
 * @param {any} Parse
 * @param {{ functions: readonly string[], givens: import("./providers/index.js").Givens, columns: Readonly<import("./parse/columns.js").Columns>, env: NodeJS.ProcessEnv }} environment
 * @returns {Promise<Surroundings>}
 */
async function surroundings(Parse, { functions, givens, columns, env }) {
  const config = server.config(Parse);
  return {
    ...describeSender(givens, env),
    replaced: replaced(Parse, functions) ?? null,
    logged: config ? logged(config) : null,
    logsRequests: config ? logsRequests(config) : null,
    logLevels: server.hasOption("logLevels") ?? null,
    quietest: server.quietestLevel(),
    liveQuery: server.hasLiveQuery(Parse, "TwoFactorAccount") ?? null,
    adapters: server.secondFactorAdapters(Parse) ?? null,
    providers: server.firstFactorProviders(Parse) ?? null,
    providerSignIn: await opensNoSession(Parse),
    asksProviders: server.asksProviders(Parse),
    sessions: config ? sessionsOf(config) : null,
    columns: { ...columns },
    masterKeyIps: config?.masterKeyIps ?? null,
  };
}

module.exports = {
  besideOurs,
  isForEveryone,
  keptOut,
  logged,
  logsRequests,
  refusedByProvider,
  surroundings,
  wholeOfPlusOne,
  REPLAYED,
  REQUESTS,
  UNASKED,
};
