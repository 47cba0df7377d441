// @ts-check
"use strict";

/** `parse-two-factor/static` in an Express app. */

const assert = require("node:assert/strict");
const http = require("node:http");
const { after, before, test } = require("node:test");
const express = require("express");
const { version } = require("../package.json");
const { listen } = require("./support/listen");
const staticFiles = require("parse-two-factor/static");

/** @type {http.Server} */
let server;
/** @type {string} */
let url;
const handler = staticFiles();

before(async () => {
  const app = express();
  app.use(handler);
  app.use((request, response) => response.status(404).send("the app's own"));
  server = http.createServer(app);
  url = `http://127.0.0.1:${await listen(server)}`;
});
after(() => server.close());

/**
 * As it goes over the wire: no path made shorter, no redirection followed.
 * @param {string} path
 * @param {http.RequestOptions} [options]
 * @returns {Promise<{status?: number, headers: http.IncomingHttpHeaders, body: Buffer}>}
 */
function get(path, options) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { path, ...options }, (response) => {
      /** @type {Buffer[]} */
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => {
        const { statusCode: status, headers } = response;
        resolve({ status, headers, body: Buffer.concat(parts) });
      });
    });
    request.once("error", reject);
    request.end();
  });
}

test("The browser's files are served with type and nosniff, by a path with the version in it, for good.", async () => {
  assert.ok(handler.path.startsWith(`/parse-two-factor/${version}-`));
  const { status, headers, body } = await get(`${handler.path}/client.mjs`);
  assert.equal(status, 200);
  assert.equal(headers["content-type"], "text/javascript; charset=utf-8");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.match(String(headers["cache-control"]), /max-age=31536000, immutable/);
  assert.match(body.toString(), /TwoFactorClient/);
});

test("The browser's files are found without the version, which is not kept for good.", async () => {
  const { status, headers } = await get("/parse-two-factor/client.mjs?x=1");
  assert.equal(status, 302);
  assert.equal(headers.location, `${handler.path}/client.mjs`);
  assert.equal(headers["cache-control"], "no-cache");
});

test("The browser's files are served gzipped to a browser that takes it.", async () => {
  const zipped = await get(`${handler.path}/client.mjs`, {
    headers: { "Accept-Encoding": "br, gzip" },
  });
  assert.equal(zipped.headers["content-encoding"], "gzip");
  const text = await (await fetch(`${url}/parse-two-factor/client.mjs`)).text();
  const plain = await get(`${handler.path}/client.mjs`);
  assert.equal(plain.headers["content-encoding"], undefined);
  assert.equal(plain.body.toString(), text);
  assert.ok(zipped.body.length < plain.body.length);
});

test("No other file is served, whatever the path says, and nothing is to be written.", async () => {
  for (const name of [
    "",
    "/",
    "/client.cjs",
    "/client.d.mts",
    "/../package.json",
    "/../../package.json",
    "/..%2f..%2fpackage.json",
    "/./client.mjs",
    "//client.mjs",
    "/client.mjs%00",
    "/client.mjs/",
    "/__proto__",
    "/constructor",
  ]) {
    const { status, body } = await get(handler.path + name);
    assert.equal(status, 404, name);
    assert.equal(body.toString(), "the app's own", name);
  }
  for (const method of ["POST", "PUT", "DELETE"]) {
    const { status } = await get(`${handler.path}/client.mjs`, { method });
    assert.equal(status, 404, method);
  }
  const { status, body } = await get(`${handler.path}/client.mjs`, {
    method: "HEAD",
  });
  assert.deepEqual([status, body.length], [200, 0]);
});
