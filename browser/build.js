// @ts-check
"use strict";

/**
 * `npm run build`: browser/ → dist/, which is committed, so that an app that is installed from Git has it. With `--check` it
 * builds in memory and says which file is not what the sources build to.
 */

const fs = require("node:fs");
const path = require("node:path");
const esbuild = require("esbuild");
const { refusalCodes } = require("./refusals.js");

const ROOT = path.join(__dirname, "..");
const DIST = path.join(ROOT, "dist");

/** The oldest browsers with all of it: private methods, `??=`. */
const TARGET = ["es2022"];

/**
 * @param {string} entry
 * @param {"esm" | "cjs"} format
 * @returns {Promise<string>}
 */
async function bundle(entry, format) {
  const { outputFiles } = await esbuildOf(entry, format);
  return outputFiles[0].text;
}

/** The packages with code in dist/, as folders of node_modules/. @returns {Promise<string[]>} */
async function bundled() {
  const entries = ["client/index.mjs", "elements/index.mjs"];
  const built = await Promise.all(entries.map((one) => esbuildOf(one, "esm")));
  const files = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const names = files.map(
    (file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [],
  );
  return [...new Set(names.flat())].sort();
}

/**
 * @param {string} entry
 * @param {"esm" | "cjs"} format
 */
function esbuildOf(entry, format) {
  return esbuild.build({
    entryPoints: [path.join(__dirname, entry)],
    bundle: true,
    write: false,
    format,
    target: TARGET,
    minify: true,
    // The errors are told apart by their names, in a log as well.
    keepNames: true,
    // Texts stand in it as they are read.
    charset: "utf8",
    legalComments: "none",
    external: ["./lang/*"],
    banner: { js: entry.startsWith("elements") ? `${BANNER}\n${LIT}` : BANNER },
    logLevel: "error",
    metafile: true,
  });
}

const BANNER =
  "// parse-two-factor, MIT OR Apache-2.0. Built from browser/ in its repository.";
/** Lit's, whose license asks for it (BSD-3-Clause). */
const LIT = "// With Lit, © 2017 Google LLC, BSD-3-Clause: https://lit.dev";

/** The types, with the codes of refusals as the core has them. @returns {string} */
function clientTypes() {
  const file = path.join(__dirname, "client", "types.d.mts");
  const codes = refusalCodes().join(" | ");
  return fs.readFileSync(file, "utf8").replace("/* refusals */ number", codes);
}

/** The types of the elements, with the names of their texts. @returns {Promise<string>} */
async function elementTypes() {
  const file = path.join(__dirname, "elements", "types.d.mts");
  const { default: english } = await import("./elements/texts.mjs");
  const names = Object.keys(english).map((name) => JSON.stringify(name));
  return fs
    .readFileSync(file, "utf8")
    .replace("/* texts */ string", names.join(" | "));
}

/** The files of the languages. @returns {Promise<Record<string, string>>} */
async function languages() {
  const folder = path.join(__dirname, "elements", "lang");
  /** @type {Record<string, string>} */
  const files = {};
  for (const name of fs.readdirSync(folder)) {
    const source = fs.readFileSync(path.join(folder, name), "utf8");
    const options = { minify: true, charset: /** @type {const} */ ("utf8") };
    files[`lang/${name}`] = (await esbuild.transform(source, options)).code;
  }
  return files;
}

/** All files of dist/ by name. @returns {Promise<Record<string, string>>} */
async function build() {
  const types = clientTypes();
  return {
    "client.mjs": await bundle("client/index.mjs", "esm"),
    "client.cjs": await bundle("client/index.mjs", "cjs"),
    "client.d.mts": types,
    "client.d.cts": types,
    "elements.mjs": await bundle("elements/index.mjs", "esm"),
    "elements.d.mts": await elementTypes(),
    ...(await languages()),
  };
}

/** What stands in dist/ now. @returns {Record<string, string>} */
function built() {
  if (!fs.existsSync(DIST)) return {};
  const names = fs
    .readdirSync(DIST, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path.relative(DIST, path.join(entry.parentPath, entry.name)),
    );
  return Object.fromEntries(
    names.map((name) => [
      name.replaceAll(path.sep, "/"),
      fs.readFileSync(path.join(DIST, name), "utf8"),
    ]),
  );
}

/** The names of the files that are not what the sources build to. */
async function differences() {
  const [wanted, found] = [await build(), built()];
  const names = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  return [...names].filter((name) => wanted[name] !== found[name]).sort();
}

async function main() {
  if (process.argv.includes("--check")) {
    const names = await differences();
    if (names.length === 0) return;
    throw new Error(
      `dist/ is not what browser/ builds to (${names.join(", ")}): run npm run build`,
    );
  }
  fs.rmSync(DIST, { recursive: true, force: true });
  const { gzipSync } = require("node:zlib");
  for (const [name, text] of Object.entries(await build())) {
    const file = path.join(DIST, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    if (name.includes(".d.")) continue;
    console.log(
      `${name}: ${gzipSync(text, { level: 9 }).length} bytes gzipped`,
    );
  }
}

if (require.main === module) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

module.exports = { bundled, differences };
