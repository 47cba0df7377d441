// @ts-check
"use strict";

/**
 * With whom a user is linked, as far as the core compares it: providers, and the hash of the id at each. Ids and names are the client's, and
 * may be of any length.
 */

const { createHash } = require("node:crypto");

/** No app has more providers, and none has a longer name. */
const MOST = 64;
const LONGEST_NAME = 64;

/** Stands for what is no identity, and is never in a row. */
const UNREADABLE = "?";

/** @typedef {{ provider: string, identity: string | null }} Link */

/**
 * What a row holds.
 * @param {unknown} authData
 * @returns {Link[] | null} `null` where it cannot be told
 */
function storedLinks(authData) {
  const links = linksOf(authData ?? {});
  return links?.filter(({ identity }) => identity !== null) ?? null;
}

/**
 * What a save carries.
 * @param {unknown} authData
 * @returns {Link[]}
 */
function carriedLinks(authData) {
  return linksOf(authData) ?? [{ provider: UNREADABLE, identity: "" }];
}

/**
 * @param {unknown} authData
 * @returns {Link[] | undefined} nothing for what is no `authData`
 */
function linksOf(authData) {
  return entriesOf(authData)?.map(([provider, word]) => ({
    provider,
    identity: word === null ? null : identityOf(word),
  }));
}

/**
 * @param {unknown} authData
 * @returns {[string, any][] | undefined} nothing for what is no `authData`
 */
function entriesOf(authData) {
  if (typeof authData !== "object" || authData === null) return undefined;
  if (Array.isArray(authData)) return undefined;
  const entries = Object.entries(authData);
  const isOdd =
    entries.length > MOST ||
    entries.some(([name]) => name.length > LONGEST_NAME || name === "__op");
  return isOdd ? undefined : entries;
}

/**
 * The hash of the id in a provider's word; empty where there is none.
 * @param {any} word
 * @returns {string}
 */
function identityOf(word) {
  const id = word?.id;
  if (id === undefined || id === null) return "";
  try {
    const hash = createHash("sha256").update(JSON.stringify(id));
    return hash.digest("base64url");
  } catch {
    // What cannot be written (a file without an address, say) is nobody's id.
    return "";
  }
}

module.exports = { carriedLinks, storedLinks };
