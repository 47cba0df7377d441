// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { before, describe, test } = require("node:test");
const { command, startApp } = require("./command");

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

/** Escapes, a window's title, C1, directions of writing, a separator of lines, and a line that the command might have written. */
const HOSTILE =
  "ada\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2066\u200f\u2028\u2029\u{e0041}\nok";

/** What a terminal obeys. A line of the command's own ends with a line feed. */
const OBEYED = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe("What a user wrote", () => {
  for (const args of [
    ["status"],
    ["reset"],
    ["reset", "--factors"],
    ["reset", "--json"],
  ]) {
    test(`What a user wrote commands no terminal in ${args.join(" ")}.`, async () => {
      const username = `${randomBytes(6).toString("hex")}${HOSTILE}`;
      const user = await app.user({ username }).create();
      for (const by of [user.id, username]) {
        const { code, out, err } = await command([...args, by]);
        assert.equal(code, 0, err);
        assert.doesNotMatch(out + err, OBEYED);
        assert.doesNotMatch(out + err, /^ok$/m, "a line of the user's own");
        if (args.includes("--json")) {
          assert.equal(JSON.parse(out).username, username);
        }
      }
    });
  }

  test("What an operator mistyped commands no terminal either.", async () => {
    for (const args of [
      ["status", HOSTILE],
      ["reset", "--email", HOSTILE],
      [HOSTILE],
    ]) {
      const { code, out, err } = await command(args);
      assert.notEqual(code, 0);
      assert.doesNotMatch(out + err, OBEYED);
    }
  });
});
