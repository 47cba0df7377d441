// @ts-check
"use strict";

/**
 * Who is measured: what Parse Server each of them is set up with, and what its client does to sign in. A peer's client
 * goes the way that its documentation shows.
 */

const { randomBytes } = require("node:crypto");
const { Authenticator } = require("../tests/support/authenticator.js");
const { totp } = require("../tests/support/totp.js");

/** @typedef {import("./client.js").Client} Client */

/**
 * @typedef {object} Phone where a client reads its code
 * @property {{to: string, body: string}[]} received newest first
 *
 * @typedef {object} User
 * @property {string} id
 * @property {string} username
 * @property {string} password
 * @property {string} phone
 * @property {string} [secret] of an authenticator app, base32
 * @property {string[]} [recoveryCodes]
 * @property {Authenticator} [authenticator] with the passkey
 * @property {string} [device] the token of a browser that the user trusts
 *
 * @typedef {object} Device what a client signs in with
 * @property {Client} client
 * @property {Phone} phone
 * @property {() => number} now milliseconds since 1970, by the peer's clock
 *
 * @typedef {object} Way
 * @property {string} title
 * @property {(user: User, device: Device) => Promise<void>} enrol
 * @property {(user: User, device: Device) => Promise<string>} signIn answers with the session token
 *
 * @typedef {object} Peer
 * @property {(app: {clock: () => number, ready: (promise: Promise<unknown>) => void, busy: boolean}) => object} server options of
 *   Parse Server
 * @property {Record<string, Way>} ways
 */

/** No text reaches it, a call does: https://www.twilio.com/docs/iam/test-credentials */
const LANDLINE = "+15005550009";

/** The column of `_User` that the tutorial, the least and we read. */
const number = async (
  /** @type {User} */ { id, phone },
  /** @type {Device} */ { client },
) => client.asMaster("PUT", `/users/${id}`, { phone_number: phone });

/**
 * @param {Parameters<Peer["server"]>[0]} app
 * @param {object} [more] options of ours
 */
const ours = ({ clock, ready, busy }, more) => ({
  auth,
  cloud: (/** @type {any} */ Parse) =>
    ready(
      require("parse-two-factor")(Parse, {
        clock,
        webauthn: { rpId: "example.com" },
        trustedDevices: { days: 30 },
        allow: ["trusted-device"],
        keys: "bench:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        // Ceilings that load would reach and an app of such traffic would have raised. Each is counted all the same.
        limits: busy
          ? { messagesPerBlock: 1_000_000, messagesPerApp: 1_000_000 }
          : {},
        ...more,
      }).ready,
    ),
});

/** A provider that takes every word at once: what a real one costs is its own. */
const auth = {
  word: {
    enabled: true,
    module: {
      validateAuthData: async () => ({}),
      validateAppId: async () => {},
    },
  },
};

/** @param {User} user */
const wordOf = ({ username }) => ({ word: { id: username, token: "a word" } });

/** @param {User} user @param {Device} device */
const linked = (user, { client }) =>
  client.asMaster("PUT", `/users/${user.id}`, { authData: wordOf(user) });

/** @type {Record<string, Peer>} */
const peers = {
  plain: {
    server: () => ({}),
    ways: {
      plain: {
        title: "Parse's own `POST /login`, no second factor",
        enrol: async () => {},
        async signIn({ username, password }, { client }) {
          const login = { username, password };
          return (await client.succeed("POST", "/login", login)).sessionToken;
        },
      },
    },
  },

  cloudCode: { server: () => ({ cloud: () => {} }), ways: {} },

  provider: {
    server: () => ({ auth }),
    ways: {
      provider: {
        title: "Parse's own sign-in by a provider, no second factor",
        enrol: linked,
        async signIn(user, { client }) {
          const login = { authData: wordOf(user) };
          return (await client.succeed("POST", "/users", login)).sessionToken;
        },
      },
    },
  },

  least: {
    server: () => ({ cloud: require("./peers/least.js") }),
    ways: {
      least: {
        title: "the least that two calls with a message take (SMS)",
        enrol: number,
        signIn: (user, { client, phone }) =>
          withChallenge(user, client, () => codeOf(user, phone)),
      },
    },
  },

  tutorial: {
    server: () => ({ cloud: require("./peers/tutorial.js") }),
    ways: {
      tutorial: {
        title: "the tutorial's code as published (SMS)",
        enrol: number,
        signIn: bothCalls,
      },
    },
  },

  adapter: {
    server: () => ({
      auth: {
        mfa: {
          enabled: true,
          options: ["SMS", "TOTP"],
          digits: 6,
          period: 30,
          algorithm: "SHA1",
          sendSMS: sender(),
        },
      },
    }),
    ways: {
      adapterSms: {
        title: "Parse Server's MFA adapter, SMS",
        async enrol(user, { client, phone }) {
          const { sessionToken } = await client.asMaster("POST", "/loginAs", {
            userId: user.id,
          });
          const put = (/** @type {object} */ mfa) =>
            client.succeed(
              "PUT",
              `/users/${user.id}`,
              { authData: { mfa } },
              { "X-Parse-Session-Token": sessionToken },
            );
          await put({ mobile: user.phone });
          await put({ mobile: user.phone, token: codeOf(user, phone) });
        },
        async signIn(user, { client, phone }) {
          const { username, password } = user;
          const login = (/** @type {string} */ token) =>
            client.rest("POST", "/login", {
              username,
              password,
              authData: { mfa: { token } },
            });
          const asked = await login("request");
          if (asked.body.error !== "Please enter the token") {
            throw new Error(JSON.stringify(asked));
          }
          return sessionOf(await login(codeOf(user, phone)));
        },
      },
      adapterTotp: {
        title: "Parse Server's MFA adapter, TOTP",
        async enrol(user, { client }) {
          const { sessionToken } = await client.asMaster("POST", "/loginAs", {
            userId: user.id,
          });
          user.secret = randomSecret();
          const token = totp(user.secret, Date.now());
          await client.succeed(
            "PUT",
            `/users/${user.id}`,
            { authData: { mfa: { secret: user.secret, token } } },
            { "X-Parse-Session-Token": sessionToken },
          );
        },
        async signIn({ username, password, secret = "" }, { client }) {
          const token = totp(secret, Date.now());
          const authData = { mfa: { token } };
          const login = { username, password, authData };
          return sessionOf(await client.rest("POST", "/login", login));
        },
      },
    },
  },

  ours: {
    server: (app) => ours(app),
    ways: {
      challenge: {
        title: "ours, the challenge's wire (SMS)",
        enrol: number,
        signIn: (user, { client, phone }) =>
          withChallenge(user, client, () => codeOf(user, phone)),
      },
      tutorialWire: {
        title: "ours, the tutorial's wire (SMS)",
        enrol: number,
        signIn: bothCalls,
      },
      totp: {
        title: "ours, the challenge's wire (TOTP)",
        enrol: authenticatorApp,
        signIn: (user, { client, now }) =>
          withChallenge(user, client, () => totp(user.secret ?? "", now())),
      },
      oneCall: {
        title: "ours, one call (TOTP)",
        enrol: authenticatorApp,
        async signIn({ username, password, secret = "" }, { client, now }) {
          const code = totp(secret, now());
          const login = { username, password, code };
          return (await client.run("login", login)).sessionToken;
        },
      },
      passkey: {
        title: "ours, the challenge's wire (passkey)",
        async enrol(user, { client }) {
          const { sessionToken } = await client.asMaster("POST", "/loginAs", {
            userId: user.id,
          });
          const begun = await client.run(
            "enrollTwoFactor",
            { method: "webauthn", password: user.password },
            sessionToken,
          );
          user.authenticator ??= new Authenticator();
          const credential = user.authenticator.create(begun);
          const { enrollment } = begun;
          await client.run(
            "confirmTwoFactor",
            { enrollment, credential },
            sessionToken,
          );
        },
        async signIn({ username, password, authenticator }, { client }) {
          const login = { username, password, methods: ["webauthn"] };
          const sign = await client.run("login", login);
          const credential = authenticator?.get(sign);
          const { challenge } = sign;
          return (await client.run("login", { challenge, credential }))
            .sessionToken;
        },
      },
      word: {
        title: "ours, a provider's word (TOTP)",
        async enrol(user, device) {
          await authenticatorApp(user, device);
          await linked(user, device);
        },
        async signIn(user, { client, now }) {
          const login = { authData: wordOf(user) };
          const { challenge } = await client.run("login", login);
          const code = totp(user.secret ?? "", now());
          return (await client.run("login", { challenge, code })).sessionToken;
        },
      },
      trusted: {
        title: "ours, a trusted browser",
        async enrol(user, device) {
          await number(user, device);
          const { client, phone } = device;
          const { username, password } = user;
          const { challenge } = await client.run("login", {
            username,
            password,
          });
          const code = codeOf(user, phone);
          const answer = { challenge, code, trust: true };
          user.device = (await client.run("login", answer)).device;
        },
        async signIn({ username, password, device }, { client }) {
          const login = { username, password, device };
          return (await client.run("login", login)).sessionToken;
        },
      },
    },
  },
  oursWithCalls: {
    server: (app) => ours(app, { channels: { call: true } }),
    ways: {
      fallback: {
        title: "ours, the challenge's wire (a call, after a refused SMS)",
        async enrol(user, device) {
          user.phone = LANDLINE;
          await number(user, device);
        },
        signIn: (user, { client, phone }) =>
          withChallenge(user, client, () => spokenTo(user, phone)),
      },
    },
  },
};

/**
 * @param {User} user
 * @param {Device} device
 */
async function authenticatorApp(user, { client, now }) {
  const { sessionToken } = await client.asMaster("POST", "/loginAs", {
    userId: user.id,
  });
  const { enrollment, secret } = await client.run(
    "enrollTwoFactor",
    { method: "totp", password: user.password },
    sessionToken,
  );
  user.secret = secret;
  const code = totp(secret, now());
  const { recoveryCodes } = await client.run(
    "confirmTwoFactor",
    { enrollment, code },
    sessionToken,
  );
  user.recoveryCodes = recoveryCodes;
}

/**
 * The tutorial's client: the same function twice, with the code the second time.
 * @param {User} user
 * @param {Device} device
 * @returns {Promise<string>}
 */
async function bothCalls(user, { client, phone }) {
  const { username, password } = user;
  await client.run("login", { username, password });
  const code = codeOf(user, phone);
  return (await client.run("login", { username, password, code })).sessionToken;
}

/**
 * The challenge's client: the password for a challenge, then the challenge and the code for a session.
 * @param {User} user
 * @param {Client} client
 * @param {() => string} readCode once the challenge is there
 * @returns {Promise<string>}
 */
async function withChallenge({ username, password }, client, readCode) {
  const { challenge } = await client.run("login", { username, password });
  const code = readCode();
  return (await client.run("login", { challenge, code })).sessionToken;
}

/** What the adapter's documentation leaves to the app, done as the tutorial does it. */
function sender() {
  const {
    TWILLIO_ACCOUNT_SID,
    TWILLIO_AUTH_TOKEN,
    TWILLIO_FROM_NUMBER: from,
  } = process.env;
  const client = require("twilio")(TWILLIO_ACCOUNT_SID, TWILLIO_AUTH_TOKEN);
  return (/** @type {string} */ token, /** @type {string} */ mobile) =>
    client.messages.create({
      body: `Your 2FA code is ${token}`,
      from,
      to: mobile,
    });
}

/**
 * @param {User} user
 * @param {Phone} phone
 * @returns {string} the code in the newest message to the user
 */
function codeOf(user, phone) {
  const message = phone.received.find(({ to }) => to === user.phone);
  const code = /\d{6}/.exec(message?.body ?? "")?.[0];
  if (!code) throw new Error(`no code came to ${user.phone}`);
  return code;
}

/**
 * @param {User} user
 * @param {Phone} phone
 * @returns {string} the code in the newest call to the user, whose digits are spoken apart
 */
function spokenTo(user, phone) {
  const call = phone.received.find(({ to }) => to === user.phone);
  const code = /\d(?:\D{1,3}\d){5}/.exec(call?.body ?? "")?.[0];
  if (!code) throw new Error(`no call came to ${user.phone}: ${call?.body}`);
  return code.replace(/\D/g, "");
}

/** @param {import("./client.js").Answer} answer */
function sessionOf({ status, body }) {
  if (!body.sessionToken) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body.sessionToken;
}

/** 160 random bits in base32 (RFC 4648 §6). */
function randomSecret() {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return Array.from(randomBytes(32), (byte) => alphabet[byte % 32]).join("");
}

module.exports = { peers };
