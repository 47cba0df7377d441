// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { afterwards, beforehand } = require("../../js/own-trigger");

/** A trigger that takes note of who it ran for. @param {any} [validator] */
function trigger(validator) {
  /** @type {string[]} */
  const ran = [];
  const handler = (/** @type {any} */ { name }) => ran.push(name);
  return { ran, own: { handler, validator } };
}

const CALLERS = [
  { name: "nobody" },
  { name: "user", user: {} },
  { name: "master", master: true },
];

test("Parse never gets a validator that would leave our trigger out for the master key.", () => {
  const { ran, own } = trigger({ skipWithMasterKey: true, requireUser: true });
  const { run, validator } = beforehand(own);
  assert.deepEqual(validator, { requireUser: true });
  for (const caller of CALLERS) run(caller);
  assert.deepEqual(ran, ["nobody", "user"]);
  const alone = beforehand(trigger({ skipWithMasterKey: true }).own);
  assert.equal(alone.validator, undefined);
  const other = { requireUser: true };
  assert.equal(beforehand(trigger(other).own).validator, other);
});

test("After a write the validator of an app stops the app's own handler alone.", async () => {
  for (const [validator, expected] of /** @type {[any, string[]][]} */ ([
    [undefined, ["nobody", "user", "master"]],
    [{ requireUser: true }, ["user", "master"]],
    [{ requireUser: true, validateMasterKey: true }, ["user"]],
    [{ requireMaster: true }, ["master"]],
    [{ skipWithMasterKey: true }, ["nobody", "user"]],
  ])) {
    const { ran, own } = trigger(validator);
    const { run } = afterwards("afterSaveUser", own);
    for (const caller of CALLERS) await run(caller);
    assert.deepEqual(ran, expected, JSON.stringify(validator));
  }
  const { ran, own } = trigger(() => {
    throw "no";
  });
  const { run } = afterwards("afterSaveUser", own);
  await assert.rejects(async () => run({ name: "user" }), /no/);
  assert.deepEqual(ran, []);
});

test("A validator of an afterSave that cannot be looked at stops the start, and the error says what it takes.", () => {
  const { own } = trigger({ rateLimit: {} });
  assert.throws(
    () => afterwards("afterSaveUser", own),
    /afterSaveUser takes no rateLimit .* requireUser/,
  );
});
