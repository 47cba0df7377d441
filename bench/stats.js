// @ts-check
"use strict";

/**
 * @param {number[]} values
 * @param {number} share 0.5 is the median
 */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

/** @param {number[]} values */
const median = (values) => quantile(values, 0.5);

/**
 * The median, and the quartiles as its spread.
 * @param {number[]} values
 * @param {number} [digits]
 */
function spread(values, digits = 1) {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) =>
    quantile(values, share).toFixed(digits),
  );
  return `${middle} (${low}–${high})`;
}

/**
 * A Markdown table, figures to the right.
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 */
function table(head, rows) {
  const line = (/** @type {(string | number)[]} */ cells) =>
    `| ${cells.join(" | ")} |`;
  const isText = (/** @type {number} */ i) =>
    rows.some((cells) => /^[A-Za-z]/.test(String(cells[i])));
  const rule = line(head.map((_, i) => (i === 0 || isText(i) ? "---" : "--:")));
  return [line(head), rule, ...rows.map(line)].join("\n");
}

module.exports = { median, quantile, spread, table };
