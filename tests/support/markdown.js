// @ts-check
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const ROOT = path.join(__dirname, "..", "..");

/**
 * @typedef {object} Block
 * @property {string} file
 * @property {number} line where its fence stands
 * @property {string} language `js`, `sh`, `json`, `mermaid`; empty for what is no code
 * @property {string | undefined} unrun why it is not to be run: what stands behind `no-run:` after the language
 * @property {string} code
 */

/** README.md and every docs/*.md. */
function documents() {
  const docs = fs.readdirSync(path.join(ROOT, "docs"));
  const names = docs.filter((name) => name.endsWith(".md")).sort();
  return ["README.md", ...names.map((name) => `docs/${name}`)];
}

/** Every document: those at the top and those in docs/. */
function pages() {
  const top = fs.readdirSync(ROOT).filter((name) => name.endsWith(".md"));
  return [...new Set([...top.sort(), ...documents()])];
}

/** @param {string} file */
const read = (file) => fs.readFileSync(path.join(ROOT, file), "utf8");

/**
 * A document without its fences.
 * @param {string} file
 */
function prose(file) {
  return read(file).replace(/^( *)```.*?^ *```$/gms, "");
}

/**
 * The anchors of a document's headings, as GitHub makes them.
 * @param {string} file
 * @returns {string[]}
 */
function anchors(file) {
  const headings = [...prose(file).matchAll(/^#+ (.+)$/gm)];
  return headings.map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

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

module.exports = { ROOT, anchors, blocks, documents, pages, prose, read };
