// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, before, describe, test } = require("node:test");
const { startApp, credentials, wrongCode } = require("./support/app");
const { granted, refused, tally } = require("./support/answers");

/**
 * Counting by address, and what a forged header does to it (attack 15: authentik CVE-2024-47070). The tests call from
 * where the one trusted proxy stands: it adds the address that it saw to the end of `X-Forwarded-For`, and passes on
 * what the client wrote before it.
 */

/** @typedef {import("./support/app").App} App */

const LIMIT = 10;
const MINUTE = 60_000;

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

describe("behind a proxy that Parse Server is told of", () => {
  /** @type {App} */
  let app;

  before(async () => {
    app = await startApp({
      nodes: 2,
      options: {
        trustAddresses: true,
        limits: { callsPerAddress: LIMIT },
        keys: `a:${randomBytes(32).toString("base64")}`,
      },
      server: { trustProxy: 1 },
    });
  });
  after(() => app?.stop());

  /**
   * @param {string} address the one that the proxy saw
   * @param {string} [written] what the client wrote into the header
   */
  const from = (address, written) => ({
    "X-Forwarded-For": written ? `${written}, ${address}` : address,
  });

  /**
   * Calls until the limit of an address is reached, of another user each time.
   * @param {string} address
   */
  const exhaust = async (address) => {
    for (let n = 0; n < LIMIT; n++) {
      const user = await app.createUser();
      await app.begin(user, { headers: from(address), node: n % 2 });
    }
  };

  test("an address has its calls, whomever they are for, and no other address pays for them", async () => {
    const [here, elsewhere] = [newAddress(), newAddress()];
    const user = await app.createUser();
    await exhaust(here);

    const headers = from(here);
    for (const node of [0, 1]) {
      const answer = await app.run("login", credentials(user), {
        headers,
        node,
      });
      refused(answer, 4015);
    }
    assert.deepEqual(app.messagesTo(user), []);
    const begun = await app.begin(user, { headers: from(elsewhere) });
    refused(await app.run("login", begun, { headers }), 4015);
    const { challenge } = begun;
    refused(await app.run("resendCode", { challenge }, { headers }), 4015);
    assert.deepEqual(await app.sessions(user.id), []);
    granted(await app.run("login", begun, { headers: from(elsewhere) }));
  });

  test("a client that writes another address each time does not dodge the limit", async () => {
    const here = newAddress();
    const user = await app.createUser();
    await exhaust(here);
    for (let n = 1; n <= 20; n++) {
      const headers = { ...forged(n), ...from(here, `198.51.100.${n}`) };
      refused(await app.run("login", credentials(user), { headers }), 4015);
    }
    // Nor with a whole chain of proxies, with this machine itself, or with what is no address.
    for (const written of ["198.51.100.1, 10.0.0.1", "127.0.0.1", "::1", "x"]) {
      const headers = from(here, written);
      refused(await app.run("login", credentials(user), { headers }), 4015);
    }
    assert.deepEqual(app.messagesTo(user), []);
  });

  test("a client that writes a neighbour's address uses up nothing of the neighbour's", async () => {
    const [here, neighbour] = [newAddress(), newAddress()];
    await exhaust(here);
    for (let n = 0; n < LIMIT; n++) {
      const headers = from(here, neighbour);
      const user = await app.createUser();
      refused(await app.run("login", credentials(user), { headers }), 4015);
    }
    await app.begin(await app.createUser(), { headers: from(neighbour) });
  });

  test("calls at once on two nodes are counted together, wrong passwords and guesses among them", async () => {
    const here = newAddress();
    const headers = from(here);
    const user = await app.createUser();
    const begun = await app.begin(user, { headers: from(newAddress()) });
    const { username } = user;

    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => {
        const { challenge, code } = begun;
        const params = [
          { username, password: "not the password" },
          { challenge, code: wrongCode(code, n + 1) },
          credentials(user),
        ][n % 3];
        return app.run("login", params, { headers, node: n % 2 });
      }),
    );

    const counts = tally(answers);
    assert.equal(counts[4015], 30 - LIMIT, JSON.stringify(counts));
  });

  test("passwords tried at an enrolment count as well", async () => {
    const here = newAddress();
    const user = await app.createUser({ phone_number: undefined });
    const caller = {
      sessionToken: await app.sessionOf(user),
      headers: from(here),
    };
    const params = { method: "totp", password: "not the password" };
    for (let n = 1; n <= LIMIT; n++) {
      refused(await app.run("enrollTwoFactor", params, caller), 101);
    }

    params.password = user.password;
    refused(await app.run("enrollTwoFactor", params, caller), 4015);
    refused(await app.run("login", credentials(user), caller), 4015);
  });

  test("a batch counts as many calls as it holds", async () => {
    const headers = from(newAddress(), "198.51.100.1");
    const user = await app.createUser();
    const requests = Array.from({ length: LIMIT + 5 }, () => ({
      method: "POST",
      path: "/parse/functions/login",
      body: { username: user.username, password: "not the password" },
    }));

    const { body } = await app.rest("POST", "/batch", { requests }, headers);

    const codes = body.map((/** @type {any} */ { error }) => error.code);
    assert.equal(
      codes.filter((/** @type {number} */ code) => code === 4015).length,
      5,
      `${codes}`,
    );
    refused(await app.run("login", credentials(user), { headers }), 4015);
  });

  test("what the JavaScript SDK writes into the body is no address either", async () => {
    const here = newAddress();
    const user = await app.createUser();
    await exhaust(here);
    const params = {
      ...credentials(user),
      _ApplicationId: "tests",
      _InstallationId: "somebody-else",
      _context: { ip: "198.51.100.1", address: "198.51.100.1" },
      _ip: "198.51.100.1",
      ip: "198.51.100.1",
      address: "198.51.100.1",
    };
    const headers = {
      ...from(here),
      "X-Parse-Application-Id": "",
      "Content-Type": "text/plain",
    };
    refused(await app.run("login", params, { headers }), 4015);
  });

  test("an address may call again when its window is over", async () => {
    const here = newAddress();
    await exhaust(here);
    const user = await app.createUser();
    const headers = from(here);
    refused(await app.run("login", credentials(user), { headers }), 4015);
    await app.advance(15 * MINUTE);
    await app.begin(user, { headers });
  });

  test("the trail says which address it was, and no row of a window does", async () => {
    const here = newAddress();
    const user = await app.createUser();
    await app.begin(user, { headers: from(here, "198.51.100.1") });
    const [event] = await app.rows("TwoFactorEvent", { user: user.id });
    assert.equal(event.address, here);
    assert.ok(!JSON.stringify(await addressWindows(app)).includes(here));
  });
});

test("with no proxy in between, whatever a client writes counts at its own address", async () => {
  const app = await startApp({
    options: { trustAddresses: true, limits: { callsPerAddress: LIMIT } },
  });
  try {
    const user = await app.createUser();
    const call = (/** @type {number} */ n) => {
      const written = { "X-Forwarded-For": `198.51.100.${n}`, ...forged(n) };
      return app.run("login", credentials(user), { headers: written });
    };
    for (let n = 1; n <= LIMIT; n++) {
      assert.ok((await call(n)).body.result?.challenge);
    }
    for (let n = LIMIT + 1; n <= LIMIT + 10; n++) refused(await call(n), 4015);
    assert.equal((await addressWindows(app)).length, 1);
  } finally {
    await app.stop();
  }
});

test("where addresses are not trusted nothing is counted by them, and a header changes nothing", async () => {
  const app = await startApp({
    options: { limits: { callsPerAddress: LIMIT } },
  });
  try {
    const user = await app.createUser();
    const begun = await app.begin(user);
    for (let n = 1; n <= 2 * LIMIT; n++) {
      const headers = { "X-Forwarded-For": "198.51.100.1", ...forged(n) };
      const answer = await app.run("login", credentials(user), { headers });
      assert.equal(answer.body.result?.challenge, begun.challenge);
    }
    assert.deepEqual(await addressWindows(app), []);
    const headers = { "X-Forwarded-For": "198.51.100.1", ...forged(1) };
    granted(await app.run("login", begun, { headers }));
    const trail = JSON.stringify(await app.rows("TwoFactorEvent"));
    assert.ok(!trail.includes("198.51.100."), trail);
  } finally {
    await app.stop();
  }
});
