// @ts-check
"use strict";

/**
 * Effects about whose a provider's word is: having Parse check one, and reading what a user can prove the first factor with.
 */

const { factsOf } = require("../parse/column.js");
const { askProvider } = require("../parse/provider-sign-in.js");
const { isParseError, NOT_FOUND } = require("../parse/rest.js");
const server = require("../parse/server.js");
const { readUser } = require("./users.js");

/** @type {import("./index.js").Perform<"checkProvider">} */
async function checkProvider(call, effect, givenUp) {
  const { environment, request } = call;
  const { provider, mayCreate } = effect;
  const word = { provider, mayCreate, authData: JSON.parse(effect.authData) };
  const asked = await askProvider(environment, word, request, givenUp);
  if (typeof asked === "string" || "refused" in asked) return asked;
  // What the call answered is the app's to change (`afterSave`), so the row is read.
  const { identity } = await identityOf(call, asked.found);
  const { isNew, basis } = asked;
  return {
    identity: { ...identity, isNew, user: { ...identity.user, basis } },
  };
}

/** @type {import("./index.js").Perform<"loadIdentity">} */
async function loadIdentity(call, { user }) {
  try {
    return await identityOf(call, user);
  } catch (error) {
    if (isParseError(error, NOT_FOUND)) return "missing";
    throw error;
  }
}

/**
 * @param {import("./index.js").Call} call
 * @param {string} user
 */
async function identityOf(call, user) {
  const { Parse } = call.environment;
  await readUser(call, user);
  const hasPassword = await server.hasPassword(Parse, user);
  const facts = factsOf(call.user, call.environment);
  return { identity: { user: facts, hasPassword, isNew: false } };
}

module.exports = { checkProvider, loadIdentity };
