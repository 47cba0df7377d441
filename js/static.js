// @ts-check
"use strict";

/**
 * The browser's files for an app without a bundler: `app.use(require("parse-two-factor/static")())` in `cloud/app.js`.
 */

const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { gzipSync } = require("node:zlib");
const { version } = require("../package.json");

const DIST = path.join(__dirname, "..", "dist");

/** Where a page finds them. */
const MOUNT = "/parse-two-factor";

/** All that is served. */
const LANGUAGES = ["bg", "de", "es", "fr", "it", "ja", "pt", "zh"];
const FILES = [
  "client.mjs",
  "elements.mjs",
  ...LANGUAGES.map((language) => `lang/${language}.mjs`),
];

/**
 * An Express handler that serves these files and nothing else. No part of a request becomes a path: it is looked up in a table.
 * @returns {import("./static.js").StaticFiles}
 */
function staticFiles() {
  const files = FILES.map((name) => ({
    name,
    content: fs.readFileSync(path.join(DIST, name)),
  }));
  // What is at a path never changes, so a browser asks for it once. An app that is updated has another path, also between two releases.
  const hash = createHash("sha256");
  for (const { content } of files) hash.update(content);
  const folder = `${MOUNT}/${version}-${hash.digest("hex").slice(0, 8)}`;

  /** @type {Map<string, { headers: Record<string, string>, body?: Buffer, zipped?: Buffer }>} */
  const answers = new Map();
  for (const { name, content } of files) {
    answers.set(`${folder}/${name}`, {
      headers: {
        "Content-Type": "text/javascript; charset=utf-8",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "public, max-age=31536000, immutable",
        Vary: "Accept-Encoding",
      },
      body: content,
      zipped: gzipSync(content, { level: 9 }),
    });
    // For a page that is a file itself, and cannot know the version.
    answers.set(`${MOUNT}/${name}`, {
      headers: {
        Location: `${folder}/${name}`,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
      },
    });
  }

  /** @type {any} */
  const handler = (
    /** @type {import("node:http").IncomingMessage} */ request,
    /** @type {import("node:http").ServerResponse} */ response,
    /** @type {() => void} */ next,
  ) => {
    const { method, url = "", headers } = request;
    const answer = answers.get(url.split("?", 1)[0]);
    if (!answer || (method !== "GET" && method !== "HEAD")) return next();
    for (const [name, value] of Object.entries(answer.headers)) {
      response.setHeader(name, value);
    }
    if (!answer.body) {
      response.statusCode = 302;
      return response.end();
    }
    const zip = /\bgzip\b/.test(String(headers["accept-encoding"] ?? ""));
    const body = zip ? answer.zipped : answer.body;
    if (zip) response.setHeader("Content-Encoding", "gzip");
    response.setHeader("Content-Length", String(body?.length));
    response.end(method === "HEAD" ? undefined : body);
  };
  return Object.assign(handler, { path: folder });
}

module.exports = staticFiles;
