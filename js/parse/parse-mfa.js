// @ts-check
"use strict";

/**
 * What Parse Server's own adapter `mfa` keeps: read and removed in the database itself. Parse's API would run the adapter over each row, show
 * the master key of every reader the secrets, and change a row whatever it holds by then.
 */

const server = require("./server.js");

/** How a database spells it. @typedef {{ path: string, isThere: object }} Spelling */

/**
 * PostgreSQL's adapter finds it by a path into the column, and overlooks the second spelling. MongoDB's has a column for each provider, and
 * finds nothing by the first.
 * @type {Spelling[]}
 */
const SPELLINGS = [
  { path: "authData.mfa", isThere: { "authData.mfa": { $regex: "." } } },
  { path: "_auth_data_mfa", isThere: { _auth_data_mfa: { $ne: null } } },
];

/** As long as a parameter of a function. Memory of the core's is never given back. */
const LONGEST = 1024;
/** Stands for what is no secret and no number. */
const UNREADABLE = "?";

/** @typedef {{ secret: string | null, mobile: string | null }} Kept */

/**
 * The first of these users of whom the adapter keeps something.
 * @param {any} Parse
 * @param {object} which conditions on the row
 * @returns {Promise<Kept & { user: string, path: string } | undefined>}
 */
async function find(Parse, which) {
  const { adapter, schema } = await users(Parse);
  for (const { path, isThere } of SPELLINGS) {
    const query = { ...which, ...isThere };
    const first = { limit: 1, sort: { objectId: 1 } };
    const [row] = await adapter.find("_User", schema, query, first);
    const mfa = row?.authData?.mfa;
    if (mfa) {
      const { secret, mobile } = mfa;
      return {
        user: row.objectId,
        secret: text(secret),
        mobile: text(mobile),
        path,
      };
    }
  }
  return undefined;
}

/**
 * Removes what the adapter keeps of a user, if it is still this, in one operation of the database.
 * @param {any} Parse
 * @param {string} user
 * @param {Kept} kept
 * @returns {Promise<boolean>} whether it was this
 */
async function clear(Parse, user, { secret, mobile }) {
  const found = await find(Parse, { objectId: user });
  if (!found) return false;
  const { adapter, schema } = await users(Parse);
  const isStill = {
    objectId: user,
    [`${found.path}.secret`]: secret,
    [`${found.path}.mobile`]: mobile,
  };
  const nothing = { _auth_data_mfa: { __op: "Delete" } };
  const row = await adapter.findOneAndUpdate("_User", schema, isStill, nothing);
  return Boolean(row?.objectId);
}

/** @param {any} Parse */
async function users(Parse) {
  const { database } = server.config(Parse);
  const schemas = await database.loadSchema();
  const schema = await schemas.getOneSchema("_User");
  return { adapter: database.adapter, schema };
}

/** @param {unknown} value */
function text(value) {
  if (value === undefined || value === null) return null;
  return typeof value === "string" && value.length <= LONGEST
    ? value
    : UNREADABLE;
}

/**
 * What the adapter is set to, as algorithm, digits and period. It holds for the codes of all users.
 * @param {any} Parse
 * @returns {string | undefined} nothing where the adapter is not configured
 */
function profile(Parse) {
  const { auth, authDataManager } = server.config(Parse);
  if (!auth?.mfa) return undefined;
  const { adapter } = authDataManager.getValidatorForProvider("mfa") ?? {};
  const { algorithm, digits, period } = adapter ?? {};
  if (!algorithm || !digits || !period) return undefined;
  return `${algorithm}/${digits}/${period}`;
}

module.exports = { clear, find, profile };
