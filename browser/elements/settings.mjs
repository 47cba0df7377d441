// @ts-check

import { html, nothing } from "lit";
import { ChallengePart } from "./challenge-part.mjs";
import { CodesPart } from "./codes-part.mjs";
import { GIVEN_UP, TwoFactorElement } from "./element.mjs";
import { EnrollmentPart } from "./enrollment-part.mjs";

/**
 * `<two-factor-settings>` for a user who is signed in: what there is, and what can be added, named and removed. What needs a step-up asks
 * for it in place. Its event `changed` says what was changed in `detail.what`.
 */
export class TwoFactorSettings extends TwoFactorElement {
  static properties = {
    ...TwoFactorElement.properties,
    authData: { attribute: false },
    overview: { state: true },
    open: { state: true },
  };

  #challenge = new ChallengePart(this);
  #enrollment = new EnrollmentPart(this);
  #codes = new CodesPart(this);

  constructor() {
    super();
    /** Gets a provider's word anew, for users without a password. @type {(() => Promise<object>) | undefined} */
    this.authData = undefined;
    /** @type {any} */
    this.overview = undefined;
    /** What is open in the list: `rename:` or `remove:` with a factor's id, or `codes`. */
    this.open = "";
  }

  firstUpdated() {
    this.refresh();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#challenge.end();
    this.#enrollment.end();
  }

  /** `list`, `challenge`, `enroll` or `codes`: what is shown. */
  get view() {
    if (this.#challenge.active) return "challenge";
    if (this.#enrollment.active) return "enroll";
    return this.#codes.active ? "codes" : "list";
  }

  /** Asks the server again what there is. */
  refresh() {
    return this.attempt("problem", () => this.#load());
  }

  async #load() {
    this.overview = await this.client.status();
  }

  /** Asks for a step-up in place. The call that waits for it is no longer the one that is under way. @param {any} challenge */
  #prove = (challenge) => {
    this.busy = false;
    return new Promise((resolve, reject) => {
      this.#challenge.begin(challenge, {
        done: resolve,
        over: (error) => reject(error ?? GIVEN_UP),
        last: "cancel",
      });
    }).finally(() => (this.busy = true));
  };

  /**
   * Makes a change, with a step-up where it needs one, and shows what there is then.
   * @template T
   * @param {() => Promise<T>} change
   * @returns {Promise<T | undefined>}
   */
  #change(change) {
    return this.attempt("problem", async () => {
      try {
        const done = await this.client.withStepUp(change, this.#prove);
        await this.#load();
        this.open = "";
        return done;
      } catch (error) {
        this.focusOn("title");
        throw error;
      }
    });
  }

  /**
   * @param {string} what
   * @param {import("./element.mjs").Key} notice
   * @param {any} [answer]
   */
  #changed(
    what,
    notice,
    { otherSessionsEnded, ...answer } = /** @type {any} */ ({}),
  ) {
    const others =
      otherSessionsEnded === undefined
        ? ""
        : this.tell(otherSessionsEnded ? "othersEnded" : "othersNotEnded");
    this.notice = `${this.tell(notice)} ${others}`.trim();
    this.focusOn("title");
    this.emit("changed", { what, ...answer });
  }

  /** @param {string} way */
  #add(way) {
    const { asks, can } = this.overview;
    this.#enrollment.begin(
      {
        methods: can,
        title: this.tell("add"),
        lede: this.tell("chooseWay"),
        password: asks === "password",
        endOthers: true,
        enroll: async (params) => {
          const authData =
            asks === "authData" ? await this.authData?.() : undefined;
          const all = { ...params, ...(authData && { authData }) };
          return this.client.withStepUp(
            () => this.client.enroll(all),
            this.#prove,
          );
        },
        over: (error) => {
          this.error = undefined;
          if (error) this.refuse("problem", error);
          this.focusOn("title");
        },
        done: async ({ recoveryCodes, ...confirmed }) => {
          await this.attempt("problem", () => this.#load());
          const end = () => this.#changed("added", "wasAdded", confirmed);
          if (recoveryCodes) this.#codes.begin(recoveryCodes, end);
          else end();
        },
      },
      way,
    );
  }

  /** @param {string} factor @param {boolean} endOtherSessions */
  async #remove(factor, endOtherSessions) {
    const removed = await this.#change(() =>
      this.client.remove({
        factor,
        ...(endOtherSessions && { endOtherSessions }),
      }),
    );
    if (removed) this.#changed("removed", "wasRemoved", { ...removed, factor });
  }

  /** @param {string} factor @param {string} label */
  async #rename(factor, label) {
    const renamed = await this.#change(() =>
      this.client.rename({ factor, label }),
    );
    if (renamed) this.#changed("renamed", "wasRenamed", renamed);
  }

  async #renew() {
    const renewed = await this.#change(() => this.client.newRecoveryCodes());
    if (!renewed) return;
    this.#codes.begin(renewed.recoveryCodes, () => {
      this.focusOn("title");
      this.emit("changed", { what: "recovery-codes" });
    });
  }

  /** @param {{device: string} | {all: true}} which */
  async #forget(which) {
    const done = await this.#change(() => this.client.forgetDevice(which));
    if (done) this.#changed("device-forgotten", "wasForgotten");
  }

  render() {
    if (this.#challenge.active) return this.#challenge.render();
    if (this.#enrollment.active) return this.#enrollment.render();
    if (this.#codes.active) return this.#codes.render();
    const { tell, overview } = this;
    if (!overview) {
      return html`${this.heading(tell("settings"))} ${this.messages()}
      ${
        this.error
          ? this.button(tell("retry"), () => this.refresh(), { id: "retry" })
          : html`<p class="lede" role="status">${tell("loading")}</p>`
      }`;
    }
    const { factors, can, disabled, devices = [] } = overview;
    const offered = can.filter(
      (/** @type {string} */ way) =>
        way !== "webauthn" || this.client.knowsPasskeys,
    );
    return html`
      ${this.heading(
        html`<slot name="title">${tell("settings")}</slot>`,
        disabled
          ? tell("disabled")
          : factors.length === 0
            ? tell("none")
            : nothing,
      )}
      ${this.messages()}
      <ul class="items block" part="list" ?hidden=${factors.length === 0}>
        ${factors.map((/** @type {any} */ factor) => this.#factor(factor))}
        ${
          factors.some((/** @type {any} */ { id }) => id !== "phone_number")
            ? this.#recovery()
            : nothing
        }
      </ul>
      ${
        offered.length > 0
          ? html`<div class="subtitle" part="subtitle">${tell("add")}</div>
              <div class="ways">
                ${offered.map((/** @type {string} */ way) =>
                  this.button(this.way(way), () => this.#add(way), {
                    id: `add-${way}`,
                  }),
                )}
              </div>`
          : nothing
      }
      ${devices.length > 0 ? this.#devices(devices) : nothing}
    `;
  }

  /** @param {string} what @param {string} [focus] */
  #toggle(what, focus = "title") {
    this.open = this.open === what ? "" : what;
    this.error = undefined;
    if (this.open) this.focusOn(focus);
  }

  /** @param {any} factor */
  #factor({ id, method, label, createdAt }) {
    const { tell, open } = this;
    const way = this.way(method);
    const name = label || way;
    const last = this.overview.required && this.overview.factors.length === 1;
    const more = [
      name === way ? "" : way,
      createdAt ? tell("added", { date: this.date(createdAt) }) : "",
      last ? tell("keepLast") : "",
    ];
    return html`<li class="item" part="item">
      <div class="item-text">
        <div class="item-name">${name}</div>
        <div class="item-more">${more.filter(Boolean).join(" · ")}</div>
      </div>
      <div class="row" part="actions">
        ${
          id === "phone_number"
            ? nothing
            : this.button(
                tell("rename"),
                () => this.#toggle(`rename:${id}`, "label"),
                { label: tell("renameWhat", { name }) },
              )
        }
        ${
          last
            ? nothing
            : this.button(
                tell("remove"),
                () => this.#toggle(`remove:${id}`, "sure"),
                { label: tell("removeWhat", { name }) },
              )
        }
      </div>
      ${
        open === `rename:${id}`
          ? html`${this.form(
              this.field({ name: "label", label: tell("name"), value: name }),
              tell("save"),
              (values) => this.#rename(id, values.label),
            )}${this.#close()}`
          : nothing
      }
      ${
        open === `remove:${id}`
          ? this.#sure(
              tell("removeSure", { name }),
              this.check("endOthers", tell("endOthers")),
              tell("remove"),
              (values) => this.#remove(id, values.endOthers === "on"),
            )
          : nothing
      }
    </li>`;
  }

  /**
   * @param {string} question
   * @param {unknown} more
   * @param {string} yes
   * @param {(values: Record<string, string>) => void} take
   */
  #sure(question, more, yes, take) {
    return html`${this.form(
      html`<p id="sure" tabindex="-1">${question}</p>
        ${more}`,
      yes,
      take,
    )}${this.#close()}`;
  }

  #close() {
    const close = () => {
      this.open = "";
      this.error = undefined;
      this.focusOn("title");
    };
    return this.button(this.tell("cancel"), close, { id: "over" });
  }

  #recovery() {
    const { tell, open, overview } = this;
    return html`<li class="item" part="item">
      <div class="item-text">
        <div class="item-name">${tell("codes")}</div>
        <div class="item-more">
          ${tell("codesLeft", { n: overview.recoveryCodesLeft })}
        </div>
      </div>
      <div class="row" part="actions">
        ${this.button(tell("newCodes"), () => this.#toggle("codes", "sure"), {
          id: "new-codes",
        })}
      </div>
      ${
        open === "codes"
          ? this.#sure(tell("newCodesSure"), nothing, tell("newCodes"), () =>
              this.#renew(),
            )
          : nothing
      }
    </li>`;
  }

  /** @param {any[]} devices */
  #devices(devices) {
    const { tell } = this;
    return html`<div class="subtitle" part="subtitle">${tell("devices")}</div>
      <ul class="items" part="list">
        ${devices.map(
          ({ id, label, endsAt }) =>
            html`<li class="item" part="item">
              <div class="item-text">
                <div class="item-name">${label}</div>
                <div class="item-more">
                  ${tell("until", { date: this.date(endsAt) })}
                </div>
              </div>
              <div class="row" part="actions">
                ${this.button(
                  tell("forget"),
                  () => this.#forget({ device: id }),
                  { label: tell("forgetWhat", { name: label }) },
                )}
              </div>
            </li>`,
        )}
      </ul>
      <div class="row" part="actions">
        ${this.button(tell("forgetAll"), () => this.#forget({ all: true }), {
          id: "forget-all",
        })}
      </div>`;
  }
}
