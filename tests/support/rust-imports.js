// @ts-check
"use strict";

/**
 * Which files of a Rust crate use which others, read off their text: `use` declarations and paths that begin with `crate`, `super`,
 * `self` or a submodule.
 *
 * A path leads to the file that defines its item: what a module takes over from below (`pub use view::Account`) is looked up there.
 * Such a line only gives an item another name, so it counts as no use by itself. Neither does `mod`, nor anything under `#[cfg(test)]`.
 */

const fs = require("node:fs");
const path = require("node:path");

/**
 * @typedef {object} Module
 * @property {string} file
 * @property {string[]} at its path in the crate
 * @property {string} code its text without comments, strings and tests
 * @property {Map<string, string[]>} renamed items taken over from below, by their name here; `*` for all
 */

/**
 * @param {string} root the folder of lib.rs
 * @returns {Map<string, Set<string>>} by file, the files that it uses; both relative to the folder
 */
function importsOf(root) {
  const modules = readModules(root);
  const imports = new Map();
  for (const module of modules.values()) {
    const { uses, rest } = splitUses(module.code);
    /** @type {string[][]} */
    const paths = pathsIn(rest);
    for (const { isPublic, tree } of uses) {
      for (const { path } of expand(tree)) {
        const target = absolute(path, module, modules);
        if (!target) continue;
        const below = module.at.every((name, i) => target[i] === name);
        if (!(isPublic && below)) paths.push(["crate", ...target]);
      }
    }
    const files = new Set();
    for (const path of paths) {
      const target = absolute(path, module, modules);
      const file = target && fileOf(target, modules);
      if (file && file !== module.file) files.add(file);
    }
    imports.set(module.file, files);
  }
  return imports;
}

/** @param {string} root */
function readModules(root) {
  /** @type {Map<string, Module>} */
  const modules = new Map();
  for (const entry of fs.readdirSync(root, { recursive: true })) {
    const file = String(entry).replaceAll(path.sep, "/");
    if (!file.endsWith(".rs")) continue;
    const name = file.replace(/(^|\/)(lib|mod)\.rs$|\.rs$/, "");
    const at = name ? name.split("/") : [];
    const code = plain(fs.readFileSync(path.join(root, file), "utf8"));
    modules.set(at.join("::"), { file, at, code, renamed: new Map() });
  }
  for (const module of modules.values()) {
    for (const { isPublic, tree } of splitUses(module.code).uses) {
      if (!isPublic) continue;
      for (const { path, name } of expand(tree)) {
        const target = absolute(path, module, modules);
        if (target) module.renamed.set(name, target);
      }
    }
  }
  return modules;
}

/**
 * The text without comments, the contents of strings, and what is compiled for tests alone.
 * @param {string} text
 */
function plain(text) {
  const code = text
    .replace(
      /\/\/[^\n]*|\/\*[\s\S]*?\*\/|r(#+)"[\s\S]*?"\1|r"[^"]*"|"(?:\\[\s\S]|[^"\\])*"|'(?:\\.[^']*|[^'\\])'/g,
      (match) => (/^\//.test(match) ? "" : '""'),
    )
    .replace(/#!\[[^\]]*\]/g, "");
  let kept = "";
  let from = 0;
  for (const { index } of code.matchAll(/#\[cfg\(test\)\]/g)) {
    if (index < from) continue;
    kept += code.slice(from, index);
    from = endOfItem(code, index);
  }
  return kept + code.slice(from);
}

/**
 * @param {string} code
 * @param {number} index where an item begins
 * @returns {number} where it ends: after its block, or after its semicolon
 */
function endOfItem(code, index) {
  let depth = 0;
  for (let i = index; i < code.length; i += 1) {
    if (code[i] === "{") depth += 1;
    if (code[i] === ";" && depth === 0) return i + 1;
    if (code[i] === "}" && (depth -= 1) === 0) return i + 1;
  }
  return code.length;
}

/** @param {string} code */
function splitUses(code) {
  /** @type {{ isPublic: boolean, tree: string }[]} */
  const uses = [];
  const declaration = /\b(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);/g;
  const rest = code.replace(declaration, (_, isPublic, tree) => {
    uses.push({ isPublic: Boolean(isPublic), tree: tree.replace(/\s+/g, " ") });
    return "";
  });
  return { uses, rest };
}

/**
 * The paths of a `use` tree, each with the name that it brings.
 * @param {string} tree
 * @param {string[]} [before]
 * @returns {{ path: string[], name: string }[]}
 */
function expand(tree, before = []) {
  const text = tree.trim();
  const open = text.indexOf("{");
  if (open < 0) {
    const [names, renamed] = text.split(" as ");
    const path = [...before, ...names.split("::").filter(Boolean)];
    if (path.at(-1) === "self" && path.length > 1) path.pop();
    return [{ path, name: (renamed ?? path.at(-1) ?? "").trim() }];
  }
  const group = [...before, ...text.slice(0, open).split("::").filter(Boolean)];
  return splitGroup(text.slice(open + 1, text.lastIndexOf("}"))).flatMap(
    (part) => expand(part, group),
  );
}

/**
 * @param {string} text of a group, without its braces
 * @returns {string[]}
 */
function splitGroup(text) {
  const parts = [""];
  let depth = 0;
  for (const letter of text) {
    if (letter === "{") depth += 1;
    if (letter === "}") depth -= 1;
    if (letter === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts.filter((part) => part.trim() !== "");
}

/**
 * The paths in code other than `use`.
 * @param {string} code
 */
function pathsIn(code) {
  return [...code.matchAll(/(?<![\w:])\w+(?:::\w+)+/g)].map(([path]) =>
    path.split("::"),
  );
}

/**
 * A path from the root of the crate, if it begins in this crate.
 * @param {string[]} path
 * @param {Module} module where it stands
 * @param {Map<string, Module>} modules
 * @returns {string[] | undefined}
 */
function absolute([first, ...rest], module, modules) {
  if (first === "crate") return rest;
  if (first === "self") return [...module.at, ...rest];
  if (first === "super") {
    let above = module.at.slice(0, -1);
    while (rest[0] === "super") {
      above = above.slice(0, -1);
      rest = rest.slice(1);
    }
    return [...above, ...rest];
  }
  const below = [...module.at, first];
  return modules.has(below.join("::")) ? [...below, ...rest] : undefined;
}

/**
 * The file that defines what a path names.
 * @param {string[]} target
 * @param {Map<string, Module>} modules
 * @param {number} [steps] through names taken over: a ring of them would have no end
 * @returns {string | undefined}
 */
function fileOf(target, modules, steps = 0) {
  for (let length = target.length; length >= 0; length -= 1) {
    const module = modules.get(target.slice(0, length).join("::"));
    if (!module) continue;
    const item = target[length];
    const from = item && steps < 10 ? module.renamed.get(item) : undefined;
    if (!from) return module.file;
    return fileOf([...from, ...target.slice(length + 1)], modules, steps + 1);
  }
  return undefined;
}

module.exports = { importsOf };
