// @ts-check
"use strict";

const { startApp } = require("./app.js");
const { cachesToEmpty, shape } = require("./database.js");
const { peers } = require("./peers.js");

/** @typedef {import("./peers.js").User} User */

const DAY = 86_400_000;
const NOBODY = { id: "", username: "", password: "", phone: "" };

/**
 * Which sign-in is looked at. What a peer keeps for each user, number or hour is made the first time that it is
 * needed, so the first sign-ins cost more than those that follow.
 */
const OCCASIONS = {
  first: "a user's first sign-in ever, in an app that others use",
  returning:
    "a user's first sign-in of the day, after others have signed in on that day: the usual case",
  again: "the same user again, a minute later",
};

/**
 * The SQL statements of one whole sign-in, as PostgreSQL logged them: each one executed counts, BEGIN and COMMIT too.
 * Deterministic, so once is enough.
 *
 * @param {import("./run.js").Bench} bench
 */
async function statements({ cluster, phone, print }) {
  /** @type {{way: string, app: import("./app.js").App, user: User, other: User}[]} */
  const signers = [];
  /** @type {Record<string, Record<string, string[]>>} */
  const found = {};
  /** @type {Record<string, Record<string, number>>} */
  const left = {};

  /**
   * Everybody's sign-in after that time, each after somebody else's: what is made once a process, an app or an hour is
   * there by then.
   * @param {keyof typeof OCCASIONS} occasion
   * @param {number} milliseconds
   */
  const lookAt = async (occasion, milliseconds) => {
    await cachesToEmpty();
    for (const { way, app, user, other } of signers) {
      await app.advance(milliseconds);
      await app.signIn(way, other);
      const before = await app.database.rows();
      found[way] ??= {};
      found[way][occasion] = await app.database.trace(() =>
        app.signIn(way, user),
      );
      left[way] = difference(before, await app.database.rows());
    }
  };

  try {
    for (const [peer, { ways }] of Object.entries(peers)) {
      for (const way of Object.keys(ways)) {
        const name = `statements_${way.toLowerCase()}`;
        const database = await cluster.create(name, { logged: true });
        const app = await startApp(peer, database, phone);
        // Into the list at once, so that it is stopped whatever happens.
        const signer = { way, app, user: NOBODY, other: NOBODY };
        signers.push(signer);
        signer.other = await app.createUser(way);
        signer.user = await app.createUser(way);
      }
    }
    await lookAt("first", DAY);
    // Twice: on the first of these days what the first sign-ins left behind is cleared away.
    await lookAt("returning", DAY);
    await lookAt("returning", DAY);
    const kept = { ...left };
    await lookAt("again", 60_000);
    Object.assign(left, kept);
  } finally {
    for (const { app } of signers) await app.stop();
  }

  print("## Statements of a sign-in");
  print("");
  print(
    "As PostgreSQL logs them. Each executed statement counts, including BEGIN and COMMIT (in parentheses without them).",
  );
  print("");
  for (const [occasion, title] of Object.entries(OCCASIONS)) {
    print(`- ${occasion}: ${title}`);
  }
  print("");
  print(
    `| | ${Object.keys(OCCASIONS).join(" | ")} | rows left by *returning* |`,
  );
  print(
    `| --- | ${Object.keys(OCCASIONS)
      .map(() => "--: | ")
      .join("")} --- |`,
  );
  for (const [way, title] of titles()) {
    const counts = Object.keys(OCCASIONS).map((occasion) => {
      const all = found[way][occasion];
      const work = all.filter((text) => !isBracket(text));
      return all.length === work.length
        ? String(all.length)
        : `${all.length} (${work.length})`;
    });
    const rows = Object.entries(left[way]).map(([table, n]) => `${table} ${n}`);
    print(
      `| ${title} | ${counts.join(" | ")} | ${rows.join(", ") || "none"} |`,
    );
  }
  print("");
  print("Those of *returning*, in order:");
  for (const [way, title] of titles()) {
    print("");
    print(`${title}:`);
    print("");
    print("```text");
    for (const [i, text] of found[way].returning.entries()) {
      print(`${String(i + 1).padStart(2)}  ${shape(text).slice(0, 150)}`);
    }
    print("```");
  }
  print("");
  return { found, left };
}

/** @returns {[string, string][]} */
function titles() {
  return Object.values(peers).flatMap(({ ways }) =>
    Object.entries(ways).map(
      ([way, { title }]) => /** @type {[string, string]} */ ([way, title]),
    ),
  );
}

/** @param {string} statement */
function isBracket(statement) {
  return /^\s*(begin|commit|rollback)\b/i.test(statement);
}

/**
 * @param {Record<string, number>} before
 * @param {Record<string, number>} after
 */
function difference(before, after) {
  return Object.fromEntries(
    Object.entries(after)
      .map(
        ([table, n]) =>
          /** @type {[string, number]} */ ([table, n - (before[table] ?? 0)]),
      )
      .filter(([, n]) => n !== 0),
  );
}

module.exports = { statements };
