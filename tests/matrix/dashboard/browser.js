// @ts-check
"use strict";

/**
 * Parse Dashboard in a real Chromium, as the demo serves it where it is installed: a row of `npm run test:matrix`, because it is large.
 */

const assert = require("node:assert/strict");
const os = require("node:os");
const path = require("node:path");
const { after, before, test } = require("node:test");
const { startDemo } = require("../../support/demo");
const { launch } = require("../../support/page");

/** @typedef {import("playwright-core").Page} Page */

const OPERATOR = "operator";
const MASTER_KEY = "demo-master-key";
const SCRIPT = "Reset the second factor";

/** @type {Awaited<ReturnType<typeof startDemo>>} */
let demo;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  demo = await startDemo({
    NODE_PATH: path.join(__dirname, "node_modules"),
    HOST: "0.0.0.0",
  });
  assert.ok(await demo.ready, demo.output());
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/**
 * Signs in to Parse Dashboard and opens the class of users.
 * @param {(page: Page) => Promise<void>} visit
 */
async function inTheDashboard(visit) {
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(`${demo.url}/dashboard`);
    await page.fill("input[name=username]", OPERATOR);
    await page.fill("input[name=password]", MASTER_KEY);
    await page.click("input[type=submit]");
    await page.waitForURL(/\/apps/);
    await page.goto(`${demo.url}/dashboard/apps/demo/browser/_User`);
    await visit(page);
  } finally {
    await context.close();
  }
}

const tutorialsUser = async () => {
  const where = JSON.stringify({ username: "123" });
  const { results } = await demo.asMaster("/classes/_User", { where });
  return results[0];
};

/** @param {string} what */
const entries = async (what) => {
  const where = JSON.stringify({ what });
  const { results } = await demo.asMaster("/classes/TwoFactorEvent", { where });
  return results;
};

test("An operator resets a user from Parse Dashboard, chooses what goes, and reads a sentence.", async () => {
  const { objectId } = await tutorialsUser();
  await inTheDashboard(async (page) => {
    await page
      .getByText("123", { exact: true })
      .first()
      .click({ button: "right" });
    await page.getByText("Scripts", { exact: true }).hover();
    await page.getByText(SCRIPT, { exact: true }).click();
    await page.getByText("Continue", { exact: true }).click();
    await page.getByText("What goes", { exact: true }).waitFor();
    assert.deepEqual(await entries("reset"), [], "nothing is reset yet");
    await page.getByPlaceholder("HELP-4711").fill("HELP-1");
    await page.getByText("Submit", { exact: true }).click();
    const sentence = `The second factor of ${objectId} was reset.`;
    await page.getByText(sentence).waitFor();
  });
  const [entry] = await entries("reset");
  assert.deepEqual(
    [entry.user, entry.about],
    [objectId, "ticket HELP-1"],
    "the first choice is the mildest",
  );
  assert.equal((await tutorialsUser()).phone_number, "+15005550006");
});

test("An operator sees a user's second factor in the panel, and the trail behind its link.", async () => {
  const { objectId } = await tutorialsUser();
  await demo.login({ username: "123", password: "123" });
  await inTheDashboard(async (page) => {
    await page.getByText("Show Panel", { exact: true }).click();
    await page.getByText(objectId, { exact: true }).first().click();
    await page.getByText("Second factors", { exact: true }).waitFor();
    await page.getByText("•••• 0006", { exact: true }).first().waitFor();
    await page.getByText("0 of 100", { exact: true }).waitFor();
    await page.getByText("No trusted browser.").waitFor();
    await page.getByText("code-sent", { exact: true }).first().waitFor();
    // A page that is opened without a way back is not a popup.
    const opened = page.context().waitForEvent("page");
    await page.getByText("all entries", { exact: true }).click();
    const trail = await opened;
    await trail.waitForURL(/\/browser\/TwoFactorEvent\?filters=/);
    await trail.getByText("code-sent", { exact: true }).first().waitFor();
    await trail.getByText(objectId).first().waitFor();
    assert.equal(await trail.getByText("Public Read").count(), 0);
  });
});

test("Parse Dashboard is not to be reached from outside, and asks who is there.", async () => {
  const { port } = new URL(demo.url);
  const addresses = Object.values(os.networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => address);
  const config = "/dashboard/parse-dashboard-config.json";
  for (const host of addresses) {
    for (const route of ["/dashboard", config]) {
      const { status } = await fetch(`http://${host}:${port}${route}`);
      assert.equal(status, 403, `${host}${route}`);
    }
  }
  assert.equal((await fetch(`http://127.0.0.1:${port}${config}`)).status, 401);
});
