// @ts-check
"use strict";

const { startApp } = require("./app.js");
const { peers } = require("./peers.js");
const { barPlot } = require("./plot.js");
const { median, spread, table } = require("./stats.js");

const DAY = 86_400_000;

/**
 * @typedef {object} Round of one way: medians and means over its sign-ins
 * @property {number} wall milliseconds
 * @property {number} cpu milliseconds
 * @property {number} bytes
 */

/**
 * A whole sign-in, first call to session token, one client: every peer in turn, round after round.
 * @param {import("./run.js").Bench} bench
 */
async function signIn({ cluster, phone, quick, print, plot }) {
  const rounds = quick ? 4 : 15;
  const users = quick ? 4 : 10;
  /** @type {{way: string, title: string, app: import("./app.js").App, users: import("./peers.js").User[]}[]} */
  const signers = [];
  /** @type {import("./app.js").App[]} */
  const apps = [];
  /** @type {Record<string, Round[]>} */
  const measured = {};

  try {
    for (const [peer, { ways }] of Object.entries(peers)) {
      // Nobody signs in to a peer that is there for its start-up.
      if (Object.keys(ways).length === 0) continue;
      const database = await cluster.create(`sign_in_${peer}`);
      const app = await startApp(peer, database, phone);
      apps.push(app);
      for (const [way, { title }] of Object.entries(ways)) {
        const signer = {
          way,
          title,
          app,
          users: /** @type {import("./peers.js").User[]} */ ([]),
        };
        // One more, who goes first and is not measured: what is made once an hour is there for the others.
        for (let i = 0; i <= users; i++) {
          signer.users.push(await app.createUser(way));
        }
        signers.push(signer);
        measured[way] = [];
      }
    }
    await inTurn(signers, [phone], rounds, ({ way }, result) =>
      measured[way].push(result),
    );
  } finally {
    for (const app of apps) await app.stop();
  }

  /**
   * Round by round, in multiples of another way's figure.
   * @param {string} way
   * @param {keyof Round} what
   * @param {string} [other]
   */
  const ratios = (way, what, other = "plain") =>
    measured[way].map((round, i) => round[what] / measured[other][i][what]);
  print("## A whole sign-in");
  print("");
  print(
    `First call to session token, one client on keep-alive connections, a returning user. ${rounds} rounds of ${users} sign-ins for each, in turn. The figures are the median of the rounds, with the quartiles in parentheses. A ratio compares two figures of the same round. CPU is that of the Parse Server process with its threads. The database and the Twilio stand-in run in other processes. Bytes are those between client and server, in both directions, with headers.`,
  );
  print("");
  print(
    table(
      ["", "wall time, ms", "× plain", "CPU, ms", "× plain", "bytes"],
      signers.map(({ way, title }) => [
        title,
        spread(measured[way].map(({ wall }) => wall)),
        spread(ratios(way, "wall"), 2),
        spread(measured[way].map(({ cpu }) => cpu)),
        spread(ratios(way, "cpu"), 2),
        Math.round(median(measured[way].map(({ bytes }) => bytes))),
      ]),
    ),
  );
  print("");
  plot(
    "sign-in",
    "Wall time of a whole sign-in, in multiples of a plain login",
    barPlot(
      "Wall time of a whole sign-in, in multiples of a plain login",
      signers.map(({ way }) => {
        const value = median(ratios(way, "wall"));
        return { label: LABELS[way], value, note: value.toFixed(2) };
      }),
    ),
  );

  const versus = (
    /** @type {string} */ way,
    /** @type {keyof Round} */ what,
    /** @type {string} */ other,
  ) => spread(ratios(way, what, other), 2);
  print(
    `The challenge's wire by SMS takes ${versus("challenge", "wall", "least")} times the wall time and ${versus("challenge", "cpu", "least")} times the CPU of the least. What is above one is ours. The rest is Parse's and Twilio's own.`,
  );
  print("");
  print(
    `The tutorial's wire takes ${versus("tutorialWire", "wall", "tutorial")} times what the tutorial's own code takes.`,
  );
  print("");
}

/**
 * Signs in by everybody in turn, round after round. The first two rounds are not kept: compilers and caches warm up, and what first
 * sign-ins leave is cleared away.
 * @template {{way: string, app: import("./app.js").App, users: import("./peers.js").User[]}} T
 * @param {T[]} signers
 * @param {import("./process.js").Phone[]} phones
 * @param {number} rounds
 * @param {(signer: T, result: Round) => void} keep
 */
async function inTurn(signers, phones, rounds, keep) {
  const apps = new Set(signers.map(({ app }) => app));
  for (let round = -2; round < rounds; round++) {
    for (const app of apps) await app.advance(DAY);
    for (const phone of phones) phone.received.length = 0;
    // Another one begins each time, so that none always follows the same.
    const shift = (round + 2) % signers.length;
    for (const signer of [
      ...signers.slice(shift),
      ...signers.slice(0, shift),
    ]) {
      const result = await measure(signer);
      if (round >= 0) keep(signer, result);
    }
  }
}

/** Short enough for a plot. @type {Record<string, string>} */
const LABELS = {
  plain: "plain login",
  provider: "Parse's own, by a provider",
  least: "the least of two calls, SMS",
  tutorial: "tutorial's code, SMS",
  adapterSms: "Parse's MFA adapter, SMS",
  adapterTotp: "Parse's MFA adapter, TOTP",
  challenge: "ours, challenge's wire, SMS",
  tutorialWire: "ours, tutorial's wire, SMS",
  totp: "ours, challenge's wire, TOTP",
  oneCall: "ours, one call, TOTP",
  passkey: "ours, challenge's wire, passkey",
  word: "ours, a provider's word, TOTP",
  fallback: "ours, a call after a refused SMS",
  trusted: "ours, trusted browser",
};

/**
 * One sign-in of each user.
 * @param {{way: string, app: import("./app.js").App, users: import("./peers.js").User[]}} signer
 * @returns {Promise<Round>}
 */
async function measure({ way, app, users: [first, ...users] }) {
  const [server] = app.servers;
  const [client] = app.clients;
  await app.signIn(way, first);
  const cpuBefore = await server.cpu();
  const bytesBefore = client.bytes();
  /** @type {number[]} */
  const walls = [];
  for (const user of users) {
    const begin = performance.now();
    await app.signIn(way, user);
    walls.push(performance.now() - begin);
  }
  const bytes = client.bytes() - bytesBefore;
  const cpu = await server.cpu();
  const microseconds =
    cpu.user - cpuBefore.user + (cpu.system - cpuBefore.system);
  return {
    wall: median(walls),
    cpu: microseconds / 1000 / users.length,
    bytes: bytes / users.length,
  };
}

module.exports = { signIn, inTurn };
