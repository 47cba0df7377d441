// @ts-check
"use strict";

/**
 * What each function takes, by asking the core: it is called with parameters that tell which names it looks up, and with a number in the
 * place of each, which it refuses by saying what belongs there. So this is what the core reads, and not what somebody wrote about it.
 */

// Node 18 has no global crypto in CommonJS.
globalThis.crypto ??= /** @type {Crypto} */ (require("node:crypto").webcrypto);
const wasm = require("../pkg/parse_two_factor.cjs");

/** @typedef {{name: string, schema: object}} Parameter */
/** @typedef {{parameters: Parameter[], required: string[], access: "anybody" | "session" | "master"}} Taken */

/** What Parse Dashboard points at. */
const USER = { __type: "Pointer", className: "_User", objectId: "u" };

/** Ways to call a function that lead to each of its parameters. @type {Record<string, object[]>} */
const FORMS = {
  login: [
    { username: "ada", password: "p" },
    { username: "ada", password: "p", code: "1" },
    { challenge: "c", code: "1" },
    { challenge: "c", credential: {} },
  ],
  stepUp: [{}, { challenge: "c", code: "1" }],
  enrollTwoFactor: [
    { method: "totp" },
    { method: "sms", phoneNumber: "+15005550006" },
    { method: "email" },
    { method: "webauthn" },
  ],
  confirmTwoFactor: [{ enrollment: "e", code: "1" }],
  removeTwoFactor: [{ factor: "f" }],
  renameTwoFactor: [{ factor: "f", label: "l" }],
  resendCode: [{ challenge: "c" }, { enrollment: "e" }],
  forgetDevice: [{ device: "d" }, { all: true }],
  twoFactorStatus: [{}, { object: USER }],
  resetTwoFactor: [{ userId: "u" }, { object: USER, formData: {} }],
  importTwoFactor: [{}, { userId: "u", secret: "s" }],
};

/** By the end of the sentence that refuses a number. @type {Record<string, object>} */
const TYPES = {
  "must be text.": { type: "string", maxLength: 1024 },
  "must be a list of texts.": {
    type: "array",
    maxItems: 16,
    items: { type: "string", maxLength: 1024 },
  },
  "must be true or false.": { type: "boolean" },
  "must be an object or its JSON text.": { type: ["object", "string"] },
  "must be an object.": { type: "object" },
};

const OPERATOR = { user: "u", sessionToken: "r:0", master: true };

const core = new wasm.TwoFactor(
  { webauthn: { rpId: "example.com" } },
  wasm.newKey("openapi"),
  "master",
  false,
);

/**
 * @param {string} name
 * @param {object} params
 * @param {object} [caller]
 * @returns {{code?: number, message: string}} how it is refused before anything is done
 */
function refusal(name, params, caller = OPERATOR) {
  const flow = core.call(/** @type {any} */ (name), params, caller);
  const step = /** @type {any} */ (flow.start(Date.now()));
  flow.free();
  return step.refusal ?? { message: "" };
}

/**
 * @param {string} name of a function
 * @returns {Taken}
 */
function parametersOf(name) {
  const forms = FORMS[name] ?? [{}];
  /** @type {Map<string, object>} */
  const found = new Map();
  for (const form of forms) {
    const asked = new Set();
    const watched = new Proxy(form, {
      get(target, key) {
        if (typeof key === "string") asked.add(key);
        return Reflect.get(target, key);
      },
    });
    refusal(name, watched);
    for (const parameter of asked) {
      const { message } = refusal(name, { ...form, [parameter]: 5 });
      const says = message.slice(parameter.length + 1);
      if (message.startsWith(`${parameter} `) && says in TYPES) {
        found.set(parameter, TYPES[says]);
      }
    }
  }
  const isRequired = (/** @type {string} */ parameter) =>
    forms.every((form) => {
      const { [parameter]: given, ...rest } = /** @type {any} */ (form);
      const { message } = refusal(name, rest);
      // Where one of two has to be there, the sentence names both.
      return (
        given !== undefined &&
        (message === `${parameter} is missing.` ||
          message.startsWith(`${parameter} must be `))
      );
    });
  const required = [...found.keys()].filter(isRequired);
  return {
    parameters: [...found].map(([name, schema]) => ({ name, schema })),
    required,
    access: accessTo(name, forms[0]),
  };
}

/**
 * @param {string} name
 * @param {object} form
 * @returns {Taken["access"]}
 */
function accessTo(name, form) {
  const { code } = refusal(name, form, {});
  if (code === 119) return "master";
  return code === 209 ? "session" : "anybody";
}

module.exports = { parametersOf, functions: () => wasm.functions() };
