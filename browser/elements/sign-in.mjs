// @ts-check

import { html } from "lit";
import { ChallengePart } from "./challenge-part.mjs";
import { CodesPart } from "./codes-part.mjs";
import { TwoFactorElement } from "./element.mjs";
import { EnrollmentPart } from "./enrollment-part.mjs";

/**
 * `<two-factor-sign-in>`. Its event `signed-in` has the session's token in `detail.sessionToken`: hand it to `Parse.User.become`.
 * Slots: `title`, `lede`, `help` below the password, `providers` below the form.
 */
export class TwoFactorSignIn extends TwoFactorElement {
  static properties = {
    ...TwoFactorElement.properties,
    identifier: {},
    username: {},
  };

  #challenge = new ChallengePart(this);
  #enrollment = new EnrollmentPart(this);
  #codes = new CodesPart(this);

  constructor() {
    super();
    /** What a user types beside the password. @type {"username" | "email"} */
    this.identifier = "username";
    /** What stands in that field at first. */
    this.username = "";
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    super.updated(changed);
    if (changed.has("client") || !this.#resumed) this.#resume();
  }

  #resumed = false;

  /** Takes up what a reload of the page broke off. */
  async #resume() {
    this.#resumed = true;
    const resumed = await this.client?.resume();
    if (resumed && !this.#challenge.active) this.#challenged(resumed, false);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#challenge.end();
    this.#enrollment.end();
  }

  /** `password`, `challenge`, `enroll` or `codes`: what is shown. */
  get view() {
    if (this.#challenge.active) return "challenge";
    if (this.#enrollment.active) return "enroll";
    return this.#codes.active ? "codes" : "password";
  }

  /**
   * Begins a sign-in: with `authData` for a button in the slot `providers`.
   * @param {any} params of `login`
   */
  async signIn(params) {
    const field = params.password ? "password" : "problem";
    const state = await this.attempt(field, () => this.client.signIn(params));
    if (state) this.#go(state);
  }

  /** @param {any} state */
  #go(state) {
    if (state.status === "challenge") return this.#challenged(state, true);
    if (state.status === "enroll") return this.#enroll(state);
    this.requestUpdate();
    this.emit("signed-in", state);
  }

  /**
   * @param {any} challenge
   * @param {boolean} passkeyAtOnce whether the person has just asked for it
   */
  #challenged(challenge, passkeyAtOnce) {
    const then = {
      done: (/** @type {any} */ state) => this.#go(state),
      over: (/** @type {any} */ error) => this.#restart(error),
      last: /** @type {const} */ ("startAgain"),
    };
    this.#challenge.begin(challenge, then, passkeyAtOnce);
    this.emit("asked", { challenge });
  }

  /** @param {any} state */
  #enroll({ enroll, methods }) {
    this.#enrollment.begin({
      methods,
      title: this.tell("setUp"),
      lede: this.tell("needed"),
      enroll: (params) => this.client.enroll({ ...params, enroll }),
      over: (error) => this.#restart(error),
      done: ({ recoveryCodes, ...confirmed }) => {
        const state = { status: "signed-in", ...confirmed };
        if (!recoveryCodes) return this.#go(state);
        this.#codes.begin(recoveryCodes, () => this.#go(state));
      },
    });
  }

  /** @param {unknown} [error] */
  #restart(error) {
    this.error = undefined;
    this.notice = "";
    if (error) this.refuse("problem", error);
    this.focusOn(this.username ? "password" : "username");
  }

  render() {
    if (this.#challenge.active) return this.#challenge.render();
    if (this.#enrollment.active) return this.#enrollment.render();
    if (this.#codes.active) return this.#codes.render();
    return this.#passwordForm();
  }

  #passwordForm() {
    const { tell } = this;
    const email = this.identifier === "email";
    return html`${this.heading(
        html`<slot name="title">${tell("signIn")}</slot>`,
        html`<slot name="lede"></slot>`,
      )}
      ${this.messages()}
      ${this.form(
        html`${this.field({
            name: "username",
            label: tell(email ? "email" : "username"),
            type: email ? "email" : "text",
            autocomplete: "username",
            inputmode: email ? "email" : "text",
            value: this.username,
          })}${this.field({
            name: "password",
            label: tell("password"),
            type: "password",
            autocomplete: "current-password",
          })}<slot name="help"></slot>`,
        tell("signIn"),
        ({ username, password }, form) => {
          this.username = username;
          /** @type {any} */ (form.elements.namedItem("password")).value = "";
          const who = email ? { email: username } : { username };
          this.signIn({ ...who, password });
        },
      )} <slot name="providers"></slot>`;
  }
}
