// @ts-check
"use strict";

/** What a release goes by: HACKING.md, "Release". */

const assert = require("node:assert/strict");
const { execFileSync, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");
const { Spec, Validation } = require("@cyclonedx/cyclonedx-library");
const { version, files } = require("../package.json");
const { FILE, sbom } = require("../release/sbom.js");

const ROOT = path.join(__dirname, "..");
const DOCUMENTS = ["package.json", "README.md"];

/** @param {string} name */
const read = (name) => fs.readFileSync(path.join(ROOT, name), "utf8");

/** @param {string} program @param {string[]} args */
const run = (program, args) =>
  execFileSync(program, args, { cwd: ROOT, encoding: "utf8" });

test("The bill of materials is what the lock files say, and a valid CycloneDX 1.6.", async () => {
  const text = await sbom();
  assert.equal(fs.readFileSync(FILE, "utf8"), text, "run npm run sbom");
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  assert.equal(await validator.validate(text), null);
});

test("The bill of materials names each project whose license stands beside the module, and Lit.", () => {
  const { components } = JSON.parse(fs.readFileSync(FILE, "utf8"));
  const named = components.map(
    (/** @type {any} */ { name, version }) => `${name} ${version}`,
  );
  const heads = read("pkg/THIRD-PARTY-LICENSES").matchAll(
    /^[\w-]+ \d[^ \n]*(?:, [\w-]+ \d[^ \n]*)*$/gm,
  );
  const linked = [...heads].flatMap(([head]) => head.split(", "));
  assert.ok(linked.length > 20, "the licenses name few projects");
  for (const name of linked) assert.ok(named.includes(name), name);
  assert.ok(named.some((/** @type {string} */ one) => one.startsWith("lit ")));
});

test("One version stands in the package, the crate, both lock files and at the top of the changelog.", () => {
  const [, crate] =
    /^name = "parse-two-factor"\nversion = "(.+)"$/m.exec(read("Cargo.toml")) ??
    [];
  const [, locked] =
    /^name = "parse-two-factor"\nversion = "(.+)"$/m.exec(read("Cargo.lock")) ??
    [];
  const [, changed] = /^## (\S+)/m.exec(read("CHANGELOG.md")) ?? [];
  const lock = JSON.parse(read("package-lock.json"));
  assert.deepEqual(
    {
      crate,
      locked,
      changed,
      lock: lock.version,
      of: lock.packages[""].version,
    },
    {
      crate: version,
      locked: version,
      changed: version,
      lock: version,
      of: version,
    },
  );
});

test("The packed files are those that git has of what the package lists, and no others.", () => {
  const patterns = [...files, ...DOCUMENTS];
  const known = run("git", ["ls-files", "-z", "--", ...patterns]);
  const args = ["pack", "--dry-run", "--ignore-scripts", "--json"];
  const [packed] = JSON.parse(run("npm", [...args, "--loglevel=error"]));
  assert.deepEqual(
    packed.files.map((/** @type {any} */ { path: name }) => name).sort(),
    known.split("\0").filter(Boolean).sort(),
  );
  assert.equal(packed.version, version);
});

test("Nothing is published that names no repository, home page or place for bugs.", (t) => {
  const { scripts } = JSON.parse(read("package.json"));
  assert.equal(scripts.prepublishOnly, "node release/publishable.js");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "parse-two-factor-"));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const whole = { repository: "github:a/b", homepage: "b", bugs: "c" };
  const publish = (/** @type {object} */ manifest) => {
    const file = path.join(folder, "package.json");
    fs.writeFileSync(file, JSON.stringify(manifest));
    const script = path.join(ROOT, "release", "publishable.js");
    const args = { cwd: folder, encoding: /** @type {const} */ ("utf8") };
    return spawnSync(process.execPath, [script], args);
  };
  assert.equal(publish(whole).status, 0);
  for (const name of Object.keys(whole)) {
    const { status, stderr } = publish({ ...whole, [name]: undefined });
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`lacks ${name}:`));
  }
});
