// @ts-check
"use strict";

const { createHmac } = require("node:crypto");

/** One time step, in milliseconds (RFC 6238 §5.2). */
const STEP = 30_000;

/** @param {string} text unpadded base32 (RFC 4648 §6) */
function fromBase32(text) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...text]
    .map((symbol) => alphabet.indexOf(symbol).toString(2).padStart(5, "0"))
    .join("");
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => parseInt(byte, 2)));
}

/**
 * RFC 6238 with its defaults, written down a second time so that the core is not checked against itself.
 * @param {string} secret base32
 * @param {number} at milliseconds since 1970
 */
function totp(secret, at) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / STEP)));
  const mac = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const truncated = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(truncated % 1_000_000).padStart(6, "0");
}

module.exports = { STEP, fromBase32, totp };
