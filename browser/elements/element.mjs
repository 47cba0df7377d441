// @ts-check

import { LitElement, html, nothing } from "lit";
import { TwoFactorClient } from "../client/index.mjs";
import { english, languageOf, textsIn } from "./languages.mjs";
import { refusalText } from "./refusal-text.mjs";
import { styles } from "./styles.mjs";

/** @typedef {keyof typeof english} Key */

/** The person gave a step-up up: nothing went wrong. */
export const GIVEN_UP = new Error("given up");

/** What both elements share: texts, one call at a time, an error at its field, and where the focus goes. */
export class TwoFactorElement extends LitElement {
  static styles = styles;

  static properties = {
    client: { attribute: false },
    texts: { attribute: false },
    functions: { attribute: false },
    lang: { reflect: true },
    codeLength: { type: Number, attribute: "code-length" },
    headingLevel: { type: Number, attribute: "heading-level" },
    busy: { state: true },
    error: { state: true },
    notice: { state: true },
    language: { state: true },
  };

  /** @type {string | undefined} the field that gets the focus once it is there */
  #focusNext;
  /** @type {string | undefined} */
  #loaded;
  /** @type {any} */
  #client;

  constructor() {
    super();
    /** An app's own texts, in place of ours. @type {Partial<typeof english>} */
    this.texts = {};
    /** Of the functions, other names, as on the server. @type {Record<string, string> | undefined} */
    this.functions = undefined;
    /** Of codes by message: with it the last character submits. Codes of authenticator apps always have six. @type {number | undefined} */
    this.codeLength = undefined;
    this.headingLevel = 2;
    this.busy = false;
    /** @type {{field: string, text: string} | undefined} */
    this.error = undefined;
    this.notice = "";
    this.language = english;
  }

  /** By default one over the page's `Parse`, which keeps trusted browsers in `localStorage`. */
  get client() {
    if (!this.#client && "Parse" in globalThis) {
      const { Parse, localStorage } = /** @type {any} */ (globalThis);
      this.#client = new TwoFactorClient(Parse, {
        devices: localStorage,
        functions: this.functions,
      });
    }
    return this.#client;
  }

  set client(client) {
    const old = this.#client;
    this.#client = client;
    this.requestUpdate("client", old);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#speak();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("lang")) this.#speak();
  }

  async #speak() {
    const tag = languageOf(this);
    if (tag === this.#loaded) return;
    this.#loaded = tag;
    const texts = await textsIn(tag);
    if (tag === this.#loaded) this.language = texts;
  }

  /**
   * @param {Key} key
   * @param {Record<string, unknown>} [values]
   * @returns {string}
   */
  tell = (key, values = {}) => {
    const text = this.texts[key] ?? this.language[key] ?? english[key];
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  };

  /** @param {number} at milliseconds since 1970 */
  date(at) {
    const tag = languageOf(this) || undefined;
    return new Date(at).toLocaleDateString(tag, { dateStyle: "medium" });
  }

  /**
   * Runs an answer as `attempt` does. A refusal after which one has to start again is no error at the field: it goes to `over`.
   * @template T
   * @param {string} field
   * @param {() => Promise<T>} call
   * @param {{ method: string, over: (error: unknown) => void }} what
   */
  answer(field, call, { method, over }) {
    const answered = async () => {
      try {
        return await call();
      } catch (error) {
        if (!(/** @type {any} */ (error).startAgain)) throw error;
        over(error);
        return undefined;
      }
    };
    return this.attempt(field, answered, method);
  }

  /**
   * Runs one call at a time, and tells its refusal at a field.
   * @template T
   * @param {string} field
   * @param {() => Promise<T>} call
   * @param {string} [method] that is answered with
   * @returns {Promise<T | undefined>}
   */
  async attempt(field, call, method) {
    if (this.busy) return undefined;
    this.busy = true;
    this.error = undefined;
    this.notice = "";
    try {
      return await call();
    } catch (error) {
      this.refuse(field, error, method);
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  /**
   * @param {string} field
   * @param {any} error
   * @param {string} [method]
   */
  refuse(field, error, method) {
    if (error === GIVEN_UP) return;
    this.error = { field, text: refusalText(error, this.tell, method) };
    this.focusOn(field);
    this.emit("refused", { error });
  }

  /** @param {string} id of the field, or `title` */
  focusOn(id) {
    this.#focusNext = id;
    this.requestUpdate();
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    super.updated(changed);
    if (!this.#focusNext) return;
    const next = this.renderRoot.querySelector(`#${this.#focusNext}`);
    this.#focusNext = undefined;
    /** @type {any} */
    const focused = next ?? this.renderRoot.querySelector("#title");
    focused?.focus();
    // What stands in a field, such as a wrong code or the old name, is replaced by what is typed.
    focused?.select?.();
  }

  /**
   * @param {string} type
   * @param {object} [detail]
   */
  emit(type, detail) {
    const options = { detail, bubbles: true, composed: true };
    return this.dispatchEvent(new CustomEvent(type, options));
  }

  // What is shown.

  /**
   * @param {unknown} title
   * @param {unknown} [lede]
   */
  heading(title, lede) {
    return html`<div
        class="title"
        part="title"
        id="title"
        role="heading"
        aria-level=${this.headingLevel}
        tabindex="-1"
      >
        ${title}
      </div>
      ${
        lede ? html`<p class="lede" part="lede" id="lede">${lede}</p>` : nothing
      }`;
  }

  /** What goes wrong or well, where no field is concerned. */
  messages(field = "problem") {
    return html`<p class="error problem" part="error" role="alert">
        ${this.error?.field === field ? this.error.text : nothing}
      </p>
      <p class="notice" part="notice" role="status">
        ${this.notice || nothing}
      </p>`;
  }

  /**
   * @param {object} field
   * @param {string} field.name
   * @param {unknown} field.label
   * @param {string} [field.type]
   * @param {string} [field.autocomplete]
   * @param {string} [field.inputmode]
   * @param {unknown} [field.hint]
   * @param {boolean} [field.digits]
   * @param {string} [field.value]
   * @param {string} [field.described] the id of what else describes it
   * @param {(event: any) => void} [field.input]
   */
  field({
    name,
    label,
    type = "text",
    autocomplete = "off",
    inputmode = "text",
    hint,
    digits,
    value = "",
    described = "",
    input,
  }) {
    const text = this.error?.field === name ? this.error.text : "";
    return html`<div class="field" part="field">
      <label for=${name} part="label">${label}</label>
      <input
        id=${name}
        name=${name}
        class=${digits ? "digits" : ""}
        part=${digits ? "input code" : "input"}
        type=${type}
        .defaultValue=${value}
        autocomplete=${autocomplete}
        inputmode=${inputmode}
        autocapitalize="none"
        spellcheck="false"
        aria-required="true"
        aria-invalid=${text ? "true" : "false"}
        aria-describedby=${`${name}-error ${name}-hint ${described}`}
        @input=${input}
      />
      <p class="error" part="error" id=${`${name}-error`} role="alert">
        ${text || nothing}
      </p>
      <p class="hint" part="hint" id=${`${name}-hint`} ?hidden=${!hint}>
        ${hint}
      </p>
    </div>`;
  }

  /**
   * @param {unknown} text
   * @param {() => void} click
   * @param {object} [more]
   * @param {string} [more.id]
   * @param {string} [more.kind]
   * @param {boolean} [more.disabled]
   * @param {string} [more.label]
   */
  button(text, click, { id, kind = "quiet", disabled, label } = {}) {
    // Not `disabled`, which would drop the focus of who has just pressed it.
    return html`<button
      type="button"
      id=${id ?? nothing}
      class=${kind}
      part=${`button ${kind}`}
      aria-label=${label ?? nothing}
      aria-disabled=${disabled || this.busy ? "true" : "false"}
      @click=${() => !disabled && !this.busy && click()}
    >
      ${text}
    </button>`;
  }

  /**
   * A form that says which field is empty, and hands its values over.
   * @param {unknown} content
   * @param {unknown} submit the button's text
   * @param {(values: Record<string, string>, form: HTMLFormElement) => void} take
   */
  form(content, submit, take) {
    const submitted = (/** @type {any} */ event) => {
      event.preventDefault();
      if (this.busy) return;
      const form = event.target;
      const values = Object.fromEntries(new FormData(form));
      const empty = [...form.querySelectorAll("[aria-required]")].find(
        (input) => !input.value.trim(),
      );
      if (!empty) return take(/** @type {any} */ (values), form);
      this.error = { field: empty.name, text: this.tell("required") };
      this.focusOn(empty.name);
    };
    return html`<form
      part="form"
      aria-labelledby="title"
      novalidate
      @submit=${submitted}
    >
      ${content}
      <button
        id="submit"
        class="primary"
        part="button primary"
        aria-disabled=${this.busy ? "true" : "false"}
      >
        ${submit}
      </button>
    </form>`;
  }

  /**
   * @param {string} name
   * @param {unknown} label
   */
  check(name, label) {
    return html`<label class="check" part="check">
      <input type="checkbox" name=${name} /><span>${label}</span>
    </label>`;
  }

  /** The name of a way. @param {string} method */
  way(method) {
    const key = method === "email" ? "emailCode" : method;
    return key in english ? this.tell(/** @type {Key} */ (key)) : method;
  }

  /** @param {string} text */
  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.notice = this.tell("copied");
    } catch {
      this.notice = this.tell("notCopied");
    }
  }
}
