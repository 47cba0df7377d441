// @ts-check
"use strict";

/**
 * The effect that has Parse check a provider's word.
 */

const { factsOf } = require("../parse/column.js");
const { askProvider } = require("../parse/provider-sign-in.js");
const server = require("../parse/server.js");
const { readUser } = require("./users.js");

/** @type {import("./index.js").Perform<"checkProvider">} */
async function checkProvider(call, effect, givenUp) {
  const { environment, request } = call;
  const { Parse } = environment;
  const { provider, mayCreate } = effect;
  const word = { provider, mayCreate, authData: JSON.parse(effect.authData) };
  const asked = await askProvider(Parse, word, request, givenUp);
  if (typeof asked === "string" || "refused" in asked) return asked;
  // What the call answered is the app's to change (`afterSave`), so the row is read.
  await readUser(call, asked.found);
  const hasPassword = await server.hasPassword(Parse, asked.found);
  return { identity: { user: factsOf(call.user), hasPassword } };
}

module.exports = { checkProvider };
