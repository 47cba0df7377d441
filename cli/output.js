// @ts-check
"use strict";

/** What a terminal obeys instead of showing: control characters, directions of writing (CVE-2021-42574), and separators of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * What users wrote must not speak to the operator's terminal, nor begin a line of its own.
 * @param {string | null | undefined} text
 */
function shown(text) {
  return (text ?? "").replace(UNSEEN, "\ufffd");
}

/**
 * The whole of an output. Its own lines stay.
 * @param {string} text
 */
function printable(text) {
  return text.replace(UNSEEN, (c) => (c === "\n" ? c : "\ufffd"));
}

/**
 * Rows as text, their columns aligned.
 * @param {string[][]} rows
 */
function table(rows) {
  const plain = rows.map((row) => row.map(shown));
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
 * JSON for a terminal as well as for programs: JSON itself lets most of what a terminal obeys stand.
 * @param {unknown} value
 */
function toJson(value) {
  return JSON.stringify(value, null, 2).replace(UNSEEN, (c) =>
    c === "\n" ? c : escaped(c),
  );
}

/** @param {string} character as JSON writes it in ASCII: one escape for each UTF-16 unit */
function escaped(character) {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/**
 * @param {number} count
 * @param {string} one
 */
function plural(count, one) {
  return `${count} ${count === 1 ? one : `${one}s`}`;
}

module.exports = { table, toJson, plural, printable, shown };
