// @ts-check
"use strict";

/**
 * A provider that stands for Apple, Google and the like: whoever has the token of an id is whom the id says. It is for `npm start` with
 * `DEMO_PROVIDER=1` and for nothing else, since anybody can work out the tokens.
 */

/** Parse's own code for a word that is not right. Nothing of the word is repeated: a refusal is logged. */
function refuse() {
  throw new Parse.Error(101, "The provider does not know this sign-in.");
}

/** An adapter of Parse Server. */
const demoProvider = {
  /** @param {any} word */
  async validateAuthData({ id, token }) {
    if (typeof id !== "string" || id === "") refuse();
    if (token !== `token-of-${id}`) refuse();
  },
  async validateAppId() {},
};

module.exports = { demoProvider };
