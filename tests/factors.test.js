// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, before, describe, test } = require("node:test");
const OTPAuth = require("otpauth");
const otplib = require("otplib");
const { elements } = require("./support/account");
const { startApp, wrongCode } = require("./support/app");
const { result, granted, refused, tally } = require("./support/answers");
const { STEP, fromBase32, totp } = require("./support/totp");

/** @typedef {import("./support/app").App} App */
/** @typedef {import("./support/app").User} User */
/** @typedef {import("./support/app").Answer} Answer */
/** @typedef {import("./support/app").Factor} Factor */
/** @typedef {import("./support/app").Enrolled} Enrolled */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** @param {string} id */
const key = (id) => `${id}:${randomBytes(32).toString("base64")}`;
const KEY = key("a");

/** @type {App} */
let app;

before(async () => {
  app = await startApp({
    options: { keys: KEY, issuer: "The House" },
    server: { readOnlyMasterKey: "tests-read-only-key" },
  });
});
after(() => app?.stop());

/** @param {Record<string, any>} [columns] */
const withoutNumber = (columns = {}, on = app) =>
  on.createUser({ phone_number: undefined, ...columns });

/**
 * A user with the tutorial's number and TOTP as well.
 * @returns {Promise<Enrolled>}
 */
async function enrolledBesideSms() {
  const user = await app.createUser();
  const token = await app.sessionOf(user);
  const caller = { sessionToken: token };
  const { challenge } = result(await app.run("stepUp", {}, caller));
  const code = app.codeOf(user);
  result(await app.run("stepUp", { challenge, code }, caller));
  const { enrollment, secret } = result(
    await app.run("enrollTwoFactor", { method: "totp" }, caller),
  );
  const { factor, recoveryCodes } = result(
    await app.run(
      "confirmTwoFactor",
      { enrollment, code: totp(secret, app.now()) },
      caller,
    ),
  );
  await app.advance(16 * MINUTE);
  return { user, token, secret, factor, recoveryCodes };
}

/**
 * The first call.
 * @param {User} user
 * @param {object} [more]
 * @param {App} [on]
 */
async function first({ username, password }, more = {}, on = app) {
  const begun = result(await on.run("login", { username, password, ...more }));
  assert.equal(typeof begun.challenge, "string", JSON.stringify(begun));
  return begun;
}

/**
 * Proves the authenticator app again, in a step not used before.
 * @param {Pick<Enrolled, "token" | "secret">} who
 * @param {App} [on]
 * @returns {Promise<number>}
 */
async function stepUp({ token, secret }, on = app) {
  const caller = { sessionToken: token };
  await on.advance(STEP);
  const { challenge } = result(await on.run("stepUp", {}, caller));
  const code = totp(secret, on.now());
  const { until } = result(await on.run("stepUp", { challenge, code }, caller));
  return until;
}

/**
 * @param {string} token
 * @param {App} [on]
 */
const statusOf = async (token, on = app) =>
  result(await on.run("twoFactorStatus", {}, { sessionToken: token }));

/**
 * @param {User} user
 * @param {App} [on]
 * @returns {Promise<any[]>}
 */
const eventsOf = (user, on = app) =>
  on.rows("TwoFactorEvent", { user: user.id });

describe("the two libraries that apps are checked against", () => {
  test("agree with the ten lines that these tests compute codes by", () => {
    const rfc = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    assert.equal(totp(rfc, 1_111_111_109_000), "081804");
    for (let n = 0; n < 200; n++) {
      const bytes = randomBytes(20);
      const secret = new OTPAuth.Secret({
        buffer: new Uint8Array(bytes).buffer,
      }).base32;
      const at = 1000 * bytes.readUInt32BE(0);
      const theirs = new OTPAuth.TOTP({ secret }).generate({ timestamp: at });
      assert.equal(totp(secret, at), theirs);
      assert.equal(
        totp(secret, at),
        otplib.generateSync({ secret, epoch: at / 1000 }),
      );
    }
  });
});

describe("enrolling an authenticator app", () => {
  test("needs a session", async () => {
    const { password } = await withoutNumber();
    const params = { method: "totp", password };
    refused(await app.run("enrollTwoFactor", params), 209);
    refused(
      await app.run("confirmTwoFactor", { enrollment: "x", code: "1" }),
      209,
    );
  });

  test("needs the password of a user without a factor", async () => {
    const user = await withoutNumber();
    const other = await withoutNumber();
    const caller = { sessionToken: await app.sessionOf(user) };
    for (const [password, code] of /** @type {const} */ ([
      [undefined, 4021],
      ["", 4021],
      [{ $ne: "" }, 4021],
      ["not the password", 101],
      [other.password, 101],
    ])) {
      const params = { method: "totp", password };
      refused(await app.run("enrollTwoFactor", params, caller), code);
    }
  });

  test("takes a method that can be enrolled, and no other", async () => {
    const user = await withoutNumber();
    const caller = { sessionToken: await app.sessionOf(user) };
    for (const method of [undefined, "", "recovery", "phone_number", 1, {}]) {
      const answer = await app.run(
        "enrollTwoFactor",
        { method, password: user.password },
        caller,
      );
      refused(answer, method === "phone_number" ? [4016, 4021] : 4021);
    }
  });

  test("takes no label with a control character, and begins nothing", async () => {
    const user = await app.createUser({ phone_number: undefined });
    const { id, password } = user;
    const caller = { sessionToken: await app.sessionOf(user) };
    for (const control of "\0\b\t\n\r\x1b\x7f\x85\x9b") {
      const label = `my ${control}[2J phone`;
      const params = { method: "totp", password, label };
      refused(await app.run("enrollTwoFactor", params, caller), 4021);
    }
    assert.deepEqual(await app.rows("TwoFactorAccount", { user: id }), []);
  });

  test("answers with 160 bits of secret, their URI, its QR code, and nothing else", async () => {
    const username = `Zoë: a&b #${randomBytes(4).toString("hex")}`;
    const user = await withoutNumber({ username });
    const caller = { sessionToken: await app.sessionOf(user) };
    const answer = await app.run(
      "enrollTwoFactor",
      { method: "totp", password: user.password },
      caller,
    );

    const { enrollment, secret, uri, qr } = result(answer);

    assert.deepEqual(Object.keys(answer.body.result).sort(), [
      "enrollment",
      "qr",
      "secret",
      "uri",
    ]);
    assert.match(enrollment, /^[\x21-\x7e]{22,}$/);
    assert.match(secret, /^[A-Z2-7]{32}$/);
    assert.equal(fromBase32(secret).length, 20);
    const read = OTPAuth.URI.parse(uri);
    assert.ok(read instanceof OTPAuth.TOTP);
    assert.equal(read.secret.base32, secret);
    assert.equal(read.issuer, "The House");
    assert.equal(read.label, username);
    assert.deepEqual(
      [read.algorithm, read.digits, read.period],
      ["SHA1", 6, 30],
    );
    assert.match(
      qr,
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+"[^>]*>(<path [^<>]*\/>)+<\/svg>$/,
    );
  });

  test("draws another secret each time (short or fixed secrets, CVE-2024-8796)", async () => {
    const user = await withoutNumber();
    const caller = { sessionToken: await app.sessionOf(user) };
    const secrets = new Set();
    for (let n = 0; n < 4; n++) {
      const params = { method: "totp", password: user.password };
      const { secret } = result(
        await app.run("enrollTwoFactor", params, caller),
      );
      secrets.add(secret);
    }
    assert.equal(secrets.size, 4);
  });

  test("is confirmed by a code: the factor counts, and ten recovery codes are shown", async () => {
    const user = await withoutNumber();
    const caller = { sessionToken: await app.sessionOf(user) };
    const { enrollment, secret } = result(
      await app.run(
        "enrollTwoFactor",
        { method: "totp", password: user.password, label: "My phone" },
        caller,
      ),
    );
    const code = totp(secret, app.now());
    const wrong = { enrollment, code: wrongCode(code) };
    refused(await app.run("confirmTwoFactor", wrong, caller), 141);

    const answer = await app.run(
      "confirmTwoFactor",
      { enrollment, code },
      caller,
    );

    const { factor, recoveryCodes } = result(answer);
    assert.deepEqual(answer.body.result, { factor, recoveryCodes });
    assert.deepEqual(factor, {
      id: factor.id,
      method: "totp",
      label: "My phone",
      createdAt: app.now(),
    });
    assert.equal(new Set(recoveryCodes).size, 10);
    for (const recoveryCode of recoveryCodes) {
      // Crockford's base32, 5 bits each: at least 112 bits.
      assert.match(
        recoveryCode.replaceAll("-", ""),
        /^[0-9A-HJKMNP-TV-Z]{23,}$/,
      );
    }
    assert.deepEqual(await statusOf(caller.sessionToken), {
      factors: [factor],
      recoveryCodesLeft: 10,
      disabled: false,
    });
    refused(
      await app.run("confirmTwoFactor", { enrollment, code }, caller),
      4012,
    );
  });

  test("and signing in interoperate with codes of otpauth and otplib", async () => {
    for (let n = 0; n < 4; n++) {
      const user = await withoutNumber();
      const caller = { sessionToken: await app.sessionOf(user) };
      const params = { method: "totp", password: user.password };
      const { enrollment, secret, uri } = result(
        await app.run("enrollTwoFactor", params, caller),
      );
      const theirs = /** @type {any} */ (OTPAuth.URI.parse(uri));
      const otpauth = () => theirs.generate({ timestamp: app.now() });
      const other = () =>
        otplib.generateSync({ secret, epoch: app.now() / 1000 });
      const [one, two] = n % 2 ? [otpauth, other] : [other, otpauth];
      const confirmed = { enrollment, code: one() };
      result(await app.run("confirmTwoFactor", confirmed, caller));
      await app.advance(STEP * (1 + n * 1000));
      const { challenge } = await first(user);
      granted(await app.run("login", { challenge, code: two() }));
    }
  });

  test("is for the session that began it: no other session confirms it", async () => {
    const user = await withoutNumber();
    const caller = { sessionToken: await app.sessionOf(user) };
    const params = { method: "totp", password: user.password };
    const { enrollment, secret } = result(
      await app.run("enrollTwoFactor", params, caller),
    );
    const confirm = { enrollment, code: totp(secret, app.now()) };
    for (const somebody of [user, await withoutNumber()]) {
      const sessionToken = await app.sessionOf(somebody);
      refused(
        await app.run("confirmTwoFactor", confirm, { sessionToken }),
        4012,
      );
    }
    result(await app.run("confirmTwoFactor", confirm, caller));
  });

  test("is confirmed once, however many try at once", async () => {
    const user = await withoutNumber();
    const caller = { sessionToken: await app.sessionOf(user) };
    const params = { method: "totp", password: user.password };
    const { enrollment, secret } = result(
      await app.run("enrollTwoFactor", params, caller),
    );
    const confirm = { enrollment, code: totp(secret, app.now()) };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        app.run("confirmTwoFactor", confirm, caller),
      ),
    );
    const confirmed = answers.filter(({ status }) => status === 200);
    assert.equal(confirmed.length, 1, JSON.stringify(tally(answers)));
    const { factors, recoveryCodesLeft } = await statusOf(caller.sessionToken);
    assert.equal(factors.length, 1);
    assert.equal(recoveryCodesLeft, 10);
  });

  test("without a key ring is refused with what to set", async () => {
    const bare = await startApp();
    try {
      const user = await withoutNumber({}, bare);
      const caller = { sessionToken: await bare.sessionOf(user) };
      const { password } = user;
      for (const params of [
        { method: "totp", password },
        { method: "sms", password, phoneNumber: bare.newNumber() },
      ]) {
        const answer = await bare.run("enrollTwoFactor", params, caller);
        refused(answer, 4023);
        assert.match(answer.body.error, /TWO_FACTOR_KEYS/);
      }
      assert.deepEqual(bare.messages(), []);
      const { username } = user;
      granted(await bare.run("login", { username, password }));
    } finally {
      await bare.stop();
    }
  });
});

describe("a half-finished enrolment (attack 19: fortify#201, authentik#2330)", () => {
  test("neither counts as a factor nor locks out", async () => {
    const user = await withoutNumber();
    const { username, password } = user;
    const caller = { sessionToken: await app.sessionOf(user) };
    for (const params of [
      { method: "totp", password },
      { method: "sms", password, phoneNumber: app.newNumber() },
    ]) {
      result(await app.run("enrollTwoFactor", params, caller));
    }

    assert.deepEqual(await statusOf(caller.sessionToken), {
      factors: [],
      recoveryCodesLeft: 0,
      disabled: false,
    });
    granted(await app.run("login", { username, password }));
    const query = new URLSearchParams({ username, password });
    assert.equal((await app.rest("GET", `/login?${query}`)).status, 200);
    refused(await app.run("stepUp", {}, caller), 4016);
  });

  test("does not sign anybody in: neither its code nor its token", async () => {
    const who = await app.createEnrolled();
    await stepUp(who);
    const caller = { sessionToken: who.token };
    const { enrollment, secret } = result(
      await app.run("enrollTwoFactor", { method: "totp" }, caller),
    );
    const code = totp(secret, app.now());
    const { challenge } = await first(who.user);

    refused(await app.run("login", { challenge, code }), 141);
    refused(await app.run("login", { challenge: enrollment, code }), 4012);
    refused(
      await app.run("stepUp", { challenge: enrollment, code }, caller),
      4012,
    );
  });

  test("expires after five minutes, and another one can be begun", async () => {
    const user = await withoutNumber();
    const caller = { sessionToken: await app.sessionOf(user) };
    const params = { method: "totp", password: user.password };
    const begin = async () =>
      result(await app.run("enrollTwoFactor", params, caller));
    const confirm = (/** @type {any} */ { enrollment, secret }) =>
      app.run(
        "confirmTwoFactor",
        { enrollment, code: totp(secret, app.now()) },
        caller,
      );
    const late = await begin();
    await app.advance(5 * MINUTE);
    refused(await confirm(late), 4011);
    const inTime = await begin();
    await app.advance(5 * MINUTE - 1);
    result(await confirm(inTime));
    assert.equal((await statusOf(caller.sessionToken)).factors.length, 1);
  });

  test("begun by password is void once another one has become the first factor", async () => {
    const user = await withoutNumber();
    const { password } = user;
    const [thief, owner] = [
      { sessionToken: await app.sessionOf(user) },
      { sessionToken: await app.sessionOf(user) },
    ];
    const params = { method: "totp", password };
    const theirs = result(await app.run("enrollTwoFactor", params, thief));
    const mine = result(await app.run("enrollTwoFactor", params, owner));
    const confirm = (/** @type {any} */ { enrollment, secret }) => ({
      enrollment,
      code: totp(secret, app.now()),
    });
    result(await app.run("confirmTwoFactor", confirm(mine), owner));

    refused(
      await app.run("confirmTwoFactor", confirm(theirs), thief),
      [4012, 4020],
    );

    assert.equal((await statusOf(owner.sessionToken)).factors.length, 1);
  });
});

describe("signing in with an authenticator app", () => {
  test("begins without a message and without a number", async () => {
    const { user } = await app.createEnrolled();
    const before = app.messages().length;
    const begun = await first(user);
    assert.deepEqual(begun, {
      challenge: begun.challenge,
      method: "totp",
      expiresIn: 300,
      methods: ["totp", "recovery"],
    });
    assert.equal(app.messages().length, before);
  });

  test("works over both wires, and native sign-in is refused", async () => {
    const { user, secret } = await app.createEnrolled();
    const { username, password } = user;
    const query = new URLSearchParams({ username, password });
    refused(await app.rest("GET", `/login?${query}`), 4010);
    const { challenge } = await first(user);
    granted(
      await app.run("login", { challenge, code: totp(secret, app.now()) }),
    );
    await app.advance(STEP);
    await first(user);
    const code = totp(secret, app.now());
    granted(await app.run("login", { username, password, code }));
  });

  test("takes a code once: neither the same nor an earlier step passes in a new challenge (attack 11: devise CVE-2015-7225, CVE-2021-43177)", async () => {
    const { user, secret } = await app.createEnrolled();
    await app.advance(5 * STEP);
    const code = totp(secret, app.now());
    const earlier = totp(secret, app.now() - STEP);
    const { challenge } = await first(user);
    granted(await app.run("login", { challenge, code }));

    refused(await app.run("login", { challenge, code }), 4012);
    const again = await first(user);
    assert.notEqual(again.challenge, challenge);
    for (const used of [code, earlier]) {
      refused(
        await app.run("login", { challenge: again.challenge, code: used }),
        141,
      );
    }

    await app.advance(STEP);
    refused(await app.run("login", { challenge: again.challenge, code }), 141);
    granted(
      await app.run("login", {
        challenge: again.challenge,
        code: totp(secret, app.now()),
      }),
    );
  });

  test("does not take the code that confirmed the enrolment", async () => {
    const { user, secret } = await app.createEnrolled();
    const { challenge } = await first(user);
    const code = totp(secret, app.now() - STEP);
    refused(await app.run("login", { challenge, code }), 141);
  });

  test("takes a code one step early or late, and none two steps off", async () => {
    const { user, secret } = await app.createEnrolled();
    for (const [steps, passes] of /** @type {const} */ ([
      [-2, false],
      [2, false],
      [-1, true],
      [1, true],
    ])) {
      await app.advance(10 * STEP);
      const { challenge } = await first(user);
      const code = totp(secret, app.now() + steps * STEP);
      const answer = await app.run("login", { challenge, code });
      if (passes) granted(answer);
      else refused(answer, 141);
    }
  });

  test("opens one session for one step, on one challenge and on two at once", async () => {
    const { user, token, secret } = await app.createEnrolled();
    const caller = { sessionToken: token };
    for (let round = 0; round < 5; round++) {
      await app.advance(STEP);
      const before = (await app.sessions(user.id)).length;
      const code = totp(secret, app.now());
      const { challenge } = await first(user);
      const other = result(await app.run("stepUp", {}, caller)).challenge;

      const answers = await Promise.all([
        app.run("login", { challenge, code }),
        app.run("stepUp", { challenge: other, code }, caller),
        app.run("login", { challenge, code }),
        app.run("stepUp", { challenge: other, code }, caller),
      ]);

      const passed = answers.filter(({ status }) => status === 200);
      assert.equal(passed.length, 1, JSON.stringify(answers));
      const opened = (await app.sessions(user.id)).length - before;
      assert.equal(opened, passed[0].body.result.sessionToken ? 1 : 0);
      // The challenge that lost, so that the next round begins with two new ones.
      await app.advance(5 * MINUTE);
    }
  });

  test("looks at five of any number of guesses at once", async () => {
    const { user, secret } = await app.createEnrolled();
    const { challenge } = await first(user);
    const code = totp(secret, app.now());
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        // Far from the codes of the steps before and after.
        app.run("login", { challenge, code: wrongCode(code, 7 * n + 1) }),
      ),
    );
    assert.deepEqual(tally(answers), { 141: 5, 4013: 15 });
    refused(await app.run("login", { challenge, code }), 4013);
  });

  test("of one user blocks no other user, nor another app of the same user (attack 18: Fortify)", async () => {
    const one = await app.createEnrolled();
    const two = await app.createEnrolled();
    await stepUp(two);
    const caller = { sessionToken: two.token };
    const { enrollment, secret } = result(
      await app.run("enrollTwoFactor", { method: "totp" }, caller),
    );
    const confirm = { enrollment, code: totp(secret, app.now()) };
    assert.deepEqual(
      Object.keys(result(await app.run("confirmTwoFactor", confirm, caller))),
      ["factor"],
    );
    await app.advance(STEP);

    for (const [user, of] of /** @type {const} */ ([
      [one.user, one.secret],
      [two.user, two.secret],
      [two.user, secret],
    ])) {
      const { challenge } = await first(user);
      granted(await app.run("login", { challenge, code: totp(of, app.now()) }));
    }
  });

  test("is refused to a user locked between the first call and the code (attack 8: Keycloak CVE-2026-9798)", async () => {
    const { user, token, secret, recoveryCodes } = await app.createEnrolled();
    const { challenge } = await first(user);
    const before = (await app.sessions(user.id)).length;
    const { ACL } = await app.asMaster("GET", `/users/${user.id}`);
    await app.asMaster("PUT", `/users/${user.id}`, { ACL: {} });

    const code = totp(secret, app.now());
    refused(await app.run("login", { challenge, code }), 101);
    const recovery = { challenge, code: recoveryCodes[0], method: "recovery" };
    refused(await app.run("login", recovery), 101);

    assert.equal((await app.sessions(user.id)).length, before);
    await app.asMaster("PUT", `/users/${user.id}`, { ACL });
    assert.equal((await statusOf(token)).recoveryCodesLeft, 10);
    granted(await app.run("login", recovery));
  });

  test("takes no code but six ASCII digits (attack 10: Vault CVE-2025-6014, CVE-2025-6015)", async () => {
    const { user, token, secret } = await app.createEnrolled();
    const caller = { sessionToken: token };
    const before = (await app.sessions(user.id)).length;
    /** @type {(code: string) => [unknown, number][]} */
    const disguises = (code) => [
      [` ${code}`, 141],
      [`${code}\n`, 141],
      [`${code} `, 141],
      [code.replace(/\d/g, (d) => String.fromCodePoint(0xff10 + +d)), 141],
      [`${code}\0`, 4021],
      [[code], 4021],
      [{ $ne: code }, 4021],
      [Number(code), 4021],
      [true, 4021],
      [null, 4021],
      ["", 4021],
    ];
    const code = () => totp(secret, app.now());
    for (const [n, [, outcome]] of disguises("123456").entries()) {
      const { challenge } = await first(user);
      const up = result(await app.run("stepUp", {}, caller)).challenge;
      const [presented] = disguises(code())[n];
      for (const [name, params] of /** @type {const} */ ([
        ["login", { challenge, code: presented }],
        ["login", { challenge, code: presented, method: "totp" }],
        ["stepUp", { challenge: up, code: presented }],
      ])) {
        const answer = await app.run(
          name,
          params,
          name === "stepUp" ? caller : {},
        );
        refused(answer, outcome);
      }
      // Past the limits of challenges begun and of wrong codes.
      await app.advance(16 * MINUTE);
    }
    assert.equal((await app.sessions(user.id)).length, before);
    const { challenge } = await first(user);
    granted(await app.run("login", { challenge, code: code() }));
  });
});

describe("a recovery code", () => {
  /**
   * @param {User} user
   * @param {unknown} code
   */
  const use = async (user, code) => {
    const { challenge } = await first(user);
    return app.run("login", { challenge, code, method: "recovery" });
  };

  test("works once, is written down as used, and is one fewer (attack 1: Parse GHSA-4hf6-3x24-c9m8)", async () => {
    const { user, token, recoveryCodes } = await app.createEnrolled();
    const [code] = recoveryCodes;
    granted(await use(user, code));
    assert.equal((await statusOf(token)).recoveryCodesLeft, 9);
    refused(await use(user, code), 141);
    assert.equal((await statusOf(token)).recoveryCodesLeft, 9);

    const used = (await eventsOf(user)).filter(
      ({ what }) => what === "recovery-code-used",
    );
    assert.equal(used.length, 1);
    assert.equal(used[0].about, "9 left");
    granted(await use(user, recoveryCodes[1]));
  });

  test("may be typed in lower case, without dashes, with spaces", async () => {
    const { user, recoveryCodes } = await app.createEnrolled();
    for (const [n, typed] of [
      recoveryCodes[0].toLowerCase(),
      recoveryCodes[1].replaceAll("-", ""),
      recoveryCodes[2].toLowerCase().replaceAll("-", ""),
      ` ${recoveryCodes[3].replaceAll("-", " ")} `,
    ].entries()) {
      assert.notEqual(typed, recoveryCodes[n]);
      granted(await use(user, typed));
    }
  });

  test("used many times at once opens one session (attack 2: Parse GHSA-2299-ghjr-6vjp, appwrite #11692)", async () => {
    const { user, token, recoveryCodes } = await app.createEnrolled();
    const caller = { sessionToken: token };
    for (const [round, code] of recoveryCodes.slice(0, 5).entries()) {
      const before = (await app.sessions(user.id)).length;
      const { challenge } = await first(user);
      const other = result(await app.run("stepUp", {}, caller)).challenge;
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) =>
          n % 5 === 4
            ? app.run(
                "stepUp",
                { challenge: other, code, method: "recovery" },
                caller,
              )
            : app.run("login", { challenge, code, method: "recovery" }),
        ),
      );

      const passed = answers.filter(({ status }) => status === 200);
      assert.equal(passed.length, 1, JSON.stringify(answers));
      const opened = (await app.sessions(user.id)).length - before;
      assert.equal(opened, passed[0].body.result.sessionToken ? 1 : 0);
      const { recoveryCodesLeft } = await statusOf(token);
      assert.equal(recoveryCodesLeft, 9 - round);
      await app.advance(16 * MINUTE);
    }
  });

  test("of one user is nothing to another", async () => {
    const one = await app.createEnrolled();
    const two = await app.createEnrolled();
    refused(await use(two.user, one.recoveryCodes[0]), 141);
    granted(await use(one.user, one.recoveryCodes[0]));
  });

  test("is text or nothing (attack 10)", async () => {
    const { user, token, recoveryCodes } = await app.createEnrolled();
    const [code] = recoveryCodes;
    for (const [presented, outcome] of /** @type {const} */ ([
      [[code], 4021],
      [{ $ne: "" }, 4021],
      [0, 4021],
      ["", 4021],
      ["-----", 141],
      [`${code}0`, 141],
      [code.slice(0, -1), 141],
      [`${code}\n`, 141],
    ])) {
      refused(await use(user, presented), outcome);
    }
    assert.equal((await statusOf(token)).recoveryCodesLeft, 10);
  });

  test("renewed is dead: ten new ones, after a step-up", async () => {
    const who = await app.createEnrolled();
    const caller = { sessionToken: who.token };
    refused(await app.run("newRecoveryCodes", {}, caller), 4020);
    refused(await app.run("newRecoveryCodes"), 209);
    await stepUp(who);

    const answer = await app.run("newRecoveryCodes", {}, caller);

    const { recoveryCodes } = result(answer);
    assert.deepEqual(answer.body.result, { recoveryCodes });
    assert.equal(new Set([...recoveryCodes, ...who.recoveryCodes]).size, 20);
    assert.equal((await statusOf(who.token)).recoveryCodesLeft, 10);
    refused(await use(who.user, who.recoveryCodes[0]), 141);
    granted(await use(who.user, recoveryCodes[0]));
  });
});

describe("several factors", () => {
  test("are all answered, the authenticator app first", async () => {
    const { user, token, factor } = await enrolledBesideSms();
    const before = app.messagesTo(user).length;
    const begun = await first(user);
    assert.equal(begun.method, "totp");
    assert.deepEqual(begun.methods, ["totp", "sms", "recovery"]);
    assert.ok(!("to" in begun), JSON.stringify(begun));
    assert.equal(app.messagesTo(user).length, before);

    const { factors } = await statusOf(token);
    assert.deepEqual(
      factors.map((/** @type {Factor} */ { id, method }) => [id, method]),
      [
        ["phone_number", "sms"],
        [factor.id, "totp"],
      ],
    );
    assert.equal(factors[0].label, `•••• ${user.phone?.slice(-4)}`);
  });

  test("let the client pick: SMS on the first call, or later on", async () => {
    const { user, secret } = await enrolledBesideSms();
    const begun = await first(user, { method: "sms" });
    assert.equal(begun.method, "sms");
    assert.equal(begun.to, `•••• ${user.phone?.slice(-4)}`);
    granted(
      await app.run("login", {
        challenge: begun.challenge,
        code: app.codeOf(user),
      }),
    );

    const silent = await first(user);
    const sent = await first(user, { method: "sms" });
    assert.equal(sent.challenge, silent.challenge);
    granted(
      await app.run("login", {
        challenge: sent.challenge,
        code: totp(secret, app.now()),
        method: "totp",
      }),
    );
  });

  test("that the user does not have cannot be picked", async () => {
    const { user } = await app.createEnrolled();
    const { username, password } = user;
    refused(
      await app.run("login", { username, password, method: "sms" }),
      4016,
    );
    const sms = await app.createUser();
    for (const method of ["totp", "recovery"]) {
      const { username, password } = sms;
      refused(await app.run("login", { username, password, method }), 4016);
    }
  });

  test("share the attempts: one method failing opens no other's limits", async () => {
    const { user, secret, recoveryCodes } = await enrolledBesideSms();
    const { challenge } = await first(user, { method: "sms" });
    const sms = app.codeOf(user);
    const code = totp(secret, app.now());
    for (const wrong of [
      { code: wrongCode(sms), method: "sms" },
      { code: wrongCode(code), method: "totp" },
      { code: "XXXXX-XXXXX", method: "recovery" },
      { code: wrongCode(sms, 2), method: "sms" },
      { code: wrongCode(code, 2), method: "totp" },
    ]) {
      refused(await app.run("login", { challenge, ...wrong }), 141);
    }
    for (const right of [
      { code: sms, method: "sms" },
      { code, method: "totp" },
      { code: recoveryCodes[0], method: "recovery" },
    ]) {
      refused(await app.run("login", { challenge, ...right }), 4013);
    }
  });
});

describe("enrolling a number", () => {
  test("makes it a factor only once a code sent to it came back", async () => {
    const user = await withoutNumber();
    const { username, password } = user;
    const phone = app.newNumber();
    const reached = { ...user, phone };
    const caller = { sessionToken: await app.sessionOf(user) };
    const params = { method: "sms", password, phoneNumber: phone };

    const begun = await app.run("enrollTwoFactor", params, caller);

    const { enrollment } = result(begun);
    const to = `•••• ${phone.slice(-4)}`;
    assert.deepEqual(begun.body.result, { enrollment, to, expiresIn: 300 });
    granted(await app.run("login", { username, password }));
    const code = app.codeOf(reached);
    const wrong = { enrollment, code: wrongCode(code) };
    refused(await app.run("confirmTwoFactor", wrong, caller), 141);
    granted(await app.run("login", { username, password }));

    const { factor, recoveryCodes } = result(
      await app.run("confirmTwoFactor", { enrollment, code }, caller),
    );

    assert.equal(factor.method, "sms");
    assert.equal(factor.label, to);
    assert.equal(recoveryCodes.length, 10);
    const next = await first(user);
    assert.equal(next.method, "sms");
    assert.equal(next.to, to);
    assert.deepEqual(next.methods, ["sms", "recovery"]);
    const { challenge } = next;
    granted(await app.run("login", { challenge, code: app.codeOf(reached) }));
  });

  test("takes no number that codes cannot be sent to, and sends nothing", async () => {
    const user = await withoutNumber();
    const { password } = user;
    const caller = { sessionToken: await app.sessionOf(user) };
    const before = app.messages().length;
    for (const [phoneNumber, outcome] of /** @type {const} */ ([
      [undefined, 4021],
      [14155550006, 4021],
      ["4155550006", 4017],
      ["+1415", 4017],
      ["+14155550006x", 4017],
    ])) {
      const params = { method: "sms", password, phoneNumber };
      refused(await app.run("enrollTwoFactor", params, caller), outcome);
    }
    const params = { method: "sms", phoneNumber: app.newNumber() };
    refused(await app.run("enrollTwoFactor", params, caller), 4021);
    assert.equal(app.messages().length, before);
  });

  test("tells the user of it over the number that was there before", async () => {
    const { user } = await enrolledBesideSms();
    assert.match(
      app.messagesTo(user)[0].body,
      /second factor was added to your account/,
    );
  });
});

describe("changing factors needs a factor", () => {
  test("a session alone neither removes, enrols nor renews (attack 5: Parse GHSA-mw9v-j7v7-vh97, #9623)", async () => {
    const who = await app.createEnrolled();
    const stolen = { sessionToken: await app.sessionOf(who.user) };
    // The owner's own step-up does not help the thief.
    await stepUp(who);
    const phoneNumber = app.newNumber();
    for (const [name, params] of /** @type {const} */ ([
      ["removeTwoFactor", { factor: who.factor.id }],
      ["enrollTwoFactor", { method: "totp" }],
      ["enrollTwoFactor", { method: "sms", phoneNumber }],
      ["newRecoveryCodes", {}],
    ])) {
      refused(await app.run(name, params, stolen), 4020);
    }
    const headers = { "X-Parse-Session-Token": stolen.sessionToken };
    const path = `/users/${who.user.id}`;
    for (const change of [
      { phone_number: phoneNumber },
      { password: "the thief's own" },
    ]) {
      refused(await app.rest("PUT", path, change, headers), 4020);
    }
    assert.deepEqual((await statusOf(who.token)).factors, [who.factor]);
  });

  test("a password alone neither enrols nor removes (attack 6: Keycloak CVE-2026-3429)", async () => {
    const { user, token, factor } = await app.createEnrolled();
    const { username, password } = user;
    const phoneNumber = app.newNumber();
    const { challenge } = await first(user);
    for (const sessionToken of [undefined, challenge]) {
      for (const [name, params] of /** @type {const} */ ([
        ["removeTwoFactor", { factor: factor.id }],
        ["enrollTwoFactor", { method: "totp" }],
        ["enrollTwoFactor", { method: "sms", phoneNumber }],
        ["newRecoveryCodes", {}],
        ["twoFactorStatus", {}],
        ["stepUp", {}],
      ])) {
        const answer = await app.run(
          name,
          { username, password, challenge, ...params },
          { sessionToken },
        );
        refused(answer, 209);
      }
    }
    // With a session as well it is still no factor.
    const stolen = { sessionToken: await app.sessionOf(user) };
    for (const params of [
      { method: "totp", password },
      { method: "sms", password, phoneNumber },
    ]) {
      refused(await app.run("enrollTwoFactor", params, stolen), 4020);
    }
    assert.deepEqual((await statusOf(token)).factors, [factor]);
    assert.ok(!app.messages().some(({ to }) => to === phoneNumber));
  });

  test("after a step-up a second one is enrolled, and the first removed", async () => {
    const who = await app.createEnrolled();
    const caller = { sessionToken: who.token };
    await stepUp(who);
    const { enrollment, secret } = result(
      await app.run("enrollTwoFactor", { method: "totp", label: "2" }, caller),
    );
    const confirm = { enrollment, code: totp(secret, app.now()) };
    const confirmed = result(
      await app.run("confirmTwoFactor", confirm, caller),
    );
    // Recovery codes come with the first factor only.
    assert.deepEqual(Object.keys(confirmed), ["factor"]);

    const removal = { factor: who.factor.id };
    assert.deepEqual(
      result(await app.run("removeTwoFactor", removal, caller)),
      {},
    );

    assert.deepEqual(await statusOf(who.token), {
      factors: [confirmed.factor],
      recoveryCodesLeft: 10,
      disabled: false,
    });
    await app.advance(STEP);
    const { challenge } = await first(who.user);
    const old = { challenge, code: totp(who.secret, app.now()) };
    refused(await app.run("login", old), 141);
    granted(
      await app.run("login", { challenge, code: totp(secret, app.now()) }),
    );
    refused(await app.run("removeTwoFactor", removal, caller), 4016);
  });

  test("the last one goes, where no one needs one: the password alone signs in again", async () => {
    const who = await app.createEnrolled();
    const { username, password } = who.user;
    const caller = { sessionToken: who.token };
    await stepUp(who);
    const removal = { factor: who.factor.id };
    result(await app.run("removeTwoFactor", removal, caller));

    assert.deepEqual(await statusOf(who.token), {
      factors: [],
      recoveryCodesLeft: 0,
      disabled: false,
    });
    granted(await app.run("login", { username, password }));
    const [row] = await app.rows("TwoFactorAccount", { user: who.user.id });
    assert.deepEqual(row.authenticators, []);
  });

  test("the tutorial's number goes after a step-up, and not before", async () => {
    const user = await app.createUser();
    const caller = { sessionToken: await app.sessionOf(user) };
    const number = async () =>
      (await app.rows("_User", { objectId: user.id }))[0].phone_number;
    const removal = { factor: "phone_number" };
    refused(await app.run("removeTwoFactor", removal, caller), 4020);
    assert.equal(await number(), user.phone);
    const { challenge } = result(await app.run("stepUp", {}, caller));
    const code = app.codeOf(user);
    result(await app.run("stepUp", { challenge, code }, caller));

    const removed = await app.run("removeTwoFactor", removal, caller);

    assert.deepEqual(result(removed), {});
    assert.equal(await number(), undefined);
    const { username, password } = user;
    granted(await app.run("login", { username, password }));
  });

  test("a factor is its owner's: nobody removes another user's", async () => {
    const one = await app.createEnrolled();
    const two = await app.createEnrolled();
    await stepUp(two);
    refused(
      await app.run(
        "removeTwoFactor",
        { factor: one.factor.id },
        { sessionToken: two.token },
      ),
      4016,
    );
    assert.deepEqual((await statusOf(one.token)).factors, [one.factor]);
  });
});

describe("where everyone needs a factor", () => {
  /** @type {App} */
  let strict;
  before(async () => {
    strict = await startApp({ options: { keys: KEY, require: "everyone" } });
  });
  after(() => strict?.stop());

  test("the last one cannot be removed, and still signs in", async () => {
    const who = await strict.createEnrolled();
    const caller = { sessionToken: who.token };
    await stepUp(who, strict);
    const removal = { factor: who.factor.id };
    refused(await strict.run("removeTwoFactor", removal, caller), 4016);

    const { factors, recoveryCodesLeft } = await statusOf(who.token, strict);
    assert.deepEqual(factors, [who.factor]);
    assert.equal(recoveryCodesLeft, 10);
    await strict.advance(STEP);
    const { challenge } = await first(who.user, {}, strict);
    const code = totp(who.secret, strict.now());
    granted(await strict.run("login", { challenge, code }));
  });

  test("the tutorial's number cannot be removed while it is the last one", async () => {
    const user = await strict.createUser();
    const sessionToken = await strict.sessionOf(user);
    const caller = { sessionToken };
    const { challenge } = result(await strict.run("stepUp", {}, caller));
    const code = strict.codeOf(user);
    result(await strict.run("stepUp", { challenge, code }, caller));
    const remove = (/** @type {unknown} */ phone_number) =>
      strict.rest(
        "PUT",
        `/users/${user.id}`,
        { phone_number },
        { "X-Parse-Session-Token": sessionToken },
      );
    const nothings = [{ __op: "Delete" }, null, ""];
    for (const nothing of nothings) refused(await remove(nothing), 4016);
    const [{ phone_number }] = await strict.rows("_User", {
      objectId: user.id,
    });
    assert.equal(phone_number, user.phone);

    const { enrollment, secret } = result(
      await strict.run("enrollTwoFactor", { method: "totp" }, caller),
    );
    // Not confirmed yet, it is none.
    refused(await remove(nothings[0]), 4016);
    const confirm = { enrollment, code: totp(secret, strict.now()) };
    result(await strict.run("confirmTwoFactor", confirm, caller));
    const removed = await remove(nothings[0]);
    assert.equal(removed.status, 200, JSON.stringify(removed.body));
    await strict.advance(STEP);
    const begun = await first(user, {}, strict);
    assert.equal(begun.method, "totp");
    granted(
      await strict.run("login", {
        challenge: begun.challenge,
        code: totp(secret, strict.now()),
      }),
    );
  });

  test("of two removed at once one stays", async () => {
    const who = await strict.createEnrolled();
    const caller = { sessionToken: who.token };
    await stepUp(who, strict);
    const { enrollment, secret } = result(
      await strict.run("enrollTwoFactor", { method: "totp" }, caller),
    );
    const { factor } = result(
      await strict.run(
        "confirmTwoFactor",
        { enrollment, code: totp(secret, strict.now()) },
        caller,
      ),
    );
    const answers = await Promise.all(
      [who.factor.id, factor.id].map((id) =>
        strict.run("removeTwoFactor", { factor: id }, caller),
      ),
    );
    const removed = answers.filter(({ status }) => status === 200);
    assert.equal(removed.length, 1, JSON.stringify(answers));
    assert.equal((await statusOf(who.token, strict)).factors.length, 1);
  });
});

describe("step-up", () => {
  /** @param {string} [sessionToken] */
  const guarded = (sessionToken) =>
    app.run("needsStepUp", {}, { sessionToken });

  test("guards an app's own function, for that session and for five minutes", async () => {
    const who = await app.createEnrolled();
    const other = await app.sessionOf(who.user);
    refused(await guarded(), 209);
    refused(await guarded(who.token), 4020);

    const until = await stepUp(who);

    assert.equal(until, app.now() + 5 * MINUTE);
    assert.equal(result(await guarded(who.token)), "done");
    refused(await guarded(other), 4020);
    await app.advance(5 * MINUTE - 1);
    assert.equal(result(await guarded(who.token)), "done");
    await app.advance(1);
    refused(await guarded(who.token), 4020);
  });

  test("by the tutorial's number works as well", async () => {
    const user = await app.createUser();
    const caller = { sessionToken: await app.sessionOf(user) };
    const begun = result(await app.run("stepUp", {}, caller));
    assert.equal(begun.method, "sms");
    assert.equal(begun.to, `•••• ${user.phone?.slice(-4)}`);
    const { challenge } = begun;
    const code = app.codeOf(user);
    const wrong = { challenge, code: wrongCode(code) };
    refused(await app.run("stepUp", wrong, caller), 141);
    refused(await guarded(caller.sessionToken), 4020);
    result(await app.run("stepUp", { challenge, code }, caller));
    assert.equal(result(await guarded(caller.sessionToken)), "done");
  });

  test("has challenges of its own: a sign-in's is unknown to it, and its is to a sign-in and to another session", async () => {
    const { user, token, secret } = await app.createEnrolled();
    const caller = { sessionToken: token };
    const signIn = (await first(user)).challenge;
    const up = result(await app.run("stepUp", {}, caller)).challenge;
    assert.notEqual(up, signIn);
    const code = totp(secret, app.now());
    refused(await app.run("login", { challenge: up, code }), 4012);
    refused(await app.run("stepUp", { challenge: signIn, code }, caller), 4012);
    const other = { sessionToken: await app.sessionOf(user) };
    refused(await app.run("stepUp", { challenge: up, code }, other), 4012);
    result(await app.run("stepUp", { challenge: up, code }, caller));
  });

  test("is not given by a sign-in", async () => {
    const { user, secret } = await app.createEnrolled();
    const { challenge } = await first(user);
    const code = totp(secret, app.now());
    refused(
      await guarded(granted(await app.run("login", { challenge, code }))),
      4020,
    );
  });

  test("outlives a sign-in of the same user on another device", async () => {
    const who = await app.createEnrolled();
    await stepUp(who);
    await app.advance(STEP);
    const { challenge } = await first(who.user);
    const code = totp(who.secret, app.now());
    granted(await app.run("login", { challenge, code }));
    assert.equal(result(await guarded(who.token)), "done");
  });

  test("sent twice at once, as by a double click, is good", async () => {
    const { token, secret } = await app.createEnrolled();
    const caller = { sessionToken: token };
    for (let round = 0; round < 5; round++) {
      const { challenge } = result(await app.run("stepUp", {}, caller));
      const code = totp(secret, app.now());
      const answers = await Promise.all(
        [1, 2].map(() => app.run("stepUp", { challenge, code }, caller)),
      );
      const good = answers.filter(({ status }) => status === 200);
      assert.equal(good.length, 1, JSON.stringify(answers));
      assert.equal(result(await guarded(token)), "done");
      await app.advance(16 * MINUTE);
    }
  });
});

describe("an operator's reset", () => {
  test("is for the master key alone", async () => {
    const { user, token } = await app.createEnrolled();
    for (const sessionToken of [undefined, token]) {
      for (const scope of [undefined, "factors"]) {
        const params = { userId: user.id, scope };
        const answer = await app.run("resetTwoFactor", params, {
          sessionToken,
        });
        refused(answer, 119);
      }
    }
    assert.equal((await statusOf(token)).factors.length, 1);
  });

  test("is not for a master key that only reads", async () => {
    const { user } = await app.createEnrolled();
    const headers = { "X-Parse-Master-Key": "tests-read-only-key" };
    const before = await app.rows("TwoFactorAccount", { user: user.id });
    const userId = user.id;

    for (const scope of [undefined, "factors"]) {
      const params = { userId, scope };
      refused(await app.run("resetTwoFactor", params, { headers }), 119);
    }

    const after = await app.rows("TwoFactorAccount", { user: user.id });
    assert.deepEqual(after, before);
  });

  test("is of a user that there is", async () => {
    for (const scope of [undefined, "factors"]) {
      const params = { userId: "nobody", scope };
      refused(await app.run("resetTwoFactor", params, { master: true }), 101);
    }
    const where = { user: "nobody" };
    assert.deepEqual(await app.rows("TwoFactorAccount", where), []);
    assert.deepEqual(await app.rows("TwoFactorEvent", where), []);
  });

  test("of the factors lets the user in by password again", async () => {
    const { user, token } = await app.createEnrolled();
    const { username, password } = user;
    const { challenge } = await first(user);
    const params = { userId: user.id, scope: "factors" };

    const answer = await app.run("resetTwoFactor", params, { master: true });

    assert.deepEqual(result(answer), {});
    granted(await app.run("login", { username, password }));
    assert.deepEqual(await statusOf(token), {
      factors: [],
      recoveryCodesLeft: 0,
      disabled: false,
    });
    refused(await app.run("login", { challenge, code: "123456" }), 4012);
    const whats = (await eventsOf(user)).map(({ what }) => what);
    assert.ok(whats.includes("reset"), String(whats));
  });

  test("of the failures alone leaves the factors", async () => {
    const { user, token } = await app.createEnrolled();
    const { challenge } = await first(user);
    const params = { userId: user.id };
    result(await app.run("resetTwoFactor", params, { master: true }));
    assert.equal((await statusOf(token)).recoveryCodesLeft, 10);
    refused(await app.run("login", { challenge, code: "123456" }), 4012);
    assert.equal((await first(user)).method, "totp");
  });

  test("asks for a scope that it knows", async () => {
    const { user, token } = await app.createEnrolled();
    for (const scope of ["all", 1, ["factors"]]) {
      const params = { userId: user.id, scope };
      refused(await app.run("resetTwoFactor", params, { master: true }), 4021);
    }
    refused(await app.run("resetTwoFactor", {}, { master: true }), 4021);
    assert.equal((await statusOf(token)).factors.length, 1);
  });
});

describe("what is kept of factors", () => {
  test("shows in no answer of Parse's own routes (attack 4: Parse GHSA-75v4-m273-5j49)", async () => {
    const { user, token, secret, factor } = await app.createEnrolled();
    const { username, password } = user;
    const plain = await withoutNumber();
    const headers = { "X-Parse-Session-Token": token };
    const query = new URLSearchParams({ username, password });
    const answers = [
      await app.rest("GET", `/verifyPassword?${query}`),
      await app.rest("GET", `/login?${query}`),
      await app.rest("GET", "/users/me", undefined, headers),
      await app.rest("GET", `/users/${user.id}`, undefined, headers),
      await app.rest("GET", "/sessions/me", undefined, headers),
    ];
    const [, , me] = answers;
    assert.equal(me.body.objectId, user.id);
    // Not a column more than a user has who never enrolled.
    const bare = await app.rest("GET", "/users/me", undefined, {
      "X-Parse-Session-Token": await app.sessionOf(plain),
    });
    assert.deepEqual(
      Object.keys(me.body).sort(),
      Object.keys(bare.body).sort(),
    );
    const [row] = await app.rows("TwoFactorAccount", { user: user.id });
    const text = JSON.stringify(answers);
    for (const hidden of [
      secret,
      factor.id,
      elements(row.authenticators, "factor")[0].sealed,
      elements(row.authenticators, "recoveryCode")[0].hash,
    ]) {
      assert.equal(typeof hidden, "string");
      assert.ok(!text.includes(hidden), hidden);
    }
  });

  test("stands in clear in no row, no event and no line of the log", async () => {
    const { user, token, secret, recoveryCodes } = await app.createEnrolled();
    const phone = app.newNumber();
    const caller = { sessionToken: token };
    await stepUp({ token, secret });
    const { enrollment } = result(
      await app.run(
        "enrollTwoFactor",
        { method: "sms", phoneNumber: phone },
        caller,
      ),
    );
    const sms = app.codeOf({ ...user, phone });
    result(
      await app.run("confirmTwoFactor", { enrollment, code: sms }, caller),
    );
    const { challenge } = await first(user);
    const [recoveryCode] = recoveryCodes;
    const opened = granted(
      await app.run("login", {
        challenge,
        code: recoveryCode,
        method: "recovery",
      }),
    );
    const raw = fromBase32(secret);
    const secrets = [
      secret,
      raw.toString("hex"),
      raw.toString("base64"),
      raw.toString("base64url"),
      challenge,
      enrollment,
      phone,
      phone.slice(1),
      ...recoveryCodes,
      ...recoveryCodes.map((code) => code.replaceAll("-", "")),
    ];

    const tables = await app.dump();
    const events = tables.TwoFactorEvent;
    const written = [JSON.stringify(tables), app.log()];

    assert.ok(events.length > 0);
    for (const text of written) {
      for (const it of secrets) assert.ok(!text.includes(it), it);
    }
    const trail = JSON.stringify([
      ...(await eventsOf(user)),
      ...(await app.seen("events")),
    ]);
    for (const it of [...secrets, token, opened, user.password]) {
      assert.ok(!trail.includes(it), it);
    }
    assert.ok(!app.log().includes(token) && !app.log().includes(opened));
  });

  test("is an event each: who, what and with which outcome", async () => {
    const who = await app.createEnrolled();
    const { user, token, secret, recoveryCodes } = who;
    const caller = { sessionToken: token };
    const { challenge } = await first(user);
    const code = totp(secret, app.now());
    const wrong = wrongCode(code);
    refused(await app.run("login", { challenge, code: wrong }), 141);
    const recovery = { challenge, code: recoveryCodes[0], method: "recovery" };
    granted(await app.run("login", recovery));
    await stepUp(who);
    result(await app.run("newRecoveryCodes", {}, caller));
    const removal = { factor: who.factor.id };
    result(await app.run("removeTwoFactor", removal, caller));

    const events = await eventsOf(user);

    events.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
    assert.deepEqual(
      events.map(({ what, method, outcome }) => [what, method, outcome]),
      [
        ["factor-enrolled", "totp", 0],
        ["code-refused", undefined, 141],
        ["recovery-code-used", "recovery", 0],
        ["signed-in", "recovery", 0],
        ["stepped-up", "totp", 0],
        ["recovery-codes-renewed", undefined, 0],
        ["factor-removed", "totp", 0],
      ],
    );
    // Words, numbers that are times or outcomes, a label or "9 left": six digits in a row are none of them.
    for (const { what, about } of events) {
      assert.doesNotMatch(`${what} ${about}`, /\d{6}/);
    }
  });
});

describe("the ring of keys", () => {
  test("rotated, opens what an older key sealed; without that key it is refused, not called wrong", async () => {
    const newer = key("b");
    const totpUser = await app.createEnrolled();
    const smsUser = await withoutNumber();
    const phone = app.newNumber();
    const caller = { sessionToken: await app.sessionOf(smsUser) };
    const { enrollment } = result(
      await app.run(
        "enrollTwoFactor",
        { method: "sms", password: smsUser.password, phoneNumber: phone },
        caller,
      ),
    );
    const code = app.codeOf({ ...smsUser, phone });
    result(await app.run("confirmTwoFactor", { enrollment, code }, caller));

    /** @type {(keys: string, work: (next: App) => Promise<void>) => Promise<void>} */
    const deployedWith = async (keys, work) => {
      const { databaseURI } = app;
      const next = await startApp({ databaseURI, options: { keys } });
      try {
        await app.advance(STEP);
        await next.advance(app.now() - next.now());
        await work(next);
      } finally {
        await next.stop();
      }
    };

    await deployedWith(newer, async (next) => {
      const { user, secret } = totpUser;
      const { challenge } = await first(user, {}, next);
      for (const code of [
        totp(secret, next.now()),
        wrongCode(totp(secret, next.now())),
      ]) {
        refused(await next.run("login", { challenge, code }), 4023);
      }
      const { username, password } = smsUser;
      const answer = await next.run("login", { username, password });
      refused(answer, 4023);
      assert.match(answer.body.error, /TWO_FACTOR_KEYS/);
      assert.deepEqual(next.messages(), []);
      const query = new URLSearchParams({ username, password });
      refused(await next.rest("GET", `/login?${query}`), 4010);
    });

    await deployedWith(`${newer},${KEY}`, async (next) => {
      const { user, secret, recoveryCodes } = totpUser;
      const { challenge } = await first(user, {}, next);
      const code = totp(secret, next.now());
      granted(await next.run("login", { challenge, code }));
      const again = await first(user, {}, next);
      granted(
        await next.run("login", {
          challenge: again.challenge,
          code: recoveryCodes[0],
          method: "recovery",
        }),
      );
      const sms = await first(smsUser, {}, next);
      granted(
        await next.run("login", {
          challenge: sms.challenge,
          code: next.codeOf({ ...smsUser, phone }),
        }),
      );
    });

    // Both have been sealed anew by that: the older key is not needed any more.
    await deployedWith(newer, async (next) => {
      const { user, secret } = totpUser;
      const { challenge } = await first(user, {}, next);
      const code = totp(secret, next.now());
      granted(await next.run("login", { challenge, code }));
      const sms = await first(smsUser, {}, next);
      granted(
        await next.run("login", {
          challenge: sms.challenge,
          code: next.codeOf({ ...smsUser, phone }),
        }),
      );
    });
  });

  test("that lost the key of recovery codes says so, and does not call them wrong", async () => {
    const { user, recoveryCodes } = await app.createEnrolled();
    const { databaseURI } = app;
    const next = await startApp({ databaseURI, options: { keys: key("b") } });
    try {
      await next.advance(app.now() - next.now());
      const { challenge } = await first(user, {}, next);
      const [code] = recoveryCodes;
      refused(
        await next.run("login", { challenge, code, method: "recovery" }),
        4023,
      );
    } finally {
      await next.stop();
    }
  });
});
