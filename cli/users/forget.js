// @ts-check
"use strict";

const { CliError } = require("../cli-error.js");
const { confirm } = require("../confirm.js");
const { plural, shown } = require("../output.js");
const { erase } = require("../../js/trail.js");
const { gone, ofAccounts, ofTrail } = require("./orphans.js");
const { endAll } = require("./session-rows.js");

/** Entries of the trail that are asked for at a time. */
const PAGE = 100;

/** How much of an id is shown: Parse's own have ten characters, and others may have any number. */
const SHOWN = 64;

/** @typedef {import("../server.js").Server} Server */

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "forget ID | forget --orphans",
  summary: "erase what is left of deleted users",
  help: `With a user go the factors and the trusted browsers at once. Addresses, number endings and labels in that user's event trail go
limits.eventDaysAfterDeletion days later, so that the trail of an attack survives the attacker's deletion. This erases them now, and
removes the row in TwoFactorAccount and sessions if some are left. What happened, when and with which outcome stays in the trail.

With allowCustomObjectId, a row with a mark stays of a deleted user who had a second factor, and a sign-up under the old objectId is
refused (4023): whoever comes under that id may read what the old user could read. This removes the row as well. Make sure first that it
is the same person, or that nothing is left which only that id may read.

--orphans does it for all users who are gone and of whom an account is left, or a trail without their deletion: they were deleted past
our trigger, or before there was one. It lists them first, and asks on a terminal. It leaves rows that hold nothing but the mark.
While a backup is being restored, accounts may be there before their users: wait for those.

ID is an objectId; --id ID says the same. A user who is there is not touched: reset is for those.

Example:
  npx parse-two-factor forget Tz0pXqQ1aB`,
  flags: { id: { type: "string" }, orphans: { type: "boolean" } },
  takes: [0, 1],
  async run({ args, flags, server: connection }) {
    const named = [args[0], flags.id].filter((id) => id !== undefined);
    if (named.length !== (flags.orphans ? 0 : 1)) {
      throw new CliError(
        "Name one user who was deleted: ID, or --id ID. Or all of them: --orphans.",
      );
    }
    const server = connection();
    return flags.orphans ? forgetAll(server) : forgetOne(server, named[0]);
  },
};

/**
 * @param {Server} server
 * @param {string} id
 * @returns {Promise<import("../commands.js").Outcome>}
 */
async function forgetOne(server, id) {
  if (!(await gone(server, [id])).has(id)) {
    throw new CliError(
      `There is a user with the objectId "${shown(id)}". Nothing was changed. To let that user in again: parse-two-factor reset --id ${shown(id)}`,
      1,
    );
  }
  const { removed, erased, sessions } = await forget(server, id);
  if (removed + erased + sessions === 0) {
    throw new CliError(`Nothing is left of a user "${shown(id)}".`, 1);
  }
  return {
    code: 0,
    json: { userId: id, removed, erased, sessions },
    text: `${shown(id)}: ${plural(removed, "row")} removed, ${entries(erased)} erased, ${plural(sessions, "session")} ended. The id is free.`,
  };
}

/**
 * @param {Server} server
 * @returns {Promise<import("../commands.js").Outcome>}
 */
async function forgetAll(server) {
  const left = await ofAccounts(server);
  const ids = new Set([...left.ids, ...(await ofTrail(server))]);
  if (ids.size + left.rows.length === 0) {
    return {
      code: 0,
      json: { users: [], removed: 0, erased: 0 },
      text: "Nothing is left of users who are gone.",
    };
  }
  await confirm(plan([...ids], left.rows));
  const sum = { removed: 0, erased: 0 };
  for (const id of ids) {
    // Looked up again: somebody may have restored the user since.
    if (!(await gone(server, [id])).has(id)) continue;
    const { removed, erased } = await forget(server, id);
    sum.removed += removed;
    sum.erased += erased;
  }
  for (const row of left.rows) {
    await server.request("DELETE", `/classes/TwoFactorAccount/${row}`);
    sum.removed += 1;
  }
  return {
    code: 0,
    json: { users: [...ids], ...sum },
    text: `${plural(ids.size, "user")}: ${plural(sum.removed, "row")} removed, ${entries(sum.erased)} erased.`,
  };
}

/**
 * All that will be erased.
 * @param {string[]} ids of users who are gone
 * @param {string[]} rows of accounts that name no user
 */
function plan(ids, rows) {
  const listed = (/** @type {string[]} */ those) =>
    those.map((id) => shown(id.slice(0, SHOWN))).join(", ");
  const users = `what is left of ${plural(ids.length, "user")} who ${ids.length === 1 ? "is" : "are"} gone: ${listed(ids)}`;
  const nobodys = `${plural(rows.length, "row")} without a user: ${listed(rows)}`;
  const parts = [ids.length && users, rows.length && nobodys].filter(Boolean);
  return `This erases ${parts.join("; and ")}.`;
}

/** @param {number} count */
function entries(count) {
  return count === 1 ? "1 entry of the trail" : `${count} entries of the trail`;
}

/**
 * Ends sessions, which would be those of whoever gets the id; then removes the account, which keeps the id; and erases what is personal in
 * the trail.
 * @param {Server} server
 * @param {string} user
 */
async function forget(server, user) {
  const { ended: sessions, left } = await endAll(server, user);
  if (left > 0) {
    throw new CliError(
      `${plural(left, "session")} of ${shown(user)} could not be ended, so the rest was left: call this again.`,
      1,
    );
  }
  let removed = 0;
  for (;;) {
    const { results } = await server.request(
      "GET",
      "/classes/TwoFactorAccount",
      { query: { where: { user }, keys: "objectId" } },
    );
    if (results.length === 0) break;
    for (const { objectId } of results) {
      await server.request("DELETE", `/classes/TwoFactorAccount/${objectId}`);
    }
    removed += results.length;
  }
  let erased = 0;
  for (;;) {
    const few = await erase(restOf(server), { user }, PAGE);
    if (few === 0) return { removed, erased, sessions };
    erased += few;
  }
}

/**
 * @param {Server} server
 * @returns {import("../../js/parse/rest.js").Rest}
 */
function restOf(server) {
  return (method, path, body = {}) =>
    server.request(
      method,
      `/${path}`,
      method === "GET" ? { query: { ...body } } : { body },
    );
}
