// @ts-check
"use strict";

const { amount, usesOf } = require("../../keys/use.js");

/** @type {import("./index.js").RemoteCheck} */
module.exports = async function keys(server, { keys, durable }) {
  const { uses } = await usesOf(server);
  const lost = [...uses].filter(
    ([kid, { users }]) => users > 0 && !keys.includes(kid),
  );
  if (lost.length > 0) {
    const what = lost.map(([kid, use]) => `${kid} (${amount(use)})`);
    return [
      "failure",
      `missing from TWO_FACTOR_KEYS: ${what.join(", ")}; these are refused (4023) until the key is put back.`,
    ];
  }
  if (!durable) {
    return [
      "warning",
      "no TWO_FACTOR_KEYS: codes by SMS work, but nothing can be enrolled and no recovery codes are made; draw a key with parse-two-factor keys new.",
    ];
  }
  const [writing, ...reading] = keys;
  return [
    "ok",
    `${writing} writes${reading.length > 0 ? `, ${reading.join(", ")} read` : ""}; nothing hangs on a missing key.`,
  ];
};
