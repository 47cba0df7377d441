// @ts-check
"use strict";

const { result } = require("./answers");
const { STEP, totp } = require("./totp");

/**
 * @typedef {import("./app").App} App
 * @typedef {import("./user").User} User
 * @typedef {import("./user").Sign} Sign
 * @typedef {import("./user").Factor} Factor
 */

/** A user's session, and what its client may do with it. As with `User`, every call must succeed. */
class Session {
  #app;

  /**
   * @param {App} app
   * @param {User} user
   * @param {string} token
   */
  constructor(app, user, token) {
    this.#app = app;
    this.user = user;
    this.token = token;
  }

  /** What a request of Parse's own routes carries. */
  get headers() {
    return { "X-Parse-Session-Token": this.token };
  }

  /**
   * @param {string} name of a Cloud function
   * @param {object} [params]
   * @param {import("./app").Caller} [caller]
   * @returns {Promise<any>} what the function returned
   */
  async run(name, params = {}, caller = {}) {
    const sessionToken = this.token;
    return result(
      await this.#app.run(name, params, { sessionToken, ...caller }),
    );
  }

  status() {
    return this.run("twoFactorStatus");
  }

  /** What the user has, without what can be done next. */
  async overview() {
    const { factors, recoveryCodesLeft, disabled } = await this.status();
    return { factors, recoveryCodesLeft, disabled };
  }

  /** The app's own function that is guarded by `requireStepUp`. */
  needsStepUp() {
    return this.run("needsStepUp");
  }

  /** @returns {Promise<any>} the challenge */
  beginStepUp() {
    return this.run("stepUp");
  }

  /**
   * @param {Sign} sign
   * @param {unknown} code
   * @param {object} [more] parameters
   */
  answerStepUp({ challenge }, code, more = {}) {
    return this.run("stepUp", { challenge, code, ...more });
  }

  /** Proves the second factor again, an authenticator app in a step not used before. */
  async stepUp() {
    if (this.user.secret) await this.#app.advance(STEP);
    const sign = await this.beginStepUp();
    const { until } = await this.answerStepUp(sign, this.user.codeFor(sign));
    return /** @type {number} */ (until);
  }

  /** @param {object} params */
  enroll(params) {
    return this.run("enrollTwoFactor", params);
  }

  /** @param {object} [more] parameters */
  enrollTotp(more = {}) {
    return this.enroll({ method: "totp", ...more });
  }

  /**
   * @param {string} phoneNumber
   * @param {object} [more] parameters
   */
  enrollNumber(phoneNumber, more = {}) {
    return this.enroll({ method: "sms", phoneNumber, ...more });
  }

  /**
   * @param {{enrollment: string, secret?: string}} begun
   * @param {unknown} [code] by default the one that an authenticator app shows now
   */
  confirm(
    { enrollment, secret },
    code = totp(String(secret), this.#app.now()),
  ) {
    return this.run("confirmTwoFactor", { enrollment, code });
  }

  /**
   * Enrols an authenticator app and confirms it.
   * @param {object} [more] parameters
   * @returns {Promise<{secret: string, factor: Factor, recoveryCodes: string[]}>}
   */
  async addTotp(more) {
    const begun = await this.enrollTotp(more);
    return { secret: begun.secret, ...(await this.confirm(begun)) };
  }

  /** @param {string} factor its id */
  remove(factor) {
    return this.run("removeTwoFactor", { factor });
  }

  /**
   * @param {string} factor its id
   * @param {string} label
   */
  rename(factor, label) {
    return this.run("renameTwoFactor", { factor, label });
  }

  newRecoveryCodes() {
    return this.run("newRecoveryCodes");
  }

  /**
   * Writes the user's own row.
   * @param {object} columns
   * @returns {Promise<import("./rest").Answer>}
   */
  change(columns) {
    const route = `/users/${this.user.id}`;
    return this.#app.rest("PUT", route, columns, this.headers);
  }
}

exports.Session = Session;
