// @ts-check
"use strict";

/**
 * Passkeys in a browser: makes the call of `navigator.credentials` out of `publicKey`, and the `credential` for the server out of
 * its result. Browsers have this built in (`parseRequestOptionsFromJSON`, `toJSON`), but some since 2025 only, and password managers
 * that stand in for them may not.
 */

/** @param {string} text base64url */
const bytesOf = (text) =>
  Uint8Array.from(
    window.atob(text.replace(/-/g, "+").replace(/_/g, "/")),
    (letter) => letter.charCodeAt(0),
  );

/** @param {ArrayBuffer} bytes */
const textOf = (bytes) =>
  window
    .btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");

/** @param {{id: string}[]} descriptors */
const withBytes = (descriptors) =>
  descriptors.map((descriptor) => ({
    ...descriptor,
    id: bytesOf(descriptor.id),
  }));

/** Whether this browser knows passkeys. */
const isKnown = () => "PublicKeyCredential" in window;

/**
 * @param {any} publicKey of `enrollTwoFactor`
 * @returns {Promise<object>} the `credential` of `confirmTwoFactor`
 */
async function create(publicKey) {
  const { challenge, user, excludeCredentials } = publicKey;
  const options = {
    ...publicKey,
    challenge: bytesOf(challenge),
    user: { ...user, id: bytesOf(user.id) },
    excludeCredentials: withBytes(excludeCredentials),
  };
  /** @type {any} */
  const made = await navigator.credentials.create({ publicKey: options });
  const { clientDataJSON, attestationObject } = made.response;
  return credential(made, {
    clientDataJSON: textOf(clientDataJSON),
    attestationObject: textOf(attestationObject),
    transports: made.response.getTransports?.(),
  });
}

/**
 * @param {any} publicKey of a challenge
 * @returns {Promise<object>} the `credential` of its answer
 */
async function use(publicKey) {
  const { challenge, allowCredentials } = publicKey;
  const options = {
    ...publicKey,
    challenge: bytesOf(challenge),
    allowCredentials: withBytes(allowCredentials),
  };
  /** @type {any} */
  const used = await navigator.credentials.get({ publicKey: options });
  const { clientDataJSON, authenticatorData, signature, userHandle } =
    used.response;
  return credential(used, {
    clientDataJSON: textOf(clientDataJSON),
    authenticatorData: textOf(authenticatorData),
    signature: textOf(signature),
    userHandle: userHandle ? textOf(userHandle) : undefined,
  });
}

/**
 * What extensions gave stays here: it can be secret.
 * @param {{id: string, type: string}} of
 * @param {object} response
 */
const credential = ({ id, type }, response) => ({
  id,
  rawId: id,
  type,
  clientExtensionResults: {},
  response,
});

/** @type {any} */ (window).passkeys = { isKnown, create, use };
