// @ts-check
"use strict";

/** The core's memory after a panic is not to be trusted: the instance is replaced, and nothing else is lost. */

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { deployment, host } = require("../support/deployment");
const { TRY_AGAIN } = require("../support/refusals");

/** How a first call comes to an end while no random bytes are to be had: what UnwrapErr says to that is a trap. */
const first = { username: "ada", password: "right" };

test("A trap costs the calls in flight, which are told to try again, and none of the next.", async () => {
  const { run, warnings } = deployment();
  const held = Array.from({ length: 3 }, () => gate());
  const effectsHeldAt = ["checkPassword", "count", "sendMessage"];
  const inFlight = held.map(({ reached, opened, reach }, n) => {
    const { perform } = host();
    const end = run("login", first, {}, async (effect) => {
      if (effect.do === effectsHeldAt[n]) {
        reach();
        await opened;
      }
      return perform(effect);
    });
    return { end, reached };
  });
  await Promise.all(inFlight.map(({ reached }) => reached));

  const trapped = await withoutRandomness(() =>
    run("login", first, {}, host().perform),
  );

  const tryAgain = {
    refusal: {
      code: TRY_AGAIN,
      message: "That did not go through: try again.",
    },
  };
  assert.deepEqual(trapped, tryAgain);
  assert.equal(warnings.length, 1);

  // Served by a fresh instance, before those in flight have found out and after.
  assert.ok((await run("login", first, {}, host().perform)).answer);
  for (const { open } of held) open();
  for (const { end } of inFlight) assert.deepEqual(await end, tryAgain);
  const afterwards = host();
  const { answer } = await run("login", first, {}, afterwards.perform);
  assert.ok(answer?.challenge);
  const code = afterwards.messages[0].slice(-6);
  const second = { challenge: answer.challenge, code };
  const end = await run("login", second, {}, afterwards.perform);
  assert.deepEqual(end, {
    answer: { status: "signed-in", sessionToken: "r:ada" },
  });
  assert.equal(warnings.length, 1, `${warnings}`);
  assert.doesNotMatch(warnings[0], /right|ada|\+1500|[0-9]{6}/);
});

test("After a trap comes another, and the core still goes on.", async () => {
  const { run, warnings } = deployment();
  const neighbour = deployment();
  for (let traps = 1; traps <= 20; traps++) {
    const { refusal } = await withoutRandomness(() =>
      run("login", first, {}, host().perform),
    );
    assert.equal(refusal?.code, TRY_AGAIN);
    assert.equal(warnings.length, traps);
    assert.ok((await run("login", first, {}, host().perform)).answer);
    const beside = await neighbour.run("login", first, {}, host().perform);
    assert.ok(beside.answer, "another app in the same process");
  }
  assert.deepEqual(neighbour.warnings, []);
});

test("A challenge begun before a trap is good after it.", async () => {
  const { run } = deployment();
  const { perform, messages } = host();
  const begun = await run("login", first, {}, perform);
  await withoutRandomness(() => run("login", first, {}, host().perform));

  const code = messages[0].slice(-6);
  const { challenge } = begun.answer;
  const end = await run("login", { challenge, code }, {}, perform);

  assert.deepEqual(end, {
    answer: { status: "signed-in", sessionToken: "r:ada" },
  });
});

/**
 * Runs something while the platform has no random bytes.
 * @template T
 * @param {() => Promise<T>} run
 */
async function withoutRandomness(run) {
  Object.defineProperty(globalThis.crypto, "getRandomValues", {
    configurable: true,
    value() {
      throw new Error("no entropy");
    },
  });
  try {
    return await run();
  } finally {
    Reflect.deleteProperty(globalThis.crypto, "getRandomValues");
  }
}

/** A place for one to wait at, and for another to see that it is reached and to open it. */
function gate() {
  /** @type {() => void} */
  let reach = () => {};
  /** @type {() => void} */
  let open = () => {};
  /** @type {Promise<void>} */
  const reached = new Promise((resolve) => (reach = resolve));
  /** @type {Promise<void>} */
  const opened = new Promise((resolve) => (open = resolve));
  return { reached, opened, reach, open };
}
