// @ts-check
"use strict";

/**
 * Which providers' words are presented to Parse's own sign-in.
 *
 * `beforeLogin` gets the stored user and the client's own claims, but not what is presented. `RestWrite` runs the trigger from one place
 * only for a sign-in by providers, on Parse Server 5 to 9, and knows it there. So the trigger gets headers of its own for such a sign-in,
 * and by their identity it finds what was presented. Where that cannot be had, nothing is presented, and the sign-in is refused.
 */

const { checkOf } = require("./provider-sign-in.js");
const server = require("./server.js");

/** By the headers of the trigger's request. @type {WeakMap<object, string[]>} */
const presented = new WeakMap();

/** Marks what shows it already. */
const SHOWN = Symbol("parse-two-factor");

/**
 * Has Parse Server show what is presented.
 * @param {any} Parse
 */
function showPresented(Parse) {
  const exports = server.running(Parse, "RestWrite.js");
  const prototype = (exports?.default ?? exports)?.prototype;
  const original = prototype?.runBeforeLoginTrigger;
  if (!original || original[SHOWN]) return;
  /**
   * @this {any}
   * @param {any[]} args
   */
  function runBeforeLoginTrigger(...args) {
    const { headers, ...others } = this.config;
    const { installationId, isMaster: master } = this.auth ?? {};
    // A check of ours is known by the headers that it has.
    if (checkOf({ headers, installationId, master })) {
      return original.apply(this, args);
    }
    const own = Object.create(Object.getPrototypeOf(this.config));
    const config = Object.assign(own, others, { headers: { ...headers } });
    presented.set(config.headers, namesOf(this.data?.authData));
    const call = Object.create(this, { config: { value: config } });
    return original.apply(call, args);
  }
  prototype.runBeforeLoginTrigger = Object.assign(runBeforeLoginTrigger, {
    [SHOWN]: true,
  });
}

/** Longer than the name of any adapter. */
const LONGEST_NAME = 65;

/**
 * The names are the client's, and may be many and long. The core trusts one provider or none, so two say as much as more.
 * @param {object} [authData]
 */
function namesOf(authData = {}) {
  const names = Object.keys(authData ?? {}).slice(0, 2);
  return names.map((name) => name.slice(0, LONGEST_NAME));
}

/**
 * The providers whose words are presented to the sign-in that `beforeLogin` runs for; none for a password, and where it is not shown.
 * @param {any} request the trigger's
 * @returns {string[]}
 */
function presentedTo({ headers }) {
  return (headers && presented.get(headers)) ?? [];
}

module.exports = { presentedTo, showPresented };
