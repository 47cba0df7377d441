// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { mock, test } = require("node:test");
const { effects } = require("../js/effects.js");

test("an effect that nobody ever answers fails by itself, as when a transaction holds the row", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    /** @type {string[]} */
    const warnings = [];
    const world = /** @type {any} */ ({
      rest: () => new Promise(() => {}),
      warn: (/** @type {string} */ message) => warnings.push(message),
    });
    const perform = effects(world, {});
    const reply = perform({ do: "loadAccount", user: "ada" });
    mock.timers.tick(15_000);
    assert.equal(await reply, "failed");
    assert.deepEqual(warnings, [
      "loadAccount failed: Error  no answer in time",
    ]);
  } finally {
    mock.timers.reset();
  }
});
