// @ts-check
"use strict";

// Cloud Code that Parse Server is given by its path.
/** @type {any} */ (globalThis).cloudCode(Parse, require("parse-two-factor"));
