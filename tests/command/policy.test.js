// @ts-check
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { describe, test } = require("node:test");
const { startApp } = require("../support/app");
const { command, environment } = require("./command");

describe("The policy", () => {
  test("The policy is the deployment's, or the defaults, each limit with what it rests on.", async () => {
    const strict = await startApp({
      options: { limits: { codeLifetime: 120 }, countries: ["+359"] },
    });
    try {
      const { code, json } = await command(
        ["policy", "--json"],
        environment(strict),
      );
      assert.equal(code, 0);
      assert.deepEqual(json.countries, ["+359"]);
      const lifetime = json.limits.find(
        (/** @type {any} */ { name }) => name === "codeLifetime",
      );
      assert.deepEqual(
        [lifetime.value, lifetime.default, lifetime.unit],
        [120, 300, "s"],
      );
      const { out } = await command(["policy"], environment(strict));
      assert.match(
        out,
        /^codeLifetime +120 s +default 300 +at most 600 s: NIST SP 800-63B-4 §3.1.3.2/m,
      );
      assert.ok(lifetime.what.length > 10);
      assert.match(out, new RegExp(`^codeLifetime .*${lifetime.what}$`, "m"));
    } finally {
      await strict.stop();
    }
    const defaults = await command(["policy", "--defaults", "--json"], {});
    assert.equal(defaults.code, 0);
    assert.deepEqual(
      defaults.json.limits.filter(
        (/** @type {any} */ { value, default: d }) => value !== d,
      ),
      [],
    );
  });

  test("The policy is what docs/security.md says.", async () => {
    const { json } = await command(["policy", "--defaults", "--json"], {});
    const security = fs.readFileSync(
      path.join(__dirname, "..", "..", "docs", "security.md"),
      "utf8",
    );
    const rows = security
      .split("## Limits")[1]
      .split("##")[0]
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    const documented = rows.flatMap((row) =>
      [...row.split("|")[1].matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    assert.deepEqual(
      documented.sort(),
      json.limits.map((/** @type {any} */ { name }) => name).sort(),
    );
    for (const { name, value, clause } of json.limits) {
      const row = String(
        rows.find((line) => line.split("|")[1].includes(`\`${name}\``)),
      );
      const byDefault = row.split("|")[2];
      const inWords = { alphabet: "digits", codeLength: "six" };
      const shown = Object.hasOwn(inWords, name)
        ? inWords[/** @type {"alphabet"} */ (name)]
        : String(value);
      assert.ok(byDefault.includes(shown), `${name}: ${byDefault}`);
      for (const part of clause
        ? [clause.says, clause.cited, clause.allow ?? ""]
        : []) {
        assert.ok(row.includes(part), `${name}: ${row} has no ${part}`);
      }
    }
  });
});
