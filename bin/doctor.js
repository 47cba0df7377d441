// @ts-check
"use strict";

/**
 * Checks a deployment: each check says in one sentence what is so, what follows from it, and what to do.
 */

const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");
const { CLASSES, isLocked } = require("../js/classes.js");
const { besideOurs } = require("../js/health.js");
const { credentials } = require("../js/sms.js");
const { amount, usesOf } = require("./key-use.js");
const { probe } = require("./probe.js");
const { table } = require("./output.js");
const { Trouble } = require("./trouble.js");

/**
 * @typedef {"ok" | "warning" | "failure" | "skipped"} Verdict
 * @typedef {[Verdict, string]} Finding
 */

/** An address for documentation (RFC 5737), which nobody can come from. */
const NOBODY = "203.0.113.77";

/** How far the clocks may be apart before codes of authenticator apps become a matter of luck. */
const CLOCKS_APART_MILLISECONDS = 20_000;

/** Checks of the running server, given what it says of itself. @type {Record<string, (server: import("./server.js").Server, health: any) => Finding | Promise<Finding>>} */
const THERE = {
  async keys(server, { keys, durable }) {
    const uses = await usesOf(server);
    const lost = [...uses].filter(([kid]) => !keys.includes(kid));
    if (lost.length > 0) {
      const what = lost.map(([kid, use]) => `${kid} (${amount(use)})`);
      return [
        "failure",
        `missing from TWO_FACTOR_KEYS: ${what.join(", ")}; these are refused (4023) until the key is put back.`,
      ];
    }
    if (!durable) {
      return [
        "warning",
        "no TWO_FACTOR_KEYS: codes by SMS work, but nothing can be enrolled and no recovery codes are made; draw a key with parse-two-factor keys new.",
      ];
    }
    const [writing, ...reading] = keys;
    return [
      "ok",
      `${writing} writes${reading.length > 0 ? `, ${reading.join(", ")} read` : ""}; nothing hangs on a missing key.`,
    ];
  },

  async classes(server) {
    const { results } = await server.must("GET", "/schemas");
    const open = Object.keys(CLASSES).filter(
      (name) =>
        !results.some(
          (/** @type {any} */ schema) =>
            schema.className === name && isLocked(schema),
        ),
    );
    return open.length > 0
      ? [
          "failure",
          `not locked to the master key: ${open.join(", ")}; clients can read or change what sign-ins go by. Restart the server: it locks them at start-up.`,
        ]
      : ["ok", "the state classes are locked to everyone but the master key."];
  },

  handlers(_, { replaced }) {
    if (!replaced) {
      return ["skipped", "this Parse Server does not show its handlers."];
    }
    return replaced.length > 0
      ? [
          "failure",
          `another handler stands in place of ours: ${replaced.join(", ")}; it may let users in without a second factor. Remove it (a webhook too, see GET /hooks/functions and /hooks/triggers), or hand it over as an option.`,
        ]
      : ["ok", "our Cloud functions and triggers are the registered ones."];
  },

  async "native-login"(server, { require }) {
    if (require === "nobody") {
      return [
        "warning",
        "require is 'nobody': Parse's own /login lets everyone in by password alone, as the first stage of a roll-out.",
      ];
    }
    const { refused, untried } = await probe(server);
    if (untried) {
      return [
        "warning",
        `not tried, as there could be no user to try it with: ${untried}`,
      ];
    }
    if (refused === 4010) {
      return [
        "ok",
        "Parse's own /login refuses a user with a second factor (4010).",
      ];
    }
    if (refused === undefined && require === "function") {
      return [
        "warning",
        "Parse's own /login let a user with a second factor in: right only if the app's function require answers 'nobody' for a new user.",
      ];
    }
    return [
      "failure",
      refused === undefined
        ? "Parse's own /login let a user with a second factor in by password alone: see handlers."
        : `Parse's own /login refused a user with a second factor, but not as ours would: with ${refused} in place of 4010.`,
    ];
  },

  log(_, { logged, logLevels, quietest }) {
    if (logLevels === false) {
      return [
        "warning",
        "this Parse Server has no logLevels: session tokens and codes stand in its log; keep that as secret as the database, or move to one with logLevels.",
      ];
    }
    if (!logged) return ["skipped", "this Parse Server does not show it."];
    return logged.length > 0
      ? [
          "failure",
          `Parse Server's log prints codes, session tokens and numbers: set logLevels: { ${logged.map((/** @type {string} */ name) => `${name}: '${quietest}'`).join(", ")} }.`,
        ]
      : ["ok", "Parse Server's log prints no codes, tokens or numbers."];
  },

  "live-query"(_, { liveQuery }) {
    if (liveQuery === null) {
      return ["skipped", "this Parse Server does not show it."];
    }
    return liveQuery
      ? [
          "failure",
          "LiveQuery covers TwoFactorAccount: calls that need a second factor are refused (4022). Name the app's own classes in liveQuery.classNames, or all but ours: '(?!TwoFactor).*'.",
        ]
      : ["ok", "LiveQuery keeps its hands off the state classes."];
  },

  adapters(_, { adapters }) {
    if (!adapters) return ["skipped", "this Parse Server does not show them."];
    return adapters.length > 0
      ? ["warning", besideOurs(adapters)]
      : ["ok", "no adapter of Parse Server's own asks for a second factor."];
  },

  "master-key-ips"(_, { masterKeyIps }) {
    const everyone = ["0.0.0.0/0", "0.0.0.0", "::/0", "::0", "::"];
    const open =
      !masterKeyIps?.length ||
      masterKeyIps.some((/** @type {string} */ ip) => everyone.includes(ip));
    return open
      ? [
          "warning",
          "the master key is taken from any address: who learns it resets every factor; set masterKeyIps to the machines that need it.",
        ]
      : ["ok", `the master key is taken from ${masterKeyIps.join(", ")} only.`];
  },

  async addresses(server, { trustAddresses, address }) {
    // Where the claim is believed, masterKeyIps may refuse it: that tells as much.
    const claimed = await server.ask("POST", "/functions/twoFactorHealth", {
      body: {},
      headers: { "X-Forwarded-For": NOBODY },
    });
    const believed =
      claimed.status === 401 ||
      claimed.status === 403 ||
      claimed.body?.result?.address === NOBODY;
    if (believed && trustAddresses) {
      return [
        "failure",
        "the server believes any X-Forwarded-For, and trustAddresses counts by it: an attacker takes another address for each call. Set trustProxy to your proxy alone.",
      ];
    }
    if (believed) {
      return [
        "warning",
        "the server believes any X-Forwarded-For: who sends one gets round masterKeyIps. Set trustProxy to your proxy alone.",
      ];
    }
    return trustAddresses
      ? [
          "ok",
          `a made-up X-Forwarded-For changes nothing; calls are counted by address. This one came from ${address}: that has to be this machine, and not your proxy.`,
        ]
      : [
          "ok",
          "a made-up X-Forwarded-For changes nothing; calls are not counted by address (trustAddresses).",
        ];
  },

  sms(_, { sms, sender }) {
    if (sms === "none") {
      return [
        "failure",
        "no messages can be sent (4018): set TWILLIO_ACCOUNT_SID and TWILLIO_AUTH_TOKEN where the server runs, or give the option sms.",
      ];
    }
    if (!sender) {
      return [
        "warning",
        "no sender for users without a From: set TWILLIO_FROM_NUMBER or TWILIO_MESSAGING_SERVICE_SID, unless your option sms chooses one.",
      ];
    }
    return [
      "ok",
      sms === "option"
        ? "messages go out by the option sms."
        : "messages go out by the Twilio account in the server's environment.",
    ];
  },

  clock(_, { now }) {
    const apart = Math.abs(now - Date.now());
    return apart > CLOCKS_APART_MILLISECONDS
      ? [
          "warning",
          `the server's clock and this machine's are ${Math.round(apart / 1000)} s apart: codes of authenticator apps go by the time, so set the one that is wrong.`,
        ]
      : ["ok", "the server's clock agrees with this machine's."];
  },
};

/** Checks of the folder and the environment that the command was called in. @type {Record<string, (folder: string, env: NodeJS.ProcessEnv) => Finding | Promise<Finding>>} */
const HERE = {
  router(folder) {
    const parseServer = installed("parse-server", folder);
    if (!parseServer) {
      return ["skipped", "no parse-server is installed in this folder."];
    }
    const router = installed("router", parseServer.at);
    const [major] = parseServer.version.split(".").map(Number);
    const [routerMajor, routerMinor] = (router?.version ?? "0.0")
      .split(".")
      .map(Number);
    const broken =
      major >= 8 && routerMajor === 2 && routerMinor >= 3 ? router : undefined;
    return broken
      ? [
          "failure",
          `parse-server ${parseServer.version} with router ${broken.version}: calls from Cloud Code fail with "Cannot convert undefined or null to object". Add "overrides": { "router": "2.2.0" } to package.json, delete node_modules and the lock file, and install again.`,
        ]
      : [
          "ok",
          `parse-server ${parseServer.version}${router ? ` with router ${router.version}` : ""} in this folder.`,
        ];
  },

  async twilio(folder, env) {
    const { accountSid, authToken } = credentials(env);
    if (!accountSid || !authToken) {
      return [
        "skipped",
        "no Twilio account in the environment of this command.",
      ];
    }
    let account;
    try {
      const client = sdk(folder)(accountSid, authToken, { timeout: 10_000 });
      account = await client.api.v2010.accounts(accountSid).fetch();
    } catch (/** @type {any} */ error) {
      if (error?.status === 401 || error?.code === 20003) {
        return [
          "failure",
          "Twilio does not take the account in the environment (20003): compare TWILLIO_ACCOUNT_SID and TWILLIO_AUTH_TOKEN with its console.",
        ];
      }
      const why = error?.code ?? error?.status ?? "no answer";
      return ["warning", `Twilio could not be asked (${why}): try again.`];
    }
    if (account.status !== "active") {
      return [
        "failure",
        `the Twilio account is ${account.status}: it sends nothing (4018).`,
      ];
    }
    return account.type === "Trial"
      ? [
          "warning",
          "the Twilio account is on trial: it sends to verified numbers only.",
        ]
      : ["ok", "Twilio takes the account in the environment, which is active."];
  },
};

/**
 * The package by this name that code in a folder would load.
 * @param {string} name
 * @param {string} folder
 * @returns {{ version: string, at: string } | undefined}
 */
function installed(name, folder) {
  for (let at = folder; ; at = path.dirname(at)) {
    const candidate = path.join(at, "node_modules", name);
    const manifest = path.join(candidate, "package.json");
    if (fs.existsSync(manifest)) {
      const { version } = JSON.parse(fs.readFileSync(manifest, "utf8"));
      return { version: String(version), at: fs.realpathSync(candidate) };
    }
    if (at === path.dirname(at)) return undefined;
  }
}

/**
 * Twilio's SDK as the app has it.
 * @param {string} folder
 * @returns {any}
 */
function sdk(folder) {
  try {
    return createRequire(path.join(folder, "package.json"))("twilio");
  } catch {
    return require("twilio");
  }
}

/**
 * @param {() => Finding | Promise<Finding>} check
 * @returns {Promise<Finding>}
 */
async function outcome(check) {
  try {
    return await check();
  } catch (error) {
    if (error instanceof Trouble) return ["failure", error.message];
    throw error;
  }
}

/** @type {import("./parse-two-factor.js").Command} */
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
  async run({ server: connect, env, folder }) {
    /** @type {{ check: string, verdict: Verdict, finding: string }[]} */
    const checks = [];
    /**
     * @param {string} check
     * @param {Finding} found
     */
    const add = (check, [verdict, finding]) => {
      checks.push({ check, verdict, finding });
      return verdict;
    };

    const server = connect();
    /** @type {any} */
    let health;
    const reached = await outcome(async () => {
      health = await server.health();
      const { body } = await server.ask("GET", "/serverInfo");
      const version = body?.parseServerVersion;
      const local = /^(localhost|127\.|\[::1\])/.test(new URL(server.url).host);
      return server.url.startsWith("https:") || local
        ? [
            "ok",
            `Parse Server ${version ?? ""} answers and takes the master key.`,
          ]
        : [
            "warning",
            "Parse Server answers and takes the master key, but over http: the key, passwords and codes travel in clear. Use https.",
          ];
    });
    add("server", reached);
    for (const [name, check] of Object.entries(THERE)) {
      add(
        name,
        health
          ? await outcome(() => check(server, health))
          : ["skipped", "the server did not say how it is."],
      );
    }
    for (const [name, check] of Object.entries(HERE)) {
      add(name, await outcome(() => check(folder, env)));
    }

    /** @param {Verdict} verdict */
    const count = (verdict) =>
      checks.filter((check) => check.verdict === verdict).length;
    const [failures, warnings] = [count("failure"), count("warning")];
    const text = [
      table(
        checks.map(({ check, verdict, finding }) => [verdict, check, finding]),
      ),
      "",
      `${count("ok")} ok, ${warnings} to look at, ${failures} failed, ${count("skipped")} skipped.`,
    ].join("\n");
    return {
      code: failures > 0 ? 2 : warnings > 0 ? 1 : 0,
      json: { checks },
      text,
    };
  },
};
