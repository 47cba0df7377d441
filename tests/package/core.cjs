// @ts-check
"use strict";

/**
 * The compiled core, driven by hand in whichever runtime runs this file: enrolls an authenticator app, which draws random bytes,
 * hashes, seals and draws a QR code. `core.cjs PKG` names the module; the last line it prints is what came of it.
 */

const { totp } = require("../support/totp.js");

const { TwoFactor } = require(process.argv[2]);

const NOW = 1_795_500_000_000;
const user = { id: "ada", username: "ada" };
const basis = "0".repeat(64);
const caller = { user: "ada", sessionToken: "r:ada" };
/** @type {Record<string, any>} */
const account = { id: "account" };

/** @type {Record<string, (effect: any) => any>} */
const replies = {
  checkPassword: () => ({ user: { ...user, basis } }),
  readBasis: () => ({ basis }),
  loadUser: () => ({ user }),
  nameAccount: () => ({ named: user.username }),
  loadAccount: () => ({ account }),
  readAccount: () => ({ account }),
  updateAccount(
    /** @type {{ update: Record<string, { __op: string, objects: any[] }> }} */ {
      update,
    },
  ) {
    for (const [set, { __op, objects }] of Object.entries(update)) {
      const named = objects.map((o) => JSON.stringify(o));
      const others = (account[set] ?? []).filter(
        (/** @type {any} */ o) => !named.includes(JSON.stringify(o)),
      );
      account[set] = __op === "Add" ? [...others, ...objects] : others;
    }
    return { account };
  },
  recordEvent: () => "done",
};

const keys = `a:${Buffer.alloc(32, 1).toString("base64")}`;
const core = new TwoFactor({ issuer: "The House" }, keys, "master", false);

/**
 * @param {string} name
 * @param {object} params
 */
function call(name, params) {
  const flow = core.call(name, params, caller);
  let step = flow.start(NOW);
  while (step.effect) {
    step = flow.resume(replies[step.effect.do](step.effect), NOW);
  }
  flow.free();
  if (!step.answer) throw new Error(JSON.stringify(step));
  return step.answer;
}

const enrolling = call("enrollTwoFactor", { method: "totp", password: "p" });
const { enrollment, secret, qr } = enrolling;
const code = totp(secret, NOW);
const { factor, recoveryCodes } = call("confirmTwoFactor", {
  enrollment,
  code,
});
console.log(
  JSON.stringify({
    method: factor.method,
    recoveryCodes: recoveryCodes.length,
    differ: new Set(recoveryCodes).size,
    qr: qr.startsWith("<svg"),
    sealed: !JSON.stringify(account).includes(secret),
  }),
);
