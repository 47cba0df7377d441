// @ts-check

// Cloud Code that Parse Server is given by its path, as an ES module.
import parseTwoFactor from "parse-two-factor";

/** @type {any} */ (globalThis).cloudCode(Parse, parseTwoFactor);
