// @ts-check
"use strict";

/**
 * The state classes: created once the server answers, and locked to everyone but the master key.
 */

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

/** @type {Record<string, { fields: Record<string, { type: string }>, indexed: string[] }>} */
const CLASSES = {
  TwoFactorAccount: {
    fields: {
      user: text,
      challenges: list,
      redemptions: list,
      authenticators: list,
      devices: list,
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

/**
 * Creates what is missing and locks what is there. Several nodes may do so at once.
 * @param {import("./rest.js").Rest} rest
 */
async function createClasses(rest) {
  const { results } = await rest("GET", "schemas");
  for (const [className, { fields }] of Object.entries(CLASSES)) {
    const path = `schemas/${className}`;
    const indexes = indexesOf(className);
    let existing = results.find(
      (/** @type {any} */ schema) => schema.className === className,
    );
    if (!existing) {
      try {
        await rest("POST", path, {
          className,
          fields,
          indexes,
          classLevelPermissions: LOCKED,
        });
        continue;
      } catch (error) {
        if (!isParseError(error, CLASS_EXISTS)) throw error;
        existing = await rest("GET", path);
      }
    }
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
  }
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
  CLASSES,
  LOCKED,
  SETS,
};
