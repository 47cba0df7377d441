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
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

module.exports = { table, plural };
