// @ts-check

/**
 * Passkeys in a browser: makes the call of `navigator.credentials` out of `publicKey`, and the `credential` for the server out of its
 * result. Browsers have this built in (`parseRequestOptionsFromJSON`, `toJSON`), but some since 2025 only, and password managers that
 * stand in for them may not.
 */

import { PasskeyNotUsed } from "./errors.mjs";

/** @param {string} text base64url */
const bytesOf = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) =>
    letter.charCodeAt(0),
  );

/** @param {ArrayBuffer} bytes */
const textOf = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
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
export const isKnown = () => "PublicKeyCredential" in globalThis;

/**
 * @param {any} publicKey of `enrollTwoFactor`
 * @returns {Promise<object>} the `credential` of `confirmTwoFactor`
 */
export async function create(publicKey) {
  const { challenge, user, excludeCredentials } = publicKey;
  const made = await ask("create", {
    ...publicKey,
    challenge: bytesOf(challenge),
    user: { ...user, id: bytesOf(user.id) },
    excludeCredentials: withBytes(excludeCredentials),
  });
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
export async function use(publicKey) {
  const { challenge, allowCredentials } = publicKey;
  const used = await ask("get", {
    ...publicKey,
    challenge: bytesOf(challenge),
    allowCredentials: withBytes(allowCredentials),
  });
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
 * @param {"create" | "get"} what
 * @param {any} publicKey
 * @returns {Promise<any>}
 */
async function ask(what, publicKey) {
  try {
    return await navigator.credentials[what]({ publicKey });
  } catch (cause) {
    const { message } = /** @type {Error} */ (cause);
    throw new PasskeyNotUsed(message, { cause });
  }
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
