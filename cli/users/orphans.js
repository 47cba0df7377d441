// @ts-check
"use strict";

/**
 * What is left of users who are gone: rows of `TwoFactorAccount` and of the event trail. Deletions leave none, unless they went past our
 * trigger, ran in a transaction, or were made before there was one.
 */

/** Ids in one query: a URL must not grow beyond what proxies take. */
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
 * Which of these ids are no user's.
 * @param {import("../server.js").Server} server
 * @param {string[]} ids
 * @returns {Promise<Set<string>>}
 */
async function gone(server, ids) {
  const left = new Set(ids);
  const all = [...left];
  for (let from = 0; from < all.length; from += IDS) {
    const some = all.slice(from, from + IDS);
    const { results } = await server.request("GET", "/users", {
      query: {
        where: { objectId: { $in: some } },
        keys: "objectId",
        limit: IDS,
      },
    });
    for (const { objectId } of results) left.delete(objectId);
  }
  return left;
}

/**
 * The rows of `TwoFactorAccount`, some at a time, each with whether its user is gone.
 * @param {import("../server.js").Server} server
 * @returns {AsyncGenerator<{ row: any, isOrphan: boolean }>}
 */
async function* accounts(server) {
  const columns = "user,challenges,redemptions,authenticators,devices";
  for await (const rows of server.pages("TwoFactorAccount", columns)) {
    const without = await gone(
      server,
      rows.map(({ user }) => user),
    );
    for (const row of rows) {
      yield { row, isOrphan: without.has(row.user) && !isMark(row) };
    }
  }
}

/**
 * The ids of users who are gone and of whom an account is left.
 * @param {import("../server.js").Server} server
 * @returns {Promise<string[]>}
 */
async function ofAccounts(server) {
  const ids = new Set();
  for await (const { row, isOrphan } of accounts(server)) {
    if (isOrphan) ids.add(row.user);
  }
  return [...ids];
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
