// @ts-check
"use strict";

const { startApp } = require("./app.js");
const { copy } = require("./copies.js");
const { linePlot } = require("./plot.js");
const { median, quantile, table } = require("./stats.js");

const DAY = 86_400_000;
const MILLION_AN_HOUR = 1_000_000 / 3600;

/**
 * @typedef {object} Level
 * @property {number} clients
 * @property {number} rate sign-ins a second
 * @property {number} middle milliseconds
 * @property {number} late milliseconds: 95 of a hundred are faster
 * @property {number} cpu milliseconds of the servers' for a sign-in
 * @property {number} refused
 */

/**
 * Sign-ins a second, from one client at a time to more than the machine can serve, with one, two and three processes.
 * @param {import("./run.js").Bench} bench
 */
async function load(bench) {
  const { quick, print, plot } = bench;
  const nodes = quick ? [1, 2] : [1, 2, 3];
  /** @type {{label: string, levels: Level[], lost: number}[]} */
  const runs = [];
  for (const n of nodes) {
    const label = n === 1 ? "1 process" : `${n} processes`;
    runs.push({ label, ...(await closedLoop(bench, "ours", "challenge", n)) });
  }
  const one = await closedLoop(bench, "plain", "plain", 1);
  runs.push({ label: "plain login, 1 process", ...one });

  print("## Load");
  print("");
  print(
    "A closed loop: each client begins its next sign-in when the previous one is done. Every sign-in is another returning user. The clients, the Twilio stand-in, PostgreSQL and the servers share the machine's cores, so more processes do not mean more cores. Ours is by SMS on the challenge's wire.",
  );
  print("");
  for (const { label, levels, lost } of runs) {
    print(`${label}:`);
    print("");
    print(
      table(
        [
          "clients",
          "sign-ins/s",
          "median, ms",
          "95 %, ms",
          "CPU each, ms",
          "refused",
        ],
        levels.map((level) => [
          level.clients,
          level.rate.toFixed(1),
          level.middle.toFixed(0),
          level.late.toFixed(0),
          level.cpu.toFixed(1),
          level.refused,
        ]),
      ),
    );
    print("");
    print(
      lost === 0
        ? "Every session that a client was given is in the database, and no other."
        : `${lost} sessions are in the database more (or, below zero, less) than clients were given.`,
    );
    print("");
  }
  const points = (/** @type {"rate" | "middle"} */ what) =>
    runs.map(({ label, levels }) => ({
      label,
      points: levels.map(
        (level) =>
          /** @type {[number, number]} */ ([level.clients, level[what]]),
      ),
    }));
  const x = "clients at once";
  plot(
    "throughput",
    "Sign-ins a second over clients at once",
    linePlot("Throughput", { x, y: "sign-ins a second" }, points("rate")),
  );
  plot(
    "latency",
    "Median time of a sign-in over clients at once",
    linePlot("Median time of a sign-in", { x, y: "ms" }, points("middle")),
  );
  await profile(bench);
  const best = runs[0].levels.reduce((a, b) => (a.rate > b.rate ? a : b));
  await arithmetic(bench, best);
}

/**
 * An app with users enough for every sign-in to be another's.
 * @param {import("./run.js").Bench} bench
 * @param {string} peer
 * @param {string} way
 * @param {number} nodes
 * @param {number} count of users
 * @param {{execArgv?: string[]}} [options]
 */
async function prepare(
  { cluster, phone },
  peer,
  way,
  nodes,
  count,
  options = {},
) {
  databases += 1;
  const database = await cluster.create(`load_${databases}`);
  const app = await startApp(peer, database, phone, {
    nodes,
    busy: true,
    ...options,
  });
  try {
    const one = await app.createUser(way);
    await app.advance(DAY);
    await app.signIn(way, one);
    const acl = `ARRAY['${one.id}x' || n]`;
    await copy(database, "_User", one.id, 1, count, {
      _rperm: acl,
      _wperm: acl,
      // Numbers in blocks of ten thousand, like a country's.
      ...(peer === "ours" && { phone_number: "'+1415' || (5550000 + n)" }),
    });
    if (peer === "ours") {
      const account = await database.connection.one(
        'SELECT "objectId" FROM "TwoFactorAccount" WHERE "user" = $1',
        [one.id],
      );
      await copy(database, "TwoFactorAccount", account.objectId, 1, count);
    }
    await app.advance(DAY);
    /** @param {number} n */
    const user = (n) => ({
      ...one,
      id: `${one.id}x${n}`,
      username: `${one.username}x${n}`,
      phone: `+1415${5550000 + n}`,
    });
    return { app, database, user };
  } catch (error) {
    await app.stop();
    throw error;
  }
}

let databases = 0;

/**
 * @param {import("./run.js").Bench} bench
 * @param {string} peer
 * @param {string} way
 * @param {number} nodes
 */
async function closedLoop(bench, peer, way, nodes) {
  const { quick } = bench;
  const steps = quick ? [1, 8] : [1, 2, 4, 8, 16, 32, 64];
  const seconds = quick ? 2 : 6;
  const { app, database, user } = await prepare(
    bench,
    peer,
    way,
    nodes,
    20_000,
  );
  try {
    let next = 1;
    let opened = 0;
    /** @type {Level[]} */
    const levels = [];
    // A session for the one whose rows are copied.
    const before = await sessions(database);
    for (const clients of [4, ...steps]) {
      bench.phone.received.length = 0;
      const cpuBefore = await cpuOf(app);
      const begin = performance.now();
      const end = begin + seconds * 1000;
      /** @type {number[]} */
      const times = [];
      let refused = 0;
      await Promise.all(
        Array.from({ length: clients }, async (_, client) => {
          while (performance.now() < end) {
            const at = performance.now();
            try {
              await app.signIn(way, user(next++), client % nodes);
              times.push(performance.now() - at);
            } catch (error) {
              if (refused === 0) console.error(error);
              refused += 1;
            }
          }
        }),
      );
      const took = (performance.now() - begin) / 1000;
      opened += times.length;
      levels.push({
        clients,
        rate: times.length / took,
        middle: median(times),
        late: quantile(times, 0.95),
        cpu: ((await cpuOf(app)) - cpuBefore) / times.length,
        refused,
      });
    }
    const lost = (await sessions(database)) - before - opened;
    // The first was for the compilers and caches.
    return { levels: levels.slice(1), lost };
  } finally {
    await app.stop();
  }
}

/** @param {import("./app.js").App} app */
async function cpuOf({ servers }) {
  const used = await Promise.all(servers.map((server) => server.cpu()));
  return used.reduce((sum, { user, system }) => sum + user + system, 0) / 1000;
}

/** @param {import("./database.js").Database} database */
async function sessions({ connection }) {
  // The table comes with the first session.
  const { there } = await connection.one(
    "SELECT to_regclass('\"_Session\"') IS NOT NULL AS there",
  );
  if (!there) return 0;
  const { n } = await connection.one(
    'SELECT count(*)::int AS n FROM "_Session"',
  );
  return n;
}

/**
 * Where the time goes in one process.
 * @param {import("./run.js").Bench} bench
 */
async function profile(bench) {
  const { quick, print } = bench;
  const { app, user } = await prepare(bench, "ours", "challenge", 1, 5000);
  const [server] = app.servers;
  let next = 1;
  let done = 0;
  const run = async (/** @type {number} */ seconds) => {
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      await app.signIn("challenge", user(next++));
      done += 1;
    }
  };
  try {
    await run(quick ? 1 : 3);
    done = 0;
    const before = await cpuOf(app);
    await server.profile();
    await run(quick ? 2 : 8);
    /** @type {Record<string, number>} */
    const self = await server.profile();
    const all = (await cpuOf(app)) - before;
    const idle = self["(idle)"] ?? 0;
    delete self["(idle)"];
    const onMain = Object.values(self).reduce((sum, ms) => sum + ms, 0);
    const rows = Object.entries(self)
      .map(([name, ms]) => /** @type {[string, number]} */ ([name, ms / done]))
      .sort(([, a], [, b]) => b - a);
    rows.unshift([
      "other threads: bcrypt, garbage collection, compilation",
      Math.max(0, all - onMain) / done,
    ]);
    print(
      "Where the time of one of our processes goes, according to V8's profiler. There is one client, so that nothing waits for a core:",
    );
    print("");
    print(
      table(
        ["", "ms for a sign-in", "of all"],
        rows
          .filter(([, ms]) => ms >= 0.05)
          .map(([name, ms]) => [
            name,
            ms.toFixed(2),
            `${((ms * done * 100) / Math.max(all, onMain)).toFixed(0)} %`,
          ]),
      ),
    );
    print("");
    print(
      `The main thread was idle for ${((idle * 100) / (idle + onMain)).toFixed(0)} % of the time.`,
    );
    print("");
  } finally {
    await app.stop();
  }
}

/**
 * From these figures to a million sign-ins an hour.
 * @param {import("./run.js").Bench} bench
 * @param {Level} best
 */
async function arithmetic(bench, best) {
  const { cluster, phone, print } = bench;
  const database = await cluster.create("arithmetic", { logged: true });
  const app = await startApp("ours", database, phone, { busy: true });
  /** @type {string[]} */
  let statements;
  try {
    const other = await app.createUser("challenge");
    const user = await app.createUser("challenge");
    for (let day = 0; day < 2; day++) {
      await app.advance(DAY);
      await app.signIn("challenge", user);
    }
    await app.advance(DAY);
    await app.signIn("challenge", other);
    statements = await database.trace(() => app.signIn("challenge", user));
  } finally {
    await app.stop();
  }
  const writes = statements.filter((text) =>
    /^\s*(INSERT|UPDATE|DELETE|WITH)/i.test(text),
  );
  /** @type {Map<string, number>} */
  const updates = new Map();
  for (const text of writes) {
    const row = /UPDATE "(\w+)" .* WHERE "objectId" = '(\w+)'/s.exec(text);
    if (!row) continue;
    const key = `${row[1]} ${row[2]}`;
    updates.set(key, (updates.get(key) ?? 0) + 1);
  }
  // The rows that the sign-ins of others write as well are the windows.
  let hottest = { kind: "", times: 0 };
  for (const [row, times] of updates) {
    const [name, objectId] = row.split(" ");
    if (name !== "TwoFactorWindow") continue;
    const { bucket } = await database.connection.one(
      'SELECT "bucket" FROM "TwoFactorWindow" WHERE "objectId" = $1',
      [objectId],
    );
    const [kind] = bucket.split(":");
    // Whoever has one number or sits in one block is not everybody.
    const own = kind === "number" || kind === "block";
    if (!own && times > hottest.times) hottest = { kind, times };
  }
  const unlogged = await cluster.create("one_row");
  const limit = await oneRow(unlogged, bench.quick ? 1 : 4);

  const rate = MILLION_AN_HOUR;
  const figure = (/** @type {number} */ value) =>
    Math.round(value).toLocaleString("en");
  const cores = (rate * best.cpu) / 1000;
  print("## To a million sign-ins an hour");
  print("");
  print(
    `A million an hour is ${figure(rate)} a second. From the figures above, on this machine's cores and with its database:`,
  );
  print("");
  print(
    `- **Nodes.** A sign-in takes ${best.cpu.toFixed(0)} ms of a server's CPU, most of it the password's hash: ${figure(cores)} cores at full load, ${figure(cores / 0.6)} at sixty percent. Nodes share only the database, so cores count and processes do not. In 4-core nodes, that is ${figure(cores / 0.6 / 4)}.`,
  );
  print(
    `- **Database.** ${statements.length} statements, ${writes.length} of them writes: ${figure(rate * statements.length)} statements and ${figure(rate * writes.length)} writes a second, each a transaction of its own.`,
  );
  print(
    hottest.times === 0
      ? "- **Hottest row.** No row is written by the sign-ins of different users."
      : `- **Hottest row.** The window \`${hottest.kind}\` is written by every sign-in, ${figure(rate * hottest.times)} times a second. This database updates one row, by ten connections at once, ${figure(limit)} times a second: ${(limit / (rate * hottest.times)).toFixed(1)} times that.`,
  );
  print(
    `- **Messages.** ${figure(rate)} a second by SMS. Whether the provider delivers that many is a matter of your contract. \`messagesPerApp\` has to be raised to a million an hour, and \`messagesPerBlock\` to what your busiest block of ten thousand numbers needs. Sign-ins by authenticator app send none.`,
  );
  print(
    `- **Rows.** A sign-in leaves its events and its session: ${figure(rate * 3600 * 24)} sign-ins a day, if every hour were such. The operator has to prune the trail.`,
  );
  print("");
}

/**
 * How often a second ten connections at once update one row.
 * @param {import("./database.js").Database} database
 * @param {number} seconds
 */
async function oneRow({ connection }, seconds) {
  await connection.none(
    "CREATE TABLE hot (id int PRIMARY KEY, n int); INSERT INTO hot VALUES (1, 0); ALTER TABLE hot SET (fillfactor = 50)",
  );
  const end = performance.now() + seconds * 1000;
  let updates = 0;
  const update = async () => {
    while (performance.now() < end) {
      await connection.one("UPDATE hot SET n = n + 1 WHERE id = 1 RETURNING n");
      updates += 1;
    }
  };
  await Promise.all(Array.from({ length: 10 }, update));
  return updates / seconds;
}

module.exports = { load };
