// @ts-check
"use strict";

/**
 * The options that an app gives: which the core takes as settings, and which are for JavaScript.
 */

const { checkOptionNames } = require("./option-names.js");
const { StartUpError } = require("./start-up-error.js");

/** @typedef {import("./environment.js").Hook} Hook */

/**
 * @typedef {object} HostOptions
 * @property {any} sms a Twilio client, a function, or nothing
 * @property {string | undefined} keys
 * @property {() => number} clock
 * @property {((event: any) => unknown) | undefined} onEvent
 * @property {Hook | undefined} beforeLogin
 * @property {Hook | undefined} afterLogin
 * @property {Hook | undefined} beforeSaveUser
 * @property {((user: any) => unknown) | undefined} require asked for each user, in place of the setting for all of them
 *
 * @typedef {object} GivenOptions
 * @property {HostOptions} host
 * @property {object} settings the core's; it checks them
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
    keys = env.TWO_FACTOR_KEYS,
    clock = Date.now,
    onEvent,
    beforeLogin,
    afterLogin,
    beforeSaveUser,
    ...given
  } = options;
  const callbacks = { clock, onEvent, beforeLogin, afterLogin, beforeSaveUser };
  for (const [name, callback] of Object.entries(callbacks)) {
    if (callback !== undefined && typeof callback !== "function") {
      throw new StartUpError(`The option ${name} takes a function.`);
    }
  }
  if (keys !== undefined && typeof keys !== "string") {
    throw new StartUpError("The option keys takes text.");
  }
  const named = { sms, keys, ...callbacks };
  const { require, ...others } = given;
  const asked = typeof require === "function" ? require : undefined;
  const settings = asked ? others : given;
  checkOptionNames(settings, Object.keys(named));
  return { host: { ...named, require: asked }, settings };
}

module.exports = { readOptions };
