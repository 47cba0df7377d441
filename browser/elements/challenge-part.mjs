// @ts-check

import { html, nothing } from "lit";
import { clock, secondsUntil } from "./refusal-text.mjs";

/** @typedef {import("./element.mjs").TwoFactorElement} Host */
/** @typedef {import("./element.mjs").Key} Key */

/** Ways whose code is sent. */
const SENT = ["sms", "call", "whatsapp", "email"];

/** An authenticator app's codes have this many digits in every app (RFC 6238, and what the core enrolls). */
const APP_DIGITS = 6;

/** Asks for an answer to a challenge: a code or a passkey, with all other ways beside it. */
export class ChallengePart {
  #host;
  /** @type {any} */
  #challenge;
  /** The way that is shown, which need not be the one that was begun. */
  #way = "";
  /** @type {{done: (state: any) => void, over: (error?: unknown) => void, last: Key} | undefined} */
  #then;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #tick;
  /** @type {AbortController | undefined} */
  #message;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  get active() {
    return this.#challenge !== undefined;
  }

  /**
   * @param {any} challenge
   * @param {object} then
   * @param {(state: any) => void} then.done with the next state
   * @param {(error?: unknown) => void} then.over when it takes no more answers, or was given up
   * @param {Key} then.last what the button says that gives it up
   * @param {boolean} [passkeyAtOnce] whether the device asks without a click
   */
  begin(challenge, then, passkeyAtOnce = true) {
    this.#challenge = challenge;
    this.#then = then;
    this.#show(challenge.method);
    this.#everySecond();
    if (challenge.method === "webauthn" && passkeyAtOnce) this.#usePasskey();
  }

  end() {
    this.#challenge = undefined;
    clearTimeout(this.#tick);
    this.#message?.abort();
    this.#host.requestUpdate();
  }

  /** @param {string} way */
  #show(way) {
    this.#way = way;
    this.#host.error = undefined;
    // Who has chosen is no longer choosing.
    this.#host.renderRoot.querySelector("details")?.removeAttribute("open");
    this.#host.focusOn(way === "webauthn" ? "passkey" : "code");
    this.#message?.abort();
    if (way === "sms") this.#takeCodeFromMessage();
  }

  #everySecond() {
    clearTimeout(this.#tick);
    if (!this.active) return;
    this.#host.requestUpdate();
    this.#tick = setTimeout(() => this.#everySecond(), 1000);
  }

  /**
   * @param {() => Promise<any>} call
   * @param {string} field
   */
  async #hand(call, field) {
    const state = await this.#host.answer(field, call, {
      method: this.#way,
      over: (error) => this.#over(error),
    });
    if (!state || !this.#then) return;
    const { done } = this.#then;
    this.end();
    done(state);
  }

  /** @param {unknown} [error] */
  #over(error) {
    const over = this.#then?.over;
    this.end();
    over?.(error);
  }

  /** @param {string} code */
  #answer(code) {
    const method = this.#way;
    const more = { method, ...this.#trusts() };
    return this.#hand(() => this.#challenge.answer(code, more), "code");
  }

  #usePasskey() {
    return this.#hand(
      () => this.#challenge.usePasskey(this.#trusts()),
      "passkey",
    );
  }

  #trusts() {
    const box = this.#host.renderRoot.querySelector("input[name=trust]");
    return /** @type {any} */ (box)?.checked ? { trust: true } : {};
  }

  /** @param {string} [method] */
  #resend(method) {
    const { tell } = this.#host;
    return this.#host.attempt("code", async () => {
      try {
        await this.#challenge.resend(method && { method });
      } catch (error) {
        if (!(/** @type {any} */ (error).startAgain)) throw error;
        return this.#over(error);
      }
      this.#show(this.#challenge.method);
      this.#host.notice = tell("resent");
    });
  }

  /** @param {string} way */
  #change(way) {
    // A code by message is one that has to be sent, unless it is on its way already.
    if (SENT.includes(way) && way !== this.#challenge.method) {
      return this.#resend(way);
    }
    this.#show(way);
    if (way === "webauthn") return this.#usePasskey();
  }

  /** WebOTP: where a browser can read the message that was sent to this very device, nobody has to type. */
  async #takeCodeFromMessage() {
    if (!("OTPCredential" in globalThis)) return;
    this.#message = new AbortController();
    const { signal } = this.#message;
    const otp = { transport: ["sms"] };
    try {
      const message = await navigator.credentials.get(
        /** @type {any} */ ({ otp, signal }),
      );
      if (message && !signal.aborted) {
        this.#answer(/** @type {any} */ (message).code);
      }
    } catch {
      // The person declined, or types faster.
    }
  }

  /** Submits with the last digit, where one knows which that is. @param {any} event */
  #typed = ({ target }) => {
    const length = this.#way === "totp" ? APP_DIGITS : this.#host.codeLength;
    const digits = target.value.replace(/[\s-]/g, "");
    if (SENT.concat("totp").includes(this.#way) && digits.length === length) {
      target.form.requestSubmit();
    }
  };

  render() {
    const challenge = this.#challenge;
    const host = this.#host;
    const { tell } = host;
    const way = this.#way;
    const left = secondsUntil(challenge.expiresAt);
    const lede = tell(/** @type {Key} */ (`ask_${way}`), { to: challenge.to });
    return html`${host.heading(tell("confirmItsYou"), lede)}
      ${left > 0 ? this.#question(left) : this.#expired()}
      <div class="row apart" part="actions">
        ${left > 0 && SENT.includes(way) ? this.#resendButton() : nothing}
        ${host.button(
          left > 0 ? tell(this.#then?.last ?? "cancel") : tell("startAgain"),
          () => {
            challenge.cancel();
            this.#over();
          },
          { id: "over" },
        )}
      </div>
      ${left > 0 ? this.#others() : nothing}`;
  }

  #expired() {
    return html`<p class="error problem" part="error" role="alert">
      ${this.#host.tell("codeExpired")}
    </p>`;
  }

  #resendButton() {
    const { tell } = this.#host;
    const wait = secondsUntil(this.#challenge.resendAt);
    return this.#host.button(
      wait > 0 ? tell("resendIn", { n: wait }) : tell("resend"),
      () => this.#resend(),
      { id: "resend", disabled: wait > 0 },
    );
  }

  /** @param {number} left seconds */
  #question(left) {
    const host = this.#host;
    const { tell } = host;
    const { trustDays } = this.#challenge;
    // A recovery code makes no browser trusted: who uses one has lost something.
    const trust =
      trustDays && this.#way !== "recovery"
        ? host.check("trust", tell("trust", { n: trustDays }))
        : nothing;
    if (this.#way === "webauthn") {
      return html`${host.messages("passkey")}${trust}
      ${host.button(tell("usePasskey"), () => this.#usePasskey(), {
        id: "passkey",
        kind: "primary",
      })}`;
    }
    const typed = this.#way === "recovery";
    const time = tell("goodFor", { time: clock(left) });
    return html`${host.form(
        html`${host.field({
          name: "code",
          label: tell(typed ? "recovery" : "code"),
          autocomplete: typed ? "off" : "one-time-code",
          inputmode: typed ? "text" : "numeric",
          digits: !typed,
          described: "lede",
          input: this.#typed,
          hint: html`<span role="timer">${time}</span>`,
        })}${trust}`,
        tell("continue"),
        ({ code }) => this.#answer(code),
      )}
      <p class="notice" part="notice" role="status">
        ${host.notice || nothing}
      </p>`;
  }

  #others() {
    const others = this.#challenge.methods.filter(
      (/** @type {string} */ method) =>
        method !== this.#way &&
        (method !== "webauthn" || this.#host.client.knowsPasskeys),
    );
    if (others.length === 0) return nothing;
    return html`<details part="others">
      <summary id="others">${this.#host.tell("otherWays")}</summary>
      <div class="ways">
        ${others.map((/** @type {string} */ way) =>
          this.#host.button(this.#host.way(way), () => this.#change(way), {
            id: `way-${way}`,
          }),
        )}
      </div>
    </details>`;
  }
}
