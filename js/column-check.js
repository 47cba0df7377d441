// @ts-check
"use strict";

const { numberOf } = require("./parse/column.js");
const {
  DEFAULTS,
  faultOf,
  movesNumber,
  renamed,
} = require("./parse/columns.js");
const { withTimeout } = require("./timeout.js");

/** For how long a fault is believed: anybody can make the calls that ask, and each look may have the database count users. */
const FAULT_MILLISECONDS = 1_000;

/** For how long columns are believed to be good: another node's save, or an operator, may change that. What stands in a row is seen at once. */
const GOOD_MILLISECONDS = 10_000;

/** @typedef {import("../pkg/parse_two_factor.cjs").Columns} State */

/**
 * Whether the columns of the option `columns` can be gone by. The tutorial's always can. Others are looked at every ten seconds while they
 * are used, and after a save that writes to the one that has to stay empty.
 */
class ColumnCheck {
  #environment;
  #applies;
  /** @type {State | undefined} */
  #known;
  #knownUntil = 0;
  /** @type {Promise<State> | undefined} */
  #looking;
  #writes = 0;
  /** What the log has said. @type {string | undefined} */
  #said;

  /**
   * @param {import("./environment.js").Environment} environment
   * @param {boolean} isAllowed whether the operator wants them gone by, whatever they are
   */
  constructor(environment, isAllowed) {
    this.#environment = environment;
    this.#applies = !isAllowed && renamed(environment.columns).length > 0;
  }

  /** @returns {Promise<State>} */
  async state() {
    if (!this.#applies) return "good";
    const { clock } = this.#environment;
    if (this.#known && clock() < this.#knownUntil) return this.#known;
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  /**
   * Whether a save puts a number into the tutorial's column, where nobody would ask for a code that goes to it.
   * @param {any} object the user
   */
  leavesNumber(object) {
    const { phoneNumber } = DEFAULTS;
    if (!this.#watches() || !object.dirty(phoneNumber)) return false;
    return numberOf(object.get(phoneNumber)) !== "";
  }

  /**
   * Has the next call look again, once a save has left a number there, or may have corrected a fault.
   * @param {any} object the user, as saved
   */
  saved(object) {
    const leaves = this.#watches() && object.has(DEFAULTS.phoneNumber);
    if (!leaves && this.#known !== "faulty") return;
    this.#writes += 1;
    this.#known = undefined;
  }

  #watches() {
    return this.#applies && movesNumber(this.#environment.columns);
  }

  /** @returns {Promise<State>} */
  async #look() {
    const { rest, columns, clock, warn } = this.#environment;
    const writes = this.#writes;
    /** @type {string | undefined} */
    let fault;
    try {
      const read = (/** @type {string} */ path, /** @type {any} */ query) =>
        rest("GET", path, query);
      fault = await withTimeout(faultOf(read, columns));
    } catch (/** @type {any} */ error) {
      warn(`the columns of _User could not be looked at: ${error?.message}`);
      return "unknown";
    }
    if (fault && fault !== this.#said) {
      warn(`nobody can sign in (4023): ${fault}`);
    }
    this.#said = fault;
    const state = fault ? "faulty" : "good";
    if (writes === this.#writes) {
      this.#known = state;
      this.#knownUntil =
        clock() + (fault ? FAULT_MILLISECONDS : GOOD_MILLISECONDS);
    }
    return state;
  }
}

module.exports = { ColumnCheck };
