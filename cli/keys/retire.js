// @ts-check
"use strict";

const { plural } = require("../output.js");
const { partOf } = require("./ring.js");
const { amount, usesOf, unused } = require("./use.js");

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "keys retire ID",
  summary: "a dry run: what would be lost without this key",
  help: `Says what would be refused, and for how many users, if the key ID left TWO_FACTOR_KEYS. It changes nothing: a key is retired by
taking it out of TWO_FACTOR_KEYS where the server runs. Exit code 0 if nothing would be lost, 1 if something would.

Example:
  npx parse-two-factor keys retire 2026a && echo "take it out"`,
  takes: [1, 1],
  async run({ args: [id], server: connection }) {
    const server = connection();
    const { keys: ring } = await server.health();
    const { uses } = await usesOf(server);
    const use = uses.get(id) ?? unused();
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
    const devices =
      use.devices > 0
        ? ` ${plural(use.devices, "trusted browser")} will be asked for the second factor again.`
        : "";
    return said(
      `Nothing hangs on key ${id}: take it out of TWO_FACTOR_KEYS and restart. Only a sign-in begun under it in the last minutes has to start again (4012).${devices}`,
    );
  },
};
