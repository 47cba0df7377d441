// @ts-check
"use strict";

/** `<two-factor-sign-in>` and `<two-factor-settings>` in a real Firefox, by WebDriver BiDi. Chromium's tests are the thorough ones: tests/elements.test.js. */

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const puppeteer = require("puppeteer-core");
const { startDemo } = require("../../support/demo");
const { AXE, violations } = require("../../support/page");
const { totp } = require("../../support/totp");

const PASSWORD = "a password";
const PHONE = "+15005550006";

/** @type {Awaited<ReturnType<typeof startDemo>>} */
let demo;
/** @type {import("puppeteer-core").Browser} */
let browser;

before(async () => {
  demo = await startDemo({
    TWO_FACTOR_OPTIONS: JSON.stringify({ require: "everyone" }),
  });
  assert.ok(await demo.ready, demo.output());
  browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.FIREFOX_PATH ?? "/usr/bin/firefox-esr",
    // Nothing moves while axe looks: what fades in has a contrast that nobody is left with.
    extraPrefsFirefox: { "ui.prefersReducedMotion": 1 },
  });
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/**
 * The demo's page, as a person uses it. `>>>` looks into open shadow roots.
 * @param {(person: Person) => Promise<void>} visit
 */
async function visitDemo(visit) {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    /** @type {string[]} */
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(demo.url);
    await visit(new Person(page));
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
  }
}

class Person {
  /** @param {import("puppeteer-core").Page} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {string} selector */
  async see(selector) {
    const element = await this.page.waitForSelector(`>>> ${selector}`);
    assert.ok(element);
    return element;
  }

  /** @param {string} selector */
  async read(selector) {
    const element = await this.see(selector);
    return element.evaluate((node) => node.textContent?.trim() ?? "");
  }

  /** @param {string} selector */
  async click(selector) {
    await (await this.see(selector)).click();
  }

  /** @param {string} selector @param {string} text */
  async type(selector, text) {
    const field = await this.see(selector);
    await field.evaluate((node) => {
      /** @type {any} */ (node).value = "";
    });
    await field.type(text);
    await field.press("Enter");
  }

  /** @param {string} username */
  async signIn(username) {
    await (await this.see("#username")).type(username);
    await this.type("#password", PASSWORD);
  }

  async faults() {
    await this.page.evaluate(`${AXE};0`);
    return this.page.evaluate(violations);
  }
}

test("A person signs in with a code from a message in Firefox, after a wrong one.", async () => {
  const user = { username: "Ada", password: PASSWORD, phone_number: PHONE };
  await demo.createUser(user);
  await visitDemo(async (person) => {
    await person.signIn(user.username);
    await person.see("#code");
    assert.deepEqual(await person.faults(), []);
    const [{ body }] = await demo.messages(PHONE);
    const code = String(/\d{6}/.exec(body)?.[0]);
    await person.type("#code", code === "123456" ? "654321" : "123456");
    assert.match(await person.read("#code-error"), /not right/);
    await person.type("#code", code);
    await person.see("#sign-out");
    assert.deepEqual(await person.faults(), []);
  });
});

test("A person without a factor enrolls an authenticator app in Firefox, and is signed in.", async () => {
  const user = { username: "Grace", password: PASSWORD };
  await demo.createUser(user);
  await visitDemo(async (person) => {
    await person.signIn(user.username);
    await person.click("#way-totp");
    const secret = (await person.read("#secret")).replace(/\s/g, "");
    assert.deepEqual(await person.faults(), []);
    await person.type("#code", totp(secret, Date.now()));
    await person.see("#saved");
    assert.deepEqual(await person.faults(), []);
  });
});
