// @ts-check
"use strict";

/** `npm run screenshots`: makes the README's pictures of the demo, each in light and dark. */

const path = require("node:path");
const { startDemo } = require("./support/demo");
const { launch } = require("./support/page");

const DOCS = path.join(__dirname, "..", "docs");
const VIEWPORT = { width: 1080, height: 780 };

/** What a person does until the picture is taken. @type {Record<string, (page: import("playwright-core").Page) => Promise<unknown>>} */
const PICTURES = {
  demo: async (page) => {
    await page.fill("#username", "123");
    await page.fill("#password", "123");
    await page.click("#submit");
    await page.waitForSelector("#phone .message");
    await page.waitForSelector("#code");
  },
  settings: async (page) => {
    const message = page.locator("#phone .message").last();
    const [code] = /\d{6}/.exec(await message.innerText()) ?? [];
    await page.fill("#code", String(code));
    await page.waitForSelector("#add-totp");
    await page.mouse.move(0, 0);
  },
  enrollment: async (page) => {
    await page.click("#add-totp");
    await page.waitForSelector(".qr");
    await page.click("#scan");
    await page.waitForSelector(".app-code");
    await page.fill("#code", await page.innerText(".app-code"));
  },
};

async function main() {
  const browser = await launch();
  try {
    for (const scheme of /** @type {const} */ (["light", "dark"])) {
      await picture(browser, scheme);
    }
  } finally {
    await browser.close();
  }
}

/**
 * @param {import("playwright-core").Browser} browser
 * @param {"light" | "dark"} scheme
 */
async function picture(browser, scheme) {
  // A database of its own, so that both find the same account.
  const demo = await startDemo();
  try {
    if (!(await demo.ready)) throw new Error(demo.output());
    const page = await browser.newPage({
      colorScheme: scheme,
      reducedMotion: "reduce",
      viewport: VIEWPORT,
    });
    page.setDefaultTimeout(120_000);
    await page.goto(demo.url);
    for (const [name, act] of Object.entries(PICTURES)) {
      await act(page);
      const file = scheme === "dark" ? `${name}-dark.png` : `${name}.png`;
      await page.screenshot({ path: path.join(DOCS, file) });
      console.log(`docs/${file}`);
    }
  } finally {
    await demo.stop();
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
