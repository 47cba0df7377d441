// @ts-check
"use strict";

const path = require("node:path");
const express = require("express");

/** @param {{ functions?: Record<string, string> }} options of parse-two-factor */
module.exports = function serve({ functions }) {
  const app = express();
  app.disable("x-powered-by");

  app.use((request, response, next) => {
    response.set({
      // The page is these files and its own server: whatever else gets into it neither runs nor reports anywhere.
      "Content-Security-Policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
    });
    next();
  });

  app.get("/config.json", (request, response) => {
    const { applicationId, javaScriptKey, serverURL } = /** @type {any} */ (
      Parse
    );
    response.set("Cache-Control", "no-store").json({
      applicationId,
      javascriptKey: javaScriptKey,
      // A path, so that the page works under whichever name it was opened with.
      serverPath: new URL(serverURL).pathname,
      // What the app calls the functions, where it has others of these names.
      functions,
    });
  });

  app.get("/parse.js", (request, response) => {
    response.sendFile(require.resolve("parse/dist/parse.min.js"), {
      // node_modules may lie below a folder whose name starts with a dot.
      dotfiles: "allow",
    });
  });

  // What Twilio tells of messages, with the option statusCallback.
  app.post(
    "/parse-two-factor/callback",
    require("parse-two-factor/callback")(),
  );
  app.use(require("parse-two-factor/static")());
  app.use(
    express.static(path.join(__dirname, "..", "public"), { dotfiles: "allow" }),
  );
  return app;
};
