// @ts-check
"use strict";

const { createClasses } = require("./classes.js");
const { register } = require("./composition.js");
const { Core, TRY_AGAIN } = require("./core.js");
const { asText, effects } = require("./effects.js");
const health = require("./health.js");
const { rest: restOf } = require("./rest.js");
const server = require("./server.js");
const { configured, sender } = require("./sms.js");

/** @typedef {import("../pkg/parse_two_factor.cjs").FunctionName} FunctionName */
/** @typedef {import("../pkg/parse_two_factor.cjs").TwoFactor} TwoFactor */
/** @typedef {import("../pkg/parse_two_factor.cjs").Flow} Flow */

/** @type {FunctionName[]} */
const FUNCTIONS = [
  "login",
  "resendCode",
  "twoFactorStatus",
  "enrollTwoFactor",
  "confirmTwoFactor",
  "removeTwoFactor",
  "newRecoveryCodes",
  "stepUp",
  "resetTwoFactor",
  "twoFactorHealth",
];

/** How often the server is asked after Cloud Code was loaded, and the longest pause: a minute in all. */
const START_UP_ROUNDS = 600;
const LONGEST_PAUSE_MILLISECONDS = 100;

/**
 * Registers the Cloud functions and triggers. Call it once, in `cloud/main.js`.
 * @param {any} Parse the `Parse` of Cloud Code
 * @param {import("./options.js").Options} [options]
 * @returns {import("./options.js").TwoFactorSignIn}
 * @throws {Error} for options or keys that cannot be used, and for handlers of the app's own that ours would replace
 */
function twoFactor(Parse, options = {}) {
  const {
    sms,
    keys = process.env.TWO_FACTOR_KEYS,
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
      throw new Error(`The option ${name} takes a function.`);
    }
  }
  if (keys !== undefined && typeof keys !== "string") {
    throw new Error("The option keys takes text.");
  }
  // A function is asked for each user; the core has a setting for all of them.
  const { require: forAll, ...others } = given;
  const ofUser = typeof forAll === "function" ? forAll : undefined;
  const settings = ofUser ? others : given;
  const rest = restOf(Parse);
  /** @param {string} message */
  const warn = (message) => {
    const line = `parse-two-factor: ${message}`;
    const logger = server.config(Parse)?.loggerController;
    if (logger) logger.warn(line);
    else console.warn(line);
  };
  const core = new Core({
    settings,
    keys,
    // A function gives another key from time to time: nothing can be derived from it.
    masterKey: typeof Parse.masterKey === "string" ? Parse.masterKey : "",
    clock,
    warn,
  });
  const world = {
    Parse,
    rest,
    send: sender(sms, process.env),
    clock,
    warn,
    onEvent,
    require: ofUser,
    beforeLogin,
    afterLogin,
    windows: new Map(),
  };

  /** @type {Promise<void> | undefined} */
  let creating;
  /** The state classes; what fails is tried again by the next call. */
  const classes = () =>
    (creating ??= createClasses(rest).catch((error) => {
      creating = undefined;
      throw error;
    }));

  /**
   * @param {any} request
   * @param {(core: TwoFactor, caller: object) => Flow} begin
   */
  const run = async (request, begin) => {
    const caller = {
      address: request.ip ?? null,
      user: request.user?.id ?? null,
      sessionToken: request.user?.getSessionToken?.() ?? null,
      master: Boolean(request.master) && !server.isReadOnly(Parse, request),
      transaction: server.isInTransaction(request),
    };
    const perform = effects(world, request);
    const end = await core.run((c) => begin(c, caller), perform);
    if ("refusal" in end) {
      throw new Parse.Error(end.refusal.code, end.refusal.message);
    }
    return end.answer;
  };

  /**
   * @param {FunctionName | "requireStepUp"} name
   * @param {any} request
   */
  const call = async (name, request) => {
    try {
      await classes();
    } catch (error) {
      warn(uncreated(error));
      throw new Parse.Error(TRY_AGAIN.code, TRY_AGAIN.message);
    }
    const answer = await run(request, (c, caller) =>
      c.call(name, request.params, caller),
    );
    if (name !== "twoFactorHealth") return answer;
    const asked = ofUser ? { require: "function" } : {};
    const environment = { FUNCTIONS, sms, env: process.env };
    return { ...answer, ...asked, ...health.of(Parse, environment) };
  };

  register(
    Parse,
    Object.fromEntries(
      FUNCTIONS.map((name) => [
        name,
        (/** @type {any} */ request) => call(name, request),
      ]),
    ),
    {
      async beforeLogin(/** @type {any} */ request) {
        await run(request, (c, caller) =>
          c.nativeSignIn(request.object.id, caller),
        );
        await beforeLogin?.(request);
      },
      afterLogin,
      async beforeSaveUser(/** @type {any} */ request) {
        const { object, original } = request;
        // The app's own handler first: what it makes of the user is what counts.
        const answer = await beforeSaveUser?.(request);
        const password = object.dirty("password");
        const sender = object.dirty("From");
        const number = object.dirty("phone_number")
          ? (asText(object.get("phone_number")) ?? "")
          : undefined;
        if (password || sender || number !== undefined) {
          await run(request, (c, caller) =>
            c.changeUser(original?.id, number, password, sender, caller),
          );
        }
        return answer;
      },
    },
  );

  const ready = start(Parse, classes).then(() => {
    if (configured(sms, process.env).sms === "none") {
      warn(
        "There is nobody to send messages: set TWILLIO_ACCOUNT_SID and TWILLIO_AUTH_TOKEN, or give the option sms. Until then users with a phone number get 4018.",
      );
    }
    checkLogging(Parse, warn);
    checkLiveQuery(Parse, warn);
    checkAdapters(Parse, warn);
  });
  ready.catch((error) => warn(uncreated(error)));
  return {
    ready,
    async requireStepUp(request) {
      await call("requireStepUp", request);
    },
  };
}

/**
 * What to write down when the state classes could not be created.
 * @param {any} error
 */
function uncreated(error) {
  const message = String(error?.message);
  // What Parse Server 8 and 9 say to every call from Cloud Code with a `router` that is too new.
  const hint = message.startsWith("Cannot convert undefined or null to object")
    ? ` (the package router has to be held at 2.2.0: see "Two things to set" in the README)`
    : "";
  return `the state classes could not be created: ${message}${hint}`;
}

/**
 * While Cloud Code is being loaded Parse answers nothing, so the classes wait for it.
 * @param {any} Parse
 * @param {() => Promise<void>} classes
 */
async function start(Parse, classes) {
  for (let round = 1; ; round += 1) {
    const pause = Math.min(2 ** round, LONGEST_PAUSE_MILLISECONDS);
    await new Promise((resolve) => setTimeout(resolve, pause).unref());
    if (server.isStarting(Parse)) continue;
    try {
      return await classes();
    } catch (error) {
      if (round === START_UP_ROUNDS) throw error;
    }
  }
}

/**
 * Says which of Parse Server's own log settings print what must not stand in a log, and how to stop it.
 * @param {any} Parse
 * @param {(message: string) => void} warn
 */
function checkLogging(Parse, warn) {
  const config = server.config(Parse);
  if (!config) {
    warn(
      "The running Parse Server is not among the loaded modules. So its own sign-in rules cannot be asked and nobody can sign in (4023), a readOnlyMasterKey passes for the master key, and its log settings were not looked at. Keep parse-server out of a bundle.",
    );
    return;
  }
  if (server.hasOption("logLevels") === false) {
    warn(
      "This Parse Server has no logLevels: what Cloud functions answer (session tokens, secrets of authenticator apps) and the users of triggers stand in its log unless it says logLevel: 'warn', and calls that fail stand there with their parameters (challenges, wrong codes) in any case. Keep its log as secret as its database, or move to a Parse Server with logLevels.",
    );
    return;
  }
  const logged = health.logged(config);
  if (logged.length > 0) {
    const level = server.quietestLevel();
    const silent = logged.map((setting) => `${setting}: '${level}'`);
    warn(
      `Parse Server logs the parameters and results of Cloud functions and the users of triggers: codes, session tokens and phone numbers stand in its log. Set logLevels: { ${silent.join(", ")} }.`,
    );
  }
}

/**
 * Says when LiveQuery keeps second factors from working.
 * @param {any} Parse
 * @param {(message: string) => void} warn
 */
function checkLiveQuery(Parse, warn) {
  if (server.hasLiveQuery(Parse, "TwoFactorAccount")) {
    warn(
      "LiveQuery covers the class TwoFactorAccount. From Parse Server 6 on, answers to a change of such a class leave out what did not change, and calls that need a second factor are refused (4022). Name the app's own classes in liveQuery.classNames, or all but ours: '(?!TwoFactor).*'.",
    );
  }
}

/**
 * Says when Parse's own second factor is on beside ours.
 * @param {any} Parse
 * @param {(message: string) => void} warn
 */
function checkAdapters(Parse, warn) {
  const names = server.secondFactorAdapters(Parse) ?? [];
  if (names.length > 0) warn(health.besideOurs(names));
}

module.exports = /** @satisfies {typeof import("./index.d.ts")} */ (twoFactor);
