// @ts-check
"use strict";

/** Reserved for documentation (RFC 5737): no call comes from there. */
const DOCUMENTATION_ADDRESS = "203.0.113.77";

/** @type {import("./index.js").RemoteCheck} */
module.exports = async function addresses(server, { trustAddresses, address }) {
  // A server that believes the header may refuse the call by masterKeyIps, which proves the same.
  const claimed = await server.send("POST", "/functions/twoFactorHealth", {
    body: {},
    headers: { "X-Forwarded-For": DOCUMENTATION_ADDRESS },
  });
  const believed =
    claimed.status === 401 ||
    claimed.status === 403 ||
    claimed.body?.result?.address === DOCUMENTATION_ADDRESS;
  if (believed && trustAddresses) {
    return [
      "failure",
      "the server believes any X-Forwarded-For, and trustAddresses counts by it: an attacker takes another address for each call. Set trustProxy to your proxy alone.",
    ];
  }
  if (believed) {
    return [
      "warning",
      "the server believes any X-Forwarded-For: who sends one gets round masterKeyIps. Set trustProxy to your proxy alone.",
    ];
  }
  return trustAddresses
    ? [
        "ok",
        `a made-up X-Forwarded-For changes nothing; calls are counted by address. This one came from ${address}: that has to be this machine, and not your proxy.`,
      ]
    : [
        "ok",
        "a made-up X-Forwarded-For changes nothing; calls are not counted by address (trustAddresses).",
      ];
};
