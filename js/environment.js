// @ts-check
"use strict";

/**
 * What surrounds the core in one app: its Parse, its provider of messages, its clock and its callbacks.
 *
 * @typedef {object} Environment
 * @property {any} Parse
 * @property {import("./parse/rest.js").Rest} rest
 * @property {Record<import("./providers/index.js").Channel, import("./providers/index.js").Sender>} senders by channel
 * @property {import("./providers/verify.js").Verify} verify Twilio Verify
 * @property {string[]} authTokens by which Twilio signs; none without the option `statusCallback`
 * @property {() => number} clock
 * @property {Readonly<import("./parse/columns.js").Columns>} columns of `_User`
 * @property {string | undefined} defaultCountry of numbers that are written without one
 * @property {boolean} sendsCodesByMail whether a user's address may be a second factor
 * @property {string | undefined} emptyColumn of `_User`: has to be empty, because numbers stand in another one
 * @property {(message: string) => void} warn
 * @property {((event: any) => unknown) | undefined} onEvent
 * @property {((user: any, circumstances: import("./types.js").Circumstances) => unknown) | undefined} require what the app requires of a user; without it the setting counts
 * @property {((user: any) => unknown) | undefined} accountName by what name an authenticator app shows a user's account
 * @property {Hook | undefined} beforeLogin the app's own
 * @property {Hook | undefined} afterLogin the app's own
 * @property {boolean} [inProcess] whether Parse's REST API is called without HTTP; read once
 * @property {import("./retention.js").Retention} retention how long the event trail is kept
 * @property {Map<string, string>} windows ids of window rows by their bucket: they never change
 *
 * @typedef {(request: any) => unknown} Hook
 */

const { DEFAULTS, movesNumber } = require("./parse/columns.js");
const { restClient } = require("./parse/rest.js");
const server = require("./parse/server.js");
const {
  accountOf,
  authTokens,
  createSenders,
} = require("./providers/index.js");
const { throughVerify } = require("./providers/verify.js");
const { Retention } = require("./retention.js");

/**
 * @param {any} Parse
 * @param {import("./options.js").HostOptions} options
 * @param {Record<string, any>} settings the core's
 * @returns {Environment}
 * @throws {import("./start-up-error.js").StartUpError} if no messages can be sent with what is configured
 */
function createEnvironment(Parse, options, settings) {
  const { givens, clock, columns, onEvent, require, accountName, triggers } =
    options;
  const rest = restClient(Parse);
  const account = accountOf(givens, process.env);
  const senders = createSenders(givens, process.env, account);
  const channels = /** @type {import("./channels.js").Setting[]} */ (
    settings.channels
  );
  return {
    Parse,
    rest,
    senders,
    verify: throughVerify(account),
    authTokens: settings.statusCallback
      ? authTokens(
          channels.flatMap(({ channel }) =>
            channel === "email" ? [] : [senders[channel]],
          ),
        )
      : [],
    clock,
    columns,
    defaultCountry: settings.defaultCountry,
    sendsCodesByMail: Boolean(
      settings.channels?.some(
        (/** @type {any} */ { channel }) => channel === "email",
      ),
    ),
    emptyColumn:
      movesNumber(columns) && !settings.allow?.includes("columns")
        ? DEFAULTS.phoneNumber
        : undefined,
    warn: (message) => warn(Parse, message),
    onEvent,
    require,
    accountName,
    beforeLogin: triggers.beforeLogin?.handler,
    afterLogin: triggers.afterLogin?.handler,
    retention: new Retention(rest, clock, settings.limits),
    windows: new Map(),
  };
}

/**
 * Writes a line for the operator into Parse Server's log, or on the console where Parse Server does not show its own.
 * @param {any} Parse
 * @param {string} message
 */
function warn(Parse, message) {
  const line = `parse-two-factor: ${message}`;
  const logger = server.config(Parse)?.loggerController;
  if (logger) logger.warn(line);
  else console.warn(line);
}

module.exports = { createEnvironment };
