// @ts-check
"use strict";

/**
 * What a start that fails leaves behind.
 *
 * An error in Cloud Code ends a Parse Server. Some hosts catch it and run the server with whatever was registered until then; there our
 * refusal to start would mean that nobody is asked for a second factor. So every way round one is shut (4023) before the error leaves us.
 */

const server = require("./parse/server.js");
const { register } = require("./register.js");

/** The core's code for what the operator has to mend. The core may be what could not be loaded. */
const NOT_CONFIGURED = 4023;

const MESSAGE =
  "Sign-in is closed here, because parse-two-factor could not start: the operator has to look at the server's log.";

/** Columns of a user that are a first factor, or where a code goes. */
const GUARDED = ["phone_number", "From", "password", "authData"];

/**
 * Shuts native sign-in and `login`; and for everyone but the master key, changes of what a factor hangs on, and deletions. What the app
 * has registered there goes: it would be the way round.
 * @param {any} Parse
 * @param {Error} failure why the start has failed
 * @param {any} options as the app gave them
 */
function close(Parse, failure, options) {
  const guarded = [...GUARDED, ...namedColumns(options)];
  const refuse = () => {
    throw new Parse.Error(NOT_CONFIGURED, MESSAGE);
  };
  const refuseClient = (/** @type {any} */ { master }) => {
    if (!master) refuse();
  };
  const functions = {
    [loginOf(options)]: { handler: refuse },
    // So that `doctor` can tell this server from one that has none of our functions, and say why.
    twoFactorHealth: {
      handler: (/** @type {any} */ { master }) => {
        const why = master ? ` ${failure.message}` : "";
        throw new Parse.Error(NOT_CONFIGURED, MESSAGE + why);
      },
    },
  };
  const triggers = {
    beforeLogin: { handler: refuse },
    beforeSaveUser: {
      handler: (/** @type {any} */ request) => {
        if (isWayRound(request, guarded)) refuseClient(request);
      },
    },
    beforeDeleteUser: { handler: refuseClient },
  };
  register(Parse, functions, triggers, true);
  server
    .config(Parse)
    ?.loggerController?.error(`${failure.message} Until then, ${CLOSED}`);
}

const CLOSED =
  "sign-in is closed (4023) if this server runs at all: some hosts go on after an error in Cloud Code.";

/**
 * Whether a save could take a second factor away, or put somebody in the place of a user who had one: under an id that comes back.
 * @param {any} request
 * @param {string[]} guarded
 */
function isWayRound({ object, original }, guarded) {
  if (!original) return Boolean(object.id);
  return object
    .dirtyKeys()
    .some((/** @type {string} */ key) => guarded.includes(key.split(".")[0]));
}

/**
 * What the app calls `login`: a function of its own of that name stays. The option may be what the start failed of.
 * @param {any} options
 * @returns {string}
 */
function loginOf(options) {
  try {
    const { login } = options.functions;
    return /^[A-Za-z]\w*$/.test(login) ? login : "login";
  } catch {
    return "login";
  }
}

/**
 * The columns that the app names for number and sender. The option may be what the start failed of.
 * @param {any} options
 * @returns {string[]}
 */
function namedColumns(options) {
  try {
    const { phoneNumber, from } = options.columns;
    return [phoneNumber, from].filter((name) => typeof name === "string");
  } catch {
    return [];
  }
}

module.exports = { close };
