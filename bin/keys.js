// @ts-check
"use strict";

/**
 * The key ring: a new key, what hangs on which, and whether one may go.
 */

const { wasm } = require("../js/core.js");
const { amount, partOf, usesOf } = require("./key-use.js");
const { table } = require("./output.js");
const { Trouble } = require("./trouble.js");

/**
 * The ids of the ring in the environment of this command, if there is one.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[] | undefined}
 */
function ringHere(env) {
  if (!env.TWO_FACTOR_KEYS) return undefined;
  try {
    return wasm.keyIds(env.TWO_FACTOR_KEYS);
  } catch (/** @type {any} */ error) {
    throw new Trouble(error.message);
  }
}

/** @type {import("./parse-two-factor.js").Command} */
const make = {
  usage: "keys new [ID]",
  summary: "draw a key for TWO_FACTOR_KEYS",
  help: `Prints an entry for TWO_FACTOR_KEYS, ID:base64 of 32 random bytes. It asks no server and writes nothing down: the entry is the
secret, so keep it where the master key is kept. ID is 1 to 16 letters, digits, "-" or "_"; without it, today's date.

The first key of the ring writes, all of them read. Where several processes serve the app, put the new one last on all of them first,
so that each can read what the others are about to write, and only then in front:
  TWO_FACTOR_KEYS="20260101:…,20261124:…"   then   TWO_FACTOR_KEYS="20261124:…,20260101:…"

Example:
  npx parse-two-factor keys new 2026b`,
  takes: [0, 1],
  run({ args: [id], env }) {
    const taken = ringHere(env) ?? [];
    if (id !== undefined && taken.includes(id)) {
      throw new Trouble(
        `The ring in TWO_FACTOR_KEYS has a key "${id}" already: take another id.`,
      );
    }
    const today = new Date().toISOString().slice(0, 10).replaceAll("-", "");
    const free = [today, ..."bcdefghijklmnopqrstuvwxyz"].map((name, place) =>
      place === 0 ? name : today + name,
    );
    const chosen = id ?? free.find((name) => !taken.includes(name));
    let entry;
    try {
      entry = wasm.newKey(/** @type {string} */ (chosen));
    } catch (/** @type {any} */ error) {
      throw new Trouble(error.message);
    }
    return { code: 0, json: { id: chosen, entry }, text: entry };
  },
};

/** @type {import("./parse-two-factor.js").Command} */
const status = {
  usage: "keys status",
  summary: "what hangs on which key",
  help: `Counts, over all users, the factors sealed and the recovery codes hashed with each key, and says what the running server does with
it: the first key of its ring writes, the others read, and what hangs on a missing one is refused (4023) until the key is put back.
If TWO_FACTOR_KEYS is set here as well, its part in that ring is shown beside it. No key is printed, only ids.
Exit code 1 if something hangs on a missing key.

Factors move to the key that writes whenever their user signs in or steps up. Recovery codes are hashes and cannot move: they are used
up, or replaced by newRecoveryCodes.

Example:
  npx parse-two-factor keys status --json`,
  takes: [0, 0],
  async run({ server: connect, env }) {
    const here = ringHere(env);
    const server = connect();
    const { keys: ring, durable } = await server.health();
    const uses = await usesOf(server);
    const none = { factors: 0, recoveryCodes: 0, users: 0 };
    const ids = [
      ...new Set([...ring, ...(here ?? []), ...[...uses.keys()].sort()]),
    ];
    const keys = ids.map((id) => ({
      id,
      server: partOf(ring, id),
      ...(here && { here: partOf(here, id) }),
      ...(uses.get(id) ?? none),
    }));
    const lost = keys.filter((key) => key.server === "missing" && key.users);
    const rows = [
      [
        "key",
        "server",
        ...(here ? ["here"] : []),
        "factors",
        "recovery codes",
        "users",
      ],
      ...keys.map((key) => [
        key.id,
        key.server,
        ...(here ? [String(key.here)] : []),
        String(key.factors),
        String(key.recoveryCodes),
        String(key.users),
      ]),
    ];
    const lines = [table(rows)];
    if (!durable) {
      lines.push(
        "",
        "The server has no TWO_FACTOR_KEYS: codes are hashed under a key derived from the master key, and nothing can be enrolled.",
      );
    }
    for (const key of lost) {
      lines.push(
        "",
        `Key ${key.id} is missing on the server: ${amount(key)} are refused (4023) until it is put back into TWO_FACTOR_KEYS.`,
      );
    }
    const json = { durable, keys };
    return { code: lost.length > 0 ? 1 : 0, json, text: lines.join("\n") };
  },
};

/** @type {import("./parse-two-factor.js").Command} */
const retire = {
  usage: "keys retire ID",
  summary: "a dry run: what would be lost without this key",
  help: `Says what would be refused, and for how many users, if the key ID left TWO_FACTOR_KEYS. It changes nothing: a key is retired by
taking it out of TWO_FACTOR_KEYS where the server runs. Exit code 0 if nothing would be lost, 1 if something would.

Example:
  npx parse-two-factor keys retire 2026a && echo "take it out"`,
  takes: [1, 1],
  async run({ args: [id], server: connect }) {
    const server = connect();
    const { keys: ring } = await server.health();
    const uses = await usesOf(server);
    const use = uses.get(id) ?? { factors: 0, recoveryCodes: 0, users: 0 };
    const part = partOf(ring, id);
    const safe = part !== "writes" && use.users === 0;
    const json = { id, server: part, ...use, safe };
    /** @param {string} text */
    const said = (text) => ({
      code: /** @type {0 | 1} */ (safe ? 0 : 1),
      json,
      text,
    });
    if (part === "missing" && use.users === 0) {
      return said(
        `Key ${id} is not in the server's ring, and nothing hangs on it.`,
      );
    }
    if (part === "writes") {
      return said(
        `Not yet: key ${id} is the one that writes, and ${amount(use)} hang on it. Put another one in front of it first (parse-two-factor keys new).`,
      );
    }
    if (use.users > 0) {
      const factors =
        use.factors > 0
          ? ` Factors move to the key ${ring[0]} when their users sign in.`
          : "";
      const codes =
        use.recoveryCodes > 0
          ? " Recovery codes stay until they are used, or replaced by newRecoveryCodes."
          : "";
      return said(
        `Not yet: without key ${id}, ${amount(use)} would be refused (4023).${factors}${codes}`,
      );
    }
    return said(
      `Nothing hangs on key ${id}: take it out of TWO_FACTOR_KEYS and restart. Only a sign-in begun under it in the last minutes has to start again (4012).`,
    );
  },
};

module.exports = {
  "keys new": make,
  "keys status": status,
  "keys retire": retire,
};
