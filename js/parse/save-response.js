// @ts-check
"use strict";

/**
 * What Parse Server would answer to a save without an `afterSave`.
 *
 * With one, it writes a new answer from the saved object: a sign-in by authData then lacks them, and each save of a user names the
 * `username`. An app that has no `afterSave` of its own must not get such answers because we need one. What a trigger returns becomes the
 * answer, and before it runs, Parse Server hands the one that it has to the object.
 */

/** By user object. @type {WeakMap<object, object>} */
const answers = new WeakMap();

/** Marks what is wrapped already. */
const KEEPS = Symbol("parse-two-factor");

/** @param {any} Parse */
function keepAnswers(Parse) {
  const { prototype } = Parse.User ?? {};
  const original = prototype?._handleSaveResponse;
  if (typeof original !== "function" || original[KEEPS]) return;
  prototype._handleSaveResponse = Object.assign(
    /** @this {object} @param {any[]} args */
    function (...args) {
      if (args[0]) answers.set(this, args[0]);
      return original.apply(this, args);
    },
    { [KEEPS]: true },
  );
}

/**
 * @param {any} object of `afterSave`
 * @returns {object | undefined} `undefined` where this Parse Server goes another way
 */
function answerTo(object) {
  const answer = answers.get(object);
  return answer && { ...answer };
}

module.exports = { answerTo, keepAnswers };
