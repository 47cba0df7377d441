// @ts-check
"use strict";

const path = require("node:path");
const { spread, table } = require("./stats.js");
const { inTurn } = require("./sign-in.js");

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
  /** @type {{name: string, way: string, app: import("./app.js").App, users: import("./peers.js").User[]}[]} */
  const signers = [];
  /** @type {import("./process.js").Phone[]} */
  const phones = [];
  /** @type {Record<string, import("./sign-in.js").Round[]>} */
  const measured = {};

  try {
    const builds = { now: __dirname, before: path.resolve(folder, "bench") };
    for (const [name, bench] of Object.entries(builds)) {
      const { startPhone } = require(path.join(bench, "process.js"));
      const { startApp } = require(path.join(bench, "app.js"));
      const phone = await startPhone();
      phones.push(phone);
      stops.push(() => phone.stop());
      const database = await cluster.create(`build_${name}`);
      const app = await startApp("ours", database, phone);
      stops.push(() => app.stop());
      for (const way of WAYS) {
        const signer = {
          name,
          way,
          app,
          users: /** @type {import("./peers.js").User[]} */ ([]),
        };
        for (let i = 0; i <= users; i++) {
          signer.users.push(await app.createUser(way));
        }
        signers.push(signer);
        measured[`${name} ${way}`] = [];
      }
    }
    await inTurn(signers, phones, rounds, ({ name, way }, result) =>
      measured[`${name} ${way}`].push(result),
    );
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
