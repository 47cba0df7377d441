// @ts-check
"use strict";

/**
 * Makes `formats.json`: test vectors for everything that is stored or handed out. They come from docs/formats.md and node:crypto, not from
 * the core, so that a change of the core's formats cannot change them as well.
 *
 *     node tests/vectors/make.js > tests/vectors/formats.json
 */

const crypto = require("node:crypto");

const SALT = "parse-two-factor";
const ring = {
  "2026a": Buffer.alloc(32, 1),
  "2026b": Buffer.from(Array.from({ length: 48 }, (_, i) => 7 * i)),
};

/** @typedef {keyof typeof ring} KeyId */

/**
 * @param {KeyId} kid
 * @param {string} info
 */
function subkey(kid, info) {
  return Buffer.from(crypto.hkdfSync("sha256", ring[kid], SALT, info, 32));
}

/**
 * @param {KeyId} kid
 * @param {string} purpose
 * @param {string[]} parts
 */
function hash(kid, purpose, parts) {
  const mac = crypto.createHmac("sha256", subkey(kid, purpose));
  for (const part of parts) {
    const bytes = Buffer.from(part, "utf8");
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    mac.update(length).update(bytes);
  }
  return mac.digest().subarray(0, 16).toString("base64url");
}

/**
 * @param {KeyId} kid
 * @param {Buffer} secret
 * @param {string} context
 * @param {Buffer} nonce
 */
function seal(kid, secret, context, nonce) {
  const cipher = crypto.createCipheriv(
    "chacha20-poly1305",
    subkey(kid, "seal"),
    nonce,
    { authTagLength: 16 },
  );
  cipher.setAAD(Buffer.from(context), { plaintextLength: secret.length });
  const sealed = [cipher.update(secret), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat([nonce, ...sealed]).toString("base64url");
}

/** A passkey's credential: its key is the base point of P-256 (SEC 2 §2.4.2), whose private key is 1. */
function credential() {
  const id = Buffer.from("an id");
  const transports = ["internal", "hybrid"].map((name) => Buffer.from(name));
  const one = Buffer.concat([Buffer.alloc(31), Buffer.from([1])]);
  const ecdh = crypto.createECDH("prime256v1");
  ecdh.setPrivateKey(one);
  return Buffer.concat([
    Buffer.from([1, 1 | 2 | 4]),
    Buffer.from([0, 0, 1, 2]),
    Buffer.from("the-model-it-is."),
    Buffer.from([0, id.length]),
    id,
    Buffer.from([transports.length]),
    ...transports.flatMap((name) => [Buffer.from([name.length]), name]),
    Buffer.from([1]),
    ecdh.getPublicKey().subarray(1),
  ]);
}

const account = "kP2xV9sQwe";
const challenge = "AAECAwQFBgcICQoL";

/** @type {[KeyId, string, string[]][]} */
const hashes = [
  ["2026a", "challenge", [challenge, account, "sign-in", "1795500000000"]],
  ["2026a", "code", ["sign-in", account, challenge, "012345"]],
  ["2026b", "code", ["enrolment", account, challenge, "999999"]],
  ["2026b", "recovery code", [account, "01ABCDEFGHJKMNPQRSTVWXYZ01"]],
  ["2026a", "session", ["r:0123456789abcdef0123456789abcdef"]],
  ["2026a", "window", ["number", "+15005550006"]],
  ["2026a", "window", ["", "é—日"]],
  ["2026a", "webauthn", ["sign-in", account, challenge]],
  ["2026a", "basis", ["basis", challenge, "a digest"]],
  ["2026b", "basis", ["number", challenge, "+15005550006"]],
  ["2026a", "basis", ["step-up", "hash-of-a-session", "+15005550006"]],
  ["2026a", "enroll", ["known", account, "a digest", "m2", "m3"]],
  ["2026a", "device", ["device", "secret", account, "ada"]],
  ["2026b", "device", ["basis", "device", account, "a digest", "f1", "f2"]],
  ["2026a", "callback", ["AAECAwQF", challenge, account, "1795500000000"]],
];

/** @type {[KeyId, string][]} */
const tokens = [
  ["2026a", "sign-in"],
  ["2026b", "step-up"],
  ["2026a", "enrolment"],
];

const nonce = Buffer.from("000102030405060708090a0b", "hex");
/** @type {[KeyId, Buffer, string][]} */
const seals = [
  ["2026a", Buffer.from("12345678901234567890"), `${account}/Zm9vYmFyYmF6`],
  ["2026b", Buffer.from("+15005550006"), `${account}/phone`],
  ["2026a", credential(), `${account}/passkey`],
];

const at = 1_795_500_000_000;
const row = {
  id: account,
  challenges: [
    {
      challenge: {
        id: challenge,
        purpose: "sign-in",
        user: "ada",
        kid: "2026a",
        at,
      },
    },
    {
      challenge: {
        id: "step",
        purpose: "step-up",
        user: "ada",
        kid: "2026a",
        at,
        session: "hash-of-a-session",
      },
    },
    {
      challenge: {
        id: "enroll",
        purpose: "enrolment",
        user: "ada",
        kid: "2026a",
        at,
        session: "hash-of-a-session",
        factor: "Zm9vYmFyYmF6",
        first: true,
        basis: hash("2026a", "basis", ["basis", "enroll", "a digest"]),
      },
    },
    {
      challenge: {
        id: "signing in",
        purpose: "enrolment",
        user: "ada",
        kid: "2026a",
        at,
        session: "ID.2026a.YWRh.1795500000000.KNOWN",
        factor: "Zm9vYmFyYmF6",
        first: true,
        signingIn: true,
      },
    },
    {
      code: {
        challenge,
        nonce: "AAECAwQF",
        at,
        hash: hash("2026a", "code", ["sign-in", account, challenge, "012345"]),
        to: "•••• 0006",
        number: hash("2026a", "basis", ["number", challenge, "+15005550006"]),
      },
    },
    { attempt: { challenge, nonce: "BgcICQoL" } },
    { attempt: { challenge, nonce: "DA0ODxAR", unguessable: true } },
    { delivered: { challenge, code: "AAECAwQF", at, channel: "call" } },
    {
      delivered: {
        challenge,
        code: "EhMUFRYX",
        at,
        channel: "sms",
        sid: "SM000102030405060708090a0b0c0d0e0f",
      },
    },
    {
      undelivered: {
        challenge,
        code: "EhMUFRYX",
        nonce: "GBkaGxwd",
        at,
        error: 30006,
      },
    },
    {
      unproven: hash("2026a", "basis", [
        "step-up",
        "hash-of-a-session",
        "+15005550006",
      ]),
    },
    {
      verification: {
        challenge,
        code: "AAECAwQF",
        at,
        sid: "VE0123456789abcdef0123456789abcdef",
      },
    },
  ],
  redemptions: [
    { redemption: { challenge, nonce: "n1", at } },
    {
      redemption: {
        challenge: "c2",
        nonce: "n2",
        at,
        totp: { factor: "Zm9vYmFyYmF6", step: 59850000 },
      },
    },
    {
      redemption: {
        challenge: "c3",
        nonce: "n3",
        at,
        recoveryCode: { kid: "2026a", hash: "h" },
      },
    },
    {
      redemption: {
        challenge: "c4",
        nonce: "n4",
        at,
        totp: { factor: "Zm9vYmFyYmF6", step: 59850001 },
        factor: "Zm9vYmFyYmF6",
      },
    },
    { redemption: { challenge: "c5", nonce: "n5", at, webauthn: "passkey" } },
    {
      redemption: {
        challenge: "c6",
        nonce: "n6",
        at,
        webauthn: "passkey",
        factor: "passkey",
      },
    },
    {
      redemption: {
        challenge: "c7",
        nonce: "n7",
        at,
        outlives: ["m2"],
        number: hash("2026a", "basis", ["step-up", "n7", "+15005550006"]),
      },
    },
    {
      mark: {
        kind: "stepped-up",
        nonce: "m1",
        at,
        session: "hash-of-a-session",
        outlives: ["m0", "m2"],
      },
    },
    {
      mark: {
        kind: "stepped-up",
        nonce: "m4",
        at,
        session: "another",
        number: "hash-of-a-number",
      },
    },
    { mark: { kind: "void", nonce: "m2", at } },
    {
      mark: {
        kind: "void",
        nonce: "m3",
        at,
        session: "hash-of-a-session",
        factor: "phone_number",
      },
    },
    { mark: { kind: "renewal", nonce: "m5", at } },
    { mark: { kind: "deleted", nonce: "m6", at } },
    { mark: { kind: "spent", nonce: "m7", at, spends: ["m1", "n7"] } },
    { mark: { kind: "notice", nonce: "m8", at } },
    { mark: { kind: "unsent", nonce: "m9", at } },
    { mark: { kind: "change", nonce: "ma", at } },
    { mark: { kind: "correction", nonce: "mb", at } },
  ],
  authenticators: [
    {
      factor: {
        id: "Zm9vYmFyYmF6",
        method: "totp",
        label: "Ada's phone",
        at,
        kid: "2026a",
        sealed: seal(...seals[0], nonce),
      },
    },
    {
      factor: {
        id: "phone",
        method: "sms",
        label: "•••• 0006",
        at,
        kid: "2026b",
        sealed: seal(...seals[1], nonce),
        generation: 2,
      },
    },
    {
      factor: {
        id: "passkey",
        method: "webauthn",
        label: "Laptop",
        at,
        kid: "2026a",
        sealed: seal(...seals[2], nonce),
        generation: 1,
      },
    },
    { confirmed: "Zm9vYmFyYmF6" },
    {
      recoveryCode: {
        kid: "2026b",
        hash: hash("2026b", "recovery code", [
          account,
          "01ABCDEFGHJKMNPQRSTVWXYZ01",
        ]),
      },
    },
  ],
  devices: [
    {
      device: {
        id: "ZGV2aWNlIG9u",
        label: "Firefox on Linux",
        at,
        endsAt: at + 30 * 86_400_000,
        kid: "2026a",
        hash: hash("2026a", "device", [
          "device",
          Buffer.alloc(24, 5).toString("base64url"),
          account,
          "ada",
        ]),
        basis: hash("2026a", "device", [
          "basis",
          "ZGV2aWNlIG9u",
          account,
          "a digest",
          "Zm9vYmFyYmF6",
        ]),
      },
    },
  ],
};

/** A trusted browser's. */
const secret = Buffer.alloc(24, 5).toString("base64url");
const ends = at + 30 * 86_400_000;
const deviceToken = {
  user: "ada",
  account,
  ends,
  hash: hash("2026a", "device", ["device", secret, account, "ada"]),
  token: `${secret}.${account}.2026a.${ends}.${hash("2026a", "device", ["token", secret, account, "ada", String(ends)])}`,
};

/** What a sign-in answers to a user who has to enroll: known are the late revocations, sorted. */
const known = ["m2", "m3"];
const basis = "a digest";
const user = Buffer.from("ada").toString("base64url");
const stamp = [
  "EBESExQVFhcYGRob",
  "2026a",
  user,
  at,
  hash("2026a", "enroll", ["known", account, basis, ...known]),
].join(".");
const enrollToken = {
  account,
  at,
  basis,
  known,
  token: `${stamp}.${hash("2026a", "enroll", ["token", stamp])}`,
};

const vectors = {
  keys: Object.entries(ring)
    .map(([id, secret]) => `${id}:${secret.toString("base64")}`)
    .join(","),
  hashes: hashes.map(([kid, purpose, parts]) => ({
    kid,
    purpose,
    parts,
    hash: hash(kid, purpose, parts),
  })),
  tokens: tokens.map(([kid, purpose]) => ({
    challenge,
    account,
    kid,
    purpose,
    at,
    token: `${challenge}.${account}.${kid}.${at}.${hash(kid, "challenge", [challenge, account, purpose, String(at)])}`,
  })),
  enrollToken,
  deviceToken,
  seals: seals.map(([kid, secret, context]) => ({
    kid,
    secret: secret.toString("base64"),
    context,
    nonce: nonce.toString("base64"),
    sealed: seal(kid, secret, context, nonce),
  })),
  // As text: MongoDB removes an element only if the order of its fields is the same.
  row: Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      JSON.stringify(value),
    ]),
  ),
};

process.stdout.write(`${JSON.stringify(vectors, null, 2)}\n`);
