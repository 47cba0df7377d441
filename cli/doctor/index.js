// @ts-check
"use strict";

/**
 * Checks a deployment. Each check says in one sentence what is so, what follows from it, and what to do.
 */

const { table } = require("../output.js");
const { findingOf } = require("./finding.js");
const { LOCAL_CHECKS } = require("./local/index.js");
const { REMOTE_CHECKS } = require("./remote/index.js");

/**
 * @typedef {{ check: string, verdict: import("./finding.js").Verdict, finding: string }} Line
 */

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "doctor",
  summary: "check a deployment",
  help: `Checks a deployment from outside and from within: that the server answers and takes the master key, its keys, that the state classes
are locked, that our handlers are the registered ones, that Parse's own /login is refused, what Parse Server's log prints, from where the
master key is taken, whose addresses are believed, that messages can be sent, and the clock. In the folder and environment that it is
called in it looks at the installed packages and the Twilio account.

For the check of /login it makes a user with a name that begins with parse-two-factor-doctor, and removes that user again. The app's own
triggers of _User see both. Nothing is sent to anybody.

Each line is ok, warning, failure or skipped (not to be seen from here), with what follows and what to do. Exit code 1 if there are
warnings, 2 if there are failures.

Example:
  PARSE_SERVER_URL=https://example.com/parse PARSE_SERVER_APPLICATION_ID=… PARSE_SERVER_MASTER_KEY=… npx parse-two-factor doctor`,
  takes: [0, 0],
  async run({ server: connection, env, folder }) {
    const server = connection();
    const { lines, health } = await remoteLines(server);
    const checks = [...lines, ...(await localLines(folder, env, health))];
    return { code: exitCode(checks), json: { checks }, text: report(checks) };
  },
};

/**
 * @param {import("../server.js").Server} server
 * @returns {Promise<{ lines: Line[], health?: any }>}
 */
async function remoteLines(server) {
  /** @type {any} */
  let health;
  const reached = await findingOf(async () => {
    health = await server.health();
    return reachedFinding(server);
  });
  const lines = [line("server", reached)];
  for (const [name, check] of Object.entries(REMOTE_CHECKS)) {
    const finding = health
      ? await findingOf(() => check(server, health))
      : /** @type {const} */ (["skipped", "the server did not say how it is."]);
    lines.push(line(name, finding));
  }
  return { lines, health };
}

/**
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @param {any} [health]
 * @returns {Promise<Line[]>}
 */
async function localLines(folder, env, health) {
  const lines = [];
  for (const [name, check] of Object.entries(LOCAL_CHECKS)) {
    lines.push(line(name, await findingOf(() => check(folder, env, health))));
  }
  return lines;
}

/**
 * The server answers: by which way, and which version it is.
 * @param {import("../server.js").Server} server
 * @returns {Promise<import("./finding.js").Finding>}
 */
async function reachedFinding(server) {
  const { body } = await server.send("GET", "/serverInfo");
  const version = body?.parseServerVersion;
  return server.isPrivate
    ? ["ok", `Parse Server ${version ?? ""} answers and takes the master key.`]
    : [
        "warning",
        "Parse Server answers and takes the master key, but over http: the key, passwords and codes travel in clear. Use https.",
      ];
}

/**
 * @param {string} check
 * @param {Readonly<import("./finding.js").Finding>} found
 * @returns {Line}
 */
function line(check, [verdict, finding]) {
  return { check, verdict, finding };
}

/**
 * @param {Line[]} lines
 * @param {import("./finding.js").Verdict} verdict
 */
function count(lines, verdict) {
  return lines.filter((line) => line.verdict === verdict).length;
}

/** @param {Line[]} lines */
function exitCode(lines) {
  if (count(lines, "failure") > 0) return 2;
  return count(lines, "warning") > 0 ? 1 : 0;
}

/** @param {Line[]} lines */
function report(lines) {
  const rows = lines.map(({ check, verdict, finding }) => [
    verdict,
    check,
    finding,
  ]);
  return `${table(rows)}

${count(lines, "ok")} ok, ${count(lines, "warning")} to look at, ${count(lines, "failure")} failed, ${count(lines, "skipped")} skipped.`;
}
