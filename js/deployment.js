// @ts-check
"use strict";

const { ColumnCheck } = require("./column-check.js");
const { Core, TRY_AGAIN } = require("./core.js");
const { createEnvironment } = require("./environment.js");
const { createClasses } = require("./parse/classes.js");
const server = require("./parse/server.js");
const { describeFailure } = require("./start-up.js");

/** @typedef {import("./core.js").Flow} Flow */
/** @typedef {import("./core.js").TwoFactor} TwoFactor */
/** @typedef {import("../pkg/parse_two_factor.cjs").Function} FunctionName */

/** More of what a client calls itself tells nobody anything, and memory of the core's is never given back. */
const LONGEST_USER_AGENT = 512;

/**
 * No address is longer, but behind some proxies a client writes what stands in its place.
 */
const LONGEST_ADDRESS = 64;

/** No start needs them, and Parse Server serves sooner without them. */
const lateEffects = () => require("./effects/index.js").effects;

/** A request that no client of Parse's makes. */
const NOBODYS = Object.freeze({ params: {}, headers: {} });

/**
 * The core in one app: it starts ceremonies for requests of Parse's and carries out their effects.
 */
class Deployment {
  #core;
  #environment;
  /** @type {Promise<void> | undefined} */
  #creating;

  /**
   * @param {any} Parse
   * @param {import("./options.js").GivenOptions} options
   * @throws {import("./start-up-error.js").StartUpError} for options or keys that cannot be used
   */
  constructor(Parse, { host, settings }) {
    this.Parse = Parse;
    this.#environment = createEnvironment(Parse, host, settings);
    const isAllowed = [settings.allow].flat().includes("columns");
    this.columns = new ColumnCheck(this.#environment, isAllowed);
    this.#core = new Core({
      settings,
      keys: host.keys,
      // A master key that is a function answers another key from time to time: nothing can be derived from it.
      masterKey: typeof Parse.masterKey === "string" ? Parse.masterKey : "",
      asksApp: host.require !== undefined,
      clock: host.clock,
      warn: this.#environment.warn,
    });
  }

  /** Parse's REST API with the master key. */
  get rest() {
    return this.#environment.rest;
  }

  /** Who sends, by channel. */
  get senders() {
    return this.#environment.senders;
  }

  /** Whether a new user may bring an id along, that of a deleted user among them. What this server does not show, it may. */
  get idsComeBack() {
    const config = server.config(this.Parse);
    return config ? Boolean(config.allowCustomObjectId) : true;
  }

  /** @param {string} message for the operator */
  warn(message) {
    this.#environment.warn(message);
  }

  /** Looks through the event trail for what is over. */
  sweepTrail() {
    return this.#environment.retention.sweep();
  }

  /** Loads what only calls need. The first call does, where this was not called before. */
  load() {
    lateEffects();
  }

  /** Creates the state classes once. If that fails, the next call tries again. */
  createClasses() {
    const defined = server.definedClasses(this.Parse);
    this.#creating ??= createClasses(this.#environment.rest, defined).catch(
      (error) => {
        this.#creating = undefined;
        throw error;
      },
    );
    return this.#creating;
  }

  /**
   * Runs one ceremony for a request.
   * @param {any} request a Cloud function's or trigger's
   * @param {(core: TwoFactor, caller: object) => Flow} begin
   * @returns {Promise<object>} the answer
   * @throws {Error} the refusal, as a Parse error
   */
  async run(request, begin) {
    const caller = {
      address: request.ip?.slice(0, LONGEST_ADDRESS) ?? null,
      user: request.user?.id ?? null,
      sessionToken: request.user?.getSessionToken?.() ?? null,
      userAgent: userAgentOf(request),
      master:
        Boolean(request.master) && !server.isReadOnly(this.Parse, request),
      mail: server.mailAdapter(this.Parse) !== undefined,
      transaction: server.isInTransaction(request),
      columns: await this.columns.state(),
    };
    const effects = lateEffects();
    const perform = effects(this.#environment, request);
    const end = await this.#core.run((core) => begin(core, caller), perform);
    if ("refusal" in end) {
      throw new this.Parse.Error(end.refusal.code, end.refusal.message);
    }
    return end.answer;
  }

  /**
   * Runs the ceremony of a function. It needs the state classes.
   * @param {FunctionName} name
   * @param {any} request
   * @returns {Promise<object>}
   */
  async call(name, request) {
    await this.#classesCreated();
    return this.run(request, (core, caller) =>
      core.call(name, request.params, caller),
    );
  }

  /**
   * Checks that the session of a request has stepped up.
   * @param {any} request
   * @throws {Error} the refusal, as a Parse error
   */
  async requireStepUp(request) {
    await this.#classesCreated();
    await this.run(request, (core, caller) => core.requireStepUp(caller));
  }

  /**
   * Takes a request of Twilio's.
   * @param {{ message: string, code: string | null, signature: string, fields: import("./form.js").Field[] }} call
   * @returns {Promise<object>}
   * @throws {Error} the refusal, as a Parse error
   */
  async providerCall(call) {
    await this.#classesCreated();
    const { message, code, signature, fields } = call;
    const address = code === null ? [message] : [message, code];
    const { authTokens } = this.#environment;
    return this.run(NOBODYS, (core, caller) =>
      core.providerCall(
        address,
        signature,
        authTokens,
        fields.flatMap(({ name, value }) => [name, value]),
        caller,
      ),
    );
  }

  async #classesCreated() {
    try {
      await this.createClasses();
    } catch (error) {
      this.warn(describeFailure(error));
      throw new this.Parse.Error(TRY_AGAIN.code, TRY_AGAIN.message);
    }
  }
}

/**
 * @param {any} request
 * @returns {string | null}
 */
function userAgentOf({ headers }) {
  const named = headers?.["user-agent"];
  return typeof named === "string" ? named.slice(0, LONGEST_USER_AGENT) : null;
}

exports.Deployment = Deployment;
