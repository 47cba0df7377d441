// @ts-check
"use strict";

const readline = require("node:readline/promises");
const { CliError } = require("./cli-error.js");
const { printable } = require("./output.js");

/**
 * Says what is about to happen, and waits for a yes where somebody can give one. A script has decided already.
 * @param {string} plan
 * @throws {CliError} without a yes
 */
async function confirm(plan) {
  process.stderr.write(printable(`${plan}\n`));
  if (!process.stdin.isTTY || !process.stderr.isTTY) return;
  const { stdin: input, stderr: output } = process;
  const terminal = readline.createInterface({ input, output });
  const answer = await terminal.question("Go on? [y/N] ");
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new CliError("Nothing was changed.", 1);
  }
}

module.exports = { confirm };
