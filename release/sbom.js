// @ts-check
"use strict";

/**
 * `npm run sbom`: what is inside of the package, as CycloneDX 1.6 (ECMA-424) in sbom.cdx.json. That is the crates whose code is in `pkg/`,
 * and the npm packages whose code is in `dist/`. With `--check` it says whether the file is what the lock files say.
 *
 * The package has no npm dependency at run time but Twilio's SDK, which an app installs itself. So it is named, and not as a part.
 */

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const {
  Enums,
  Models,
  Serialize,
  Spec,
} = require("@cyclonedx/cyclonedx-library");
const { PackageURL } = require("packageurl-js");
const { parse: parseToml } = require("smol-toml");
const { bundled } = require("../browser/build.js");

const ROOT = path.join(__dirname, "..");
const FILE = path.join(ROOT, "sbom.cdx.json");

/** @param {string} name */
const read = (name) => fs.readFileSync(path.join(ROOT, name), "utf8");

/**
 * @typedef {object} Part
 * @property {"cargo" | "npm"} type as in its purl
 * @property {string} name
 * @property {string} version
 * @property {string | null} license as SPDX
 * @property {[import("@cyclonedx/cyclonedx-library").Enums.HashAlgorithm, string]} [hash] of its archive
 */

/**
 * The crates with code in `pkg/`, as the build finds them for their licenses.
 * @returns {Part[]}
 */
function crates() {
  const options = /** @type {const} */ ({ cwd: ROOT, encoding: "utf8" });
  /** @type {Pick<Part, "name" | "version" | "license">[]} */
  const linked = JSON.parse(
    execFileSync("cargo", ["xtask", "crates"], options),
  );
  const locked = /** @type {any[]} */ (parseToml(read("Cargo.lock")).package);
  return linked.map(({ name, version, license }) => {
    const { checksum } = locked.find(
      (one) => one.name === name && one.version === version,
    );
    return {
      type: "cargo",
      name,
      version,
      license,
      hash: [Enums.HashAlgorithm["SHA-256"], checksum],
    };
  });
}

/**
 * The npm packages with code in `dist/`.
 * @returns {Promise<Part[]>}
 */
async function packages() {
  const { packages: locked } = JSON.parse(read("package-lock.json"));
  return (await bundled()).map((name) => {
    const { version, license, integrity } = locked[`node_modules/${name}`];
    const [, base64] = /^sha512-(.+)$/.exec(integrity) ?? [];
    const hash = Buffer.from(base64, "base64").toString("hex");
    return {
      type: "npm",
      name,
      version,
      license,
      hash: [Enums.HashAlgorithm["SHA-512"], hash],
    };
  });
}

/** @param {Part} part */
function component({ type, name, version, license, hash }) {
  const [scope, bare] = name.startsWith("@")
    ? name.split("/")
    : [undefined, name];
  const purl = new PackageURL(type, scope, bare, version).toString();
  return new Models.Component(Enums.ComponentType.Library, bare, {
    bomRef: purl,
    group: scope,
    version,
    purl,
    hashes: new Models.HashDictionary(hash ? [hash] : []),
    licenses: new Models.LicenseRepository(
      license ? [new Models.LicenseExpression(spdx(license))] : [],
    ),
  });
}

/**
 * Some crates still write `MIT/Apache-2.0`.
 * @param {string} license
 */
function spdx(license) {
  return license.replaceAll("/", " OR ");
}

/** @returns {Promise<string>} the text of sbom.cdx.json, the same for the same lock files */
async function sbom() {
  const { name, version, license } = JSON.parse(read("package.json"));
  const main = component({ type: "npm", name, version, license });
  const parts = [...crates(), ...(await packages())].map(component);
  for (const part of parts) main.dependencies.add(part.bomRef);
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: main }),
    components: new Models.ComponentRepository(parts),
  });
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  const text = new Serialize.JsonSerializer(factory).serialize(bom, {
    sortLists: true,
    space: 2,
  });
  return `${text}\n`;
}

async function main() {
  const text = await sbom();
  if (!process.argv.includes("--check")) return fs.writeFileSync(FILE, text);
  if (!fs.existsSync(FILE) || fs.readFileSync(FILE, "utf8") !== text) {
    throw new Error(
      "sbom.cdx.json is not what the lock files say: run npm run sbom",
    );
  }
}

if (require.main === module) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

module.exports = { FILE, sbom };
