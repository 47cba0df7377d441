// @ts-check
"use strict";

/**
 * The PostgreSQL that every peer is measured on, each in a database of its own, and what can be read off it from the
 * server's side: executed statements and rows.
 */

const fs = require("node:fs/promises");
const { createRequire } = require("node:module");
const path = require("node:path");
const { startDatabase } = require("../sandbox/database.js");

/** The driver is the one that Parse Server brings. */
const pgPromise = createRequire(require.resolve("parse-server"))("pg-promise");

/** PostgreSQL's own defaults, as an operator would run it: a commit is on the disk before it is acknowledged. */
const DURABLE = {
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
};

/** The log as JSON lines in files; which databases write statements into it is set for each of them. */
const LOGGING = {
  logging_collector: "on",
  log_destination: "jsonlog",
  log_rotation_age: "0",
  log_rotation_size: "0",
};

/**
 * @typedef {Awaited<ReturnType<typeof startCluster>>} Cluster
 * @typedef {Awaited<ReturnType<Cluster["create"]>>} Database
 */

async function startCluster() {
  const cluster = await startDatabase({ ...DURABLE, ...LOGGING });
  const pgp = pgPromise({ noWarnings: true });
  const admin = pgp(cluster.uri);

  return {
    /** @returns {Promise<string>} */
    version: async () =>
      (await admin.one("SHOW server_version")).server_version,

    /**
     * @param {string} name
     * @param {{logged?: boolean}} [options] logged: every statement goes to the log, for `trace`
     */
    async create(name, { logged = false } = {}) {
      await admin.none("CREATE DATABASE $1:name", [name]);
      if (logged) {
        await admin.none("ALTER DATABASE $1:name SET log_statement = 'all'", [
          name,
        ]);
      }
      const url = new URL(cluster.uri);
      url.pathname = `/${name}`;
      const connection = pgp(url.href);
      return {
        uri: url.href,
        connection,
        trace: (/** @type {() => Promise<unknown>} */ work) =>
          trace(connection, name, work),
        rows: () => rowCounts(connection),
      };
    },

    async stop() {
      pgp.end();
      await cluster.stop();
    },
  };
}

/** How long nothing may come before a sign-in counts as over: what is not awaited by the answer comes after it. */
const QUIET_MILLISECONDS = 100;

let traces = 0;

/**
 * Runs `work` and answers with the statements that others than us had this database execute meanwhile, in order.
 *
 * PostgreSQL writes a statement to the log before it executes it, so what stands between two statements of ours was
 * executed between them.
 *
 * @param {any} connection
 * @param {string} name
 * @param {() => Promise<unknown>} work
 * @returns {Promise<string[]>}
 */
async function trace(connection, name, work) {
  const marker = `bench ${process.pid} ${traces++}`;
  const mark = (/** @type {string} */ at) =>
    connection.one("SELECT pg_current_logfile('jsonlog') AS file, $1", [
      `${marker} ${at}`,
    ]);
  const { file } = await mark("begin");
  await work();
  await new Promise((resolve) => setTimeout(resolve, QUIET_MILLISECONDS));
  await mark("end");
  const { data_directory } = await connection.one("SHOW data_directory");

  const log = path.join(data_directory, file);
  /** @type {string[]} */
  let lines = [];
  const holds = (/** @type {string} */ at) =>
    lines.findIndex((line) => line.includes(`${marker} ${at}`));
  // The collector writes what the backends hand it, a moment later.
  while (holds("end") < 0) {
    lines = (await fs.readFile(log, "utf8")).split("\n");
  }
  return lines
    .slice(holds("begin") + 1, holds("end"))
    .map((line) => JSON.parse(line))
    .filter(({ dbname }) => dbname === name)
    .map(({ message }) => /^(?:statement|execute [^:]*): (.*)/s.exec(message))
    .flatMap((match) => (match ? [match[1]] : []));
}

/**
 * @param {any} connection
 * @returns {Promise<Record<string, number>>} rows by table
 */
async function rowCounts(connection) {
  const tables = await connection.map(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
    [],
    (/** @type {{tablename: string}} */ row) => row.tablename,
  );
  /** @type {Record<string, number>} */
  const counts = {};
  for (const table of tables) {
    const { n } = await connection.one(
      "SELECT count(*)::int AS n FROM $1:name",
      [table],
    );
    counts[table] = n;
  }
  return counts;
}

/** Parse Server keeps a user's roles for five seconds: a user who has not just signed in finds none kept. */
function cachesToEmpty() {
  return new Promise((resolve) => setTimeout(resolve, 5500));
}

/**
 * A statement as one reads it: its values and lists of columns left out.
 * @param {string} statement
 */
function shape(statement) {
  return statement
    .replace(/\s+/g, " ")
    .replace(/E?'(?:[^']|'')*'/g, "?")
    .replace(/\b\d+(\.\d+)?\b/g, "?")
    .replace(/\("[^()]*"\)/g, "(…)")
    .replace(/^SELECT .*? FROM/, "SELECT … FROM")
    .replace(/VALUES \(.*\)/, "VALUES (…)")
    .replace(/ RETURNING .*$/, " RETURNING …")
    .replace(/ SET .* WHERE /, " SET … WHERE ")
    .trim();
}

module.exports = { startCluster, cachesToEmpty, shape };
