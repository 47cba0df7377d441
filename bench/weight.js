// @ts-check
"use strict";

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { gzipSync } = require("node:zlib");
const { startApp } = require("./app.js");
const { installPeers } = require("./install.js");
const { spread, table } = require("./stats.js");

const ROOT = path.join(__dirname, "..");
const BINARY = path.join(ROOT, "pkg", "parse_two_factor_bg.wasm");

/** What is loaded in a process of its own, to see what that takes. */
const ALONE = `
const rss = () => { gc(); gc(); return process.memoryUsage().rss; };
const before = rss();
const begin = performance.now();
const wasm = require(process.argv[1]);
new wasm.TwoFactor({}, undefined, "master key of the app", false);
const took = performance.now() - begin;
console.log(JSON.stringify({ took, bytes: rss() - before }));
`;

/**
 * Start-up, memory and size.
 * @param {import("./run.js").Bench} bench
 */
async function weight({ cluster, phone, quick, print }) {
  await installPeers();
  const rounds = quick ? 3 : 20;
  /** @type {Record<string, {start: number[], cloud: number[], ready: number[], rss: number[]}>} */
  const measured = {};
  const names = ["plain", "cloudCode", "adapter", "ours"];
  for (const name of names) {
    measured[name] = { start: [], cloud: [], ready: [], rss: [] };
  }
  const first = { start: 0, ready: 0 };
  /** @type {Record<string, import("./database.js").Database>} */
  const databases = {};
  for (const name of names) {
    databases[name] = await cluster.create(`weight_${name}`);
  }
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const options = { execArgv: ["--expose-gc"] };
      const app = await startApp(name, databases[name], phone, options);
      const [server] = app.servers;
      const { start, cloud, ready } = await server.times();
      const { rss } = await server.memory();
      await app.stop();
      // The first start of each, on an empty database, creates the tables.
      if (round >= 0) {
        measured[name].start.push(start);
        measured[name].cloud.push(cloud);
        measured[name].ready.push(ready);
        measured[name].rss.push(rss / 2 ** 20);
      } else if (name === "ours") {
        Object.assign(first, { start, ready });
      }
    }
  }
  const beyond = (
    /** @type {string} */ name,
    /** @type {"start" | "ready" | "rss"} */ what,
    other = "plain",
  ) => measured[name][what].map((value, i) => value - measured[other][what][i]);

  /** @type {{took: number, bytes: number}[]} */
  const alone = [];
  for (let round = 0; round < rounds; round++) {
    const glue = path.join(ROOT, "pkg", "parse_two_factor.cjs");
    const args = ["--expose-gc", "-e", ALONE, glue];
    const options = { encoding: /** @type {const} */ ("utf8") };
    alone.push(JSON.parse(execFileSync(process.execPath, args, options)));
  }

  print("## Start-up and weight");
  print("");
  print(
    `${rounds} starts of each in turn, on a database that has the tables. *Serves* is from \`new ParseServer\` to the end of its \`start()\`, our \`require\` included; *ready* to the end of our \`ready\` as well. With Cloud Code of any kind, Parse Server waits for ten milliseconds more. Memory is the resident set after a collection.`,
  );
  print("");
  print(
    table(
      [
        "",
        "serves, ms",
        "beyond plain",
        "ready, ms",
        "memory, MB",
        "beyond plain",
      ],
      names.map((name) => [
        TITLES[name],
        spread(measured[name].start, 0),
        spread(beyond(name, "start"), 0),
        spread(measured[name].ready, 0),
        spread(measured[name].rss, 0),
        spread(beyond(name, "rss")),
      ]),
    ),
  );
  print("");
  const rest = (/** @type {string} */ name) =>
    spread(
      measured[name].start.map((value, i) => value - measured[name].cloud[i]),
      0,
    );
  print(
    `Parse Server waits ${spread(measured.ours.cloud)} ms for our \`require\` and call. The rest of its start takes ${rest("ours")} ms, and ${rest("cloudCode")} with Cloud Code that does nothing.`,
  );
  print("");
  print(
    `Ours on an empty database, once: serves after ${first.start.toFixed(0)} ms, ready after ${first.ready.toFixed(0)} ms.`,
  );
  print("");
  print(
    `The core alone in a process of its own, compiled, instantiated and its settings checked: ${spread(alone.map(({ took }) => took))} ms, ${spread(alone.map(({ bytes }) => bytes / 2 ** 20))} MB resident.`,
  );
  print("");
  sizes(print);
}

/** @type {Record<string, string>} */
const TITLES = {
  plain: "Parse Server alone",
  cloudCode: "with Cloud Code that does nothing",
  adapter: "with its MFA adapter",
  ours: "with ours",
};

/** @param {(markdown: string) => void} print */
function sizes(print) {
  const binary = fs.readFileSync(BINARY);
  const kilobytes = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(0);
  print(
    `The WebAssembly: ${kilobytes(binary.length)} KB, ${kilobytes(gzipSync(binary, { level: 9 }).length)} KB gzipped.`,
  );
  print("");
  const packed = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json"], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      shell: process.platform === "win32",
    }),
  );
  const auth = closure("better-auth", __dirname);
  const otpauth = closure("otpauth", __dirname);
  print(
    table(
      ["", "packages", "installed, KB"],
      [
        ["ours", 1, kilobytes(packed[0].unpackedSize)],
        [
          "Parse's MFA adapter: `otpauth`, which Parse Server installs anyway",
          otpauth.length,
          kilobytes(total(otpauth)),
        ],
        [
          `\`better-auth\` ${require("./package.json").dependencies["better-auth"]}, a whole sign-in library for other servers`,
          auth.length,
          kilobytes(total(auth)),
        ],
      ],
    ),
  );
  print("");
}

/**
 * The folders of a package and of all that it depends on.
 * @param {string} name
 * @param {string} from where it is required
 * @param {Set<string>} [seen]
 * @returns {string[]}
 */
function closure(name, from, seen = new Set()) {
  const folder = resolve(name, from);
  // An optional one may not be there.
  if (folder === undefined || seen.has(folder)) return [...seen];
  seen.add(folder);
  const { dependencies = {} } = JSON.parse(
    fs.readFileSync(path.join(folder, "package.json"), "utf8"),
  );
  for (const next of Object.keys(dependencies)) closure(next, folder, seen);
  return [...seen];
}

/**
 * @param {string} name
 * @param {string} from
 * @returns {string | undefined}
 */
function resolve(name, from) {
  const folder = path.join(from, "node_modules", name);
  if (fs.existsSync(path.join(folder, "package.json"))) return folder;
  const above = path.dirname(from);
  return above === from ? undefined : resolve(name, above);
}

/** @param {string[]} folders */
function total(folders) {
  let bytes = 0;
  for (const folder of folders) {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      // What is nested is in the list itself.
      if (entry.name === "node_modules") continue;
      if (entry.isDirectory()) bytes += total([file]);
      else bytes += fs.lstatSync(file).size;
    }
  }
  return bytes;
}

module.exports = { weight };
