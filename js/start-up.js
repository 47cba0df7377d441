// @ts-check
"use strict";

/**
 * What the server has to be like: looked at while Cloud Code is loaded, as far as it shows then, and once it answers.
 */

const { CLASSES, UntrustedClass } = require("./parse/classes.js");
const { isParseError, FORBIDDEN } = require("./parse/rest.js");
const server = require("./parse/server.js");
const { StartUpError } = require("./start-up-error.js");

/** Only a server that serves is looked at closely. */
const lateWarnings = () => require("./warnings.js");

/** How often the server is asked after Cloud Code was loaded, and the longest pause: a minute in all. */
const ROUNDS = 600;
const LONGEST_PAUSE_MILLISECONDS = 100;
/** After so much of it the log says that the server cannot be reached yet. */
const FIRST_WORD_ROUND = 15;

/**
 * Refuses a server on which no sign-in could work, before it serves anybody.
 * @param {any} Parse
 * @throws {StartUpError}
 */
function checkServer(Parse) {
  if (server.findsRoutes() === false) {
    throw new StartUpError(
      'Calls from Cloud Code fail on this Parse Server with "Cannot convert undefined or null to object", because its package router is 2.3 or newer. Add "overrides": { "router": "2.2.0" } to package.json, delete node_modules and the lock file, and install again.',
    );
  }
  if (!server.canSendMasterKey(Parse)) {
    throw new StartUpError(
      "masterKey is a function and directAccess is false, so no call from Cloud Code has the master key's rights. Set directAccess: true, or give the key as text.",
    );
  }
  const missing = server.undefinedClasses(Parse, Object.keys(CLASSES));
  if (missing.length > 0) {
    throw new StartUpError(
      `schema.lockSchemas is on, and schema.definitions lacks ${missing.join(", ")}, so no sign-in could be kept. Hand them over: schema: { definitions: [...require('parse-two-factor/schemas'), …], lockSchemas: true }.`,
    );
  }
}

/**
 * Refuses to trust providers where Parse Server takes a word that it holds already without asking anybody: a session can read that, so
 * whoever had one once would sign in for ever.
 * @param {any} Parse
 * @param {{ federated?: unknown }} settings
 * @throws {StartUpError}
 */
function checkTrust(Parse, { federated }) {
  if (federated !== "trust") return;
  if (server.asksProviders(Parse)) return;
  throw new StartUpError(
    "federated: 'trust' needs a Parse Server that asks the provider about every sign-in. Set allowExpiredAuthDataToken: false in its options, which Parse Server 6 and newer have, or take federated: 'ask'.",
  );
}

/**
 * Starts a deployment. What goes wrong is written into the log as well.
 * @param {import("./deployment.js").Deployment} deployment
 * @param {import("./options.js").GivenOptions} options
 * @returns {Promise<void>} settles once the state classes exist
 */
function start(deployment, { host: { givens, columns }, settings }) {
  const { require, countries, channels, federated, verify } = settings;
  const ready = createClasses(deployment).then(
    async () => {
      const { Parse } = deployment;
      const { providerWarnings, warnings } = lateWarnings();
      const found = [
        ...warnings(
          Parse,
          { givens, countries, channels, verify },
          process.env,
        ),
        ...(await providerWarnings(Parse, federated)),
      ];
      for (const message of found) deployment.warn(message);
    },
    (error) => {
      throw new StartUpError(describeFailure(error));
    },
  );
  ready.then(
    async () => {
      // The log says what is wrong with them before anybody is refused.
      await deployment.columns.state();
      const column = columns.phoneNumber;
      if (require !== "nobody") {
        await warnOfUsers(deployment, { require, federated, column });
      }
      await deployment.sweepTrail();
    },
    (error) =>
      deployment.warn(error.message.replace(/^parse-two-factor: /, "")),
  );
  return ready;
}

/**
 * Warns of users whom these settings keep out. What cannot be counted is not warned of.
 * @param {import("./deployment.js").Deployment} deployment
 * @param {import("./health.js").Rules} rules
 */
async function warnOfUsers(deployment, rules) {
  const { Parse, rest } = deployment;
  const { userWarnings } = lateWarnings();
  const found = await userWarnings(Parse, rest, rules).catch(() => []);
  for (const message of found) deployment.warn(message);
}

/**
 * While Cloud Code is being loaded Parse answers nothing, so the state classes wait. A server that says no is not asked again.
 * @param {import("./deployment.js").Deployment} deployment
 */
async function createClasses(deployment) {
  // Parse waits for ten milliseconds once Cloud Code was loaded: what is loaded meanwhile costs nothing.
  await new Promise((resolve) => setImmediate(resolve));
  deployment.load();
  for (let round = 1; ; round += 1) {
    const pause = Math.min(2 ** round, LONGEST_PAUSE_MILLISECONDS);
    await new Promise((resolve) => setTimeout(resolve, pause).unref());
    if (server.isStarting(deployment.Parse)) continue;
    try {
      return await deployment.createClasses();
    } catch (/** @type {any} */ error) {
      if (round >= ROUNDS || isFinal(error, deployment.Parse)) throw error;
      if (round === FIRST_WORD_ROUND) {
        deployment.warn(
          `Cloud Code cannot reach its own Parse Server yet, which is tried again for a minute (${error?.message}). If it stays so, nobody can sign in: compare serverURL with where the server is mounted.`,
        );
      }
    }
  }
}

/**
 * Whether asking again would not help.
 * @param {any} error
 * @param {any} Parse
 */
function isFinal(error, Parse) {
  if (error instanceof UntrustedClass) return true;
  if (isParseError(error, FORBIDDEN) && server.isMakingClasses(Parse)) {
    return false;
  }
  return Boolean(settingBehind(error));
}

/**
 * The setting by which a server says no, and what to do.
 * @param {any} error
 * @returns {string | undefined}
 */
function settingBehind(error) {
  const message = String(error?.message);
  // Parse Server 8 and 9 say so to every call from Cloud Code if the package `router` is too new.
  if (message.startsWith("Cannot convert undefined or null to object")) {
    return 'the package router has to be held at 2.2.0: see "Two things to set" in the README';
  }
  if (message.startsWith("unauthorized")) {
    return "masterKeyIps does not contain the address from which this server calls its own serverURL: add it, or set directAccess: true";
  }
  if (isParseError(error, FORBIDDEN)) {
    return "schema.lockSchemas is on: hand our classes over in schema.definitions, by require('parse-two-factor/schemas')";
  }
  return undefined;
}

/**
 * Says for the log that the state classes could not be created.
 * @param {any} error
 */
function describeFailure(error) {
  const setting = settingBehind(error);
  const hint = setting ? ` (${setting})` : "";
  if (error instanceof UntrustedClass) {
    return `nobody who needs a second factor can sign in: ${error.message}`;
  }
  return `the state classes could not be created, so nobody who needs a second factor can sign in: ${error?.message}${hint}`;
}

module.exports = { checkServer, checkTrust, start, describeFailure };
