// @ts-check
"use strict";

/** `<two-factor-sign-in>` and `<two-factor-settings>` in a real Chromium: what everybody can see, hear and type. */

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { after, before, test } = require("node:test");
const { startDemo } = require("./support/demo");
const { errorAt, faults, launch, visitDemo } = require("./support/page");

/** @typedef {import("playwright-core").Page} Page */

const PASSWORD = "a password";
const PHONE = "+15005550006";

/** @type {Awaited<ReturnType<typeof startDemo>>} */
let demo;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  const options = { require: "everyone", limits: { resendAfter: 1 } };
  demo = await startDemo({ TWO_FACTOR_OPTIONS: JSON.stringify(options) });
  assert.ok(await demo.ready, demo.output());
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

let users = 0;

/** @param {string} [phone_number] @returns {Promise<string>} the name */
async function newUser(phone_number) {
  const username = `user ${users++}`;
  const number = phone_number && { phone_number };
  await demo.createUser({ username, password: PASSWORD, ...number });
  return username;
}

/** @param {Page} page @param {string} username @param {string} [password] */
async function submit(page, username, password = PASSWORD) {
  await page.fill("#username", username);
  await page.fill("#password", password);
  await page.press("#password", "Enter");
}

const newestCode = async () => {
  const [{ body }] = await demo.messages(PHONE);
  return String(/\d{6}/.exec(body)?.[0]);
};

/** The views of a sign-in that enrolls first, and of the settings after it, one after the other. @type {Record<string, (page: Page) => Promise<void>>} */
const VIEWS = {
  "name and password": async (page) => {
    await page.waitForSelector("#username");
  },
  "an empty field": async (page) => {
    await page.click("#submit");
    await errorAt(page, "username");
  },
  "the ways to choose from": async (page) => {
    await submit(page, await newUser());
    await page.waitForSelector("#way-totp");
  },
  "a number": async (page) => {
    await page.click("#way-sms");
    await page.fill("#phoneNumber", "0888 123 456");
    await page.click("#submit");
    assert.match(await errorAt(page, "phoneNumber"), /country code/);
  },
  "a code by message": async (page) => {
    await page.fill("#phoneNumber", "+1 (500) 555-0006");
    await page.click("#submit");
    await page.waitForSelector("#code");
  },
  "another code": async (page) => {
    await page.click("#over");
    await page.click("#way-totp");
    await page.waitForSelector(".qr");
  },
  "a wrong code": async (page) => {
    await page.fill("#code", "12345");
    await page.press("#code", "Enter");
    assert.match(await errorAt(page, "code"), /not right/);
  },
  "recovery codes": async (page) => {
    await page.click("#scan");
    await page.fill("#code", await page.innerText(".app-code"));
    await page.press("#code", "Enter");
    await page.waitForSelector("#saved");
  },
  "the list": async (page) => {
    await page.click("#saved");
    await page.waitForSelector("#new-codes");
  },
  "a name to change": async (page) => {
    await page.click("[aria-label='Rename Authenticator app']");
    await page.fill("#label", "My phone");
    await page.press("#label", "Enter");
    await page.waitForSelector("[aria-label='Rename My phone']");
    await page.click("[aria-label='Rename My phone']");
  },
  "a question": async (page) => {
    await page.click("#new-codes");
    await page.waitForSelector("#sure");
  },
  "more to add": async (page) => {
    await page.click("#add-sms");
    await page.waitForSelector("#phoneNumber");
  },
};

for (const [scheme, width] of /** @type {const} */ ([
  ["light", 1200],
  ["dark", 320],
])) {
  test(`axe finds no fault in any view, in ${scheme} at ${width} pixels, and nothing is wider than the page.`, () =>
    visitDemo(
      browser,
      demo,
      async (page) => {
        for (const [view, go] of Object.entries(VIEWS)) {
          await go(page);
          assert.deepEqual(await faults(page), [], view);
          const [wide, room] = await page.evaluate(() => [
            document.documentElement.scrollWidth,
            document.documentElement.clientWidth,
          ]);
          assert.ok(wide <= room, `${view}: ${wide} in ${room}`);
        }
      },
      { colorScheme: scheme, viewport: { width, height: 800 } },
    ));
}

test("A sign-in works by keyboard alone, tells a new code, and leads back to the name.", async () => {
  const username = await newUser(PHONE);
  await visitDemo(browser, demo, async (page) => {
    await page.waitForSelector("#username");
    /** The id of what has the focus. */
    const focused = () =>
      page.evaluate(() => {
        let at = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        return at?.id;
      });
    /** @param {string} id */
    const tabTo = async (id) => {
      for (let n = 0; n < 12; n++) {
        if ((await focused()) === id) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`${id} is not reached: ${await focused()}`);
    };
    await tabTo("username");
    await page.keyboard.type(username);
    await tabTo("password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");

    await page.waitForSelector("#code");
    assert.equal(await focused(), "code");
    await page.waitForSelector("#resend[aria-disabled=false]");
    await tabTo("resend");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=status]:has-text('on its way')");
    assert.equal(await focused(), "code");

    await tabTo("over");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#password");
    assert.equal(await focused(), "password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForSelector("#code");
    await page.keyboard.type(await newestCode());
    await page.waitForSelector("#outcome[data-outcome=granted]");
  });
});

test("An error is tied to its field, which is marked, and is an alert.", () =>
  visitDemo(browser, demo, async (page) => {
    await submit(page, "123", "wrong");
    await errorAt(page, "password");
    const field = page.locator("#password");
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    const ids = (await field.getAttribute("aria-describedby"))?.split(" ");
    assert.ok(ids?.includes("password-error"), String(ids));
    const error = page.locator("#password-error");
    assert.equal(await error.getAttribute("role"), "alert");
  }));

test("A lost connection is told as such, and what was typed can be sent again.", () =>
  visitDemo(browser, demo, async (page) => {
    await page.waitForSelector("#username");
    await page.route("**/functions/login", (route) => route.abort());
    await page.evaluate(() => {
      const { Parse } = /** @type {any} */ (window);
      Parse.CoreManager.set("REQUEST_ATTEMPT_LIMIT", 1);
    });
    await submit(page, "123", "123");
    assert.match(await errorAt(page, "password"), /No connection/);
    assert.equal(await page.inputValue("#username"), "123");
  }));

test("Texts of twice the size, from right to left, and forced colors leave all of it to be seen.", () =>
  visitDemo(
    browser,
    demo,
    async (page) => {
      await page.evaluate(() => {
        document.documentElement.style.fontSize = "200%";
        document.documentElement.dir = "rtl";
      });
      await submit(page, "123", "123");
      await page.waitForSelector("#code");
      const { wide, room, edge, right } = await page.evaluate(() => {
        const root = /** @type {any} */ (document.querySelector("#sign-in"));
        const find = (/** @type {string} */ id) =>
          root.shadowRoot.querySelector(`#${id}`);
        const button = getComputedStyle(find("submit"));
        return {
          wide: document.documentElement.scrollWidth,
          room: document.documentElement.clientWidth,
          edge: `${button.borderTopWidth} ${button.borderTopStyle}`,
          right: getComputedStyle(find("title")).direction,
        };
      });
      assert.ok(wide <= room, `${wide} in ${room}`);
      assert.equal(edge, "1px solid");
      assert.equal(right, "rtl");
      assert.deepEqual(await faults(page), []);
    },
    { forcedColors: "active", viewport: { width: 640, height: 900 } },
  ));

const LANGUAGES = path.join(__dirname, "..", "browser", "elements", "lang");

test("Every language has every text, with the same places to fill in.", async () => {
  const { default: english } = await import(
    path.join(LANGUAGES, "..", "texts.mjs")
  );
  /** @param {Record<string, string>} texts */
  const places = (texts) =>
    Object.entries(texts).map(([name, text]) =>
      [name, ...(text.match(/\{\w+\}/g) ?? []).sort()].join(" "),
    );
  const files = fs.readdirSync(LANGUAGES);
  assert.equal(files.length, 8);
  for (const file of files) {
    const { default: texts } = await import(path.join(LANGUAGES, file));
    assert.deepEqual(places(texts), places(english), file);
  }
});

test("The elements speak the language around them, and an app's own texts go before.", () =>
  visitDemo(
    browser,
    demo,
    async (page) => {
      await page.waitForSelector("#username");
      await page.evaluate(() => {
        const made = document.createElement("two-factor-sign-in");
        made.lang = "de-AT";
        made.id = "german";
        /** @type {any} */ (made).texts = { username: "Kundennummer" };
        document.body.append(made);
      });
      const german = page.locator("#german");
      await german.locator("button:has-text('Anmelden')").waitFor();
      assert.match(await german.locator("form").innerText(), /Kundennummer/);
      assert.match(await german.locator("form").innerText(), /Passwort/);
    },
    { viewport: { width: 1200, height: 800 } },
  ));

test("A browser is trusted where the server offers it, but not with a recovery code.", () =>
  visitDemo(browser, demo, async (page) => {
    await page.waitForSelector("#username");
    await page.evaluate(() => {
      const signIn = /** @type {any} */ (document.querySelector("#sign-in"));
      const shown = { status: "challenge", method: "totp", trustDays: 30 };
      signIn.client = {
        knowsPasskeys: false,
        resume: async () => undefined,
        signIn: async () => ({
          ...shown,
          methods: ["totp", "recovery"],
          expiresAt: new Date(Date.now() + 60_000),
          cancel() {},
          answer: async (
            /** @type {string} */ code,
            /** @type {any} */ more,
          ) => {
            document.title = JSON.stringify([code, more]);
            throw Object.assign(new Error(), { name: "WrongCode" });
          },
        }),
      };
    });
    await submit(page, "ada");
    await page.click("text=Don’t ask again on this browser for 30 days");
    await page.fill("#code", "123456");
    await errorAt(page, "code");
    const sent = ["123456", { method: "totp", trust: true }];
    assert.deepEqual(JSON.parse(await page.title()), sent);
    await page.click("#others");
    await page.click("#way-recovery");
    await page.waitForSelector("#code[inputmode=text]");
    assert.equal(await page.locator("input[name=trust]").count(), 0);
  }));
