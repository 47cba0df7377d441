// @ts-check
"use strict";

/**
 * Rows as text, their columns aligned.
 * @param {string[][]} rows
 */
function table(rows) {
  // What users wrote must not speak to the operator's terminal.
  const plain = rows.map((row) =>
    row.map((cell) => cell.replace(/\p{Cc}/gu, "�")),
  );
  const widths = (plain[0] ?? []).map((_, column) =>
    Math.max(...plain.map((row) => row[column].length)),
  );
  return plain
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/**
 * JSON for a terminal as well as for programs: JSON itself lets DEL and the C1 control characters (U+0080 to U+009F) stand.
 * @param {unknown} value
 */
function toJson(value) {
  return JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * @param {number} count
 * @param {string} one
 */
function plural(count, one) {
  return `${count} ${count === 1 ? one : `${one}s`}`;
}

module.exports = { table, toJson, plural };
