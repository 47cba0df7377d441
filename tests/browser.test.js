// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { chromium } = require("playwright-core");
const { wrongCode } = require("./support/user");
const { startDemo } = require("./support/demo");
const { TOO_MANY_WRONG_CODES, WRONG_ANSWER } = require("./support/refusals");

/** The phone beside the form shows what comes to the tutorial's number. */
const PHONE = "+15005550006";
const PASSWORD = "a password";

/** @type {Awaited<ReturnType<typeof startDemo>>} */
let demo;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  demo = await startDemo();
  assert.ok(await demo.ready, demo.output());
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/**
 * Opens the page in a browser that has never seen it, and closes it whatever happens.
 * @param {(page: import("playwright-core").Page) => Promise<void>} visit
 */
async function onThePage(visit) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    /** @type {Error[]} */
    const errors = [];
    /** @type {Set<string>} */
    const hosts = new Set();
    page.on("pageerror", (error) => errors.push(error));
    page.on("request", (request) => hosts.add(new URL(request.url()).origin));
    await page.goto(demo.url);
    await visit(page);
    assert.deepEqual(errors, []);
    assert.deepEqual([...hosts], [demo.url]);
  } finally {
    await context.close();
  }
}

/**
 * @param {import("playwright-core").Page} page
 * @param {string} username
 * @param {string} password
 */
async function submit(page, username, password) {
  await page.fill("#username", username);
  await page.fill("#password", password);
  await page.click("#submit");
}

/**
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string>} what a person reads off the phone
 */
async function codeOnThePhone(page) {
  const message = await page.innerText("#phone .message");
  const [, code] = /^Your 2FA code is (\d{6})/.exec(message) ?? [];
  assert.ok(code, `no code in ${message}`);
  return code;
}

/**
 * @param {import("playwright-core").Page} page
 * @param {string} code
 */
async function verify(page, code) {
  await page.fill("#code", code);
  await page.click("#verify");
}

/**
 * @param {import("playwright-core").Page} page
 * @param {"granted" | "denied"} outcome
 */
async function sees(page, outcome) {
  await page.waitForSelector(`#outcome[data-outcome="${outcome}"]`);
  assert.match(await page.innerText("#outcome"), new RegExp(outcome, "i"));
}

/** @param {string} username */
const createUser = (username) =>
  demo.createUser({ username, password: PASSWORD, phone_number: PHONE });

/** @param {string} username */
async function sessionsOf(username) {
  const where = JSON.stringify({
    user: {
      $inQuery: { className: "_User", where: { username } },
    },
    "createdWith.action": "login",
  });
  return (await demo.asMaster("/classes/_Session", { where })).results;
}

test("On the page the tutorial's user signs in with the code that arrives on the phone.", () =>
  onThePage(async (page) => {
    await submit(page, "123", "123");
    const code = await codeOnThePhone(page);
    assert.equal((await sessionsOf("123")).length, 0);

    await verify(page, code);

    await sees(page, "granted");
    assert.equal((await sessionsOf("123")).length, 1);
  }));

test("On the page a wrong code is denied, and the right one still opens.", async () => {
  await createUser("mistyped");
  await onThePage(async (page) => {
    await submit(page, "mistyped", PASSWORD);
    const code = await codeOnThePhone(page);

    await verify(page, wrongCode(code));

    await sees(page, "denied");
    assert.equal((await sessionsOf("mistyped")).length, 0);

    await verify(page, code);
    await sees(page, "granted");
  });
});

test("On the page a wrong password is denied, and no message arrives.", async () => {
  await createUser("forgetful");
  const arrived = (await demo.messages(PHONE)).length;
  await onThePage(async (page) => {
    await submit(page, "forgetful", "not the password");
    await sees(page, "denied");
    assert.equal(await page.isVisible("#code"), false);
  });
  assert.equal((await demo.messages(PHONE)).length, arrived);
});

test("On the page five wrong codes end the sign-in, and the right one is denied as well.", async () => {
  await createUser("persistent");
  await onThePage(async (page) => {
    await submit(page, "persistent", PASSWORD);
    const code = await codeOnThePhone(page);
    const answered = () =>
      page.waitForResponse((response) =>
        response.url().endsWith("/functions/login"),
      );
    for (let n = 1; n <= 5; n++) {
      const answer = answered();
      await verify(page, wrongCode(code, n));
      assert.equal((await (await answer).json()).code, WRONG_ANSWER);
      await sees(page, "denied");
    }

    const answer = answered();
    await verify(page, code);

    assert.equal((await (await answer).json()).code, TOO_MANY_WRONG_CODES);
    await sees(page, "denied");
    assert.equal((await sessionsOf("persistent")).length, 0);
  });
});

test("While the code is awaited the page keeps no password and no session.", async () => {
  await createUser("watched");
  await onThePage(async (page) => {
    await submit(page, "watched", PASSWORD);
    await page.waitForSelector("#code", { state: "visible" });

    assert.equal(await page.inputValue("#password"), "");
    const kept = await page.evaluate(() =>
      JSON.stringify([
        { ...localStorage },
        { ...sessionStorage },
        document.cookie,
        location.href,
      ]),
    );
    assert.ok(!kept.includes(PASSWORD), kept);
    assert.doesNotMatch(kept, /r:[0-9a-f]{32}/);
    assert.equal(await page.isDisabled("#resend"), true);
  });
});

/** Chromium's virtual authenticators, by the devices that they stand for. */
const AUTHENTICATORS = {
  "a USB key": { transport: "usb" },
  "an old U2F key": {
    protocol: "u2f",
    transport: "usb",
    hasResidentKey: false,
    hasUserVerification: false,
  },
  "a laptop": { transport: "internal" },
  "a synced account": {
    transport: "internal",
    defaultBackupEligibility: true,
    defaultBackupState: true,
  },
};

/**
 * Plugs an authenticator in, whose owner touches it whenever it blinks.
 * @param {import("playwright-core").Page} page
 * @param {object} options
 */
async function plugIn(page, options) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send(
    "WebAuthn.addVirtualAuthenticator",
    {
      options: /** @type {any} */ ({
        protocol: "ctap2",
        ctap2Version: "ctap2_1",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
        ...options,
      }),
    },
  );
  return { devtools, authenticatorId };
}

/**
 * Signs in by the code, adds a passkey, and signs out again.
 * @param {import("playwright-core").Page} page
 * @param {string} username
 */
async function addPasskey(page, username) {
  await submit(page, username, PASSWORD);
  const first = await codeOnThePhone(page);
  await verify(page, first);
  await sees(page, "granted");
  await page.click("#add-passkey");
  await page.waitForFunction((code) => {
    const message = document.querySelector("#phone .message");
    return message && !message.textContent?.includes(code);
  }, first);
  await verify(page, await codeOnThePhone(page));
  await page.waitForSelector("#outcome:has-text('Passkey added')");
  await page.click("#sign-out");
}

for (const [device, options] of Object.entries(AUTHENTICATORS)) {
  test(`On the page a user adds a passkey of ${device}, and signs in with it.`, async () => {
    const username = `with ${device}`;
    await createUser(username);
    await onThePage(async (page) => {
      await plugIn(page, options);
      await addPasskey(page, username);
      const messages = (await demo.messages(PHONE)).length;

      await submit(page, username, PASSWORD);

      await sees(page, "granted");
      assert.equal((await demo.messages(PHONE)).length, messages);
      assert.equal((await sessionsOf(username)).length, 1);
    });
  });
}

test("On the page a bogus signature is denied, and a code still opens.", async () => {
  await createUser("bogus");
  await onThePage(async (page) => {
    const { devtools, authenticatorId } = await plugIn(page, {
      transport: "usb",
    });
    await addPasskey(page, "bogus");
    await devtools.send("WebAuthn.setResponseOverrideBits", {
      authenticatorId,
      isBogusSignature: true,
    });

    await submit(page, "bogus", PASSWORD);

    await sees(page, "denied");
    assert.equal((await sessionsOf("bogus")).length, 0);
    await page.click("#resend");
    await page.waitForSelector("#sent:has-text('Sent to')");
    await verify(page, (await demo.messages(PHONE))[0].body.match(/\d{6}/)[0]);
    await sees(page, "granted");
  });
});
