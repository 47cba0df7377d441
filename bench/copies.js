// @ts-check
"use strict";

/**
 * Fills a table with copies of a row that an app made, so that a million of them take seconds: every text that an
 * index covers gets a number behind it, all else is as it is. A user's copies so have the user's password, and copies
 * of what belongs to a user belong to the user of the same number.
 *
 * @param {import("./database.js").Database} database
 * @param {string} table
 * @param {string} objectId of the row
 * @param {number} from the first number
 * @param {number} to the last
 * @param {Record<string, string>} [values] SQL for columns, with `n` as the number
 */
async function copy({ connection }, table, objectId, from, to, values = {}) {
  /** @type {{name: string, type: string, indexed: boolean}[]} */
  const columns = await connection.any(
    `SELECT attname AS name, typname AS type,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND a.attnum = ANY (i.indkey)) AS indexed
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [`"${table}"`],
  );
  const names = columns.map(({ name }) => `"${name}"`);
  const sources = columns.map(({ name, type, indexed }) => {
    if (name in values) return values[name];
    const numbered = indexed || name === "objectId" || name === "user";
    return type === "text" && numbered ? `"${name}" || 'x' || n` : `"${name}"`;
  });
  const { rowCount } = await connection.result(
    `INSERT INTO "${table}" (${names.join(", ")})
     SELECT ${sources.join(", ")} FROM "${table}", generate_series(${from}::int, ${to}::int) AS n
     WHERE "objectId" = $1`,
    [objectId],
  );
  if (rowCount !== to - from + 1) {
    throw new Error(`${rowCount} rows of ${table} were copied`);
  }
  await connection.none(`ANALYZE "${table}"`);
}

module.exports = { copy };
