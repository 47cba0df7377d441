// @ts-check
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const { chromium } = require("playwright-core");

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {Awaited<ReturnType<typeof import("./demo").startDemo>>} Demo */

const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** A real Chromium. */
const launch = () =>
  chromium.launch({
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

/**
 * Opens the demo's page in a browser that has never seen it, and closes it whatever happens. No script may throw, nothing may be loaded from
 * elsewhere, and the page's content security policy may have nothing to stop.
 * @param {import("playwright-core").Browser} browser
 * @param {Demo} demo
 * @param {(page: Page) => Promise<void>} visit
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function visitDemo(browser, demo, visit, options) {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    // A machine that does ten other things at once is slow, and not wrong.
    page.setDefaultTimeout(120_000);
    /** @type {string[]} */
    const errors = [];
    /** @type {Set<string>} */
    const hosts = new Set();
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      if (/Content Security Policy/.test(message.text())) {
        errors.push(message.text());
      }
    });
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== "blob:") hosts.add(origin);
    });
    await page.goto(demo.url);
    await visit(page);
    assert.deepEqual(errors, []);
    assert.deepEqual([...hosts], [demo.url]);
  } finally {
    await context.close();
  }
}

/**
 * What axe has against the page as it is, all of it in open shadow roots too. What is still fading in has a contrast that nobody is left with, so
 * nothing moves from here on.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
async function faults(page) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.evaluate(`${AXE};0`);
  return page.evaluate(violations);
}

/** Runs in a page that has axe. @returns {Promise<string[]>} */
async function violations() {
  const found = await /** @type {any} */ (globalThis).axe.run();
  return found.violations.flatMap((/** @type {any} */ { id, nodes }) =>
    nodes.map((/** @type {any} */ { target, failureSummary }) =>
      [id, target, failureSummary].join(" "),
    ),
  );
}

/**
 * Waits until a message stands at a field, and returns it.
 * @param {Page} page
 * @param {string} field
 */
async function errorAt(page, field) {
  const error = page.locator(`#${field}-error`).filter({ hasText: /\S/ });
  await error.waitFor();
  return (await error.innerText()).trim();
}

module.exports = { AXE, launch, visitDemo, faults, violations, errorAt };
