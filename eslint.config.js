"use strict";

const js = require("@eslint/js");

/** Names that a script in a page may use; `Parse` is the SDK, loaded before it. */
const inPage = [
  "AbortController",
  "clearInterval",
  "clearTimeout",
  "console",
  "crypto",
  "customElements",
  "document",
  "DOMParser",
  "fetch",
  "FormData",
  "history",
  "localStorage",
  "location",
  "navigator",
  "Parse",
  "sessionStorage",
  "setInterval",
  "setTimeout",
  "URL",
  "URLSearchParams",
  "window",
];

module.exports = [
  { ignores: ["pkg/", "dist/", "target/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["**/*.js"],
    languageOptions: { sourceType: "commonjs" },
  },
  {
    // The type checker knows every name of Node; a list here would only repeat a part of them.
    files: ["**/*.js", "**/*.mjs", "**/*.cjs"],
    ignores: ["demo/public/**"],
    rules: { "no-undef": "off" },
  },
  {
    files: ["demo/public/**/*.js"],
    languageOptions: {
      sourceType: "module",
      globals: Object.fromEntries(inPage.map((name) => [name, "readonly"])),
    },
  },
];
