// @ts-check
"use strict";

/**
 * An authenticator and its browser, in software: what `navigator.credentials` gives for `publicKey`, as `toJSON()` writes it.
 */

const {
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign,
} = require("node:crypto");

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;

/** @param {string | Buffer} data */
const sha256 = (data) => createHash("sha256").update(data).digest();

/** CBOR's head: a major type and a length. @param {number} major @param {number} length */
function head(major, length) {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 256) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff]);
}
/** @param {Buffer} bytes */
const byteString = (bytes) => Buffer.concat([head(2, bytes.length), bytes]);
/** @param {string} text */
const text = (text) => Buffer.concat([head(3, text.length), Buffer.from(text)]);

/** @param {string | undefined} part of a key, as JWK writes it */
const part = (part) => byteString(Buffer.from(String(part), "base64url"));

/**
 * How a key is made, the hash that Node signs with, and the public key as COSE writes it (RFC 9053 §7, RFC 8230 §4).
 * @typedef {object} Algorithm
 * @property {() => { publicKey: import("node:crypto").KeyObject, privateKey: import("node:crypto").KeyObject }} make
 * @property {string | null} hash
 * @property {(jwk: Record<string, any>) => Buffer[]} cose
 */

/** @satisfies {Record<string, Algorithm>} */
const ALGORITHMS = {
  ES256: {
    make: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
    hash: "sha256",
    // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    cose: ({ x, y }) => [
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
      part(x),
      Buffer.from([0x22]),
      part(y),
    ],
  },
  EdDSA: {
    make: () => generateKeyPairSync("ed25519"),
    hash: null,
    // {1: 1, 3: -8, -1: 6, -2: x}
    cose: ({ x }) => [
      Buffer.from([0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21]),
      part(x),
    ],
  },
  RS256: {
    make: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
    hash: "sha256",
    // {1: 3, 3: -257, -1: n, -2: e}
    cose: ({ n, e }) => [
      Buffer.from([0xa4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20]),
      part(n),
      Buffer.from([0x21]),
      part(e),
    ],
  },
};

/** One authenticator with one key. */
class Authenticator {
  #algorithm;
  #keys;
  #id = randomBytes(32);

  /** @param {keyof typeof ALGORITHMS} [algorithm] */
  constructor(algorithm = "ES256") {
    this.#algorithm = ALGORITHMS[algorithm];
    this.#keys = this.#algorithm.make();
  }

  /** The page that asks. */
  origin = "https://example.com";

  /**
   * Answers what `enrollTwoFactor` gave.
   * @param {{publicKey: any}} begun
   */
  create({ publicKey }) {
    const jwk = this.#keys.publicKey.export({ format: "jwk" });
    const authData = Buffer.concat([
      this.#data(publicKey.rp.id, ATTESTED),
      Buffer.alloc(16),
      Buffer.from([0, this.#id.length]),
      this.#id,
      ...this.#algorithm.cose(jwk),
    ]);
    const attestationObject = Buffer.concat([
      head(5, 3),
      text("fmt"),
      text("none"),
      text("attStmt"),
      head(5, 0),
      text("authData"),
      byteString(authData),
    ]);
    return this.#credential({
      clientDataJSON: this.#clientData("webauthn.create", publicKey),
      attestationObject: attestationObject.toString("base64url"),
      transports: ["usb"],
    });
  }

  /**
   * Answers what a challenge gave.
   * @param {{publicKey: any}} sign
   */
  get({ publicKey }) {
    const clientDataJSON = this.#clientData("webauthn.get", publicKey);
    const data = this.#data(publicKey.rpId, 0);
    const hash = sha256(Buffer.from(clientDataJSON, "base64url"));
    const signature = sign(
      this.#algorithm.hash,
      Buffer.concat([data, hash]),
      this.#keys.privateKey,
    );
    return this.#credential({
      clientDataJSON,
      authenticatorData: data.toString("base64url"),
      signature: signature.toString("base64url"),
    });
  }

  /**
   * @param {string} rpId
   * @param {number} flag
   */
  #data(rpId, flag) {
    const flags = USER_PRESENT | USER_VERIFIED | flag;
    return Buffer.concat([sha256(rpId), Buffer.from([flags, 0, 0, 0, 1])]);
  }

  /**
   * @param {string} type
   * @param {{challenge: string}} options
   */
  #clientData(type, { challenge }) {
    const { origin } = this;
    const data = { type, challenge, origin, crossOrigin: false };
    return Buffer.from(JSON.stringify(data)).toString("base64url");
  }

  /** @param {Record<string, unknown>} response */
  #credential(response) {
    const id = this.#id.toString("base64url");
    return {
      id,
      rawId: id,
      type: "public-key",
      clientExtensionResults: {},
      response,
    };
  }
}

exports.Authenticator = Authenticator;
