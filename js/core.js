// @ts-check
"use strict";

/**
 * Runs the core's ceremonies: hands its effects out, hands the replies in, and replaces an instance that trapped.
 */

// Node 18 has no global crypto in CommonJS; getrandom's JS backend looks there.
globalThis.crypto ??= /** @type {Crypto} */ (require("node:crypto").webcrypto);

const wasm = require("../pkg/parse_two_factor.cjs");
const { StartUpError } = require("./start-up-error.js");

/** @typedef {import("../pkg/parse_two_factor.cjs").Effect} Effect */
/** @typedef {import("../pkg/parse_two_factor.cjs").Reply} Reply */
/** @typedef {import("../pkg/parse_two_factor.cjs").Replies} Replies */
/** @typedef {import("../pkg/parse_two_factor.cjs").User} User */
/** @typedef {import("../pkg/parse_two_factor.cjs").Step} Step */
/** @typedef {import("../pkg/parse_two_factor.cjs").Flow} Flow */
/** @typedef {import("../pkg/parse_two_factor.cjs").TwoFactor} TwoFactor */

/** Counts the instances of the module: one that trapped is never used again. */
let generation = 0;

/** What a call gets that failed half-way: nothing was opened, asking again is right. */
const TRY_AGAIN = Object.freeze({
  code: 4022,
  message: "That did not go through: try again.",
});

/**
 * @typedef {object} Configuration
 * @property {object} settings the options that the core takes
 * @property {string | undefined} keys `TWO_FACTOR_KEYS`
 * @property {string} masterKey
 * @property {boolean} asksApp whether the app has a function that says who needs a second factor
 * @property {() => number} clock milliseconds since 1970
 * @property {(message: string) => void} warn
 */

class Core {
  /** @type {{ generation: number, core: TwoFactor }} */
  #current;
  #configuration;

  /**
   * @param {Configuration} configuration
   * @throws {StartUpError} for settings or keys that cannot be used
   */
  constructor(configuration) {
    this.#configuration = configuration;
    try {
      this.#current = this.#instantiate();
    } catch (error) {
      // The stack of the core's own error shows frames of WebAssembly, which help nobody.
      throw StartUpError.from(error);
    }
  }

  #instantiate() {
    const { settings, keys, masterKey, asksApp } = this.#configuration;
    const core = new wasm.TwoFactor(settings, keys, masterKey, asksApp);
    return { generation, core };
  }

  /**
   * Runs one ceremony to its end.
   * @param {(core: TwoFactor) => Flow} begin
   * @param {(effect: Effect) => Promise<Reply>} perform
   * @returns {Promise<{ answer: object } | { refusal: { code: number, message: string } }>}
   */
  async run(begin, perform) {
    const { clock } = this.#configuration;
    if (this.#current.generation !== generation) {
      this.#current = this.#instantiate();
    }
    const mine = this.#current.generation;
    /** @type {Flow | undefined} */
    let flow;
    /** @param {() => Step} advance */
    const step = (advance) => {
      try {
        return advance();
      } catch (error) {
        this.#replace(mine, error);
        return { refusal: TRY_AGAIN };
      }
    };
    let at = step(() => {
      flow = begin(this.#current.core);
      return flow.start(clock());
    });
    while ("effect" in at) {
      const reply = await perform(at.effect);
      at = step(() => /** @type {Flow} */ (flow).resume(reply, clock()));
    }
    if (mine === generation) flow?.free();
    return at;
  }

  /**
   * After a trap the instance's memory is not to be trusted. Flows of the old instance then find out by themselves.
   * @param {number} failed
   * @param {unknown} error
   */
  #replace(failed, error) {
    if (failed !== generation) return;
    generation += 1;
    wasm.__wbg_reset_state();
    const name = error instanceof Error ? error.name : "error";
    this.#configuration.warn(
      `the core trapped (${name}) and was replaced; calls under way were told to try again`,
    );
  }
}

module.exports = { Core, wasm, TRY_AGAIN };
