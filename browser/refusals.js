// @ts-check
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const SOURCE = path.join(__dirname, "..", "src", "wire", "refusal.rs");

/**
 * The codes that the core refuses with, read off the one place that has them: `Refusal::code` in src/wire/refusal.rs.
 * @returns {number[]}
 */
function refusalCodes() {
  const source = fs.readFileSync(SOURCE, "utf8");
  const [, body] =
    /pub fn code\(&self\)[^{]*\{(.*?)\n {4}\}/s.exec(source) ?? [];
  const codes = [...(body ?? "").matchAll(/=> (\d+)/g)].map(([, code]) =>
    Number(code),
  );
  if (codes.length < 20) throw new Error(`no codes found in ${SOURCE}`);
  return [...new Set(codes)].sort((a, b) => a - b);
}

module.exports = { refusalCodes };
