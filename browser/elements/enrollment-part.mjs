// @ts-check

import { html, nothing, svg } from "lit";
import { clock, secondsUntil } from "./refusal-text.mjs";

/** @typedef {import("./element.mjs").TwoFactorElement} Host */

/** Ways whose codes go to a number. */
const TO_NUMBER = ["sms", "call", "whatsapp"];
/** Ways whose code is sent. */
const SENT = [...TO_NUMBER, "email"];

/**
 * Adds a factor: choose a way, say what it needs, and confirm it by its first code.
 *
 * @typedef {object} Plan
 * @property {string[]} methods that can be added
 * @property {string} title
 * @property {string} lede
 * @property {boolean} [password] whether the password is asked for
 * @property {boolean} [endOthers] whether to offer that other sessions end
 * @property {(params: any) => Promise<any>} enroll resolves to an enrollment
 * @property {(confirmed: any) => void} done
 * @property {(error?: unknown) => void} over
 */
export class EnrollmentPart {
  #host;
  /** @type {Plan | undefined} */
  #plan;
  /** The way that is being added. */
  #way = "";
  /** @type {any} */
  #enrollment;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #tick;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  get active() {
    return this.#plan !== undefined;
  }

  /**
   * @param {Plan} plan
   * @param {string} [way] where it is chosen already
   */
  begin(plan, way) {
    this.#plan = plan;
    this.#enrollment = undefined;
    this.#way = "";
    this.#host.error = undefined;
    this.#host.notice = "";
    this.#host.focusOn("title");
    if (way) this.#choose(way);
  }

  end() {
    this.#plan = undefined;
    this.#enrollment = undefined;
    clearTimeout(this.#tick);
    this.#host.requestUpdate();
  }

  /** @param {unknown} [error] */
  #over(error) {
    const over = this.#plan?.over;
    this.end();
    over?.(error);
  }

  /** @param {string} way */
  #choose(way) {
    this.#way = way;
    this.#host.error = undefined;
    const needsNumber = TO_NUMBER.includes(way);
    if (!needsNumber && !this.#plan?.password) return this.#enroll({});
    this.#host.focusOn(needsNumber ? "phoneNumber" : "password");
  }

  /** @param {Record<string, string>} values */
  async #enroll({ phoneNumber, password }) {
    const { tell } = this.#host;
    const way = this.#way;
    const field = phoneNumber
      ? "phoneNumber"
      : password
        ? "password"
        : "problem";
    await this.#host.attempt(field, async () => {
      const params = {
        method: way,
        ...(phoneNumber && {
          phoneNumber: phoneNumber.replace(/[\s().-]/g, ""),
        }),
        ...(password && { password }),
        // A number is named by its last digits.
        ...(!SENT.includes(way) && { label: this.#host.way(way) }),
      };
      try {
        this.#enrollment = await this.#plan?.enroll(params);
      } catch (error) {
        const { name, startAgain } = /** @type {any} */ (error);
        if (startAgain) return this.#over(error);
        // In a form that asks for both, the one that is wrong.
        if (name === "WrongPassword") {
          this.#host.error = {
            field: "password",
            text: tell("wrongOwnPassword"),
          };
          this.#host.focusOn("password");
          return;
        }
        if (!phoneNumber && !password) this.#way = "";
        throw error;
      }
      this.#everySecond();
      // A browser makes a passkey only for who has just asked for it, and the server's answer took a moment: so that is a click of its own.
      this.#host.focusOn(way === "webauthn" ? "passkey" : "code");
      this.#host.emit("asked", { enrollment: this.#enrollment });
    });
  }

  #everySecond() {
    clearTimeout(this.#tick);
    if (!this.#enrollment) return;
    this.#host.requestUpdate();
    this.#tick = setTimeout(() => this.#everySecond(), 1000);
  }

  /**
   * @param {() => Promise<any>} call
   * @param {string} field
   */
  async #confirm(call, field) {
    const confirmed = await this.#host.answer(field, call, {
      method: this.#way,
      over: (error) => this.#over(error),
    });
    if (!confirmed || !this.#plan) return;
    const { done } = this.#plan;
    this.end();
    done(confirmed);
  }

  #more() {
    const box = this.#host.renderRoot.querySelector("input[name=endOthers]");
    return /** @type {any} */ (box)?.checked ? { endOtherSessions: true } : {};
  }

  #createPasskey() {
    return this.#confirm(
      () => this.#enrollment.createPasskey(this.#more()),
      "passkey",
    );
  }

  #resend() {
    return this.#host.attempt("code", async () => {
      await this.#enrollment.resend();
      this.#host.notice = this.#host.tell("resent");
      this.#host.focusOn("code");
    });
  }

  render() {
    if (this.#enrollment) return this.#confirmation();
    return this.#way ? this.#needs() : this.#ways();
  }

  #ways() {
    const host = this.#host;
    const { title, lede, methods } = /** @type {Plan} */ (this.#plan);
    const offered = methods.filter(
      (method) => method !== "webauthn" || host.client.knowsPasskeys,
    );
    return html`${host.heading(title, lede)} ${host.messages()}
      <div class="ways">
        ${offered.map((way) =>
          host.button(host.way(way), () => this.#choose(way), {
            id: `way-${way}`,
          }),
        )}
      </div>
      ${this.#cancel(() => this.#over())}`;
  }

  #needs() {
    const host = this.#host;
    const { tell } = host;
    const needsNumber = TO_NUMBER.includes(this.#way);
    const password = this.#plan?.password
      ? host.field({
          name: "password",
          label: tell("password"),
          type: "password",
          autocomplete: "current-password",
        })
      : nothing;
    return html`${host.heading(
      host.way(this.#way),
      this.#plan?.password ? tell("passwordNeeded") : nothing,
    )}
    ${host.messages()}
    ${host.form(
      html`${
        needsNumber
          ? host.field({
              name: "phoneNumber",
              label: tell("phoneNumber"),
              type: "tel",
              autocomplete: "tel",
              inputmode: "tel",
              hint: tell("phoneHint"),
            })
          : nothing
      }${password}`,
      tell(needsNumber ? "sendCode" : "continue"),
      (values) => this.#enroll(values),
    )}
    ${this.#cancel(() => this.#back())}`;
  }

  #back() {
    this.#way = "";
    this.#host.error = undefined;
    this.#host.focusOn("title");
  }

  /** @param {() => void} click */
  #cancel(click) {
    const { tell } = this.#host;
    return html`<div class="row" part="actions">
      ${this.#host.button(tell(this.#way ? "back" : "cancel"), click, {
        id: "over",
      })}
    </div>`;
  }

  #confirmation() {
    const host = this.#host;
    const { tell } = host;
    const { to, qr, secret, uri, resendAt, expiresAt } = this.#enrollment;
    const left = secondsUntil(expiresAt);
    const again = () => {
      this.#enrollment = undefined;
      this.#back();
    };
    const endOthers = this.#plan?.endOthers
      ? host.check("endOthers", tell("endOthers"))
      : nothing;
    if (this.#way === "webauthn") {
      return html`${host.heading(host.way(this.#way), tell("makePasskey"))}
      ${host.messages("passkey")} ${endOthers}
      ${host.button(tell("continue"), () => this.#createPasskey(), {
        id: "passkey",
        kind: "primary",
      })}
      ${this.#cancel(again)}`;
    }
    const wait = secondsUntil(resendAt);
    const asked = /** @type {import("./element.mjs").Key} */ (
      `ask_${this.#way}`
    );
    return html`${host.heading(
        host.way(this.#way),
        qr ? tell("scan") : tell(asked, { to }),
      )}
      ${qr ? this.#secret(qr, secret, uri) : nothing}
      ${
        left === 0
          ? html`<p class="error problem" part="error" role="alert">
              ${tell("codeExpired")}
            </p>`
          : host.form(
              html`${host.field({
                name: "code",
                label: tell("code"),
                autocomplete: "one-time-code",
                inputmode: "numeric",
                digits: true,
                described: "lede",
                hint: html`<span role="timer"
                  >${tell("goodFor", { time: clock(left) })}</span
                >`,
              })}${endOthers}`,
              tell("continue"),
              ({ code }) =>
                this.#confirm(
                  () => this.#enrollment.confirm(code, this.#more()),
                  "code",
                ),
            )
      }
      <p class="notice" part="notice" role="status">
        ${host.notice || nothing}
      </p>
      <div class="row" part="actions">
        ${
          resendAt && left > 0
            ? host.button(
                wait > 0 ? tell("resendIn", { n: wait }) : tell("resend"),
                () => this.#resend(),
                { id: "resend", disabled: wait > 0 },
              )
            : nothing
        }
        ${host.button(tell("back"), again, { id: "over" })}
      </div>`;
  }

  /**
   * @param {string} qr
   * @param {string} secret
   * @param {string} uri
   */
  #secret(qr, secret, uri) {
    const { tell } = this.#host;
    // Drawn anew, so that a policy without `img-src data:` and `style-src 'unsafe-inline'` shows it, and nothing but its two shapes gets
    // into the page.
    const box = /viewBox="([^"]*)"/.exec(qr)?.[1];
    const [ground, modules] = [...qr.matchAll(/ d="([^"]*)"/g)].map(
      ([, shape]) => shape,
    );
    return html`<div class="block">
      <svg
        class="qr"
        part="qr"
        role="img"
        aria-label=${tell("qr")}
        viewBox=${box ?? nothing}
        shape-rendering="crispEdges"
      >
        ${svg`<path fill="#fff" d=${ground} /><path fill="#000" d=${modules} />`}
      </svg>
      <p class="hint">${tell("orType")}</p>
      <code class="secret" part="secret" id="secret"
        >${secret.replace(/(.{4})(?=.)/g, "$1 ")}</code
      >
      <div class="row" part="actions">
        ${this.#host.button(tell("copy"), () => this.#host.copy(secret), {
          id: "copy",
        })}
        <a class="link" part="button link" href=${uri}>${tell("openApp")}</a>
      </div>
    </div>`;
  }
}
