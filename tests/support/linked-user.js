// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { tokenOf } = require("./providers");
const { User } = require("./user");

/** @typedef {import("./app").App} App */

/** An id that no provider has given to anybody. */
const newId = () => `id-${randomBytes(6).toString("hex")}`;

/**
 * What a client hands in: the word of one of the providers in providers.js.
 * @param {string} id
 * @param {string} [provider]
 * @param {object} [more]
 * @returns {{ authData: Record<string, any> }}
 */
function word(id, provider = "demo", more = {}) {
  return { authData: { [provider]: { id, token: tokenOf(id), ...more } } };
}

/**
 * Makes a user of a provider, without a password, as Parse's own sign-up does.
 * @param {App} app
 * @param {string} id
 * @param {Record<string, any>} [columns]
 * @param {string} [provider]
 */
async function signUp(app, id, columns = {}, provider = "demo") {
  const { body } = await app.rest("POST", "/users", word(id, provider));
  assert.ok(body.objectId, JSON.stringify(body));
  const user = new User(app, {
    id: body.objectId,
    username: body.username,
    password: "",
    phone: columns.phone_number,
  });
  if (Object.keys(columns).length > 0) await user.update(columns);
  await app.closeSessions(user.id);
  return user;
}

/**
 * The users whose identity it is.
 * @param {App} app
 * @param {string} provider
 * @param {string} id
 */
async function usersOf(app, provider, id) {
  const users = await app.rows("_User");
  return users.filter(({ authData }) => authData?.[provider]?.id === id);
}

module.exports = { newId, signUp, usersOf, word };
