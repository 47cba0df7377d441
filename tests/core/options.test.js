// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const Parse = /** @type {any} */ (require("parse/node"));
const twoFactor = require("../../js/index.js");

Parse.initialize("tests", "", "tests-master-key");

const PARSES_OWN = [
  "objectId",
  "createdAt",
  "updatedAt",
  "ACL",
  "username",
  "password",
  "email",
  "emailVerified",
  "authData",
  "sessionToken",
];

const SERVICE = { serviceSid: `VA${"0a".repeat(16)}` };
const CLIENT = { messages: { create: async () => {} } };

/** Options that nothing can be made of, by what the message has to say. @type {[string, any][]} */
const REFUSED = [
  ["There is no option isuer.", { isuer: "App" }],
  ["There is no option limits.codeLifeTime.", { limits: { codeLifeTime: 1 } }],
  ["There is no option webauthn.rpID.", { webauthn: { rpID: "a.com" } }],
  ["The option webauthn ", { webauthn: "example.com" }],
  ["The option webauthn.origins ", { webauthn: { origins: "https://a.com" } }],
  ["webauthn.rpId takes ", { webauthn: { rpId: "https://example.com" } }],
  [
    "webauthn.origins takes ",
    { origin: "a.com", webauthn: { origins: ["a.com"] } },
  ],
  [
    "The option statusCallback needs the auth token",
    { statusCallback: "https://example.com/callback" },
  ],
  ["phishingResistant: 'required' needs ", { phishingResistant: "required" }],
  ["The option stepUpAtSignIn cannot be read", { stepUpAtSignIn: "no" }],
  ["The option endOtherSessions cannot be read", { endOtherSessions: "never" }],
  ["There is no option trustedDevices.day.", { trustedDevices: { day: 1 } }],
  [
    "trustedDevices.days goes from 1 to 30.",
    { trustedDevices: { days: 31 }, allow: ["trusted-device"] },
  ],
  [
    "A trusted browser does not replace authentication (NIST SP 800-63B-4 §5.1). To accept the risk, set allow: ['trusted-device'].",
    { trustedDevices: { days: 30 } },
  ],
  [
    "trustedDevices needs a key ring: ",
    { trustedDevices: { days: 30 }, allow: ["trusted-device"] },
  ],
  [
    "functions.login cannot be 'stepUp', which is a function of ours.",
    { functions: { login: "stepUp" } },
  ],
  [
    "functions.login cannot be 'toString'",
    { functions: { login: "toString" } },
  ],
  ["functions.logIn is no function of ours.", { functions: { logIn: "in" } }],
  ["The option functions.login cannot be read", { functions: { login: 5 } }],
  ["The option functions cannot be read", { functions: "signIn" }],
  ...PARSES_OWN.map(
    (name) =>
      /** @type {[string, any]} */ ([
        `The option columns.phoneNumber cannot be ${name}, which is Parse's own column.`,
        { columns: { phoneNumber: name } },
      ]),
  ),
  ["The option columns takes names", { columns: "mobile" }],
  ["The option columns takes names", { columns: ["mobile"] }],
  ["There is no option columns.phone.", { columns: { phone: "mobile" } }],
  ["There is no option columns.toString.", { columns: { toString: "x" } }],
  ["The option columns.phoneNumber takes", { columns: { phoneNumber: 5 } }],
  ["The option columns.phoneNumber takes", { columns: { phoneNumber: "" } }],
  ["The option columns.phoneNumber takes", { columns: { phoneNumber: "a.b" } }],
  ["The option columns.from takes", { columns: { from: "_hashed_password" } }],
  ["The option columns.locale takes", { columns: { locale: "constructor" } }],
  ["The option columns.locale takes", { columns: { locale: "l".repeat(64) } }],
  [
    "The option columns names the column From for two things.",
    { columns: { phoneNumber: "From" } },
  ],
  [
    "The option columns names the column x for two things.",
    { columns: { phoneNumber: "x", locale: "x" } },
  ],
  [
    "The option columns.from cannot be phone_number",
    { columns: { phoneNumber: "mobile", from: "phone_number" } },
  ],
  ["The option require ", { require: "all" }],
  ["The option countries ", { countries: "+1" }],
  ["The option countries ", { issuer: "App", countries: [1] }],
  ["The option messages ", { messages: { en: 1 } }],
  ["The option limits ", { limits: 300 }],
  ["The option limits.codeLifetime ", { limits: { codeLifetime: "300" } }],
  ["The option limits.attempts ", { limits: { codeLength: 6, attempts: -1 } }],
  ["limits.redeemedPercent ", { limits: { redeemedPercent: 101 } }],
  ["The option beforeLogin ", { beforeLogin: 5 }],
  ["The option beforeSaveUser ", { beforeSaveUser: "a name" }],
  ["The option onEvent ", { onEvent: {} }],
  ["The option keys ", { keys: 5 }],
  ["The option keys ", { keys: null }],
  ["The option clock ", { clock: 0 }],
  ["The option sms ", { sms: {} }],
  ["The option sms ", { sms: "twilio" }],
  ["The option channels takes an object", { channels: ["sms"] }],
  ["There is no channel fax. There are: sms, ", { channels: { fax: true } }],
  ["The option channels.call ", { channels: { call: {} } }],
  [
    "The option channels cannot be read",
    { channels: { call: { fallback: 1 } } },
  ],
  ["channels.whatsapp needs contentSid", { channels: { whatsapp: true } }],
  ["The option channels.email ", { channels: { email: () => {} } }],
  ["Codes by e-mail prove no second factor ", { channels: { email: true } }],
  [
    "channels.whatsapp.contentSid.en ",
    { channels: { whatsapp: { contentSid: { en: "HX1" } } } },
  ],
  ["There is no option verify.service.", { verify: { service: "VA" } }],
  [
    "The option verify.serviceSid cannot be read",
    { verify: { serviceSid: 5 } },
  ],
  ["verify.serviceSid takes VA and 32 ", { verify: { serviceSid: "VA1" } }],
  [
    "With verify, limits.codeLength goes from 4 to 10",
    { verify: SERVICE, limits: { codeLength: 11 } },
  ],
  [
    "With verify, limits.alphabet takes digits",
    { verify: SERVICE, limits: { alphabet: "ABCDEFGHJK" } },
  ],
  [
    "messages.de.code cannot be sent with verify",
    { verify: SERVICE, messages: { de: { code: "{code}" } } },
  ],
  [
    "contentSid cannot be used with verify",
    {
      verify: SERVICE,
      channels: { whatsapp: { contentSid: { en: `HX${"0".repeat(32)}` } } },
    },
  ],
  [
    "The option channels.whatsapp.from cannot be used with verify",
    { verify: SERVICE, channels: { whatsapp: { from: "+14155550100" } } },
  ],
  [
    "The option verify sends every code by Twilio Verify, so channels.sms ",
    { verify: SERVICE, sms: () => {} },
  ],
  [
    "The option verify sends every code by Twilio Verify, so channels.call ",
    { verify: SERVICE, channels: { call: { by: CLIENT } } },
  ],
  [
    "The client in the option sms does not know Twilio Verify",
    { verify: SERVICE, sms: CLIENT },
  ],
  ["The option defaultCountry ", { defaultCountry: 359 }],
  ["defaultCountry takes ", { defaultCountry: "BG" }],
  ["androidHash takes ", { androidHash: "too short" }],
];

describe("An option that nothing can be made of", () => {
  for (const [message, options] of REFUSED) {
    test(`The options ${JSON.stringify(options)} stop the start, and the message begins "${message.trim()}".`, () => {
      assert.throws(
        () => twoFactor(Parse, options),
        (/** @type {Error} */ error) =>
          error.message.startsWith(`parse-two-factor: ${message}`),
      );
    });
  }
});

describe("Half a Twilio account in the environment", () => {
  const WHOLE = {
    TWILLIO_ACCOUNT_SID: `AC${"0".repeat(32)}`,
    TWILLIO_AUTH_TOKEN: "1".repeat(32),
  };
  for (const missing of Object.keys(WHOLE)) {
    test(`Half a Twilio account without ${missing} stops the start.`, () => {
      const before = { ...process.env };
      Object.assign(process.env, WHOLE);
      delete process.env[missing];
      try {
        assert.throws(() => twoFactor(Parse), {
          message: `parse-two-factor: Half a Twilio account is set: ${missing} is missing.`,
        });
      } finally {
        for (const name of Object.keys(WHOLE)) delete process.env[name];
        Object.assign(process.env, before);
      }
    });
  }
});
