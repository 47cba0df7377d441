// @ts-check
"use strict";

const { wasm } = require("../../js/core.js");
const { CliError } = require("../cli-error.js");
const { ringOf } = require("./ring.js");

/** @type {import("../commands.js").Command} */
module.exports = {
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
    const taken = ringOf(env) ?? [];
    if (id !== undefined && taken.includes(id)) {
      throw new CliError(
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
      throw new CliError(error.message);
    }
    return { code: 0, json: { id: chosen, entry }, text: entry };
  },
};
