// @ts-check
"use strict";

const { startApp } = require("./app.js");
const { copy } = require("./copies.js");
const { cachesToEmpty, shape } = require("./database.js");
const { median, spread, table } = require("./stats.js");

const DAY = 86_400_000;
const DAYS = 20;
const LATE = Date.UTC(2100, 0);

/**
 * How the cost of a sign-in grows with what the database holds.
 * @param {import("./run.js").Bench} bench
 */
async function growth({ cluster, phone, quick, print }) {
  const sizes = quick ? [1000, 20_000] : [1000, 100_000, 1_000_000];
  const rounds = quick ? 2 : 6;
  const database = await cluster.create("growth", { logged: true });
  const ours = await startApp("ours", database, phone);
  const plain = await startApp("plain", database, phone);
  /** @type {{way: string, title: string, app: typeof ours, users: import("./peers.js").User[]}[]} */
  const signers = [
    { way: "plain", title: "plain login", app: plain, users: [] },
    { way: "challenge", title: "ours, SMS", app: ours, users: [] },
    { way: "totp", title: "ours, TOTP", app: ours, users: [] },
  ];
  /** @type {Record<string, number[][]>} */
  const times = {};
  /** @type {Record<string, number[]>} */
  const counts = {};
  /** @type {Record<string, string[]>} */
  let statements = {};
  /** @type {Record<string, number>} */
  let rows = {};

  try {
    for (const { way, app, users } of signers) {
      for (let i = 0; i < (quick ? 3 : 6); i++) {
        users.push(await app.createUser(way));
      }
    }
    // An authenticator's code is good once, and enrolling took one.
    await ours.advance(DAY);
    for (const { way, app, users } of signers) {
      for (const user of users) await app.signIn(way, user);
    }
    // Whose rows are copied: one who has signed in once, and is in the middle of the next sign-in.
    const template = await ours.createUser("challenge");
    await ours.signIn("challenge", template);
    const { username, password } = template;
    await ours.clients[0].run("login", { username, password });

    const copied = await templates(database, template.id);

    let filled = 1;
    for (const size of sizes) {
      await fill(database, template.id, copied, filled, size);
      filled = size + 1;
      statements = {};
      for (const { way } of signers) (times[way] ??= []).push([]);
      // The first round is not kept: it reads what the copying has pushed out of the caches.
      for (let round = -1; round < rounds; round++) {
        await ours.advance(DAY);
        for (const { way, app, users } of signers) {
          const [first, ...others] = users;
          await app.signIn(way, first);
          for (const user of others) {
            const begin = performance.now();
            await app.signIn(way, user);
            if (round >= 0) {
              times[way][times[way].length - 1].push(performance.now() - begin);
            }
          }
        }
      }
      await ours.advance(DAY);
      await cachesToEmpty();
      for (const { way, app, users } of signers) {
        const [first, second] = users;
        await app.signIn(way, first);
        statements[way] = await database.trace(() => app.signIn(way, second));
        (counts[way] ??= []).push(statements[way].length);
      }
      rows = await database.rows();
    }

    const head = sizes.map((size) => `${size.toLocaleString("en")} rows`);
    print("## Growth");
    print("");
    print(
      "One client signs returning users in, among rows of other users. There are equally many users, sessions, accounts (each with a challenge under way), windows (none of them over) and events. The table has milliseconds for a sign-in, as median and quartiles, and its statements.",
    );
    print("");
    print(
      table(
        ["", ...head, "last ÷ first", "statements"],
        signers.map(({ way, title }) => [
          title,
          ...times[way].map((values) => spread(values, 0)),
          ratio(times[way]),
          counts[way].join(", "),
        ]),
      ),
    );
    print("");
    print(
      `Rows at the end: ${Object.entries(rows)
        .filter(([, n]) => n > 1000)
        .map(([name, n]) => `${name} ${n.toLocaleString("en")}`)
        .join(", ")}.`,
    );
    print("");
    print("How PostgreSQL's `EXPLAIN` says it finds the rows, at that size:");
    print("");
    const plans = await explain(database, [
      ...statements.challenge,
      ...statements.totp,
    ]);
    print(table(["statement", "plan"], plans));
    print("");
    await piles(ours, database, signers[1].users, print);
  } finally {
    await ours.stop();
    await plain.stop();
  }
}

/** What grows besides the users, and how a row of the user whose rows are copied is found. */
const GROWING = {
  _Session: '"user" = $1',
  TwoFactorAccount: '"user" = $1',
  TwoFactorEvent: '"user" = $1',
  // No window names whose it is: any will do.
  TwoFactorWindow: "$1 <> ''",
};

/**
 * @param {import("./database.js").Database} database
 * @param {string} user
 * @returns {Promise<[string, string][]>} tables, and the row in each that is copied
 */
async function templates({ connection }, user) {
  /** @type {[string, string][]} */
  const found = [];
  for (const [name, where] of Object.entries(GROWING)) {
    const row = await connection.oneOrNone(
      `SELECT "objectId" FROM "${name}" WHERE ${where} LIMIT 1`,
      [user],
    );
    if (row) found.push([name, row.objectId]);
  }
  // A window that is over is swept away, and this one has to stay.
  await connection.none('UPDATE "TwoFactorWindow" SET "endsAt" = $1', [LATE]);
  return found;
}

/**
 * @param {import("./database.js").Database} database
 * @param {string} user
 * @param {[string, string][]} rows
 * @param {number} from
 * @param {number} to
 */
async function fill(database, user, rows, from, to) {
  const own = `ARRAY['${user}x' || n]`;
  await copy(database, "_User", user, from, to, { _rperm: own, _wperm: own });
  for (const [name, objectId] of rows) {
    /** @type {Record<string, string>} */
    const values = name === "TwoFactorWindow" ? { endsAt: String(LATE) } : {};
    await copy(database, name, objectId, from, to, values);
  }
}

/** @param {number[][]} times by size */
function ratio(times) {
  const last = median(times[times.length - 1]);
  return (last / median(times[0])).toFixed(2);
}

/**
 * @param {import("./database.js").Database} database
 * @param {string[]} statements
 * @returns {Promise<string[][]>}
 */
async function explain({ connection }, statements) {
  /** @type {Map<string, string>} */
  const plans = new Map();
  for (const statement of statements) {
    const name = shape(statement);
    if (plans.has(name) || !/^(SELECT|UPDATE|DELETE|WITH)/.test(name)) continue;
    // The text is the server's own, values and all.
    const answer = await connection.one(`EXPLAIN (FORMAT JSON) ${statement}`);
    const [{ Plan }] = answer["QUERY PLAN"];
    plans.set(name, scans(Plan).join("; "));
  }
  return [...plans].map(([name, plan]) => [`\`${name.slice(0, 90)}\``, plan]);
}

/**
 * @param {any} plan
 * @returns {string[]}
 */
function scans(plan) {
  const index = plan["Index Name"] ? ` on ${plan["Index Name"]}` : "";
  const own = /Scan$/.test(plan["Node Type"])
    ? [`${plan["Node Type"]}${index}`]
    : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scans)];
}

/** The same users day after day: what stays of it. */
async function piles(
  /** @type {import("./app.js").App} */ app,
  /** @type {import("./database.js").Database} */ { connection, rows },
  /** @type {import("./peers.js").User[]} */ users,
  /** @type {(markdown: string) => void} */ print,
) {
  const look = async () => {
    const { TwoFactorWindow: windows } = await rows();
    const account = await connection.one(
      'SELECT octet_length(a::text) AS bytes FROM "TwoFactorAccount" a WHERE "user" = $1',
      [users[0].id],
    );
    return { windows, bytes: account.bytes };
  };
  const before = await look();
  for (let day = 0; day < DAYS; day++) {
    await app.advance(DAY);
    for (const user of users) await app.signIn("challenge", user);
  }
  const after = await look();
  print(
    `${users.length} users who sign in on each of ${DAYS} days leave ${after.windows - before.windows} windows more than there were, and an account's row of ${after.bytes} bytes where it had ${before.bytes}. Events and sessions stay: the trail is the operator's, sessions are Parse's.`,
  );
  print("");
}

module.exports = { growth };
