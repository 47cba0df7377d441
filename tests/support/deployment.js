// @ts-check
"use strict";

const { Core } = require("../../js/core.js");

/** A core of its own, in this process. */
function deployment() {
  /** @type {string[]} */
  const warnings = [];
  const core = new Core({
    settings: {},
    keys: undefined,
    masterKey: "tests-master-key",
    asksApp: false,
    clock: () => 1_795_500_000_000,
    warn: (message) => warnings.push(message),
  });
  /**
   * @param {any} name
   * @param {any} params
   * @param {any} caller
   * @param {(effect: any) => Promise<any>} perform
   * @returns {Promise<any>}
   */
  const run = (name, params, caller, perform) =>
    core.run((c) => c.call(name, params, caller), perform);
  /**
   * @param {(core: import("../../pkg/parse_two_factor.cjs").TwoFactor) => any} begin
   * @param {(effect: any) => Promise<any>} perform
   * @returns {Promise<any>}
   */
  const begin = (begin, perform) => core.run(begin, perform);
  return { run, begin, warnings };
}

/** A store in memory with one user, and what it was asked to do. */
function host() {
  /** @type {any} */
  let account;
  /** @type {Record<string, number>} */
  const windows = {};
  /** @type {string[]} */
  const messages = [];
  /** @type {string[]} */
  const asked = [];
  const user = { id: "ada", username: "ada", phoneNumber: "+15005550006" };
  const basis = "what a sign-in is founded on";
  /** @type {Record<string, (effect: any) => any>} */
  const replies = {
    checkPassword: ({ password }) =>
      password === "right"
        ? { user: { ...user, basis } }
        : { refused: { code: 101, message: "Invalid username/password." } },
    loadUser: ({ user: id }) => (id === user.id ? { user } : "missing"),
    loadAccount: () => (account ? { account } : "missing"),
    readAccount: () => (account ? { account } : "missing"),
    createAccount: () => ({ account: (account ??= { id: "account" }) }),
    updateAccount({ update }) {
      if (!account) return "missing";
      for (const [set, { __op, objects }] of Object.entries(update)) {
        const same = objects.map((/** @type {any} */ o) => JSON.stringify(o));
        const others = (account[set] ?? []).filter(
          (/** @type {any} */ element) =>
            !same.includes(JSON.stringify(element)),
        );
        account[set] = __op === "Add" ? [...others, ...objects] : others;
      }
      return { account };
    },
    removeAccount() {
      account = undefined;
      return "done";
    },
    count({ bucket, counters, by }) {
      const counts = counters.map((/** @type {string} */ counter) => {
        const name = `${bucket} ${counter}`;
        return (windows[name] = (windows[name] ?? 0) + by);
      });
      return { counted: { counts, opened: false } };
    },
    countEvents: () => ({ counted: { counts: [0], opened: false } }),
    sendMessage({ body }) {
      messages.unshift(body);
      return "done";
    },
    checkMessage: () => ({ became: { status: "delivered" } }),
    confirmMessage: () => "done",
    checkSignIn: () => ({ user: { ...user, basis } }),
    readBasis: () => ({ basis }),
    openSession: ({ user: id }) => ({ session: `r:${id}` }),
    readParseMfa: () => "missing",
    clearParseMfa: () => "missing",
    recordEvent: () => "done",
    wait: () => "done",
  };
  /** @param {any} effect */
  const perform = async (effect) => {
    asked.push(effect.do);
    return replies[effect.do](effect);
  };
  return { perform, asked, messages };
}

module.exports = { deployment, host };
