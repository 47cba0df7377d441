// @ts-check
"use strict";

/**
 * What is left of users who are gone: rows of `TwoFactorAccount` and of the event trail. Deletions leave none, unless they went past our
 * trigger, ran in a transaction, or were made before there was one.
 */

const { CliError } = require("../cli-error.js");

/** Ids in one question. */
const IDS = 100;

/**
 * Whether a row keeps the id of a deleted user from others (allowCustomObjectId), and has nothing else in it.
 * @param {any} account
 */
function isMark({ challenges, redemptions, authenticators, devices }) {
  const isEmpty = [challenges, authenticators, devices].every(
    (set) => !set?.length,
  );
  return (
    isEmpty &&
    redemptions?.some(
      (/** @type {any} */ { mark }) => mark?.kind === "deleted",
    ) === true
  );
}

/**
 * Which of these ids are no user's. The deployment is asked and not `GET /users`: an app's own `beforeFind` may hide users from the master
 * key too, and what belongs to them would be erased.
 * @param {import("../server.js").Server} server
 * @param {string[]} ids
 * @returns {Promise<Set<string>>}
 */
async function gone(server, ids) {
  const left = new Set(ids);
  const all = [...left];
  for (let from = 0; from < all.length; from += IDS) {
    const some = all.slice(from, from + IDS);
    const { users } = await server.run("twoFactorHealth", { users: some });
    if (!Array.isArray(users)) {
      throw new CliError(
        "The server does not say which users are there: an older version of parse-two-factor runs on it, or it is bundled in a way that hides Parse Server's database. Nothing was changed.",
      );
    }
    for (const id of users) left.delete(id);
  }
  return left;
}

/**
 * The rows of `TwoFactorAccount`, some at a time, each with whether its user is gone. A row without a user is nobody's.
 * @param {import("../server.js").Server} server
 * @param {object} [those] which rows
 * @returns {AsyncGenerator<{ row: any, isOrphan: boolean }>}
 */
async function* accounts(server, those) {
  const columns = "user,challenges,redemptions,authenticators,devices";
  for await (const rows of server.pages("TwoFactorAccount", columns, those)) {
    const ids = rows.filter(hasUser).map(({ user }) => user);
    const without = await gone(server, ids);
    for (const row of rows) {
      const isOfNobody = !hasUser(row) || without.has(row.user);
      yield { row, isOrphan: isOfNobody && !isMark(row) };
    }
  }
}

/** @param {any} row of `TwoFactorAccount` */
function hasUser({ user }) {
  return typeof user === "string";
}

/**
 * The ids of users who are gone and of whom an account is left, and the rows that name no user.
 * @param {import("../server.js").Server} server
 * @returns {Promise<{ ids: string[], rows: string[] }>}
 */
async function ofAccounts(server) {
  const ids = new Set();
  const rows = [];
  for await (const { row, isOrphan } of accounts(server)) {
    if (!isOrphan) continue;
    if (hasUser(row)) ids.add(row.user);
    else rows.push(row.objectId);
  }
  return { ids: [...ids], rows };
}

/**
 * The ids of users who are gone and whose part of the trail nobody will erase, as their deletion is not in it.
 * @param {import("../server.js").Server} server
 * @returns {Promise<string[]>}
 */
async function ofTrail(server) {
  const columns = "user,what,address,about,session";
  const [seen, known] = [new Set(), new Set()];
  for await (const entries of server.pages("TwoFactorEvent", columns)) {
    for (const { user, what, address, about, session } of entries) {
      if (what === "user-deleted") known.add(user);
      else if (user && (address ?? about ?? session)) seen.add(user);
    }
  }
  const ids = [...seen].filter((id) => !known.has(id));
  return [...(await gone(server, ids))];
}

module.exports = { accounts, gone, ofAccounts, ofTrail };
