// @ts-check
"use strict";

/** The demo's page in a real Chromium: the contract, and what is stored while somebody signs in. */

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { startDemo } = require("./support/demo");
const { errorAt, launch, visitDemo } = require("./support/page");
const { TOO_MANY_WRONG_CODES, WRONG_ANSWER } = require("./support/refusals");
const { wrongCode } = require("./support/user");

/** @typedef {import("playwright-core").Page} Page */

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
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** @param {(page: Page) => Promise<void>} visit */
const onThePage = (visit) => visitDemo(browser, demo, visit);

/**
 * @param {Page} page
 * @param {string} username
 * @param {string} password
 */
async function submit(page, username, password) {
  await page.fill("#username", username);
  await page.fill("#password", password);
  await page.click("#submit");
}

/**
 * @param {Page} page
 * @returns {Promise<string>} what a person reads off the phone
 */
async function codeOnThePhone(page) {
  const message = await page.locator("#phone .message").last().innerText();
  const [, code] = /^Your 2FA code is (\d{6})/.exec(message) ?? [];
  assert.ok(code, `no code in ${message}`);
  return code;
}

/** Types a code, with whose last digit the page submits. @param {Page} page @param {string} code */
const type = (page, code) => page.fill("#code", code);

/** @param {Page} page */
async function isSignedIn(page) {
  await page.waitForSelector("#outcome[data-outcome=granted]");
  assert.match(await page.innerText("#outcome"), /^.{0,2}Signed in as /);
  await page.waitForSelector("two-factor-settings [part~=list]", {
    state: "attached",
  });
}

/** @param {string} username @param {string} [phone_number] */
const createUser = (username, phone_number = PHONE) =>
  demo.createUser({ username, password: PASSWORD, phone_number });

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

test("On the page the tutorial's user signs in with the code that arrives on the phone, and sees the account's second factors.", () =>
  onThePage(async (page) => {
    await submit(page, "123", "123");
    const code = await codeOnThePhone(page);
    assert.equal((await sessionsOf("123")).length, 0);

    await type(page, code);

    await isSignedIn(page);
    assert.equal((await sessionsOf("123")).length, 1);
    const listed = page.locator("two-factor-settings [part~=item]").first();
    assert.match(await listed.innerText(), /•••• 0006/);
  }));

test("On the page a wrong code is told at its field with the tries that are left, and the right one still opens, with a space in it.", async () => {
  await createUser("mistyped");
  await onThePage(async (page) => {
    await submit(page, "mistyped", PASSWORD);
    const code = await codeOnThePhone(page);

    await type(page, wrongCode(code));

    assert.match(await errorAt(page, "code"), /not right.*4 tries left/);
    assert.equal((await sessionsOf("mistyped")).length, 0);

    await type(page, `${code.slice(0, 3)} ${code.slice(3)}`);
    await isSignedIn(page);
  });
});

test("On the page a wrong password is told at its field, and no message arrives.", async () => {
  await createUser("forgetful");
  const arrived = (await demo.messages(PHONE)).length;
  await onThePage(async (page) => {
    await submit(page, "forgetful", "not the password");
    assert.match(await errorAt(page, "password"), /not right/);
    assert.equal(await page.isVisible("#code"), false);
    assert.equal(await page.inputValue("#password"), "");
  });
  assert.equal((await demo.messages(PHONE)).length, arrived);
});

test("On the page five wrong codes end the sign-in, and the right one opens nothing.", async () => {
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
      await type(page, wrongCode(code, n));
      assert.equal((await (await answer).json()).code, WRONG_ANSWER);
      await errorAt(page, "code");
    }

    const answer = answered();
    await type(page, code);

    assert.equal((await (await answer).json()).code, TOO_MANY_WRONG_CODES);
    await page.waitForSelector("[role=alert]:has-text('start again')");
    assert.equal(await page.isVisible("#password"), true);
    assert.equal((await sessionsOf("persistent")).length, 0);
  });
});

test("While the code is awaited the page keeps no password and no session, and a reload asks for the same code.", async () => {
  await createUser("watched");
  await onThePage(async (page) => {
    await submit(page, "watched", PASSWORD);
    const code = await codeOnThePhone(page);
    const arrived = (await demo.messages(PHONE)).length;

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
    assert.equal(await page.getAttribute("#resend", "aria-disabled"), "true");

    await page.reload();
    await type(page, code);
    await isSignedIn(page);
    assert.equal((await demo.messages(PHONE)).length, arrived);
  });
});

test("On the page a user without a second factor is told so, and adds an authenticator app that the phone scans.", async () => {
  await createUser("without", "");
  await onThePage(async (page) => {
    await submit(page, "without", PASSWORD);
    await isSignedIn(page);
    assert.match(
      await page.innerText("two-factor-settings #lede"),
      /no second factor yet/,
    );

    await page.click("#add-totp");
    await page.fill("two-factor-settings #password", PASSWORD);
    await page.click("two-factor-settings #submit");
    await page.click("#scan");
    await type(page, (await page.innerText(".app-code")).trim());
    await page.click("two-factor-settings #submit");

    await page.waitForSelector("two-factor-settings #codes li");
    assert.equal(
      await page.locator("two-factor-settings #codes li").count(),
      10,
    );
    await page.click("#saved");
    await page.waitForSelector("[part~=item]:has-text('Authenticator app')");
    await page.waitForSelector("[role=status]:has-text('Added.')");
  });
});

test("The page calls the functions by the names that the app gave them.", async () => {
  const functions = { login: "signIn", twoFactorStatus: "factors" };
  const renamed = await startDemo({
    TWO_FACTOR_OPTIONS: JSON.stringify({ functions }),
  });
  try {
    assert.ok(await renamed.ready, renamed.output());
    const user = { username: "Ada", password: PASSWORD, phone_number: PHONE };
    await renamed.createUser(user);
    await visitDemo(browser, renamed, async (page) => {
      await submit(page, user.username, PASSWORD);
      await page.waitForSelector("#code");
      await type(page, await codeOnThePhone(page));
      await page.waitForSelector("#add-totp");
    });
  } finally {
    await renamed.stop();
  }
});

test("The drawer shows the event trail and the doctor's findings.", () =>
  onThePage(async (page) => {
    await page.click("#server summary");
    await page.waitForSelector("#trail li:has-text('code-sent')");
    await page.click("#doctor");
    await page.waitForSelector("#findings li:has-text('ok: server')", {
      timeout: 60_000,
    });
    const trail = await page.innerText("#trail");
    assert.doesNotMatch(trail, /\+1500/);
  }));

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
 * @param {Page} page
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
 * Signs in by the code, which is a step-up as well, adds a passkey, and signs out again.
 * @param {Page} page
 * @param {string} username
 */
async function addPasskey(page, username) {
  await submit(page, username, PASSWORD);
  await type(page, await codeOnThePhone(page));
  await isSignedIn(page);
  await page.click("#add-webauthn");
  await page.click("#passkey");
  await page.click("#saved");
  await page.waitForSelector("[part~=item]:has-text('Passkey')");
  await page.click("#sign-out");
  await page.waitForSelector("#username");
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

      await isSignedIn(page);
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

    await page.waitForSelector("[role=alert]:has-text('not accepted')");
    assert.equal((await sessionsOf("bogus")).length, 0);
    await page.click("#others");
    await page.click("#way-sms");
    await page.waitForSelector("[role=status]:has-text('on its way')");
    const [{ body }] = await demo.messages(PHONE);
    await type(page, String(/\d{6}/.exec(body)?.[0]));
    await isSignedIn(page);
  });
});
