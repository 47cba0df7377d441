// @ts-check
"use strict";

/**
 * Parse keeps one handler per trigger and one definition per function, and the last registration wins, silently. One that replaced
 * ours would open the door again, and one that ours replaced would be missed: both stop the server from starting.
 */

const server = require("./parse/server.js");
const { StartUpError } = require("./start-up-error.js");
const { guarded } = require("./trigger-guard.js");

/** Marks the handlers and guards that are ours. */
const OURS = Symbol("parse-two-factor");

/**
 * @typedef {(request: any) => unknown} Handler
 * @typedef {{ beforeLogin: Handler, afterLogin?: Handler, beforeSaveUser: Handler }} Triggers
 */

/**
 * @param {any} Parse
 * @param {Record<string, Handler>} functions by name
 * @param {Triggers} triggers
 * @throws {StartUpError} if the app has a handler or a function of its own that ours would replace
 */
function register(Parse, functions, triggers) {
  const { Cloud } = Parse;
  for (const name of ["define", "beforeLogin", "afterLogin", "beforeSave"]) {
    Cloud[name] = Cloud[name][OURS] ?? Cloud[name];
  }
  for (const [type, option] of /** @type {const} */ ([
    ["beforeLogin", "beforeLogin"],
    ["afterLogin", "afterLogin"],
    ["beforeSave", "beforeSaveUser"],
  ])) {
    const there = server.userTrigger(Parse, type);
    if (there && !(/** @type {any} */ (there)[OURS])) refuse(type, option);
  }

  for (const [name, handler] of Object.entries(functions)) {
    const there = server.cloudFunction(Parse, name);
    if (there && !(/** @type {any} */ (there)[OURS])) refuseFunction(name);
    Cloud.define(name, ours(handler));
  }
  /**
   * Registers a trigger of ours. This is the only place that does, so every trigger gets the guard.
   * @param {string} type
   * @param {Handler | undefined} handler
   */
  const on = (type, handler) => {
    if (!handler) return;
    const ofUsers = type.endsWith("Login") ? [] : ["_User"];
    Cloud[type](...ofUsers, ours(guarded(Parse, handler)));
  };
  on("beforeLogin", triggers.beforeLogin);
  on("afterLogin", triggers.afterLogin);
  on("beforeSave", triggers.beforeSaveUser);

  guard(Cloud, "define", (name) => {
    if (name in functions) refuseFunction(name);
  });
  guard(Cloud, "beforeLogin", () => refuse("beforeLogin", "beforeLogin"));
  guard(Cloud, "afterLogin", () => refuse("afterLogin", "afterLogin"));
  guard(Cloud, "beforeSave", (parseClass) => {
    const className = parseClass?.className ?? parseClass;
    if (parseClass === Parse.User || className === "_User") {
      refuse("beforeSave(Parse.User)", "beforeSaveUser");
    }
  });
}

/**
 * Functions and triggers in whose place another handler stands by now. The guards see what Cloud Code registers; a webhook (Parse's
 * `/hooks`) goes round them.
 * @param {any} Parse
 * @param {readonly string[]} functions
 * @returns {string[] | undefined} `undefined` where the server does not show its handlers
 */
function replaced(Parse, functions) {
  /** @type {Record<string, any>} */
  const handlers = {
    beforeLogin: server.userTrigger(Parse, "beforeLogin"),
    "beforeSave(Parse.User)": server.userTrigger(Parse, "beforeSave"),
  };
  for (const name of functions) {
    handlers[name] = server.cloudFunction(Parse, name);
  }
  if (Object.values(handlers).every((handler) => !handler)) return undefined;
  return Object.keys(handlers).filter((name) => !handlers[name]?.[OURS]);
}

/**
 * @param {string} trigger
 * @param {string} option
 * @returns {never}
 */
function refuse(trigger, option) {
  throw new StartUpError(
    `The app registers ${trigger} itself, and Parse keeps one handler per trigger. Hand it over instead: require('parse-two-factor')(Parse, { ${option}: async request => { … } })`,
  );
}

/**
 * @param {string} name
 * @returns {never}
 */
function refuseFunction(name) {
  throw new StartUpError(
    `The app defines the Cloud function "${name}" itself, which is one of parse-two-factor's, and Parse keeps one definition per name. Remove it, or give it another name.`,
  );
}

/**
 * A handler that is known as ours, and is not the app's own function.
 * @param {Function} handler
 */
function ours(handler) {
  return Object.assign((/** @type {any} */ request) => handler(request), {
    [OURS]: true,
  });
}

/**
 * @param {any} Cloud
 * @param {string} name
 * @param {(...args: any[]) => void} check
 */
function guard(Cloud, name, check) {
  const original = Cloud[name];
  Cloud[name] = Object.assign(
    (/** @type {any[]} */ ...args) => {
      check(...args);
      return original.apply(Cloud, args);
    },
    { [OURS]: original },
  );
}

module.exports = { register, replaced };
