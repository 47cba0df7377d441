// @ts-check
"use strict";

/** How values are read across the boundary: what is wrong with one is said in words that name it. */

const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const {
  defaultLimits,
  keyUse,
  TwoFactor,
} = require("../../pkg/parse_two_factor.cjs");

const ATTEMPT = { challenge: "c", nonce: "n" };
const FACTOR = { id: "f", at: 1, kid: "k", label: "", sealed: "" };

/** Rows, and why they cannot be read. @type {[string, any][]} */
const ROWS = [
  ["missing field `id`", { challenges: [{ challenge: {} }] }],
  ["missing field `nonce`", { challenges: [{ attempt: { challenge: "c" } }] }],
  [
    "missing field `nonce`",
    { challenges: [{ attempt: { challenge: "c", nonce: undefined } }] },
  ],
  [
    "invalid type: 5, expected a string",
    { challenges: [{ attempt: { ...ATTEMPT, challenge: 5 } }] },
  ],
  [
    "invalid type: null, expected a boolean",
    { challenges: [{ attempt: { ...ATTEMPT, unguessable: null } }] },
  ],
  [
    "an element with two tags",
    { challenges: [{ attempt: ATTEMPT, code: {} }] },
  ],
  ["an element without a tag", { challenges: [{ attempt: undefined }] }],
  ["expected a sequence", { challenges: { attempt: ATTEMPT } }],
  // What would be written as something else than it was read as, so that a database could not find it.
  [
    "expected nothing beside the name",
    { authenticators: [{ factor: { ...FACTOR, method: { sms: null } } }] },
  ],
  [
    "missing field `kid`",
    { authenticators: [{ recoveryCode: ["a hash", "the id of a key"] }] },
  ],
  [
    "a mark without a time",
    { redemptions: [{ mark: { kind: "void", nonce: "n", at: 2.6e209 } }] },
  ],
  ["expected an element", { challenges: [[["attempt", ATTEMPT]]] }],
  ["expected an element", { challenges: [new Map([["attempt", ATTEMPT]])] }],
];

describe("A row that cannot be read", () => {
  for (const [place, [reason, row]] of ROWS.entries()) {
    test(`Row ${place} is refused because of "${reason}".`, () => {
      assert.throws(
        () => keyUse(row),
        (/** @type {Error} */ error) =>
          error.message.startsWith("The account cannot be read: ") &&
          error.message.includes(reason),
      );
    });
  }
});

test("A row is read whatever the order of its fields, and what it leaves out has its default.", () => {
  assert.deepEqual(keyUse({}), []);
  assert.deepEqual(
    keyUse({
      challenges: [{ attempt: { nonce: "n", challenge: "c", more: 1 } }],
    }),
    [],
  );
});

test("An option says what it was given and what it takes.", () => {
  /** @type {[string, any][]} */
  const refused = [
    [
      "The option limits.attempts cannot be read: invalid type: 0.5, expected u32.",
      { limits: { attempts: 0.5 } },
    ],
    [
      "The option limits.attempts cannot be read: invalid value: -1, expected u32.",
      { limits: { attempts: -1 } },
    ],
    [
      'The option stepUpAtSignIn cannot be read: invalid type: "no", expected a boolean.',
      { stepUpAtSignIn: "no" },
    ],
    [
      "The option require cannot be read: unknown variant `all`, expected one of",
      { require: "all" },
    ],
    ["The option messages cannot be read: ", { messages: new Map() }],
  ];
  for (const [message, settings] of refused) {
    assert.throws(
      () => new TwoFactor(settings, undefined, "master", false),
      (/** @type {Error} */ error) => error.message.startsWith(message),
      message,
    );
  }
});

test("An option that is undefined has its default.", () => {
  const settings = {
    limits: { attempts: undefined },
    locale: undefined,
    functions: { login: undefined },
    trustedDevices: undefined,
  };
  new TwoFactor(settings, undefined, "master", false).free();
  const attempts = defaultLimits().find(({ name }) => name === "attempts");
  assert.equal(attempts?.value, 5);
});
