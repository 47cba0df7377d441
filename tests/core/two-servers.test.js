// @ts-check
"use strict";

const assert = require("node:assert/strict");
const path = require("node:path");
const { test } = require("node:test");
const server = require("../../js/parse/server.js");

/**
 * A parse-server that is loaded, as far as its modules show.
 * @param {string} folder
 * @param {string} appId
 */
function load(folder, appId) {
  const config = { appId };
  const Config = { get: (/** @type {string} */ id) => id === appId && config };
  const lib = path.join(path.sep, folder, "parse-server", "lib");
  for (const [name, exports] of Object.entries({
    "Config.js": { Config },
    "RestWrite.js": { of: appId },
  })) {
    const filename = path.join(lib, name);
    require.cache[filename] = /** @type {any} */ ({ filename, exports });
  }
  return config;
}

test("The second of two Parse Servers in a process is found as well, though it was loaded when the first was known.", () => {
  const first = load("first", "a");
  assert.equal(server.config({ applicationId: "a" }), first);
  const ofFirst = server.running({ applicationId: "a" }, "RestWrite.js");
  assert.deepEqual(ofFirst, { of: "a" });
  assert.equal(
    server.running({ applicationId: "b" }, "RestWrite.js"),
    undefined,
  );

  const second = load("second", "b");
  const ofSecond = server.running({ applicationId: "b" }, "RestWrite.js");
  assert.deepEqual(ofSecond, { of: "b" });
  assert.equal(server.config({ applicationId: "b" }), second);
  assert.equal(server.config({ applicationId: "a" }), first);
});
