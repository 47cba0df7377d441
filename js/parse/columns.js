// @ts-check
"use strict";

/**
 * The columns of `_User` that hold number, sender and language, for an app that keeps these things elsewhere than the tutorial.
 */

const { StartUpError } = require("../start-up-error.js");

/** @typedef {{ phoneNumber: string, from: string, locale: string }} Columns */

/** The tutorial's. @type {Readonly<Columns>} */
const DEFAULTS = Object.freeze({
  phoneNumber: "phone_number",
  from: "From",
  locale: "locale",
});

/** Parse's own columns of `_User`, and names that it gives to no column. */
const PARSES_OWN = [
  "objectId",
  "createdAt",
  "updatedAt",
  "ACL",
  "username",
  "password",
  "email",
  "emailVerified",
  "authData",
  "sessionToken",
  "className",
  "length",
];

/** A name that Parse takes for a column. Those that begin with an underscore are its own. */
const NAME = /^[A-Za-z]\w*$/;
/** PostgreSQL cuts a longer one. */
const LONGEST_NAME = 63;

/**
 * @param {unknown} given the option `columns`
 * @returns {Readonly<Columns>}
 * @throws {StartUpError} for a name that no such column can have
 */
function readColumns(given) {
  if (given === undefined) return DEFAULTS;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new StartUpError(
      "The option columns takes names of columns, as in columns: { phoneNumber: 'mobile' }.",
    );
  }
  const named = Object.entries(given).filter(([, name]) => name !== undefined);
  for (const [what, name] of named) checkName(what, name);
  const columns = Object.freeze({ ...DEFAULTS, ...Object.fromEntries(named) });
  const names = Object.values(columns);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new StartUpError(
      `The option columns names the column ${twice} for two things.`,
    );
  }
  return columns;
}

/**
 * @param {string} what
 * @param {unknown} name
 * @throws {StartUpError}
 */
function checkName(what, name) {
  if (!Object.hasOwn(DEFAULTS, what)) {
    const all = Object.keys(DEFAULTS).join(", ");
    throw new StartUpError(
      `There is no option columns.${what}. There are: ${all}.`,
    );
  }
  const isName =
    typeof name === "string" &&
    NAME.test(name) &&
    name.length <= LONGEST_NAME &&
    !(name in Object.prototype);
  if (!isName) {
    throw new StartUpError(
      `The option columns.${what} takes the name of a String column of _User.`,
    );
  }
  if (PARSES_OWN.includes(name)) {
    throw new StartUpError(
      `The option columns.${what} cannot be ${name}, which is Parse's own column.`,
    );
  }
  if (what !== "phoneNumber" && name === DEFAULTS.phoneNumber) {
    throw new StartUpError(
      `The option columns.${what} cannot be ${name}: a number that is left there would be taken for something else.`,
    );
  }
}

/**
 * Whether numbers stand in another column than the tutorial's.
 * @param {Readonly<Columns>} columns
 */
function movesNumber({ phoneNumber }) {
  return phoneNumber !== DEFAULTS.phoneNumber;
}

/**
 * Those that the app names otherwise than the tutorial.
 * @param {Readonly<Columns>} columns
 */
function renamed(columns) {
  return Object.entries(columns).filter(
    ([what, name]) => name !== DEFAULTS[/** @type {keyof Columns} */ (what)],
  );
}

/**
 * What is wrong with these columns on the running server, as a sentence for the operator. Without the column that is named, and with a
 * number that is left in the tutorial's, a user would have a second factor that nobody asks for.
 * @param {(path: string, query?: Record<string, unknown>) => Promise<any>} read Parse's REST API with the master key
 * @param {Readonly<Columns>} columns
 * @returns {Promise<string | undefined>}
 */
async function faultOf(read, columns) {
  const named = renamed(columns);
  if (named.length === 0) return undefined;
  const { fields } = await read("schemas/_User");
  for (const [what, name] of named) {
    const type = fields[name]?.type;
    if (type === "String") continue;
    return type === undefined
      ? `_User has no column ${name}, which the option columns names as ${what}. Add it as a String, or correct the option.`
      : `The column ${name} of _User, which the option columns names as ${what}, is of the type ${type} and not String. Correct the option.`;
  }
  const left = DEFAULTS.phoneNumber;
  // A database that has no such column answers a query for it with an error of its own.
  if (!movesNumber(columns) || !fields[left]) return undefined;
  const isText = fields[left].type === "String";
  const isThere = { [left]: { $ne: null } };
  const where = isText ? { $and: [isThere, { [left]: { $ne: "" } }] } : isThere;
  const { count } = await read("users", { where, count: 1, limit: 0 });
  if (count === 0) return undefined;
  const users = count === 1 ? "1 user has" : `${count} users have`;
  return `${users} a value in ${left}, and the option columns names ${columns.phoneNumber}, so nobody would ask for a code there. Move the values and empty ${left}, or set allow: ['columns'] if they are no numbers for codes.`;
}

module.exports = { DEFAULTS, faultOf, movesNumber, readColumns, renamed };
