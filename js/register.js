// @ts-check
"use strict";

/**
 * Parse keeps one handler per trigger and one definition per function, and the last registration wins, silently. One that replaced
 * ours would open the door again, and one that ours replaced would be missed: both stop the server from starting.
 */

const server = require("./parse/server.js");
const { StartUpError } = require("./start-up-error.js");
const { guarded, keepWritable } = require("./trigger-guard.js");

/** Marks the handlers and guards that are ours. */
const OURS = Symbol("parse-two-factor");

/**
 * The triggers of `_User` that an app may hand over: the option, and what Parse calls the trigger.
 */
const TRIGGERS = /** @type {const} */ ({
  beforeLogin: { type: "beforeLogin", shown: "beforeLogin" },
  afterLogin: { type: "afterLogin", shown: "afterLogin" },
  beforeSaveUser: { type: "beforeSave", shown: "beforeSave(Parse.User)" },
  afterSaveUser: { type: "afterSave", shown: "afterSave(Parse.User)" },
  beforeDeleteUser: { type: "beforeDelete", shown: "beforeDelete(Parse.User)" },
  afterDeleteUser: { type: "afterDelete", shown: "afterDelete(Parse.User)" },
});

/** Those that are registered in every app. */
const ALWAYS = /** @type {const} */ ([
  "beforeLogin",
  "beforeSaveUser",
  "afterSaveUser",
  "beforeDeleteUser",
  "afterDeleteUser",
]);

/**
 * @typedef {(request: any) => unknown} Handler
 * @typedef {keyof typeof TRIGGERS} TriggerName
 * @typedef {{ handler: Handler, validator?: any }} Trigger
 * @typedef {{ [K in TriggerName]?: Trigger }} Triggers those that are to be registered
 */

/**
 * @param {any} Parse
 * @param {Record<string, { handler: Handler, validator?: any }>} functions by name
 * @param {Triggers} triggers
 * @param {boolean} [replaces] whether these take the place of the app's own, in a start that has failed
 * @throws {StartUpError} if the app has a handler or a function of its own that ours would replace
 */
function register(Parse, functions, triggers, replaces = false) {
  const { Cloud } = Parse;
  const registered = /** @type {[TriggerName, Trigger][]} */ (
    Object.entries(triggers)
  );
  // An afterLogin of the app's own would not run for a sign-in with a code, so it has to be handed over in any case.
  const handedOver = new Set([...registered.map(([name]) => name), LOGIN]);
  const types = Object.values(TRIGGERS).map(({ type }) => type);
  for (const name of ["define", ...types]) {
    Cloud[name] = Cloud[name][OURS] ?? Cloud[name];
  }
  /** @param {Function | undefined} there */
  const isInTheWay = (there) =>
    there && !(/** @type {any} */ (there)[OURS]) && !replaces;
  for (const name of handedOver) {
    const there = server.userTrigger(Parse, TRIGGERS[name].type);
    if (isInTheWay(there)) refuse(name);
  }

  for (const [name, { handler, validator }] of Object.entries(functions)) {
    const there = server.cloudFunction(Parse, name);
    if (isInTheWay(there)) refuseFunction(name);
    Cloud.define(name, ours(handler), ...given(validator));
  }
  // Before any trigger of ours, and for every one that is added later.
  keepWritable(Parse);
  for (const [name, { handler, validator }] of registered) {
    const { type } = TRIGGERS[name];
    const ofUsers = type.endsWith("Login") ? [] : ["_User"];
    Cloud[type](...ofUsers, ours(guarded(Parse, handler)), ...given(validator));
  }

  guard(Cloud, "define", (name) => {
    if (Object.hasOwn(functions, name)) refuseFunction(name);
  });
  for (const name of handedOver) {
    guard(Cloud, TRIGGERS[name].type, (parseClass) => {
      const className = parseClass?.className ?? parseClass;
      const isOfUsers = parseClass === Parse.User || className === "_User";
      if (isOfUsers || TRIGGERS[name].type.endsWith("Login")) refuse(name);
    });
  }
}

/** @param {any} validator as an argument, if there is one */
const given = (validator) => (validator === undefined ? [] : [validator]);

/** Parse runs this trigger after its own sign-in only. */
const LOGIN = /** @type {const} */ ("afterLogin");

/**
 * Functions and triggers in whose place another handler stands by now. The guards see what Cloud Code registers; a webhook (Parse's
 * `/hooks`) goes round them.
 * @param {any} Parse
 * @param {readonly string[]} functions
 * @returns {string[] | undefined} `undefined` where the server does not show its handlers
 */
function replaced(Parse, functions) {
  /** @type {Record<string, any>} */
  const handlers = {};
  for (const { type, shown } of ALWAYS.map((name) => TRIGGERS[name])) {
    handlers[shown] = server.userTrigger(Parse, type);
  }
  for (const name of functions) {
    handlers[name] = server.cloudFunction(Parse, name);
  }
  if (Object.values(handlers).every((handler) => !handler)) return undefined;
  return Object.keys(handlers).filter((name) => !handlers[name]?.[OURS]);
}

/**
 * @param {TriggerName} option
 * @returns {never}
 */
function refuse(option) {
  throw new StartUpError(
    `The app registers ${TRIGGERS[option].shown} itself, and Parse keeps one handler per trigger. Hand it over instead: require('parse-two-factor')(Parse, { ${option}: async request => { … } })`,
  );
}

/**
 * @param {string} name
 * @returns {never}
 */
function refuseFunction(name) {
  throw new StartUpError(
    `The app defines the Cloud function "${name}" itself, which is one of parse-two-factor's, and Parse keeps one definition per name. Remove it, or give one of the two another name: ours by the option functions, as in { functions: { login: 'signIn' } }.`,
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

module.exports = { register, replaced, TRIGGERS };
