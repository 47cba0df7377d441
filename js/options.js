// @ts-check
"use strict";

/**
 * The options that an app gives: which the core takes as settings, and which are for JavaScript.
 */

const { checkVerify, readChannels } = require("./channels.js");
const { checkOptionNames } = require("./option-names.js");
const { readColumns } = require("./parse/columns.js");
const { TRIGGERS } = require("./register.js");
const { StartUpError } = require("./start-up-error.js");

/**
 * @typedef {object} HostOptions
 * @property {import("./providers/index.js").Givens} givens who sends, by channel
 * @property {string | undefined} keys
 * @property {() => number} clock
 * @property {Readonly<import("./parse/columns.js").Columns>} columns of `_User`
 * @property {((event: any) => unknown) | undefined} onEvent
 * @property {import("./register.js").Triggers} triggers the app's own
 * @property {((user: any) => unknown) | undefined} accountName
 * @property {((user: any, circumstances: import("./types.js").Circumstances) => unknown) | undefined} require asked for each user, in place of the setting for all of them
 *
 * @typedef {object} GivenOptions
 * @property {HostOptions} host
 * @property {Record<string, any>} settings the core's; it checks them
 */

/**
 * @param {import("./types.js").Options} options
 * @param {NodeJS.ProcessEnv} env
 * @returns {GivenOptions}
 * @throws {StartUpError} for an option of JavaScript's that cannot be used
 */
function readOptions(options, env) {
  if (typeof options !== "object" || options === null) {
    throw new StartUpError(
      "The second argument takes the options, as in require('parse-two-factor')(Parse, { issuer: 'App' }). Leave it out for the defaults.",
    );
  }
  const {
    sms,
    channels,
    keys = env.TWO_FACTOR_KEYS,
    clock = Date.now,
    onEvent,
    accountName,
    columns,
    ...more
  } = options;
  const { triggers, others: given } = takeTriggers(more);
  const callbacks = { clock, onEvent, accountName };
  for (const [name, callback] of Object.entries(callbacks)) {
    if (callback !== undefined && typeof callback !== "function") {
      throw new StartUpError(`The option ${name} takes a function.`);
    }
  }
  if (keys !== undefined && typeof keys !== "string") {
    throw new StartUpError("The option keys takes text.");
  }
  const { givens, settings: list } = readChannels(channels, sms);
  if (given.verify) checkVerify(givens);
  const named = { keys, columns: readColumns(columns), ...callbacks };
  const { require, ...others } = given;
  const asked = typeof require === "function" ? require : undefined;
  const settings = asked ? others : given;
  checkOptionNames(settings, [
    "sms",
    ...Object.keys(named),
    ...Object.keys(TRIGGERS),
  ]);
  return {
    host: { ...named, givens, triggers, require: asked },
    settings: { ...settings, channels: list },
  };
}

/**
 * The app's own triggers: each a function, or a function and the validator that Parse takes beside it.
 * @param {Record<string, any>} options
 * @returns {{ triggers: import("./register.js").Triggers, others: Record<string, any> }}
 * @throws {StartUpError}
 */
function takeTriggers(options) {
  /** @type {Record<string, import("./register.js").Trigger>} */
  const triggers = {};
  const others = { ...options };
  for (const name of Object.keys(TRIGGERS)) {
    const given = options[name];
    delete others[name];
    if (given === undefined) continue;
    const [handler, validator, ...rest] = Array.isArray(given)
      ? given
      : [given];
    const isValidator =
      validator === undefined ||
      typeof validator === "function" ||
      (typeof validator === "object" && validator !== null);
    if (typeof handler !== "function" || !isValidator || rest.length > 0) {
      throw new StartUpError(
        `The option ${name} takes a function, or a list of a function and the validator that Parse would get beside it: [async request => { … }, { requireUser: true }].`,
      );
    }
    triggers[name] = { handler, validator };
  }
  return { triggers, others };
}

module.exports = { readOptions };
