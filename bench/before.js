// @ts-check
"use strict";

const path = require("node:path");
const { spread, table } = require("./stats.js");
const { measure } = require("./sign-in.js");

const DAY = 86_400_000;
const WAYS = ["challenge", "tutorialWire", "totp"];

/**
 * Whole sign-ins of this build and of an older one, in turn: whether a change made them slower.
 * @param {import("./run.js").Bench} bench
 * @param {string} folder a clone of the repository at the older commit, with its packages
 */
async function before({ cluster, quick, print }, folder) {
  const rounds = quick ? 2 : 15;
  const users = quick ? 2 : 10;
  /** @type {(() => Promise<void>)[]} */
  const stops = [];
  /** @type {{name: string, way: string, app: import("./app.js").App, phone: import("./process.js").Phone, users: import("./peers.js").User[]}[]} */
  const signers = [];
  /** @type {Record<string, import("./sign-in.js").Round[]>} */
  const measured = {};

  try {
    const builds = { now: __dirname, before: path.resolve(folder, "bench") };
    for (const [name, bench] of Object.entries(builds)) {
      const { startPhone } = require(path.join(bench, "process.js"));
      const { startApp } = require(path.join(bench, "app.js"));
      const phone = await startPhone();
      stops.push(() => phone.stop());
      const database = await cluster.create(`build_${name}`);
      const app = await startApp("ours", database, phone);
      stops.push(() => app.stop());
      for (const way of WAYS) {
        const signer = {
          name,
          way,
          app,
          phone,
          users: /** @type {import("./peers.js").User[]} */ ([]),
        };
        for (let i = 0; i <= users; i++) {
          signer.users.push(await app.createUser(way));
        }
        signers.push(signer);
        measured[`${name} ${way}`] = [];
      }
    }
    // As in sign-in.js: two rounds to warm up, and each begins with another one.
    for (let round = -2; round < rounds; round++) {
      for (const app of new Set(signers.map((signer) => signer.app))) {
        await app.advance(DAY);
      }
      for (const { phone } of signers) phone.received.length = 0;
      const shift = (round + 2) % signers.length;
      for (const signer of [
        ...signers.slice(shift),
        ...signers.slice(0, shift),
      ]) {
        const result = await measure(signer);
        if (round >= 0) measured[`${signer.name} ${signer.way}`].push(result);
      }
    }
  } finally {
    for (const stop of stops.reverse()) await stop();
  }

  print("## This build and an older one");
  print("");
  print(
    `${rounds} rounds of ${users} sign-ins for each, in turn. A ratio is this build's figure by the older one's in the same round. Medians, with the quartiles in parentheses.`,
  );
  print("");
  /**
   * @param {string} way
   * @param {"wall" | "cpu"} what
   */
  const ratios = (way, what) =>
    measured[`now ${way}`].map(
      (round, i) => round[what] / measured[`before ${way}`][i][what],
    );
  print(
    table(
      ["", "wall time, ms", "× older", "CPU × older"],
      WAYS.map((way) => [
        way,
        spread(measured[`now ${way}`].map(({ wall }) => wall)),
        spread(ratios(way, "wall"), 2),
        spread(ratios(way, "cpu"), 2),
      ]),
    ),
  );
  print("");
}

module.exports = { before };
