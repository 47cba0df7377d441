// @ts-check
"use strict";

/** Effects on what Parse Server's own second factor keeps. No secret leaves the process. */

const parseMfa = require("../parse/parse-mfa.js");

/** @type {import("./index.js").Perform<"readParseMfa">} */
async function readParseMfa({ environment: { Parse } }, { user, after }) {
  const next = after ? { objectId: { $gt: after } } : {};
  const which = user ? { objectId: user } : next;
  const found = await parseMfa.find(Parse, which);
  if (!found) return "missing";
  const profile = parseMfa.profile(Parse);
  if (!profile) return "unasked";
  const { user: id, secret, mobile } = found;
  return { parseMfa: { user: id, secret, mobile, profile } };
}

/** @type {import("./index.js").Perform<"clearParseMfa">} */
async function clearParseMfa(
  { environment: { Parse } },
  { user, secret = null, mobile = null },
) {
  const isCleared = await parseMfa.clear(Parse, user, { secret, mobile });
  return isCleared ? "done" : "missing";
}

module.exports = { clearParseMfa, readParseMfa };
