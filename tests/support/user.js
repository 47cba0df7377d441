// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { result, granted, refused } = require("./answers");
const { WRONG_ANSWER } = require("./refusals");
const { Session } = require("./session");
const { MINUTE } = require("./time");
const { STEP, totp } = require("./totp");

/**
 * @typedef {import("./app").App} App
 * @typedef {import("./app").Caller} Caller
 * @typedef {import("./rest").Answer} Answer
 * @typedef {{challenge: string}} Sign a sign-in under way, as the first call answers it
 * @typedef {{id: string, method: string, label: string, createdAt: number}} Factor
 */

/** For what only some users have, and whoever reads it knows that this one does. @type {any} */
const LATER = undefined;

/**
 * A user of an app under test, and the client that the user signs in with. Every call must succeed, or the test says
 * by `refused` that it must not.
 */
class User {
  #app;

  /** The session that enrolled the authenticator app. @type {Session} */
  ownSession = LATER;
  /** Of the authenticator app, in base32. @type {string} */
  secret = LATER;
  /** The authenticator app. @type {Factor} */
  factor = LATER;
  /** @type {string[]} */
  recoveryCodes = LATER;

  /**
   * @param {App} app
   * @param {{id: string, username: string, password: string, phone?: string}} account
   */
  constructor(app, { id, username, password, phone }) {
    this.#app = app;
    this.id = id;
    this.username = username;
    this.password = password;
    this.phone = /** @type {string} */ (phone);
  }

  /** The same user with something else in hand, another password say. @param {Partial<User>} changed */
  with(changed) {
    return this.#copyOn(this.#app, changed);
  }

  /** The same user as a client of another deployment on the same database. @param {App} app */
  on(app) {
    return this.#copyOn(app, {});
  }

  /**
   * @param {App} app
   * @param {Partial<User>} changed
   */
  #copyOn(app, changed) {
    return Object.assign(new User(app, this), { ...this }, changed);
  }

  get credentials() {
    return { username: this.username, password: this.password };
  }

  // Signing in.

  /**
   * The first call, which must be answered with a challenge.
   * @param {object} [more] parameters
   * @param {Caller} [caller]
   * @returns {Promise<any>} the answer
   */
  async login(more = {}, caller) {
    const params = { ...this.credentials, ...more };
    const begun = result(await this.#app.run("login", params, caller));
    assert.equal(typeof begun.challenge, "string", JSON.stringify(begun));
    return begun;
  }

  /**
   * The second call with the challenge.
   * @param {Sign} sign
   * @param {unknown} code
   * @param {object} [more] parameters
   * @param {Caller} [caller]
   * @returns {Promise<string>} the session token
   */
  async answer({ challenge }, code, more = {}, caller) {
    const params = { challenge, code, ...more };
    return granted(await this.#app.run("login", params, caller));
  }

  /**
   * The second call as the tutorial has it, with the password in the place of a challenge.
   * @param {unknown} code
   * @param {Caller} [caller]
   * @returns {Promise<string>} the session token
   */
  async answerWithPassword(code, caller) {
    const params = { ...this.credentials, code };
    return granted(await this.#app.run("login", params, caller));
  }

  /**
   * @param {Sign} sign
   * @param {string} code a recovery code
   * @returns {Promise<string>} the session token
   */
  recover(sign, code) {
    return this.answer(sign, code, { method: "recovery" });
  }

  /**
   * @param {Sign} sign
   * @param {Caller} [caller]
   * @returns {Promise<any>} the answer
   */
  async resend({ challenge }, caller) {
    return result(await this.#app.run("resendCode", { challenge }, caller));
  }

  /** Both calls, with the code that the first one asks for. @returns {Promise<string>} the session token */
  async signIn() {
    const sign = await this.login();
    return this.answer(sign, this.codeFor(sign));
  }

  /**
   * The first call of a user whom nobody asks for a code.
   * @param {Caller} [caller]
   * @returns {Promise<string>} the session token
   */
  async loginByPassword(caller) {
    return granted(await this.#app.run("login", this.credentials, caller));
  }

  /** Parse's own sign-in. @returns {Promise<Answer>} */
  nativeLogin() {
    return this.#app.rest("POST", "/login", this.credentials);
  }

  // Codes.

  /** Messages to the user's number, newest first. */
  get messages() {
    return this.#app.messages().filter(({ to }) => to === this.phone);
  }

  /** The code in the newest message. */
  code() {
    const body = this.messages[0]?.body ?? "";
    const code = /^Your 2FA code is (\d{6})(?:\n|$)/.exec(body)?.[1];
    if (code === undefined) {
      throw new Error(
        `the newest message to ${this.username} holds no code: ${JSON.stringify(body)}`,
      );
    }
    return code;
  }

  /** What the authenticator app shows, so many steps from now. */
  totp(steps = 0) {
    return totp(this.secret, this.#app.now() + steps * STEP);
  }

  /** @param {{method?: string}} sign */
  codeFor({ method }) {
    return method === "totp" ? this.totp() : this.code();
  }

  /** A challenge that takes no more codes, not even its right one, which it comes with. */
  async signInClosedByWrongCodes() {
    const { challenge } = await this.login();
    const code = this.code();
    for (let n = 1; n <= 5; n++) {
      const wrong = this.answer({ challenge }, wrongCode(code, n));
      await refused(wrong, WRONG_ANSWER);
    }
    return { challenge, code };
  }

  // What is kept of the user.

  /**
   * A session that the user did not sign in for: what a thief of a session has.
   * @returns {Promise<Session>}
   */
  async session() {
    const { sessionToken } = await this.#app.asMaster("POST", "/loginAs", {
      userId: this.id,
    });
    return new Session(this.#app, this, sessionToken);
  }

  /** @returns {Promise<any[]>} rows of Parse's sessions */
  sessions() {
    return this.#app.sessions(this.id);
  }

  /** @returns {Promise<any>} the row of `_User` */
  async row() {
    return (await this.#app.rows("_User", { objectId: this.id }))[0];
  }

  /** @returns {Promise<any>} the row of `TwoFactorAccount` */
  async account() {
    return (await this.#app.rows("TwoFactorAccount", { user: this.id }))[0];
  }

  /** @returns {Promise<any[]>} rows of `TwoFactorEvent` */
  events() {
    return this.#app.rows("TwoFactorEvent", { user: this.id });
  }

  // What an operator does with the user.

  /** @param {object} columns */
  update(columns) {
    return this.#app.asMaster("PUT", `/users/${this.id}`, columns);
  }

  delete() {
    return this.#app.asMaster("DELETE", `/users/${this.id}`);
  }

  /** @param {string} [scope] */
  async reset(scope) {
    const params = { userId: this.id, scope };
    const master = { master: true };
    return result(await this.#app.run("resetTwoFactor", params, master));
  }
}

/** What a new user is to have: `app.user().withNumber().withTotp().create()`. */
class NewUser {
  #app;
  #columns;
  #totp = false;

  /**
   * @param {App} app
   * @param {Record<string, any>} columns
   */
  constructor(app, columns) {
    this.#app = app;
    this.#columns = columns;
  }

  /** The tutorial's second factor. */
  withNumber(number = this.#app.newNumber()) {
    this.#columns = { ...this.#columns, [this.#app.numberColumn]: number };
    return this;
  }

  /** An authenticator app with its recovery codes. */
  withTotp() {
    this.#totp = true;
    return this;
  }

  /** Makes the user, without a session but the one that enrolled. @returns {Promise<User>} */
  async create() {
    /** @type {Record<string, any>} */
    const columns = {
      username: `user-${randomBytes(6).toString("hex")}`,
      password: `password-${randomBytes(6).toString("hex")}`,
      ...this.#columns,
    };
    const { objectId } = await this.#app.asMaster("POST", "/users", columns);
    await this.#app.closeSessions(objectId);
    const { username, password } = columns;
    const phone = columns[this.#app.numberColumn];
    const account = { id: objectId, username, password, phone };
    const user = new User(this.#app, account);
    if (this.#totp) await this.#enroll(user);
    return user;
  }

  /** @param {User} user */
  async #enroll(user) {
    const session = await user.session();
    if (user.phone) await session.stepUp();
    const enrolled = await session.addTotp(
      user.phone ? {} : { password: user.password },
    );
    Object.assign(user, enrolled, { ownSession: session });
    // The code that confirmed it is used up, and its session has stepped up no more; and the step-up's message counts among the user's.
    await this.#app.advance((user.phone ? 16 : 6) * MINUTE);
  }
}

/**
 * @param {string} code
 * @param {number} [nth]
 * @returns {string} a code of the same form that is not it; a different one for each of nth = 1 … 999999
 */
function wrongCode(code, nth = 1) {
  return String((Number(code) + nth) % 1_000_000).padStart(6, "0");
}

exports.User = User;
exports.NewUser = NewUser;
exports.wrongCode = wrongCode;
