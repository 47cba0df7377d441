// @ts-check
"use strict";

/**
 * Lines `USER otpauth://…`: an authenticator app's secret, and whose it is. `export` writes them, and `import otpauth` reads them, also those
 * that other products write.
 */

/**
 * @typedef {object} KeyLine
 * @property {string} user
 * @property {string} secret
 * @property {string} profile algorithm, digits and period, as in `SHA1/6/30`
 * @property {string} label what the authenticator app calls it
 */

/** A user, as text of JSON where it would not be read again as it stands; and a URI. */
const LINE =
  /^(?:(?<quoted>"(?:[^"\\]|\\.)*")|(?<plain>[^\s"#].*?))\s+(?<uri>otpauth:\/\/.*)$/iu;

/** What can stand at the beginning of a line as it is. Where objectIds may be chosen, an id may look like a line of somebody else's. */
const PLAIN = /^[\w@.+-]+$/;

/** As long as a label may be, in characters. */
const LONGEST_LABEL = 64;

/**
 * A user at the beginning of a line.
 * @param {string} user
 */
function written(user) {
  if (PLAIN.test(user)) return user;
  // JSON itself lets some of what breaks a line stand.
  return JSON.stringify(user).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Whether there is nothing to read in a line. @param {string} line */
function isEmpty(line) {
  return /^\s*(#|$)/.test(line);
}

/**
 * @param {string} line
 * @returns {KeyLine | string} what it says, or why it cannot be read. That shows none of it.
 */
function read(line) {
  const { quoted, plain, uri } = LINE.exec(line.trim())?.groups ?? {};
  if (!uri) {
    return /otpauth:\/\//i.test(line)
      ? "no user before otpauth://. Write USER otpauth://…"
      : "no otpauth:// in it. Write USER otpauth://…";
  }
  try {
    const user = quoted ? JSON.parse(quoted) : plain;
    return { user, ...parts(new URL(uri), user) };
  } catch (error) {
    return error instanceof Unreadable
      ? error.message
      : "not a URI, or a user in quotes that is no text of JSON";
  }
}

class Unreadable extends Error {}

/**
 * By the Key URI format. What is left out has the value that every authenticator app takes for it.
 * @param {URL} uri
 * @param {string} user
 */
function parts(uri, user) {
  /** @type {Map<string, string>} */
  const named = new Map();
  for (const [name, value] of uri.searchParams) {
    const key = name.toLowerCase();
    if (named.has(key)) throw new Unreadable(`${key} stands there twice`);
    named.set(key, value.trim());
  }
  const secret = named.get("secret");
  if (!secret) throw new Unreadable("no secret in it");
  const time = `${named.get("algorithm") ?? "SHA1"}/${named.get("digits") ?? 6}/${named.get("period") ?? 30}`;
  // Codes that count in place of a time are another profile.
  const profile =
    uri.hostname.toLowerCase() === "totp" ? time : `${uri.hostname} ${time}`;
  return { secret, profile, label: labelOf(uri, user) };
}

/**
 * What stands behind the issuer. A user's own name says nothing beside the user.
 * @param {URL} uri
 * @param {string} user
 */
function labelOf(uri, user) {
  const name = decodeURIComponent(uri.pathname.slice(1));
  const account = name.slice(name.indexOf(":") + 1).trim();
  const shown = account.replace(/\p{Cc}/gu, "");
  return account === user ? "" : [...shown].slice(0, LONGEST_LABEL).join("");
}

module.exports = { isEmpty, read, written };
