// @ts-check
"use strict";

const { newKey } = require("../../support/key");
const { callParse } = require("../../support/rest");
const { sharedApp } = require("../../support/shared-app");

/**
 * @typedef {import("../../support/user").User} User
 * @typedef {import("../../support/rest").Answer} Answer
 * @typedef {Record<string, string>} Headers
 */

/** An app with handlers of its own. */
const startApp = sharedApp({
  hooks: ["beforeLogin", "afterLogin", "beforeSaveUser", "afterSaveUser"],
  options: { keys: newKey() },
});

/** What a client may claim of itself in Parse's context. */
const CLAIMS = {
  twoFactor: true,
  secondFactor: true,
  verified: true,
  stepUp: true,
  master: true,
};

/** The JavaScript SDK's way: everything in the body. */
const inBody = { "X-Parse-Application-Id": "", "Content-Type": "text/plain" };

/**
 * @param {string} query
 * @param {object} variables
 * @param {Headers} [headers]
 * @returns {Promise<Answer>} in REST's form
 */
async function graphQL(query, variables, headers = {}) {
  const app = await startApp();
  const url = app.urls[0].replace(/\/parse$/, "/graphql");
  const request = { query, variables };
  const { status, body } = await callParse("POST", url, request, {
    "X-Parse-Application-Id": "tests",
    ...headers,
  });
  // What is refused before it gets to GraphQL, a stale session token say, has REST's form already.
  if (status >= 300 && !body.errors) return { status, body };
  if (!body.errors) return { status, body: body.data };
  const [{ message, extensions }] = body.errors;
  return { status: 400, body: { code: extensions?.code, error: message } };
}

/**
 * @param {object[]} requests
 * @param {Headers} headers
 * @returns {Promise<Answer>} to the last of them, in REST's form
 */
async function batch(requests, headers) {
  const app = await startApp();
  const { status, body } = await app.rest(
    "POST",
    "/batch",
    { requests },
    headers,
  );
  if (status !== 200) return { status, body };
  const { success, error } = body.at(-1);
  return success
    ? { status: 200, body: success }
    : { status: 400, body: error };
}

/** What links a user with a provider that takes anybody's word. @param {User} user */
const houseKey = ({ username }) => ({ house: { id: username } });

/**
 * @param {User} user
 * @returns {Promise<string[]>} the app's own handlers that were called for the user's sign-in, in order
 */
async function loginCalls({ id, username }) {
  const app = await startApp();
  return (await app.seen("calls"))
    .filter(({ name }) => name.endsWith("Login"))
    .filter((call) => call.userId === id && call.username === username)
    .map(({ name }) => name);
}

module.exports = {
  startApp,
  CLAIMS,
  inBody,
  graphQL,
  batch,
  houseKey,
  loginCalls,
};
