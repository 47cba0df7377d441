// @ts-check
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const ROOT = path.join(__dirname, "..", "..");

/**
 * @typedef {object} Block
 * @property {string} file
 * @property {number} line where its fence stands
 * @property {string} language `js`, `sh`, `json`; empty for what is no code
 * @property {string | undefined} unrun why it is not to be run: what stands behind `no-run:` after the language
 * @property {string} code
 */

/** README.md and every docs/*.md. */
function documents() {
  const docs = fs.readdirSync(path.join(ROOT, "docs"));
  const names = docs.filter((name) => name.endsWith(".md")).sort();
  return ["README.md", ...names.map((name) => `docs/${name}`)];
}

/** @param {string} file */
const read = (file) => fs.readFileSync(path.join(ROOT, file), "utf8");

/**
 * The fenced code blocks of a document, in order.
 * @param {string} file
 * @returns {Block[]}
 */
function blocks(file) {
  /** @type {Block[]} */
  const found = [];
  /** @type {(Block & {indent: string}) | undefined} */
  let open;
  for (const [n, text] of read(file).split("\n").entries()) {
    const fence = /^( *)```(\S*) *(?:no-run: *(.*))?$/.exec(text);
    if (open && fence) {
      found.push(open);
      open = undefined;
    } else if (open) {
      open.code += `${text.slice(open.indent.length)}\n`;
    } else if (fence) {
      const [, indent, language, unrun] = fence;
      open = { file, line: n + 1, language, unrun, code: "", indent };
    } else if (text.trimStart().startsWith("```")) {
      throw new Error(`${file}:${n + 1}: ${text}: no-run: and the reason`);
    }
  }
  if (open) throw new Error(`${file}:${open.line}: a fence that is not closed`);
  return found;
}

module.exports = { ROOT, documents, read, blocks };
