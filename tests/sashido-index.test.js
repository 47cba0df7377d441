// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { test } = require("node:test");
const { refused } = require("./support/answers");
const { freshDatabase } = require("./support/database");
const { listen } = require("./support/listen");
const { ROOT, blocks } = require("./support/markdown");
const { INVALID_CREDENTIALS } = require("./support/refusals");
const { callParse } = require("./support/rest");

test("The index.js of the SashiDo guide runs the app on one's own machine, without Twilio.", async () => {
  const [index] = blocks("docs/sashido.md").filter(({ code }) =>
    code.startsWith("// index.js"),
  );
  assert.ok(index.code.trim().split("\n").length <= 13, "twelve lines");
  const [line] = blocks("docs/sashido.md").filter(({ code }) =>
    code.includes("console.log(to, body)"),
  );
  // Below the repository, so that `require` finds what the reader has installed.
  const parent = path.join(ROOT, "node_modules");
  const folder = fs.mkdtempSync(path.join(parent, ".sashido-index-"));
  const database = await freshDatabase();
  const free = http.createServer();
  const port = String(await listen(free));
  free.close();
  fs.mkdirSync(path.join(folder, "cloud"));
  fs.writeFileSync(path.join(folder, "index.js"), index.code);
  fs.writeFileSync(path.join(folder, "cloud", "main.js"), line.code);
  const app = spawn(process.execPath, ["index.js"], {
    cwd: folder,
    env: { ...process.env, PORT: port, DATABASE_URI: database.uri },
  });
  try {
    let said = "";
    app.stderr.on("data", (chunk) => (said += chunk));
    const ended = once(app, "exit").then(() => assert.fail(said));
    const running = new Promise((resolve) => {
      app.stdout.on("data", (chunk) => {
        said += chunk;
        if (said.includes("running at")) resolve(undefined);
      });
    });
    await Promise.race([running, ended]);
    const nobody = { username: "nobody", password: "x" };
    const login = `http://127.0.0.1:${port}/1/functions/login`;
    const id = { "X-Parse-Application-Id": "app" };
    await refused(callParse("POST", login, nobody, id), INVALID_CREDENTIALS);
    ended.catch(() => {});
  } finally {
    app.kill();
    fs.rmSync(folder, { recursive: true, force: true });
    await database.stop();
  }
});
