// @ts-check
"use strict";

/**
 * `npm run bench`: measures this project and its peers in the same run on the same machine, and writes RESULTS.md.
 * `npm run bench -- statements core` runs these sections only, `--quick` all of it for a moment; both only print. With `--write` the
 * sections that ran take the place of theirs in RESULTS.md, and say when they were measured. `-- --before=../clone` prints how
 * this build compares with the one in that clone, which has its packages installed.
 */

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { before } = require("./before.js");
const { startCluster } = require("./database.js");
const { growth } = require("./growth.js");
const { load } = require("./load.js");
const { startPhone } = require("./process.js");
const { core } = require("./core.js");
const { signIn } = require("./sign-in.js");
const { statements } = require("./statements.js");
const { weight } = require("./weight.js");

/**
 * @typedef {object} Bench what a section is given
 * @property {import("./database.js").Cluster} cluster
 * @property {import("./process.js").Phone} phone
 * @property {boolean} quick a few rounds, to see that it works: its figures say nothing
 * @property {(markdown: string) => void} print
 * @property {(name: string, alt: string, svg: string) => void} plot
 */

/** In the order in which they run. @type {Record<string, (bench: Bench) => Promise<unknown>>} */
const SECTIONS = { "sign-in": signIn, statements, core, weight, growth, load };

async function main() {
  const words = process.argv.slice(2);
  const quick = words.includes("--quick");
  const write = words.includes("--write");
  const older = words.find((word) => word.startsWith("--before="));
  const wanted = words.filter((word) => !word.startsWith("--"));
  const unknown = wanted.filter((name) => !(name in SECTIONS));
  if (unknown.length > 0) {
    throw new Error(
      `no section is called ${unknown.join(", ")}: there are ${Object.keys(SECTIONS).join(", ")}`,
    );
  }
  const keep = !quick && !older && wanted.length === 0;
  /** @type {string[]} */
  const report = [];
  /** @type {Record<string, string>} */
  const plots = {};

  const cluster = await startCluster();
  try {
    const phone = await startPhone();
    try {
      const print = (/** @type {string} */ markdown) => {
        console.log(markdown);
        report.push(markdown);
      };
      /** @type {Bench["plot"]} */
      const plot = (name, alt, svg) => {
        const file = `results-${name}.svg`;
        plots[file] = svg;
        report.push(`![${alt}](${file})`, "");
      };
      print(await head(cluster));
      if (older) {
        const folder = older.slice("--before=".length);
        await before({ cluster, phone, quick, print, plot }, folder);
        return;
      }
      for (const [name, section] of Object.entries(SECTIONS)) {
        if (wanted.length > 0 && !wanted.includes(name)) continue;
        const begin = Date.now();
        await section({ cluster, phone, quick, print, plot });
        const took = ((Date.now() - begin) / 1000).toFixed(0);
        console.error(`(${name}: ${took} s)`);
      }
    } finally {
      await phone.stop();
    }
  } finally {
    await cluster.stop();
  }

  if (!keep && !write) return;
  for (const [file, svg] of Object.entries(plots)) {
    fs.writeFileSync(path.join(__dirname, file), svg);
  }
  const file = path.join(__dirname, "RESULTS.md");
  const prettier = require("prettier");
  const options = { parser: "markdown" };
  const all = keep ? report.join("\n") : replaced(file, report);
  fs.writeFileSync(file, await prettier.format(all, options));
}

/**
 * The results with these sections in the place of their older ones.
 * @param {string} file
 * @param {string[]} report what was printed, the head first
 */
function replaced(file, report) {
  const sections = (/** @type {string} */ text) => text.split(/^(?=## )/m);
  const [measured, ...newer] = sections(report.join("\n"));
  const [, at] = /^(Measured on .*? by)/m.exec(measured) ?? [];
  return sections(fs.readFileSync(file, "utf8"))
    .map((older) => {
      const heading = older.split("\n", 1)[0];
      const found = newer.find((section) => section.startsWith(`${heading}\n`));
      return found
        ? found.replace("\n", `\n\n${at} \`npm run bench -- --write\`.\n`)
        : older;
    })
    .join("");
}

/** @param {import("./database.js").Cluster} cluster */
async function head(cluster) {
  const version = (/** @type {string} */ name) =>
    require(`${name}/package.json`).version;
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], {
    cwd: __dirname,
    encoding: "utf8",
  }).trim();
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `# Results

Measured on ${new Date().toISOString().slice(0, 10)} at ${commit} by \`npm run bench\`, in one run on one machine. The command writes this file.

- ${cpus.length} cores (${cpus[0].model.trim()}), ${memory} GB, ${os.type()} ${os.release().split(".", 2).join(".")}; load before the run ${os.loadavg()[0].toFixed(2)}
- Node ${process.version}, Parse Server ${version("parse-server")}, PostgreSQL ${await cluster.version()} with its own defaults (a commit is on the disk before it is acknowledged), Twilio's SDK ${version("twilio")} on a stand-in on loopback
- passwords are bcrypt of cost 10, by the library that Parse Server chooses, \`${passwordHash()}\`, for every peer
- no peer logs; ours has a clock that runs ahead a day a round (\`clock\`), so that users return as they do in real life. Under load, its limits on messages of a block and of the app are raised (\`limits\`)
`;
}

/** Parse Server takes the native one where it is installed. */
function passwordHash() {
  try {
    return `@node-rs/bcrypt ${require("@node-rs/bcrypt/package.json").version}`;
  } catch {
    return "bcryptjs";
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
