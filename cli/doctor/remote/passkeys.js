// @ts-check
"use strict";

/** @type {import("./index.js").RemoteCheck} */
module.exports = function passkeys(_, { webauthn }) {
  if (!webauthn) {
    return [
      "ok",
      "passkeys are off; the option origin turns them on. Codes can be phished, passkeys cannot.",
    ];
  }
  const { rpId, origins, userVerification } = webauthn;
  const verified = `user verification (PIN or finger) is ${userVerification}`;
  const related = origins
    .filter((/** @type {string} */ origin) => origin.startsWith("http"))
    .map((/** @type {string} */ origin) => new URL(origin).hostname)
    .filter(
      (/** @type {string} */ host) =>
        host !== rpId && !host.endsWith(`.${rpId}`),
    );
  if (related.length > 0) {
    return [
      "warning",
      `passkeys are bound to ${rpId}, and ${related.join(", ")} does not belong to it: browsers use them there only if https://${rpId}/.well-known/webauthn lists that origin. And ${verified}.`,
    ];
  }
  return [
    "ok",
    `passkeys are bound to ${rpId}, for ${origins.join(", ")}, and ${verified}; another host name would lose every one of them.`,
  ];
};
