// @ts-check
"use strict";

const { createRequire } = require("node:module");
const { hasPolicies, installed } = require("./parse-server");

/**
 * Providers for apps under test, each an adapter of Parse Server. A word is `{ id, token }`.
 */

/** How often each was asked. @type {Record<string, number>} */
const asked = {};

/** Tokens of the provider `once` that were used. */
const used = new Set();

/** @param {string} id */
const tokenOf = (id) => `token-of-${id}`;

/**
 * By name.
 * @returns {Record<string, object>} the option `auth`
 */
function providers() {
  return {
    // Takes its token for an id, as often as it comes.
    demo: adapter("demo", refuseForged),
    other: adapter("other", refuseForged),
    // Takes a token once, as a provider of one-time codes does.
    once: adapter("once", takeOnce),
    // The same, by the functions that an adapter of Parse Server 6 and later has for each occasion.
    ...(hasPolicies && { occasions: adapterOfOccasions("occasions") }),
    // Fails as an adapter does whose author throws what comes to hand.
    broken: adapter("broken", ({ token }) => {
      throw new TypeError(`cannot read ${token}`);
    }),
    additional: adapter("additional", refuseForged, "additional"),
  };
}

/**
 * @param {string} name
 * @param {(word: any) => void} check
 * @param {string} [policy]
 */
function adapter(name, check, policy) {
  return {
    enabled: true,
    module: {
      ...(policy && { policy }),
      async validateAuthData(/** @type {any} */ word) {
        asked[name] = (asked[name] ?? 0) + 1;
        check(word);
        return {};
      },
      async validateAppId() {},
    },
  };
}

/** @param {string} name */
function adapterOfOccasions(name) {
  const check = async (/** @type {any} */ word) => {
    asked[name] = (asked[name] ?? 0) + 1;
    takeOnce(word);
    return {};
  };
  return {
    enabled: true,
    module: {
      validateSetUp: check,
      validateLogin: check,
      validateUpdate: check,
      async validateAppId() {},
    },
  };
}

/** @param {{ id: string, token: unknown }} word */
function takeOnce({ id, token }) {
  refuseForged({ id, token: String(token).replace(/#.*$/, "") });
  if (used.has(token)) refuse();
  used.add(token);
}

/** @param {{ id: string, token: unknown }} word */
function refuseForged({ id, token }) {
  if (token !== tokenOf(id)) refuse();
}

/** With Parse's own code for a word that is not right, as its adapters do. */
function refuse() {
  const Parse = createRequire(installed.resolve("parse-server"))("parse/node");
  throw new Parse.Error(101, "The provider does not know this sign-in.");
}

module.exports = { asked, providers, tokenOf };
