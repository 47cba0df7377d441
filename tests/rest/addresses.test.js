// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { startApp } = require("../support/app");
const { refused, tally } = require("../support/answers");
const { newKey } = require("../support/key");
const { INVALID_CREDENTIALS, TOO_MANY } = require("../support/refusals");
const { MINUTE } = require("../support/time");
const { wrongCode } = require("../support/user");

/**
 * Counting by address, and what a forged header does to it (authentik CVE-2024-47070). The tests call from where the
 * one trusted proxy stands: it adds the address that it saw to the end of `X-Forwarded-For`, and passes on what the
 * client wrote before it.
 */

/** @typedef {import("../support/app").App} App */

const LIMIT = 10;

let addresses = 0;
/** An address that nobody called from before (RFC 5737). */
const newAddress = () => `203.0.113.${++addresses}`;

/** What a client may write to pass for somebody else. @param {number} n */
const forged = (n) => ({
  "X-Real-IP": `198.51.100.${n}`,
  "X-Client-IP": `198.51.100.${n}`,
  "True-Client-IP": `198.51.100.${n}`,
  "CF-Connecting-IP": `198.51.100.${n}`,
  Forwarded: `for=198.51.100.${n}`,
});

/** @param {App} app */
const addressWindows = async (app) =>
  (await app.rows("TwoFactorWindow")).filter(({ bucket }) =>
    bucket.startsWith("address:"),
  );

describe("Behind a proxy that Parse Server is told of", () => {
  /** @type {App} */
  let app;

  before(async () => {
    app = await startApp({
      nodes: 2,
      options: {
        trustAddresses: true,
        limits: { callsPerAddress: LIMIT },
        keys: newKey(),
      },
      server: { trustProxy: 1 },
    });
  });
  after(() => app?.stop());

  const createUser = () => app.user().withNumber().create();

  /**
   * A caller whom the proxy saw at an address.
   * @param {string} address
   * @param {string} [written] what the client wrote into the header
   */
  const from = (address, written) => ({
    headers: {
      "X-Forwarded-For": written ? `${written}, ${address}` : address,
    },
  });

  /**
   * Calls until the limit of an address is reached, of another user each time.
   * @param {string} address
   */
  const exhaust = async (address) => {
    for (let n = 0; n < LIMIT; n++) {
      const user = await createUser();
      await user.login({}, { ...from(address), node: n % 2 });
    }
  };

  test("An address has its calls, whomever they are for, and no other address pays for them.", async () => {
    const [here, elsewhere] = [newAddress(), newAddress()];
    const ada = await createUser();
    await exhaust(here);

    for (const node of [0, 1]) {
      await refused(ada.login({}, { ...from(here), node }), TOO_MANY);
    }
    assert.deepEqual(ada.messages, []);
    const sign = await ada.login({}, from(elsewhere));
    const code = ada.code();
    await refused(ada.answer(sign, code, {}, from(here)), TOO_MANY);
    await refused(ada.resend(sign, from(here)), TOO_MANY);
    assert.deepEqual(await ada.sessions(), []);
    await ada.answer(sign, code, {}, from(elsewhere));
  });

  test("A client that writes another address each time does not dodge the limit.", async () => {
    const here = newAddress();
    const ada = await createUser();
    await exhaust(here);
    for (let n = 1; n <= 20; n++) {
      const { headers } = from(here, `198.51.100.${n}`);
      const caller = { headers: { ...forged(n), ...headers } };
      await refused(ada.login({}, caller), TOO_MANY);
    }
    // Nor with a whole chain of proxies, with this machine itself, or with what is no address.
    for (const written of ["198.51.100.1, 10.0.0.1", "127.0.0.1", "::1", "x"]) {
      await refused(ada.login({}, from(here, written)), TOO_MANY);
    }
    assert.deepEqual(ada.messages, []);
  });

  test("A client that writes a neighbor's address uses up nothing of the neighbor's.", async () => {
    const [here, neighbor] = [newAddress(), newAddress()];
    await exhaust(here);
    for (let n = 0; n < LIMIT; n++) {
      const ada = await createUser();
      await refused(ada.login({}, from(here, neighbor)), TOO_MANY);
    }
    await (await createUser()).login({}, from(neighbor));
  });

  test("Calls at once on two nodes are counted together, wrong passwords and guesses among them.", async () => {
    const caller = from(newAddress());
    const ada = await createUser();
    const sign = await ada.login({}, from(newAddress()));
    const code = ada.code();
    const stranger = ada.with({ password: "not the password" });

    const ends = await tally(
      Array.from({ length: 30 }, (_, n) => {
        const by = { ...caller, node: n % 2 };
        if (n % 3 === 0) return stranger.login({}, by);
        if (n % 3 === 2) return ada.login({}, by);
        return ada.answer(sign, wrongCode(code, n + 1), {}, by);
      }),
    );

    assert.equal(ends[TOO_MANY], 30 - LIMIT, JSON.stringify(ends));
  });

  test("Passwords tried at an enrollment count as well.", async () => {
    const caller = from(newAddress());
    const ada = await app.user().create();
    const session = await ada.session();
    const enroll = (/** @type {string} */ password) => {
      const params = { method: "totp", password };
      return session.run("enrollTwoFactor", params, caller);
    };
    for (let n = 1; n <= LIMIT; n++) {
      await refused(enroll("not the password"), INVALID_CREDENTIALS);
    }

    await refused(enroll(ada.password), TOO_MANY);
    await refused(ada.login({}, caller), TOO_MANY);
  });

  test("A batch counts as many calls as it holds.", async () => {
    const caller = from(newAddress(), "198.51.100.1");
    const ada = await createUser();
    const requests = Array.from({ length: LIMIT + 5 }, () => ({
      method: "POST",
      path: "/parse/functions/login",
      body: { username: ada.username, password: "not the password" },
    }));

    const { body } = await app.rest(
      "POST",
      "/batch",
      { requests },
      caller.headers,
    );

    /** @type {number[]} */
    const codes = body.map((/** @type {any} */ { error }) => error.code);
    const limited = codes.filter((code) => code === TOO_MANY);
    assert.equal(limited.length, 5, `${codes}`);
    await refused(ada.login({}, caller), TOO_MANY);
  });

  test("What the JavaScript SDK writes into the body is no address either.", async () => {
    const here = newAddress();
    const ada = await createUser();
    await exhaust(here);
    const params = {
      _ApplicationId: "tests",
      _InstallationId: "somebody-else",
      _context: { ip: "198.51.100.1", address: "198.51.100.1" },
      _ip: "198.51.100.1",
      ip: "198.51.100.1",
      address: "198.51.100.1",
    };
    const headers = {
      ...from(here).headers,
      "X-Parse-Application-Id": "",
      "Content-Type": "text/plain",
    };
    await refused(ada.login(params, { headers }), TOO_MANY);
  });

  test("An address may call again when its window is over.", async () => {
    const here = newAddress();
    await exhaust(here);
    const ada = await createUser();
    await refused(ada.login({}, from(here)), TOO_MANY);
    await app.advance(15 * MINUTE);
    await ada.login({}, from(here));
  });

  test("The trail says which address it was, and no row of a window does.", async () => {
    const here = newAddress();
    const ada = await createUser();
    await ada.login({}, from(here, "198.51.100.1"));
    const [event] = await ada.events();
    assert.equal(event.address, here);
    assert.ok(!JSON.stringify(await addressWindows(app)).includes(here));
  });
});

/** @param {number} n */
const claiming = (n) => ({
  headers: { "X-Forwarded-For": `198.51.100.${n}`, ...forged(n) },
});

test("With no proxy in between, whatever a client writes counts at its own address.", async () => {
  const app = await startApp({
    options: { trustAddresses: true, limits: { callsPerAddress: LIMIT } },
  });
  try {
    const ada = await app.user().withNumber().create();
    for (let n = 1; n <= LIMIT; n++) await ada.login({}, claiming(n));
    for (let n = LIMIT + 1; n <= LIMIT + 10; n++) {
      await refused(ada.login({}, claiming(n)), TOO_MANY);
    }
    assert.equal((await addressWindows(app)).length, 1);
  } finally {
    await app.stop();
  }
});

test("Where addresses are not trusted nothing is counted by them, and a header changes nothing.", async () => {
  const app = await startApp({
    options: { limits: { callsPerAddress: LIMIT } },
  });
  try {
    const ada = await app.user().withNumber().create();
    const sign = await ada.login();
    for (let n = 1; n <= 2 * LIMIT; n++) {
      const again = await ada.login({}, claiming(n));
      assert.equal(again.challenge, sign.challenge);
    }
    assert.deepEqual(await addressWindows(app), []);
    await ada.answer(sign, ada.code(), {}, claiming(1));
    const trail = JSON.stringify(await app.rows("TwoFactorEvent"));
    assert.ok(!trail.includes("198.51.100."), trail);
  } finally {
    await app.stop();
  }
});
