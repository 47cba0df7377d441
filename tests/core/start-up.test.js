// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { DEFAULTS: columns } = require("../../js/parse/columns.js");
const schemas = require("../../js/schemas.js");
const { start } = require("../../js/start-up.js");

/**
 * A deployment whose state classes fail to be created so often.
 * @param {unknown} error
 * @param {number} [times]
 */
function failing(error, times = Infinity) {
  /** @type {string[]} */
  const warnings = [];
  const deployment = {
    Parse: {},
    rest: async () => ({ count: 0 }),
    load: () => {},
    sweepTrail: async () => {},
    columns: { state: async () => "good" },
    calls: 0,
    warnings,
    warn: (/** @type {string} */ message) => warnings.push(message),
    async createClasses() {
      deployment.calls += 1;
      if (deployment.calls <= times) throw error;
    },
  };
  return deployment;
}

/** @param {any} deployment */
async function started(deployment) {
  // A start keeps no process alive: the server that it waits for does.
  const server = setInterval(() => {}, 1000);
  try {
    const given = { host: { givens: {}, columns }, settings: {} };
    await start(deployment, /** @type {any} */ (given));
  } finally {
    clearInterval(server);
  }
}

/** What a server says that will not change its mind, and the setting that it says it by. @type {[string, any, RegExp][]} */
const PLAIN = [
  [
    "masterKeyIps",
    Object.assign(new Error("unauthorized"), { code: undefined }),
    /masterKeyIps/,
  ],
  [
    "schema.lockSchemas",
    Object.assign(
      new Error("Cannot perform this operation when schemas options is used."),
      { code: 119 },
    ),
    /schema\.lockSchemas.*parse-two-factor\/schemas/,
  ],
  [
    "the package router",
    new TypeError("Cannot convert undefined or null to object"),
    /router.*2\.2\.0/,
  ],
];

for (const [setting, error, named] of PLAIN) {
  test(`A start that is stopped by ${setting} asks once, and says so once.`, async () => {
    const deployment = failing(error);
    await assert.rejects(started(deployment), named);
    assert.equal(deployment.calls, 1);
    assert.equal(deployment.warnings.length, 1);
    assert.match(deployment.warnings[0], named);
  });
}

test("A start waits for a server that does not answer yet.", async () => {
  const deployment = failing(new Error("ECONNREFUSED"), 3);
  await started(deployment);
  assert.equal(deployment.calls, 4);
});

test("The definitions for schema.definitions lock each class, and those who change them change no one else's.", () => {
  assert.deepEqual(
    schemas.map(({ className }) => className),
    ["TwoFactorAccount", "TwoFactorWindow", "TwoFactorEvent"],
  );
  for (const { classLevelPermissions, indexes, fields } of schemas) {
    assert.deepEqual(
      Object.values(classLevelPermissions).flatMap(Object.keys),
      [],
    );
    for (const index of Object.values(indexes)) {
      for (const field of Object.keys(index)) assert.ok(field in fields);
    }
  }
  assert.notEqual(
    schemas[0].classLevelPermissions,
    schemas[1].classLevelPermissions,
  );
});
