// @ts-check
"use strict";

/**
 * The state classes: created once the server answers, and locked to everyone but the master key.
 */

const { areMarked, mark } = require("./class-mark.js");
const { who, when } = require("./dashboard-columns.js");
const { isParseError, CLASS_EXISTS } = require("./rest.js");

const LOCKED = {
  find: {},
  count: {},
  get: {},
  create: {},
  update: {},
  delete: {},
  addField: {},
};

const text = { type: "String" };
const number = { type: "Number" };
const list = { type: "Array" };
const object = { type: "Object" };

/** @typedef {{ type: string, targetClass?: string }} Field */

/** @type {Record<string, { fields: Record<string, Field>, indexed: string[] }>} */
const CLASSES = {
  TwoFactorAccount: {
    fields: {
      user: text,
      challenges: list,
      redemptions: list,
      authenticators: list,
      devices: list,
      who,
    },
    indexed: ["user"],
  },
  TwoFactorWindow: {
    fields: { bucket: text, endsAt: number, counts: object },
    indexed: ["bucket", "endsAt"],
  },
  TwoFactorEvent: {
    fields: {
      what: text,
      user: text,
      at: number,
      address: text,
      method: text,
      about: text,
      outcome: number,
      session: text,
      claim: text,
      who,
      when,
    },
    indexed: ["user", "at"],
  },
};

/** The sets of an account. */
const SETS = Object.entries(CLASSES.TwoFactorAccount.fields)
  .filter(([, { type }]) => type === "Array")
  .map(([name]) => name);

/**
 * The indexes of a class by name. PostgreSQL's names are unique over all tables.
 * @param {string} className
 */
function indexesOf(className) {
  return Object.fromEntries(
    CLASSES[className].indexed.map((field) => [
      `${className}_${field}`,
      { [field]: 1 },
    ]),
  );
}

/** A class of ours that somebody else made. What stands in it must not be trusted. */
class UntrustedClass extends Error {}

/**
 * Creates what is missing and locks what is there. Several nodes may do so at once.
 *
 * Where clients may create classes, one may have made ours before we came, with rows that name users. No client can give a class an
 * index, so a class without ours is not by us. Parse gives one to a class that stands in `schema.definitions`, so there our mark decides.
 * @param {import("./rest.js").Rest} rest
 * @param {readonly string[]} defined the classes in `schema.definitions`
 * @throws {UntrustedClass} for a class that we did not make, if it has rows or a column of another type
 */
async function createClasses(rest, defined) {
  const { results } = await rest("GET", "schemas");
  const marked = await areMarked(rest);
  for (const className of Object.keys(CLASSES)) {
    const existing = results.find(
      (/** @type {any} */ schema) => schema.className === className,
    );
    if (existing) await takeOver(existing, rest);
    else await create(className, rest);
    if (!marked && defined.includes(className)) {
      await refuseRows(className, rest, ofUnmarkedRows);
    }
  }
  if (!marked) await mark(rest);
}

/**
 * @param {string} className
 * @param {import("./rest.js").Rest} rest
 */
async function create(className, rest) {
  const path = `schemas/${className}`;
  try {
    await rest("POST", path, {
      className,
      fields: CLASSES[className].fields,
      indexes: indexesOf(className),
      classLevelPermissions: LOCKED,
    });
  } catch (error) {
    if (!isParseError(error, CLASS_EXISTS)) throw error;
    await takeOver(await rest("GET", path), rest);
  }
}

/**
 * Locks a class, adds what it lacks, and makes sure that it is ours.
 * @param {any} existing its schema
 * @param {import("./rest.js").Rest} rest
 */
async function takeOver(existing, rest) {
  const { className } = existing;
  const path = `schemas/${className}`;
  const { fields } = CLASSES[className];
  const wrong = wrongColumns(existing);
  if (wrong.length > 0) throw new UntrustedClass(ofWrongType(wrong));
  const missing = Object.fromEntries(
    Object.entries(fields).filter(([name]) => !existing.fields[name]),
  );
  if (Object.keys(missing).length > 0 || !isLocked(existing)) {
    await rest("PUT", path, {
      className,
      fields: missing,
      classLevelPermissions: LOCKED,
    });
  }
  const indexes = missingIndexes(existing);
  if (Object.keys(indexes).length === 0) return;
  await refuseRows(className, rest, ofOthersRows);
  try {
    await rest("PUT", path, { className, fields: {}, indexes });
  } catch (error) {
    // Another node may have added them.
    if (Object.keys(missingIndexes(await rest("GET", path))).length > 0) {
      throw error;
    }
  }
}

/**
 * Looked at once the class is locked: no client adds another row.
 * @param {string} className
 * @param {import("./rest.js").Rest} rest
 * @param {(className: string) => string} reason
 */
async function refuseRows(className, rest, reason) {
  // PostgreSQL's adapter only estimates how many there are.
  const { results } = await rest("GET", `classes/${className}`, { limit: 1 });
  if (results.length > 0) throw new UntrustedClass(reason(className));
}

/**
 * Columns whose type is not the one that we gave them, as sentences name them.
 * @param {any} schema of one of our classes
 * @returns {string[]}
 */
function wrongColumns({ className, fields }) {
  return Object.entries(CLASSES[className].fields)
    .filter(
      ([name, { type, targetClass }]) =>
        fields[name] &&
        (fields[name].type !== type ||
          fields[name].targetClass !== targetClass),
    )
    .map(([name, { type }]) => {
      const its = fields[name].type;
      return `${className}.${name} is of the type ${its} and not ${type}`;
    });
}

/**
 * @param {any} schema of one of our classes
 * @returns {Record<string, object>} indexes of ours that it lacks
 */
function missingIndexes({ className, indexes = {} }) {
  const ours = Object.entries(indexesOf(className));
  return Object.fromEntries(ours.filter(([name]) => !indexes[name]));
}

/** @param {string[]} wrong */
function ofWrongType(wrong) {
  return `${wrong.join("; ")}. So this package did not make the class, and nothing in it can be trusted. Delete the class, and start again.`;
}

/** @param {string} className */
function ofOthersRows(className) {
  const index = Object.keys(indexesOf(className))[0];
  return `${className} was there before this package made it (it lacks our index ${index}), and has rows that a client may have written. Look at them, then delete the class and start again; if they are yours, from a copy say, add the index.`;
}

/** @param {string} className */
function ofUnmarkedRows(className) {
  return `${className} has rows, and this package never found the class empty or made it itself, so a client may have written them. Look at them, then delete the class and start again; if they are yours, start once without our classes in schema.definitions.`;
}

/** @param {any} schema */
function isLocked(schema) {
  const permissions = schema.classLevelPermissions ?? {};
  return Object.keys(LOCKED).every(
    (operation) =>
      permissions[operation] &&
      Object.keys(permissions[operation]).length === 0,
  );
}

module.exports = {
  createClasses,
  indexesOf,
  isLocked,
  missingIndexes,
  ofOthersRows,
  ofUnmarkedRows,
  ofWrongType,
  wrongColumns,
  UntrustedClass,
  CLASSES,
  LOCKED,
  SETS,
};
