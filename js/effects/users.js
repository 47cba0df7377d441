// @ts-check
"use strict";

/**
 * Effects on rows of `_User`: checking a password, reading a user and what a sign-in is founded on, removing a number.
 */

const basis = require("../parse/basis.js");
const { factsOf } = require("../parse/column.js");
const { verifyPassword } = require("../parse/password.js");
const { isParseError, refusalOf, NOT_FOUND } = require("../parse/rest.js");
const { wasm } = require("../core.js");
const { withTimeout } = require("../timeout.js");

/** What the app's function may answer: the core has the list. */
const REQUIREMENTS = wasm.requirements();

/** @typedef {import("./index.js").Call} Call */
/** @typedef {import("../core.js").Reply} Reply */

/** @type {import("./index.js").Perform<"checkPassword">} */
async function checkPassword(call, { username, email, password }) {
  const { environment } = call;
  try {
    const { row, basis, found } = await verifyPassword(environment, {
      ...(username === null ? {} : { username }),
      ...(email === null ? {} : { email }),
      password,
    });
    call.user = row;
    call.found = found;
    return { user: { ...factsOf(row, environment), basis } };
  } catch (error) {
    const refused = refusalOf(error);
    if (refused) return { refused };
    throw error;
  }
}

/** @type {import("./index.js").Perform<"readBasis">} */
async function readBasis({ environment }, { user }) {
  const found = await basis.readBasis(environment, user);
  return found ? { basis: found } : "missing";
}

/** @type {import("./index.js").Perform<"loadUser">} */
async function loadUser(call, { user }) {
  try {
    await readUser(call, user);
  } catch (error) {
    if (isParseError(error, NOT_FOUND)) return "missing";
    throw error;
  }
  return { user: factsOf(call.user, call.environment) };
}

/**
 * Asks the app's function what it requires of a user. If it throws or answers something else, nobody knows what is required.
 * @type {import("./index.js").Perform<"askRequirement">}
 */
async function askRequirement(call, { user, route }) {
  const { Parse, require } = call.environment;
  const row = await rowOf(call, user);
  /** @type {any} */
  let answer;
  try {
    answer = await require?.(
      userObject(Parse, row),
      circumstances(call.request, route),
    );
  } catch (/** @type {any} */ error) {
    throw new Error(`the option require threw: ${error?.message ?? error}`, {
      cause: error,
    });
  }
  if (!REQUIREMENTS.includes(answer)) {
    throw new Error(
      `the option require answered none of ${REQUIREMENTS.join(", ")}`,
    );
  }
  return { requirement: answer };
}

/**
 * What the app may go by, as a copy that it cannot change anything with. The parameters are not in it: a password is among them.
 * @param {any} request the Cloud function's or trigger's
 * @param {import("../../pkg/parse_two_factor.cjs").Route} route who asks
 */
function circumstances({ ip, headers, installationId }, route) {
  return Object.freeze({
    address: ip ?? null,
    headers: Object.freeze({ ...headers }),
    installationId: installationId ?? null,
    route,
  });
}

/** No authenticator app shows more of a name, and memory of the core's is never given back. */
const LONGEST_NAME = 256;

/**
 * Asks the app's function for the name that an authenticator app shows. A name is no reason to keep a user from enrolling: without a good
 * answer it is the user name.
 * @type {import("./index.js").Perform<"nameAccount">}
 */
async function nameAccount(call, { user }) {
  const { Parse, accountName, warn } = call.environment;
  const row = await rowOf(call, user);
  /** @type {unknown} */
  let name;
  try {
    name = await withTimeout(
      (async () => accountName?.(userObject(Parse, row)))(),
    );
  } catch (/** @type {any} */ error) {
    warn(`the option accountName threw: ${error?.message ?? error}`);
  }
  const isName = typeof name === "string" && name.trim() !== "";
  const named = String(isName ? name : (row.username ?? user));
  return { named: named.slice(0, LONGEST_NAME) };
}

/** @type {import("./index.js").Perform<"removeNumber">} */
async function removeNumber({ environment: { rest, columns } }, { user }) {
  await rest("PUT", userPath(user), {
    [columns.phoneNumber]: { __op: "Delete" },
  });
  return "done";
}

/**
 * Reads the row of a user with the master key.
 * @param {Call} call
 * @param {string} user
 */
async function readUser(call, user) {
  call.user = await call.environment.rest("GET", userPath(user));
}

/**
 * The row of a user, as this call read it last.
 * @param {Call} call
 * @param {string} user
 * @returns {Promise<any>}
 */
async function rowOf(call, user) {
  if (call.user?.objectId === user) return call.user;
  return call.environment.rest("GET", userPath(user));
}

/** @param {string} user */
function userPath(user) {
  return `users/${encodeURIComponent(user)}`;
}

/**
 * A row as the app knows it.
 * @param {any} Parse
 * @param {any} row
 */
function userObject(Parse, row) {
  return Parse.Object.fromJSON({ ...row, className: "_User" });
}

module.exports = {
  askRequirement,
  checkPassword,
  loadUser,
  nameAccount,
  readBasis,
  readUser,
  removeNumber,
  rowOf,
  userObject,
};
