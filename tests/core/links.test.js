// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { carriedLinks, storedLinks } = require("../../js/parse/links.js");

/** What cannot be written as JSON. */
const unwritable = {
  toJSON() {
    throw new Error("from toJSON");
  },
};

test("A link is a provider and the hash of the id there, whatever else the word holds.", () => {
  const [one] = carriedLinks({ demo: { id: "a", token: "t" } });
  assert.deepEqual(storedLinks({ demo: { token: "u", id: "a" } }), [one]);
  assert.match(String(one.identity), /^[\w-]{43}$/);
  const others = ["b", 5, "5", { $ne: "a" }, ["a"], "x".repeat(1 << 20)];
  const hashes = others.map(
    (id) => carriedLinks({ demo: { id } })[0].identity ?? "",
  );
  assert.equal(new Set([...hashes, one.identity]).size, others.length + 1);
  assert.ok(hashes.every((hash) => hash.length === 43));
});

test("A word without an id has no identity, and a provider that is unlinked has none to compare.", () => {
  for (const word of [{}, { id: null }, "text", 5, { id: unwritable }]) {
    const link = { provider: "demo", identity: "" };
    assert.deepEqual(carriedLinks({ demo: word }), [link]);
    assert.deepEqual(storedLinks({ demo: word }), [link]);
  }
  const unlinked = { provider: "demo", identity: null };
  assert.deepEqual(carriedLinks({ demo: null }), [unlinked]);
  assert.deepEqual(storedLinks({ demo: null }), []);
  assert.deepEqual(storedLinks(undefined), []);
  assert.deepEqual(carriedLinks({}), []);
});

test("What is no authData, or too much of it, is a change in a save and cannot be told in a row.", () => {
  const many = Object.fromEntries(
    Array.from({ length: 65 }, (_, n) => [`p${n}`, { id: "a" }]),
  );
  const odd = [
    null,
    "text",
    [],
    { __op: "Delete" },
    { ["x".repeat(65)]: { id: "a" } },
    many,
  ];
  for (const authData of odd) {
    const links = carriedLinks(authData);
    assert.deepEqual(links, [{ provider: "?", identity: "" }]);
    if (authData !== null) assert.equal(storedLinks(authData), null);
  }
});
