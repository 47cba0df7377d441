// @ts-check
"use strict";

const { createHmac, timingSafeEqual } = require("node:crypto");
const { Authenticator } = require("../tests/support/authenticator.js");
const { fromBase32, totp } = require("../tests/support/totp.js");
const { startApp } = require("./app.js");
const { buildCore, installPeers } = require("./install.js");
const { Player } = require("./recorder.js");
const { median, spread, table } = require("./stats.js");

/** @typedef {import("./recorder.js").Crossing} Crossing */

/** Any moment will do; this one is amid a step. */
const NOW = Date.UTC(2026, 0, 1, 0, 0, 15) / 1000;
const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const URI = `otpauth://totp/Parse:user%40example.com?secret=${SECRET}&issuer=Parse&algorithm=SHA1&digits=6&period=30`;

const DAY = 86_400_000;
/** Of the buffer of `bench/core`. */
const SIZE = 65_536;

/**
 * The core alone: single functions beside the libraries that do the same, and whole ceremonies as they were recorded.
 * @param {import("./run.js").Bench} bench
 */
async function core(bench) {
  await installPeers();
  const { signIn, ...others } = await libraries();
  functions(others, bench);
  await ceremonies(signIn, bench);
}

/**
 * @typedef {object} Library
 * @property {string} title
 * @property {(code: string) => boolean} verify
 * @property {() => string} generate
 */

/** @returns {Promise<{libraries: Record<string, Library>, qr: Record<string, () => unknown>, signIn: () => unknown}>} */
async function libraries() {
  // Not everything has types, and peers are installed by the benchmark alone.
  const load = (/** @type {string} */ name) =>
    require(require.resolve(name, { paths: [__dirname] }));
  const version = (/** @type {string} */ name) =>
    `\`${name}\` ${require("./package.json").dependencies[/** @type {"otpauth"} */ (name)]}`;
  const secret = fromBase32(SECRET);
  const ours = await own(buildCore(), secret);

  const otpauth = load("otpauth");
  const totpObject = new otpauth.TOTP({
    secret: otpauth.Secret.fromBase32(SECRET),
    algorithm: "SHA1",
    digits: 6,
    period: 30,
  });

  const otplib = load("otplib");
  const { NodeCryptoPlugin } = load("@otplib/plugin-crypto-node");
  const options = { secret, epoch: NOW, crypto: new NodeCryptoPlugin() };

  const speakeasy = load("speakeasy");
  const hex = { secret: secret.toString("hex"), encoding: "hex", time: NOW };

  const QRCode = load("qrcode");
  const svg = { type: "svg", errorCorrectionLevel: "M" };

  return {
    libraries: {
      ours: {
        title: "ours (`src/totp.rs`)",
        verify: ours.verify,
        generate: ours.generate,
      },
      hand: {
        title: "`node:crypto` by hand",
        verify: (code) => byHand(secret, code),
        generate: () => codeByHand(secret, Math.floor(NOW / 30)),
      },
      otpauth: {
        title: version("otpauth"),
        verify: (token) =>
          totpObject.validate({ token, timestamp: NOW * 1000, window: 1 }) !==
          null,
        generate: () => totpObject.generate({ timestamp: NOW * 1000 }),
      },
      otplib: {
        title: `${version("otplib")}, its plugin for \`node:crypto\``,
        verify: (token) =>
          otplib.verifySync({ ...options, token, epochTolerance: 30 }).valid,
        generate: () => otplib.generateSync(options),
      },
      speakeasy: {
        title: version("speakeasy"),
        verify: (token) => speakeasy.totp.verify({ ...hex, token, window: 1 }),
        generate: () => speakeasy.totp(hex),
      },
    },
    qr: {
      ours: () => ours.qr(URI),
      qrcode: () => QRCode.toString(URI, svg, () => {}),
    },
    signIn: ours.signIn,
  };
}

/**
 * `bench/core`. The secret lies in its memory, as it does in the core that has just opened it; strings go in and out.
 * @param {Buffer} binary
 * @param {Buffer} secret
 */
async function own(binary, secret) {
  const module = new WebAssembly.Module(/** @type {any} */ (binary));
  // The crate's own boundary is in there as well; nothing of it is called.
  /** @type {Record<string, Record<string, () => never>>} */
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = () => {
      throw new Error(`${name} is not there`);
    };
  }
  const { exports } = /** @type {any} */ (
    await WebAssembly.instantiate(module, imports)
  );
  const at = exports.buffer();
  let memory = new Uint8Array(exports.memory.buffer, at, SIZE);
  // When the memory has grown, views of it are void.
  const view = () => {
    if (memory.length === 0) {
      memory = new Uint8Array(exports.memory.buffer, at, SIZE);
    }
    return memory;
  };
  const decoder = new TextDecoder();
  const write = (/** @type {string} */ text, /** @type {number} */ to) => {
    const bytes = view();
    for (let i = 0; i < text.length; i++) bytes[to + i] = text.charCodeAt(i);
  };
  view().set(secret);
  return {
    verify: (/** @type {string} */ code) => {
      write(code, secret.length);
      return exports.check(secret.length, code.length, NOW, 1) >= 0;
    },
    generate: () => {
      exports.code(secret.length, Math.floor(NOW / 30));
      const end = secret.length + 6;
      return String.fromCharCode(...view().subarray(secret.length, end));
    },
    qr: (/** @type {string} */ text) => {
      write(text, secret.length);
      const length = exports.qr(secret.length, text.length);
      return decoder.decode(
        view().subarray(secret.length, secret.length + length),
      );
    },
    /** A whole sign-in by SMS on the challenge's wire; the database is a value in the same memory. */
    signIn: () => exports.sign_in(),
  };
}

/**
 * @param {Buffer} secret
 * @param {number} step
 */
function codeByHand(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const truncated = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(truncated % 1_000_000).padStart(6, "0");
}

/**
 * @param {Buffer} secret
 * @param {string} code
 */
function byHand(secret, code) {
  const given = Buffer.from(code);
  const step = Math.floor(NOW / 30);
  let valid = false;
  for (let at = step - 1; at <= step + 1; at++) {
    const expected = Buffer.from(codeByHand(secret, at));
    if (given.length === expected.length && timingSafeEqual(given, expected)) {
      valid = true;
    }
  }
  return valid;
}

/**
 * @param {{libraries: Record<string, Library>, qr: Record<string, () => unknown>}} libraries
 * @param {import("./run.js").Bench} bench
 */
function functions({ libraries: peers, qr }, { quick, print }) {
  const right = totp(SECRET, NOW * 1000);
  const before = totp(SECRET, (NOW - 30) * 1000);
  const after = totp(SECRET, (NOW + 30) * 1000);
  const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, "0");
  for (const { title, verify, generate } of Object.values(peers)) {
    const as = [right, before, after, wrong].map(verify).join();
    if (as !== "true,true,true,false" || generate() !== right) {
      throw new Error(`${title} does not work as it is called here`);
    }
  }

  /** @type {[string, (library: Library) => () => unknown][]} */
  const tasks = [
    [
      "verify, right",
      ({ verify }) =>
        () =>
          verify(right),
    ],
    [
      "a step early",
      ({ verify }) =>
        () =>
          verify(before),
    ],
    [
      "a step late",
      ({ verify }) =>
        () =>
          verify(after),
    ],
    [
      "wrong",
      ({ verify }) =>
        () =>
          verify(wrong),
    ],
    ["generate", ({ generate }) => generate],
  ];
  /** @type {Record<string, string[]>} */
  const cells = {};
  /** @type {string[]} */
  const ratios = [];
  for (const [name, task] of tasks) {
    const works = Object.fromEntries(
      Object.entries(peers).map(([key, library]) => [key, task(library)]),
    );
    const rates = alternate(works, quick);
    for (const key of Object.keys(peers)) {
      (cells[key] ??= []).push(
        spread(
          rates[key].map((n) => n / 1000),
          0,
        ),
      );
    }
    const over = rates.ours.map((n, i) => n / rates.otpauth[i]);
    ratios.push(`${name} ${spread(over, 1)}`);
  }
  print("## The core alone");
  print("");
  print(
    "TOTP, in thousands of calls a second: medians and quartiles, every library in turn. Each gets the secret in the form that it takes fastest, and a window of one step either way. Ours is the core's own `totp::check` and `totp::code`, compiled into a WebAssembly of their own (`bench/core`). The package itself exports no such function, because it checks a code only within a ceremony; that is measured below. Ours begins with the latest step, so that a later one wins, and stops at the first match. The one by hand compares all three steps. The others begin with the current step.",
  );
  print("");
  print(
    table(
      ["", ...tasks.map(([name]) => name)],
      Object.entries(peers).map(([key, { title }]) => [title, ...cells[key]]),
    ),
  );
  print("");
  print(`Ours in multiples of \`otpauth\`: ${ratios.join(", ")}.`);
  print("");
  const rates = alternate(qr, quick);
  const { qrcode } = require("./package.json").dependencies;
  print(
    `A QR code of an enrollment as SVG: ours ${spread(
      rates.ours.map((n) => 1e6 / n),
      0,
    )} µs, \`qrcode\` ${qrcode} ${spread(
      rates.qrcode.map((n) => 1e6 / n),
      0,
    )} µs.`,
  );
  print("");
}

/**
 * @param {Record<string, () => unknown>} works
 * @param {boolean} quick
 * @returns {Record<string, number[]>} calls a second, by round
 */
function alternate(works, quick) {
  const rounds = quick ? 3 : 11;
  const milliseconds = quick ? 20 : 100;
  /** @type {Record<string, number[]>} */
  const rates = {};
  for (let round = -1; round < rounds; round++) {
    for (const [name, work] of Object.entries(works)) {
      const begin = performance.now();
      let calls = 0;
      let took = 0;
      while (took < milliseconds) {
        for (let i = 0; i < 50; i++) work();
        calls += 50;
        took = performance.now() - begin;
      }
      // The first round is for the compilers.
      if (round >= 0) (rates[name] ??= []).push((calls * 1000) / took);
    }
  }
  return rates;
}

/**
 * @param {() => unknown} decide a sign-in by SMS on the challenge's wire, without the boundary
 * @param {import("./run.js").Bench} bench
 */
async function ceremonies(decide, { cluster, phone, quick, print }) {
  const database = await cluster.create("core");
  const app = await startApp("ours", database, phone, { recording: true });
  /** @type {Crossing[]} */
  let setUp;
  /** @type {Record<string, Crossing[]>} */
  const acts = {};
  try {
    const { recorded } = app.servers[0];
    const recording = async (/** @type {() => Promise<unknown>} */ work) => {
      await recorded();
      await work();
      return recorded();
    };
    setUp = (await recorded()).filter(({ method }) => method === "new");

    const bySms = await app.createUser("challenge");
    await app.signIn("challenge", bySms);
    await app.advance(DAY);
    acts["sign-in by SMS, challenge's wire"] = await recording(() =>
      app.signIn("challenge", bySms),
    );
    await app.advance(DAY);
    acts["sign-in by SMS, tutorial's wire"] = await recording(() =>
      app.signIn("tutorialWire", bySms),
    );
    const byTotp = NOBODY();
    acts[
      "enrollment of an authenticator app, its QR code and ten recovery codes"
    ] = await recording(async () =>
      Object.assign(byTotp, await app.createUser("totp")),
    );
    await app.advance(DAY);
    acts["sign-in by TOTP"] = await recording(() => app.signIn("totp", byTotp));
    acts["sign-in by recovery code"] = await recording(async () => {
      const { username, password } = byTotp;
      const [client] = app.clients;
      const { challenge } = await client.run("login", { username, password });
      const [code] = byTotp.recoveryCodes ?? [];
      const method = "recovery";
      await client.run("login", { challenge, code, method });
    });
    for (const algorithm of ALGORITHMS) {
      const authenticator = new Authenticator(algorithm);
      const byPasskey = await app.createUser("passkey", authenticator);
      await app.advance(DAY);
      acts[`sign-in by passkey, ${algorithm}`] = await recording(() =>
        app.signIn("passkey", byPasskey),
      );
    }
    acts["a call that is refused at once, the cheapest there is"] =
      await recording(() =>
        app.clients[0].rest("POST", "/functions/login", {}),
      );
  } finally {
    await app.stop();
  }

  const player = new Player();
  player.check(setUp);
  /** @type {(string | number)[][]} */
  const rows = [];
  for (const [title, crossings] of Object.entries(acts)) {
    if (crossings.length === 0) throw new Error(`nothing recorded: ${title}`);
    player.check(crossings);
    const { act } = alternate({ act: () => player.play(crossings) }, quick);
    const micro = act.map((rate) => 1e6 / rate);
    const bytes = crossings.reduce((sum, crossing) => sum + size(crossing), 0);
    rows.push([title, spread(micro), crossings.length, bytes]);
  }
  print(
    "Whole ceremonies. Everything that goes into the core (arguments, replies, random bytes) was recorded in a running server. It is replayed without the server, and the output is compared with the recording. The time is the sum of all crossings: the boundary in both directions, decisions and keyed hashes. A sign-in by passkey has one verification, and RS256 a key of 2048 bits.",
  );
  print("");
  print(table(["", "µs", "crossings", "bytes across, as JSON"], rows));
  print("");
  const sms = acts["sign-in by SMS, challenge's wire"];
  const both = alternate({ decide, all: () => player.play(sms) }, quick);
  const [decisions, whole] = [both.decide, both.all].map((rates) =>
    rates.map((rate) => 1e6 / rate),
  );
  print(
    `The decisions of the first one take ${spread(decisions)} µs, with all keyed hashes. This is the same sign-in within one WebAssembly, where the database is a value and nothing crosses the boundary (\`bench/core\`). With all crossings it took ${spread(whole)} µs in the same run. The difference, ${spread(whole.map((all, i) => all - decisions[i]))} µs, is the boundary.`,
  );
  print("");
  const each = sms.map((crossing) => perCrossing(crossing, player, sms, quick));
  print("The crossings of the first of them, each alone:");
  print("");
  print(
    table(
      ["", "answer", "µs", "bytes in", "bytes out"],
      sms.map((crossing, i) => [
        `${crossing.method}(${brief(crossing.args)})`,
        outcome(crossing),
        each[i].toFixed(1),
        JSON.stringify(crossing.args).length,
        JSON.stringify(crossing.result ?? "").length,
      ]),
    ),
  );
  print("");
}

/** Of passkeys, the preferred one first. */
const ALGORITHMS = /** @type {const} */ (["ES256", "EdDSA", "RS256"]);

const NOBODY = () =>
  /** @type {import("./peers.js").User} */ ({
    id: "",
    username: "",
    password: "",
    phone: "",
  });

/**
 * What one crossing takes amid the others.
 * @param {Crossing} crossing
 * @param {InstanceType<typeof Player>} player
 * @param {Crossing[]} act
 * @param {boolean} quick
 */
function perCrossing(crossing, player, act, quick) {
  const at = act.indexOf(crossing);
  const [before, after] = [act.slice(0, at), act.slice(at + 1)];
  const times = [];
  for (let round = 0; round < (quick ? 200 : 2000); round++) {
    player.play(before);
    const begin = performance.now();
    player.play([crossing]);
    times.push((performance.now() - begin) * 1000);
    player.play(after);
  }
  return median(times);
}

/** @param {Crossing} crossing */
function size({ args, result }) {
  return JSON.stringify(args).length + JSON.stringify(result ?? "").length;
}

/** @param {any[]} args */
function brief(args) {
  return args
    .map((arg) =>
      typeof arg === "object" && arg !== null
        ? `{${Object.keys(arg).join(", ")}}`
        : typeof arg === "number"
          ? "now"
          : String(arg),
    )
    .join(", ");
}

/** @param {Crossing} crossing */
function outcome({ result, made }) {
  if (made !== undefined) return "the ceremony";
  return result?.effect?.do ?? Object.keys(result ?? {}).join() ?? "";
}

module.exports = { core };
