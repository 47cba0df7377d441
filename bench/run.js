// @ts-check
"use strict";

/**
 * `npm run bench`: measures this project and its peers in the same run on the same machine.
 * `npm run bench -- statements` runs that section only.
 */

const { startCluster } = require("./database.js");
const { startPhone } = require("./process.js");
const { statements } = require("./statements.js");

/**
 * @typedef {object} Bench what a section is given
 * @property {import("./database.js").Cluster} cluster
 * @property {import("./process.js").Phone} phone
 * @property {(line: string) => void} print
 */

/** In the order in which they run. @type {Record<string, (bench: Bench) => Promise<unknown>>} */
const SECTIONS = { statements };

async function main() {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in SECTIONS));
  if (unknown.length > 0) {
    throw new Error(
      `no section is called ${unknown.join(", ")}: there are ${Object.keys(SECTIONS).join(", ")}`,
    );
  }
  const cluster = await startCluster();
  try {
    const phone = await startPhone();
    try {
      for (const [name, section] of Object.entries(SECTIONS)) {
        if (wanted.length > 0 && !wanted.includes(name)) continue;
        await section({ cluster, phone, print: (line) => console.log(line) });
      }
    } finally {
      await phone.stop();
    }
  } finally {
    await cluster.stop();
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
