// @ts-check
"use strict";

/**
 * Effects on rows of `TwoFactorAccount`, which hold all state of a user.
 */

const { SETS } = require("../parse/classes.js");
const { createOnce, find } = require("../parse/create-once.js");
const { forDashboard } = require("../parse/dashboard-columns.js");
const { isParseError, NOT_FOUND } = require("../parse/rest.js");

/**
 * The answer to an update holds every field that an operation named, as it is right after the update. Removing nothing names a set, so
 * the answer holds all of them.
 */
const READ_ALONG = Object.fromEntries(
  SETS.map((name) => [name, { __op: "Remove", objects: [] }]),
);

/** A row from before there was such a set lacks it on MongoDB, also after a change of it. There is nothing in it. */
const ADDED_LATER = { devices: [] };

/** @type {import("./index.js").Perform<"loadAccount">} */
async function loadAccount({ environment: { rest } }, { user }) {
  const account = await find(rest, "TwoFactorAccount", { user });
  return account ? { account: withId(account) } : "missing";
}

/**
 * Nobody has to be signed in for it, so it writes nothing: a flood of old tokens must not keep the row busy.
 * @type {import("./index.js").Perform<"readAccount">}
 */
async function readAccount({ environment: { rest } }, { account }) {
  const row = await find(rest, "TwoFactorAccount", { objectId: account });
  return row ? { account: withId(row) } : "missing";
}

/** @type {import("./index.js").Perform<"createAccount">} */
async function createAccount({ environment: { rest } }, { user }) {
  const empty = Object.fromEntries(SETS.map((name) => [name, []]));
  const account = await createOnce(
    rest,
    "TwoFactorAccount",
    { user },
    { ...empty, ...forDashboard({ user }) },
  );
  return { account: withId(account) };
}

/** @type {import("./index.js").Perform<"updateAccount">} */
async function updateAccount({ environment: { rest } }, { account, update }) {
  try {
    const path = `classes/TwoFactorAccount/${encodeURIComponent(account)}`;
    const changed = await rest("PUT", path, { ...READ_ALONG, ...update });
    const answer = { ...ADDED_LATER, ...changed };
    // Under LiveQuery, Parse Server leaves out what did not change. A set that is left out must not pass for an empty one.
    const missing = SETS.filter((name) => !answer[name]);
    if (missing.length > 0) {
      throw new Error(`the answer leaves out ${missing.join(", ")}`);
    }
    return { account: { ...answer, id: account } };
  } catch (error) {
    if (isParseError(error, NOT_FOUND)) return "missing";
    throw error;
  }
}

/** @type {import("./index.js").Perform<"removeAccount">} */
async function removeAccount({ environment: { rest } }, { account }) {
  const path = `classes/TwoFactorAccount/${encodeURIComponent(account)}`;
  try {
    await rest("DELETE", path);
  } catch (error) {
    if (!isParseError(error, NOT_FOUND)) throw error;
  }
  return "done";
}

/** @param {any} row */
function withId({ objectId, ...account }) {
  return { ...account, id: objectId };
}

module.exports = {
  loadAccount,
  readAccount,
  createAccount,
  updateAccount,
  removeAccount,
};
