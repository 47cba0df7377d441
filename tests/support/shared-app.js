// @ts-check
"use strict";

const { after } = require("node:test");
const { startApp } = require("./app");

/** @type {(() => Promise<void>)[]} */
const stops = [];
after(async () => {
  for (const stop of stops) await stop();
});

/**
 * One app for all test files of a process: starting one takes seconds.
 * @param {import("./app").Settings} settings
 * @returns {() => Promise<import("./app").App>} starts the app, or answers with the one that runs
 */
function sharedApp(settings) {
  /** @type {ReturnType<typeof startApp> | undefined} */
  let app;
  return () => {
    if (!app) {
      app = startApp(settings);
      const started = app;
      stops.push(async () => (await started.catch(() => undefined))?.stop());
    }
    return app;
  };
}

module.exports = { sharedApp };
