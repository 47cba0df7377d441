// @ts-check
"use strict";

/**
 * The promises of docs/promises.toml, and the section of docs/security.md that is made from them: `npm run docs` writes it.
 */

const fs = require("node:fs");
const path = require("node:path");
const { parse } = require("smol-toml");
const { ROOT, read } = require("./markdown");

const PAGE = "docs/security.md";
const BEGIN =
  "<!-- From here on, this section is made from promises.toml. Change that file, then run `npm run docs`. -->";
const END = "<!-- Here it ends. -->";

/**
 * @typedef {object} Promised
 * @property {string} id the anchor on the page
 * @property {string} against
 * @property {string} says
 * @property {string} how
 * @property {string[]} broken_by
 * @property {string[]} tests
 */

/** @returns {Promised[]} */
function promises() {
  const { promise } = parse(read("docs/promises.toml"));
  return /** @type {any} */ (promise);
}

/** What a thief may want, in the order of the table: the key of a cell, and the column's head. */
const WANTS = /** @type {const} */ ({
  sign_in: "sign in",
  enroll: "enroll",
  remove: "remove",
  link: "link a provider",
  messages: "have messages sent",
  lock_out: "lock the owner out",
  learn: "learn something",
});

/**
 * @typedef {object} Cell
 * @property {string} may what the table says: a word or two
 * @property {string} because
 * @property {string[]} tests
 *
 * @typedef {{ id: string, holds: string } & Record<keyof typeof WANTS, Cell>} Thief
 */

/** @returns {Thief[]} */
function thieves() {
  const { thief } = parse(read("docs/promises.toml"));
  return /** @type {any} */ (thief);
}

/** The cells of all thieves. */
function cells() {
  return thieves().flatMap((thief) =>
    Object.keys(WANTS).map((want) => ({
      id: `${thief.id}.${want}`,
      ...thief[/** @type {keyof typeof WANTS} */ (want)],
    })),
  );
}

/** Files below a folder whose name ends so, of the repository's own. @param {string} folder @param {string} ending */
function files(folder, ending) {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true })
    .map((name) => `${folder}/${name}`.replaceAll(path.sep, "/"))
    .filter((name) => name.endsWith(ending) && !name.includes("node_modules/"))
    .sort();
}

/**
 * A title as it is compared: on one line, with "…" for what a template fills in, and without the final period and remarks in parentheses,
 * such as the advisory that a test is about.
 * @param {string} title
 */
function plain(title) {
  return title
    .replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "…")
    .replace(/\([^()]*\)/g, " ")
    .replace(/\\(.)/g, "$1")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\s*\.$/, "");
}

/**
 * Every test of the repository: the files it is in, by its title or, in Rust, its name.
 * @returns {Map<string, string[]>}
 */
function tests() {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  const add = (/** @type {string} */ title, /** @type {string} */ file) => {
    const there = found.get(title) ?? [];
    if (!there.includes(file)) found.set(title, [...there, file]);
  };
  for (const file of files("tests", ".test.js")) {
    const titled =
      /\b(?:test|it|describe)(?:\.\w+)?\(\s*(["'`])((?:\\.|(?!\1)[^])*)\1/g;
    for (const [, , title] of read(file).matchAll(titled)) {
      add(plain(title), file);
    }
  }
  for (const file of [...files("tests", ".rs"), ...files("src", ".rs")]) {
    const marked = /#\[test\]\s+(?:#\[[^\n]*\]\s+)*fn (\w+)\(/g;
    for (const [, name] of read(file).matchAll(marked)) add(name, file);
  }
  return found;
}

/**
 * The section as Markdown, before Prettier.
 * @returns {string}
 */
function section() {
  const there = tests();
  const all = promises();
  const lines = [BEGIN, ""];
  for (const against of new Set(all.map((promise) => promise.against))) {
    lines.push(`### Against ${against}`, "");
    for (const promise of all) {
      if (promise.against !== against) continue;
      const { id, says, how, broken_by } = promise;
      lines.push(`#### ${heading(id)}`, "", says, "", `- **How:** ${how}`);
      if (broken_by.length > 0) {
        lines.push(`- **Broken elsewhere:** ${broken_by.join(", ")}`);
      }
      lines.push("- **Tests:**");
      for (const title of promise.tests) {
        lines.push(`  - ${located(title, there)}`);
      }
      lines.push("");
    }
  }
  lines.push("### Published cases", "");
  lines.push(
    "Each case in which such a promise was broken elsewhere, and the promise that its test is listed with.",
    "",
  );
  for (const { id, broken_by } of all) {
    for (const one of broken_by) {
      lines.push(`- ${one}: [${heading(id)}](#${id})`);
    }
  }
  return [...lines, "", ...tableOfThieves(there), "", END].join("\n");
}

/**
 * A test by its file.
 * @param {string} title
 * @param {Map<string, string[]>} there
 */
function located(title, there) {
  const where = there.get(plain(title)) ?? [];
  const files = where.map((file) => `\`${file}\``).join(", ");
  const isRust = /^[a-z]\w*_\w+$/.test(title);
  return `${files}: ${isRust ? `\`${title}\`` : `"${title}"`}`;
}

/**
 * What somebody can do who got hold of one thing of a user's: a table, and below it each cell with its tests.
 * @param {Map<string, string[]>} there
 */
function tableOfThieves(there) {
  const wants = Object.entries(WANTS);
  const lines = [
    "### What a thief can do",
    "",
    "The user has a second factor. The thief has one thing of the user's, and nothing else.",
    "",
    `| thief of | ${wants.map(([, head]) => head).join(" | ")} |`,
    `| --- | ${wants.map(() => "---").join(" | ")} |`,
  ];
  for (const thief of thieves()) {
    const row = wants.map(([want]) => thief[/** @type {"learn"} */ (want)].may);
    lines.push(`| [${thief.holds}](#${thief.id}) | ${row.join(" | ")} |`);
  }
  for (const thief of thieves()) {
    lines.push("", `#### ${heading(thief.id)}`, "");
    for (const [want, head] of wants) {
      const { because, tests } = thief[/** @type {"learn"} */ (want)];
      lines.push(`- **${head}:** ${because}`);
      for (const title of tests) lines.push(`  - ${located(title, there)}`);
    }
  }
  return lines;
}

/** The heading whose anchor is the id. @param {string} id */
function heading(id) {
  const words = id.replaceAll("-", " ").replace("totp", "TOTP");
  return words[0].toUpperCase() + words.slice(1);
}

/**
 * The page with its section made anew.
 * @returns {Promise<string>}
 */
async function page() {
  const { format } = await import("prettier");
  const text = read(PAGE);
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${PAGE} lacks ${BEGIN} or ${END}`);
  const made = await format(section(), {
    parser: "markdown",
    proseWrap: "always",
    printWidth: 120,
  });
  return `${before}${made.trimEnd()}${after}`;
}

module.exports = { PAGE, cells, page, plain, promises, tests };

if (require.main === module) {
  page().then((text) => fs.writeFileSync(path.join(ROOT, PAGE), text));
}
