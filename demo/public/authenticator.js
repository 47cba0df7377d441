// @ts-check

/** An authenticator app (RFC 6238), for the demo's phone. */

const STEP = 30_000;
const DIGITS = 6;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * What a QR code holds.
 * @param {string} uri `otpauth://totp/…`
 */
export function secretIn(uri) {
  const { pathname, searchParams } = new URL(uri);
  const name = decodeURIComponent(pathname.split("/").pop() ?? "");
  return { name, secret: searchParams.get("secret") ?? "" };
}

/** @param {number} now milliseconds since 1970 */
export const secondsLeft = (now) => Math.ceil((STEP - (now % STEP)) / 1000);

/**
 * @param {string} secret base32
 * @param {number} now milliseconds since 1970
 */
export async function codeOf(secret, now) {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(now / STEP)));
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  const bytes = bytesOf(secret);
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, [
    "sign",
  ]);
  const mac = new DataView(await crypto.subtle.sign("HMAC", key, counter));
  const offset = mac.getUint8(19) & 15;
  const number = mac.getUint32(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

/** @param {string} text base32 */
function bytesOf(text) {
  let bits = "";
  for (const letter of text) {
    bits += BASE32.indexOf(letter).toString(2).padStart(5, "0");
  }
  const bytes = bits.match(/.{8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => parseInt(byte, 2));
}
