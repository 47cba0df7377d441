// @ts-check
"use strict";

const { plural, table } = require("../output.js");
const { partOf, ringOf } = require("./ring.js");
const { amount, unused, usesOf } = require("./use.js");

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "keys status",
  summary: "what hangs on which key",
  help: `Counts, over all users, the factors sealed and the recovery codes hashed with each key, and says what the running server does with
it: the first key of its ring writes, the others read, and what hangs on a missing one is refused (4023) until the key is put back.
If TWO_FACTOR_KEYS is set here as well, its part in that ring is shown beside it. No key is printed, only ids.
Exit code 1 if something hangs on a missing key.

Factors move to the key that writes whenever their user signs in or steps up. Recovery codes are hashes and cannot move: they are used
up, or replaced by newRecoveryCodes. Trusted browsers are counted, and hold up nothing: without their key they are asked for the second
factor again. What is left of users who are gone counts for no key: how many there are is said, and forget --orphans erases it.

Example:
  npx parse-two-factor keys status --json`,
  takes: [0, 0],
  async run({ server: connection, env }) {
    const here = ringOf(env);
    const server = connection();
    const { keys: ring, durable } = await server.health();
    const { uses, orphans } = await usesOf(server);
    const ids = new Set([...ring, ...(here ?? []), ...[...uses.keys()].sort()]);
    const keys = [...ids].map((id) => ({
      id,
      server: partOf(ring, id),
      ...(here && { here: partOf(here, id) }),
      ...(uses.get(id) ?? unused()),
    }));
    const lost = keys.filter((key) => key.server === "missing" && key.users);
    const lines = [table(rows(keys, here !== undefined))];
    if (!durable) {
      lines.push(
        "The server has no TWO_FACTOR_KEYS: codes are hashed under a key derived from the master key, and nothing can be enrolled.",
      );
    }
    for (const key of lost) {
      lines.push(
        `Key ${key.id} is missing on the server: ${amount(key)} are refused (4023) until it is put back into TWO_FACTOR_KEYS.`,
      );
    }
    if (orphans > 0) {
      lines.push(
        `${plural(orphans, "account")} of users who are gone, not counted: parse-two-factor forget --orphans erases what is left of them.`,
      );
    }
    const json = { durable, keys, orphans };
    return { code: lost.length > 0 ? 1 : 0, json, text: lines.join("\n\n") };
  },
};

/**
 * @param {({ id: string, server: string, here?: string } & import("./use.js").Use)[]} keys
 * @param {boolean} withHere whether this command has a ring as well
 */
function rows(keys, withHere) {
  /**
   * @param {string} id
   * @param {string} server
   * @param {string | undefined} here
   * @param {(string | number)[]} amounts
   */
  const row = (id, server, here, ...amounts) =>
    [id, server, ...(withHere ? [here] : []), ...amounts].map(String);
  return [
    row(
      "key",
      "server",
      "here",
      "factors",
      "recovery codes",
      "users",
      "trusted browsers",
    ),
    ...keys.map(
      ({ id, server, here, factors, recoveryCodes, users, devices }) =>
        row(id, server, here, factors, recoveryCodes, users, devices),
    ),
  ];
}
