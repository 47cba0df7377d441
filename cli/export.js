// @ts-check
"use strict";

const fs = require("node:fs");
const { wasm } = require("../js/core.js");
const { forDashboard } = require("../js/parse/dashboard-columns.js");
const { CliError } = require("./cli-error.js");
const { written } = require("./key-lines.js");
const { ringOf } = require("./keys/ring.js");
const { plural, shown } = require("./output.js");
const { accounts } = require("./users/orphans.js");

/**
 * @typedef {import("./server.js").Server} Server
 * @typedef {import("../pkg/parse_two_factor.cjs").OpenedFactor} OpenedFactor
 *
 * @typedef {object} Found
 * @property {string[]} lines
 * @property {number} users of whom something is in them
 * @property {Record<string, number>} counts of factors in them, by method
 * @property {string[]} closed what could not be opened, and why
 */

/** Only its owner reads and writes it. */
const MODE = 0o600;

/** @type {Record<string, string>} */
const NAMES = {
  totp: "authenticator app",
  sms: "number",
  webauthn: "passkey",
};

/** @type {import("./commands.js").Command} */
module.exports = {
  usage: "export FILE [--user ID]",
  summary: "write the secrets of enrolled factors into a file, for leaving",
  help: `Opens the seals of all enrolled factors, and writes them into a new file that only its owner can read (mode 0600). A file that exists is not
overwritten. FILE is - for standard output, into a program that encrypts say, but never into a terminal.
Whoever reads the file can make every user's codes.

The command reads the rows over REST, with the master key, and opens the seals itself: set TWO_FACTOR_KEYS in its environment to the
server's ring. No server is asked to open anything. The export is an event (factors-exported), which stands in the trail before a
secret stands in the file.

An authenticator app is a line USER otpauth://…, USER being the objectId; import otpauth --by id reads it again. Numbers and passkeys are
lines of comment behind #: USER tel:+15005550006, and USER webauthn: with the credential in base64url, as docs/formats.md describes it.
Recovery codes are hashes, and cannot be exported. The column phone_number stays in _User.
--user ID exports one user, by objectId.

Exit code 1 if something could not be opened, or there is nothing.

Example:
  npx parse-two-factor export - | age --encrypt --recipient age1… > factors.age`,
  flags: { user: { type: "string" } },
  takes: [1, 1],
  async run({ args: [target], flags, server: connection, env }) {
    const ring = env.TWO_FACTOR_KEYS;
    if (!ring || !ringOf(env)) {
      throw new CliError(
        "Set TWO_FACTOR_KEYS to the ring of the server: this command opens the seals itself.",
      );
    }
    const isPiped = target === "-";
    if (isPiped && (process.stdout.isTTY || flags.json)) {
      throw new CliError(
        "Secrets do not go to a terminal, nor into JSON: name a file, or pipe the output into a program.",
      );
    }
    const server = connection();
    const { now, address } = await server.health();
    const file = isPiped ? undefined : create(target);
    try {
      const found = await openAll(server, ring, flags.user);
      if (found.users === 0) throw nothing(found, flags.user);
      const event = eventOf(found, {
        user: flags.user ?? "",
        at: now,
        address,
      });
      await server.request("POST", "/classes/TwoFactorEvent", {
        body: { ...event, ...forDashboard(event) },
      });
      const text = `${[heading(now), ...found.lines].join("\n")}\n`;
      file?.write(text);
      return outcome(found, target, file ? undefined : text);
    } catch (error) {
      file?.remove();
      throw error;
    }
  },
};

/**
 * A file that was not there before, empty as yet. Nobody can have put another one, or a link, in its place.
 * @param {string} path
 */
function create(path) {
  /** @type {number} */
  let file;
  try {
    file = fs.openSync(path, "wx", MODE);
  } catch (/** @type {any} */ error) {
    throw new CliError(
      error?.code === "EEXIST"
        ? `There is a file ${shown(path)} already, and it is not overwritten: name another one.`
        : `The file ${shown(path)} cannot be made (${error?.code}): name another one.`,
    );
  }
  return {
    /** @param {string} text */
    write(text) {
      fs.fchmodSync(file, MODE);
      fs.writeFileSync(file, text);
      fs.fsyncSync(file);
      fs.closeSync(file);
    },
    remove() {
      try {
        fs.closeSync(file);
      } catch {
        // It is closed already.
      }
      fs.rmSync(path, { force: true });
    },
  };
}

/**
 * @param {Server} server
 * @param {string} ring
 * @param {string | undefined} only the one user
 * @returns {Promise<Found>}
 */
async function openAll(server, ring, only) {
  /** @type {Found} */
  const found = { lines: [], users: 0, counts: {}, closed: [] };
  const those = only === undefined ? {} : { user: only };
  for await (const { row, isOrphan } of accounts(server, those)) {
    if (isOrphan || typeof row.user !== "string") continue;
    const factors = factorsOf(ring, row);
    if (typeof factors === "string") {
      found.closed.push(`${written(row.user)}: ${factors}`);
      continue;
    }
    const opened = factors.filter(({ uri }) => uri);
    found.lines.push(...opened.map((factor) => lineOf(row.user, factor)));
    for (const { method } of opened) {
      found.counts[method] = (found.counts[method] ?? 0) + 1;
    }
    if (opened.length > 0) found.users += 1;
    for (const { id, kid, uri } of factors) {
      if (uri) continue;
      found.closed.push(
        `${written(row.user)}: the factor ${shown(id)} is sealed with the key ${shown(kid)}, which is not in TWO_FACTOR_KEYS here or does not fit`,
      );
    }
  }
  return found;
}

/**
 * @param {string} ring
 * @param {any} row of `TwoFactorAccount`
 * @returns {OpenedFactor[] | string} the factors, or why the row cannot be read
 */
function factorsOf(ring, row) {
  try {
    return wasm.openFactors(ring, row.user, { ...row, id: row.objectId });
  } catch (/** @type {any} */ error) {
    return error.message;
  }
}

/**
 * What `import otpauth` cannot read is a comment.
 * @param {string} user
 * @param {OpenedFactor} factor
 */
function lineOf(user, { method, uri }) {
  return `${method === "totp" ? "" : "# "}${written(user)} ${uri}`;
}

/** @param {number} now */
function heading(now) {
  return `# Second factors of parse-two-factor, exported at ${new Date(now).toISOString()}. Whoever reads this can make these users' codes.
# Read again by: npx parse-two-factor import otpauth --by id < THIS_FILE`;
}

/**
 * @param {Found} found
 * @param {{ user: string, at: number, address: string | null }} at
 */
function eventOf({ users, counts }, { address, ...at }) {
  const sum = Object.values(counts).reduce((all, some) => all + some, 0);
  /** @type {import("../pkg/parse_two_factor.cjs").EventName} */
  const what = "factors-exported";
  const about = `${plural(sum, "factor")} of ${plural(users, "user")}`;
  return { what, ...at, ...(address && { address }), about, outcome: 0 };
}

/**
 * @param {Found} found
 * @param {string | undefined} user
 */
function nothing({ closed }, user) {
  const why =
    closed.length > 0
      ? `Nothing could be opened:\n${closed.join("\n")}`
      : user === undefined
        ? "No user has an enrolled factor."
        : `There is no user "${shown(user)}" with an enrolled factor. --user takes an objectId.`;
  return new CliError(why, 1);
}

/**
 * @param {Found} found
 * @param {string} target
 * @param {string | undefined} text what goes to standard output
 * @returns {import("./commands.js").Outcome}
 */
function outcome({ users, counts, closed }, target, text) {
  const what = Object.entries(counts)
    .map(([method, count]) => plural(count, NAMES[method] ?? method))
    .join(", ");
  const done = `${plural(users, "user")}: ${what} written to ${shown(target)}. Keep it like TWO_FACTOR_KEYS, and delete it once it was read.`;
  const left = closed.map((why) => `Not exported, ${why}.`);
  const said = [done, ...left].join("\n");
  if (text !== undefined) process.stderr.write(`${said}\n`);
  return {
    code: closed.length > 0 ? 1 : 0,
    json: { file: target, users, factors: counts, closed },
    text: text ?? said,
  };
}
