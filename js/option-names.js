// @ts-check
"use strict";

/**
 * The names of all options: those that the core takes, which says them itself, and those of JavaScript.
 */

const { wasm } = require("./core.js");
const { StartUpError } = require("./start-up-error.js");

/** A name may differ by two letters, or by a third of them. More is another word. */
const FEWEST_EDITS = 2;

/**
 * Refuses options that do not exist, and suggests the one that was probably meant. The core would not see them.
 * @param {object} settings what an app gave besides the options of JavaScript
 * @param {string[]} hostNames the options of JavaScript
 * @throws {StartUpError}
 */
function checkOptionNames(settings, hostNames) {
  const named = Object.fromEntries(
    wasm.optionGroups().map(({ group, names }) => [group, names]),
  );
  const { "": plain, messages: kinds, ...groups } = named;
  const under = (/** @type {string} */ group) => (/** @type {string} */ name) =>
    `${group}.${name}`;
  const all = [
    ...hostNames,
    ...plain,
    ...Object.entries(groups).flatMap(([group, names]) =>
      names.map(under(group)),
    ),
  ];
  const given = /** @type {any} */ (settings);
  check(given, "", all, groups);
  for (const group of Object.keys(groups)) {
    check(given[group], `${group}.`, all, groups);
  }
  for (const [tag, own] of Object.entries(given.messages ?? {})) {
    const texts = `messages.${tag}`;
    check(own, `${texts}.`, kinds.map(under(texts)), groups);
  }
}

/**
 * @param {any} given
 * @param {string} under
 * @param {string[]} known
 * @param {{ [group: string]: string[] }} groups
 */
function check(given, under, known, groups) {
  if (typeof given !== "object" || given === null) return;
  for (const key of Object.keys(given)) {
    const name = under + key;
    if (known.includes(name) && !key.includes(".")) continue;
    const meant = closest(name, known);
    const [group, option] = meant?.split(".") ?? [];
    const isGrouped = option && Object.hasOwn(groups, group);
    const shown = isGrouped ? `${group}: { ${option} }` : meant;
    const hint = meant ? ` Did you mean ${shown}?` : "";
    throw new StartUpError(`There is no option ${name}.${hint}`);
  }
}

/**
 * The name that a misspelt one is closest to, unless all are too far off. The group before the last dot may be missing or wrong: whoever
 * writes `codeLifetime` for `limits.codeLifetime` meant it.
 * @param {string} name
 * @param {string[]} known
 * @returns {string | undefined}
 */
function closest(name, known) {
  const own = lastPart(name);
  const ranked = known
    .map((candidate) => {
      const its = lastPart(candidate);
      const edits = distance(own.toLowerCase(), its.toLowerCase());
      const most = Math.max(FEWEST_EDITS, Math.min(own.length, its.length) / 3);
      const isOtherGroup =
        candidate.slice(0, -its.length) !== name.slice(0, -own.length);
      return { candidate, edits, most, isOtherGroup };
    })
    .filter(({ edits, most }) => edits <= most)
    .sort(
      (a, b) =>
        a.edits - b.edits || Number(a.isOtherGroup) - Number(b.isOtherGroup),
    );
  return ranked[0]?.candidate;
}

/** @param {string} name */
function lastPart(name) {
  return name.slice(name.lastIndexOf(".") + 1);
}

/**
 * How many letters have to be inserted, removed or replaced to make one name of the other (Levenshtein).
 * @param {string} from
 * @param {string} to
 */
function distance(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1] + Number(from[i - 1] !== to[j - 1]);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}

module.exports = { checkOptionNames };
