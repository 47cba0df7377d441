// @ts-check
"use strict";

/**
 * Writes down each call that crosses into the core's WebAssembly, whatever it is, with the random bytes that the core
 * drew meanwhile; replays them elsewhere. So the core is measured with what real sign-ins gave it, and with nothing
 * around it.
 */

const wasm = /** @type {any} */ (require("../pkg/parse_two_factor.cjs"));

/**
 * @typedef {object} Crossing
 * @property {string} [type] the class that is constructed
 * @property {number} [on] the object that is called, by its number
 * @property {string} method
 * @property {any[]} args
 * @property {any} [result] unless it is one of the core's objects
 * @property {number} [made] the number of the object that came out
 * @property {Uint8Array[]} random
 */

/** The core's classes. */
const CLASSES = Object.entries(wasm).filter(
  ([name, value]) => typeof value === "function" && /^[A-Z]/.test(name),
);

/**
 * Starts recording in this process. Call it before the core is in use.
 * @returns {() => Crossing[]} what was recorded since it was last asked
 */
function record() {
  /** @type {Crossing[]} */
  let crossings = [];
  /** @type {Map<object, number>} */
  const numbers = new Map();
  /** @type {Crossing | undefined} */
  let current;

  const numberOf = (/** @type {object} */ made) => {
    numbers.set(made, numbers.size);
    return numbers.size - 1;
  };
  const isObject = (/** @type {any} */ value) =>
    CLASSES.some(([, type]) => value instanceof /** @type {any} */ (type));
  /**
   * @param {Crossing} crossing
   * @param {() => any} call
   */
  const within = (crossing, call) => {
    crossings.push(crossing);
    current = crossing;
    try {
      const result = call();
      if (isObject(result)) crossing.made = numberOf(result);
      else crossing.result = structuredClone(result);
      return result;
    } finally {
      current = undefined;
    }
  };

  const { getRandomValues } = globalThis.crypto;
  globalThis.crypto.getRandomValues = (/** @type {any} */ array) => {
    getRandomValues.call(globalThis.crypto, array);
    current?.random.push(new Uint8Array(array));
    return array;
  };
  for (const [name, type] of CLASSES) {
    const { prototype } = /** @type {any} */ (type);
    for (const method of Object.getOwnPropertyNames(prototype)) {
      if (method === "constructor" || method.startsWith("__")) continue;
      const original = prototype[method];
      prototype[method] = function (/** @type {any[]} */ ...args) {
        const crossing = {
          on: /** @type {number} */ (numbers.get(this)),
          method,
          args: structuredClone(args),
          random: [],
        };
        return within(crossing, () => original.apply(this, args));
      };
    }
    wasm[name] = new Proxy(/** @type {any} */ (type), {
      construct: (target, args) => {
        const crossing = {
          type: name,
          method: "new",
          args: structuredClone(args),
          random: [],
        };
        return within(crossing, () => new target(...args));
      },
    });
  }
  return () => {
    const recorded = crossings;
    crossings = [];
    return recorded;
  };
}

/** What replays in this process. */
class Player {
  /** @type {any[]} */
  #objects = [];
  /** @type {Uint8Array[]} */
  #random = [];

  /**
   * Once, comparing what comes out.
   * @param {Crossing[]} crossings
   * @throws {Error} if it is not what was recorded
   */
  check(crossings) {
    this.#drawing(() => this.#compare(crossings));
  }

  /** @param {Crossing[]} crossings */
  play(crossings) {
    this.#drawing(() => {
      for (const crossing of crossings) this.#one(crossing);
    });
  }

  /**
   * Has the core draw what it drew when it was recorded. Others in this process need real random bytes again after it.
   * @param {() => void} work
   */
  #drawing(work) {
    const { getRandomValues } = globalThis.crypto;
    globalThis.crypto.getRandomValues = (/** @type {any} */ array) => {
      array.set(this.#random.shift());
      return array;
    };
    try {
      work();
    } finally {
      globalThis.crypto.getRandomValues = getRandomValues;
    }
  }

  /** @param {Crossing[]} crossings */
  #compare(crossings) {
    for (const crossing of crossings) {
      const result = this.#one(crossing);
      const [is, was] = [result, crossing.result].map((value) =>
        JSON.stringify(value),
      );
      if (crossing.made === undefined && is !== was) {
        throw new Error(`${crossing.method} gave ${is}, recorded is ${was}`);
      }
    }
  }

  /** @param {Crossing} crossing */
  #one({ type, on, method, args, made, random }) {
    this.#random = random.slice();
    const result =
      type === undefined
        ? this.#objects[/** @type {number} */ (on)][method](...args)
        : new wasm[type](...args);
    if (made !== undefined) this.#objects[made] = result;
    return result;
  }
}

module.exports = { record, Player };
