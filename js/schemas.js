// @ts-check
"use strict";

const { CLASSES, LOCKED, indexesOf } = require("./parse/classes.js");

/**
 * The state classes as definitions for Parse Server's option `schema.definitions`. An app with `schema.lockSchemas: true` needs them there:
 * such a server creates no other class.
 */
module.exports = Object.entries(CLASSES).map(([className, { fields }]) => ({
  className,
  fields: structuredClone(fields),
  indexes: indexesOf(className),
  classLevelPermissions: structuredClone(LOCKED),
}));
