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
  const options = {
    require: "everyone",
    limits: { resendAfter: 1 },
    trustedDevices: { days: 30 },
    allow: ["trusted-device"],
  };
  demo = await startDemo({
    TWO_FACTOR_OPTIONS: JSON.stringify(options),
    DEMO_PROVIDER: "1",
  });
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
  "a code to sign in": async (page) => {
    await page.click("#sign-out");
    await submit(page, `user ${users - 1}`);
    await page.waitForSelector("input[name=trust]");
  },
  "other ways": async (page) => {
    await page.click("#others");
    await page.waitForSelector("#way-recovery");
  },
  "a recovery code": async (page) => {
    await page.click("#way-recovery");
    await page.waitForSelector("#code[inputmode=text]");
    await page.fill("#code", "not one");
    await page.press("#code", "Enter");
    assert.match(await errorAt(page, "code"), /not right/);
  },
  "a trusted browser": async (page) => {
    await page.click("#over");
    await submit(page, await newUser(PHONE));
    await page.check("input[name=trust]");
    await page.fill("#code", await newestCode());
    await page.waitForSelector("#forget-all");
  },
  "the drawer": async (page) => {
    await page.click("#server summary");
    await page.waitForSelector("#trail li");
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

test("A code that has expired is told without anybody asking, and a click leads back to the name.", async () => {
  const username = await newUser(PHONE);
  await visitDemo(browser, demo, async (page) => {
    await page.clock.install();
    await page.reload();
    await submit(page, username);
    await page.waitForSelector("[role=timer]:has-text('Good for 4:')");
    await page.clock.fastForward("05:01");
    await page.waitForSelector("[role=alert]:has-text('has expired')");
    assert.deepEqual(await faults(page), []);
    assert.equal(await page.locator("#code").count(), 0);
    await page.click("#over");
    assert.equal(await page.inputValue("#username"), username);
  });
});

/** A person who has a keyboard and nothing else. @param {Page} page */
function byKeyboard(page) {
  /** What has the focus: its id, its label or its name. */
  const focused = () =>
    page.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return at?.id || at?.ariaLabel || at?.getAttribute("name");
    });
  /** @param {string} name */
  const tabTo = async (name) => {
    for (let n = 0; n < 16; n++) {
      if ((await focused()) === name) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${name} is not reached: ${await focused()}`);
  };
  /** @param {string} name @param {string} [key] */
  const press = async (name, key = "Enter") => {
    await tabTo(name);
    await page.keyboard.press(key);
  };
  return { focused, tabTo, press };
}

test("A sign-in works by keyboard alone, tells a new code, and leads back to the name.", async () => {
  const username = await newUser(PHONE);
  await visitDemo(browser, demo, async (page) => {
    await page.waitForSelector("#username");
    const { focused, tabTo, press } = byKeyboard(page);
    await tabTo("username");
    await page.keyboard.type(username);
    await tabTo("password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");

    await page.waitForSelector("#code");
    assert.equal(await focused(), "code");
    await page.waitForSelector("#resend[aria-disabled=false]");
    await press("resend");
    await page.waitForSelector("[role=status]:has-text('on its way')");
    assert.equal(await focused(), "code");

    await press("over");
    await page.waitForSelector("#password");
    assert.equal(await focused(), "password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForSelector("#code");
    await page.keyboard.type(await newestCode());
    await page.waitForSelector("#outcome[data-outcome=granted]");
  });
});

test("Settings work by keyboard alone, never lose the focus, and tell each change.", async () => {
  const username = await newUser(PHONE);
  await visitDemo(browser, demo, async (page) => {
    await submit(page, username);
    await page.waitForSelector("#code");
    await page.fill("#code", await newestCode());
    await page.waitForSelector("#add-totp");
    const { focused, tabTo, press } = byKeyboard(page);
    /** @param {string} text */
    const tells = async (text) => {
      await page.waitForSelector(`[role=status]:has-text('${text}')`);
      assert.equal(await focused(), "title");
    };

    await press("add-totp");
    await page.waitForSelector(".qr");
    assert.equal(await focused(), "code");
    // The phone is another device, and has a finger.
    await page.click("#scan");
    const code = (await page.innerText(".app-code")).trim();
    await tabTo("code");
    await page.keyboard.type(code);
    await page.keyboard.press("Enter");
    await page.waitForSelector("#saved");
    assert.equal(await focused(), "title");
    await press("saved");
    await tells("Added.");

    await press("Rename Authenticator app");
    assert.equal(await focused(), "label");
    await page.keyboard.type("My phone");
    await page.keyboard.press("Enter");
    await tells("Renamed.");

    await press("Remove My phone");
    assert.equal(await focused(), "sure");
    await press("over");
    assert.equal(await focused(), "title");
    await press("Remove My phone", "Space");
    await press("endOthers", "Space");
    await press("submit");
    await tells("Removed. You are signed out everywhere else.");
    assert.equal(await page.locator("[part~=item]").count(), 1);
  });
});

test("A message that the browser can read signs in without typing, and is no longer waited for once the person starts again.", async () => {
  const username = await newUser(PHONE);
  await visitDemo(browser, demo, async (page) => {
    await page.addInitScript(() => {
      const own = /** @type {any} */ (window);
      own.OTPCredential = class {};
      own.asked = [];
      navigator.credentials.get = (/** @type {any} */ { otp, signal }) =>
        new Promise((resolve, reject) => {
          own.asked.push(otp);
          own.arrives = (/** @type {string} */ code) =>
            resolve(/** @type {any} */ ({ code }));
          signal.addEventListener("abort", () => {
            own.given = "up";
            reject(signal.reason);
          });
        });
    });
    await page.reload();
    await submit(page, username);
    await page.click("#over");
    await page.waitForFunction(() => /** @type {any} */ (window).given);
    await submit(page, username);
    await page.waitForFunction(
      () => /** @type {any} */ (window).asked.length === 2,
    );

    const code = await newestCode();
    await page.evaluate(`arrives("${code}")`);

    await page.waitForSelector("#outcome[data-outcome=granted]");
    const sms = { transport: ["sms"] };
    assert.deepEqual(await page.evaluate("asked"), [sms, sms]);
  });
});

test("Recovery codes are copied, downloaded and printed as they stand there, and nothing else is on the paper.", async () => {
  const username = await newUser();
  await visitDemo(browser, demo, async (page) => {
    const clipboard = ["clipboard-read", "clipboard-write"];
    await page.context().grantPermissions(clipboard);
    await page.addInitScript(() => {
      window.print = () => {
        /** @type {any} */ (top).printed = document.body.innerText;
        window.dispatchEvent(new Event("afterprint"));
      };
    });
    await page.reload();
    await submit(page, username);
    await page.click("#way-totp");
    await page.click("#scan");
    await page.fill("#code", await page.innerText(".app-code"));
    await page.press("#code", "Enter");
    await page.waitForSelector("#saved");
    const codes = await page
      .locator("two-factor-sign-in #codes li")
      .allInnerTexts();
    assert.equal(new Set(codes).size, 10);
    const lines = `${codes.join("\n")}\n`;

    await page.click("#copy");
    await page.waitForSelector("[role=status]:has-text('Copied.')");
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, lines);

    const begun = page.waitForEvent("download");
    await page.click("#download");
    const download = await begun;
    assert.equal(download.suggestedFilename(), "recovery-codes.txt");
    assert.equal(fs.readFileSync(await download.path(), "utf8"), lines);

    await page.click("#print");
    const printed = String(await page.evaluate("printed"));
    const paper = printed.split("\n").filter((line) => line.trim());
    assert.deepEqual(paper, ["Recovery codes: localhost", ...codes]);
    assert.equal(await page.locator("iframe").count(), 0);
  });
});

test("An app's button in the slot for providers signs in by the provider's word, and what the provider refuses is told.", () =>
  visitDemo(browser, demo, async (page) => {
    await page.waitForSelector("#username");
    await page.evaluate(() => {
      const signIn = /** @type {any} */ (document.querySelector("#sign-in"));
      for (const id of ["forged", "ada"]) {
        const token = id === "ada" ? "token-of-ada" : "of nobody";
        const button = document.createElement("button");
        button.slot = "providers";
        button.textContent = `Sign in as ${id}`;
        button.onclick = () =>
          signIn.signIn({ authData: { demo: { id, token } } });
        signIn.append(button);
      }
    });

    await page.click("text=Sign in as forged");
    await page.waitForSelector(
      "[role=alert]:has-text('The provider does not know this sign-in.')",
    );
    await page.click("text=Sign in as ada");

    await page.waitForSelector("#way-totp");
    assert.equal(await page.isVisible("text=Sign in as ada"), false);
  }));

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

test("Texts of twice the size, from right to left, and forced colors leave all of it to be seen, and with reduced motion nothing moves.", () =>
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
      await page.waitForSelector("#phone .message");
      const moves = await page.evaluate(() => {
        const { shadowRoot } = /** @type {any} */ (
          document.querySelector("#sign-in")
        );
        return [document, shadowRoot]
          .flatMap((root) => [...root.querySelectorAll("*")])
          .map((element) => getComputedStyle(element))
          .filter(
            ({ animationName, transitionDuration }) =>
              !["none", ""].includes(animationName) ||
              /[1-9]/.test(transitionDuration),
          ).length;
      });
      assert.equal(moves, 0);
    },
    {
      forcedColors: "active",
      reducedMotion: "reduce",
      viewport: { width: 640, height: 900 },
    },
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

test("A browser is trusted where the server offers it, signs in without a code until it is forgotten, and never by a recovery code.", async () => {
  const username = await newUser(PHONE);
  await visitDemo(browser, demo, async (page) => {
    await submit(page, username);
    await page.click("text=Don’t ask again on this browser for 30 days");
    await page.fill("#code", await newestCode());
    await page.click("#sign-out");

    await submit(page, username);

    await page.waitForSelector("#forget-all");
    await page.click("[aria-label^='Forget Chrome']");
    await page.waitForSelector("[role=status]:has-text('no longer trusted')");
    assert.equal(await page.locator("#forget-all").count(), 0);
    // A browser's token is no step-up, so a change asks for the code in place.
    await page.click("#add-totp");
    await page.waitForSelector("#code");
    await page.fill("#code", await newestCode());
    await page.click("#scan");
    await page.fill("#code", await page.innerText(".app-code"));
    await page.press("#code", "Enter");
    await page.click("#saved");
    await page.click("#sign-out");

    await submit(page, username);

    await page.waitForSelector("input[name=trust]");
    await page.click("#others");
    await page.click("#way-recovery");
    await page.waitForSelector("#code[inputmode=text]");
    assert.equal(await page.locator("input[name=trust]").count(), 0);
  });
});
