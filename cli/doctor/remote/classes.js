// @ts-check
"use strict";

const { MARKED } = require("../../../js/parse/class-mark.js");
const {
  CLASSES,
  isLocked,
  missingIndexes,
  ofOthersRows,
  ofUnmarkedRows,
  ofWrongType,
  wrongColumns,
} = require("../../../js/parse/classes.js");

/** @type {import("./index.js").RemoteCheck} */
module.exports = async function classes(server) {
  const { results } = await server.request("GET", "/schemas");
  const ours = results.filter(
    (/** @type {any} */ { className }) => className in CLASSES,
  );
  const untrusted = await reasonsForDistrust(ours, server);
  if (untrusted.length > 0) return ["failure", untrusted.join(" ")];
  const open = Object.keys(CLASSES).filter(
    (name) =>
      !ours.some(
        (/** @type {any} */ schema) =>
          schema.className === name && isLocked(schema),
      ),
  );
  return open.length > 0
    ? [
        "failure",
        `not locked to the master key: ${open.join(", ")}; clients can read or change what sign-ins go by. Restart the server: it locks them at start-up.`,
      ]
    : ["ok", "the state classes are ours, and locked to the master key."];
};

/**
 * @param {any[]} schemas of our classes
 * @param {import("../../server.js").Server} server
 * @returns {Promise<string[]>} sentences
 */
async function reasonsForDistrust(schemas, server) {
  const wrong = schemas.flatMap(wrongColumns);
  if (wrong.length > 0) return [ofWrongType(wrong)];
  const marked = await has("_Idempotency", server, {
    where: JSON.stringify(MARKED),
  });
  const sentences = [];
  for (const schema of schemas) {
    const { className } = schema;
    const isIndexed = Object.keys(missingIndexes(schema)).length === 0;
    if (isIndexed && marked) continue;
    if (!(await has(className, server))) continue;
    const reason = isIndexed ? ofUnmarkedRows : ofOthersRows;
    sentences.push(reason(className));
  }
  return sentences;
}

/**
 * @param {string} className
 * @param {import("../../server.js").Server} server
 * @param {Record<string, string>} [of] a query
 * @returns {Promise<boolean>} whether the class has such a row
 */
async function has(className, server, of = {}) {
  const query = { ...of, limit: 1, keys: "objectId" };
  const path = `/classes/${className}`;
  const { results } = await server.request("GET", path, { query });
  return results.length > 0;
}
