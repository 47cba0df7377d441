// @ts-check

import { html } from "lit";

/** Shows recovery codes, once, until the person says that they are saved. */
export class CodesPart {
  #host;
  /** @type {string[]} */
  #codes = [];
  #done = () => {};

  /** @param {import("./element.mjs").TwoFactorElement} host */
  constructor(host) {
    this.#host = host;
  }

  get active() {
    return this.#codes.length > 0;
  }

  /**
   * @param {string[]} codes
   * @param {() => void} done
   */
  begin(codes, done) {
    this.#codes = codes;
    this.#done = done;
    this.#host.focusOn("title");
  }

  get #text() {
    return `${this.#codes.join("\n")}\n`;
  }

  #download() {
    const url = URL.createObjectURL(
      new Blob([this.#text], { type: "text/plain" }),
    );
    const link = document.createElement("a");
    link.href = url;
    link.download = "recovery-codes.txt";
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  /** In a frame of its own, so that nothing but the codes is on the paper. */
  #print() {
    const frame = document.createElement("iframe");
    frame.title = this.#host.tell("codes");
    Object.assign(frame.style, { position: "fixed", inlineSize: "0" });
    Object.assign(frame.style, { blockSize: "0", border: "0" });
    document.body.append(frame);
    const { contentDocument: page, contentWindow: window } = frame;
    if (!page || !window) return;
    const title = page.createElement("h1");
    title.textContent = `${this.#host.tell("codes")}: ${location.hostname}`;
    const list = page.createElement("pre");
    list.textContent = this.#text;
    page.body.append(title, list);
    window.addEventListener("afterprint", () => frame.remove());
    window.print();
  }

  #saved() {
    this.#codes = [];
    this.#host.notice = "";
    this.#done();
    this.#host.requestUpdate();
  }

  render() {
    const { tell } = this.#host;
    return html`
      ${this.#host.heading(tell("codes"), tell("codesWhy"))}
      <ul class="codes block" part="codes" id="codes">
        ${this.#codes.map((code) => html`<li>${code}</li>`)}
      </ul>
      <div class="row" part="actions">
        ${this.#host.button(tell("copy"), () => this.#host.copy(this.#text), {
          id: "copy",
        })}
        ${this.#host.button(tell("download"), () => this.#download(), {
          id: "download",
        })}
        ${this.#host.button(tell("print"), () => this.#print(), { id: "print" })}
      </div>
      ${this.#host.messages()}
      ${this.#host.button(tell("saved"), () => this.#saved(), {
        id: "saved",
        kind: "primary",
      })}
    `;
  }
}
