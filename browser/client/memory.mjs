// @ts-check

/**
 * What the client remembers: a sign-in under way over a reload of the page, and the tokens of trusted browsers where the app says.
 * No password, no code and no session is among them.
 */

/** @typedef {import("./types.mjs").Keep} Keep */

/** A page may be forbidden to look at its own storage. @returns {Keep | undefined} */
function sessionStorageIfAny() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

/**
 * FNV-1a. It is here so that no name can be read in a shared browser; two names that meet cost nothing, since the server ignores
 * another user's token.
 * @param {string} text
 */
function shortened(text) {
  let hash = 0x811c9dc5;
  for (const letter of text) {
    hash = Math.imul(
      hash ^ /** @type {number} */ (letter.codePointAt(0)),
      16777619,
    );
  }
  return (hash >>> 0).toString(36);
}

export class Memory {
  #app;
  #pending;
  #devices;

  /**
   * @param {{applicationId?: string}} app which may be named only later
   * @param {{storage?: Keep | null, devices?: Keep}} options
   */
  constructor(app, { storage = sessionStorageIfAny(), devices }) {
    this.#app = app;
    this.#pending = storage ?? undefined;
    this.#devices = devices;
  }

  get #name() {
    return `parse-two-factor:${this.#app.applicationId ?? ""}`;
  }

  /** @returns {Promise<any>} */
  async pending() {
    try {
      return JSON.parse((await this.#pending?.getItem(this.#name)) ?? "null");
    } catch {
      return null;
    }
  }

  /** @param {object} [pending] without it, it is forgotten */
  async keep(pending) {
    try {
      if (pending) {
        await this.#pending?.setItem(this.#name, JSON.stringify(pending));
      } else {
        await this.#pending?.removeItem(this.#name);
      }
    } catch {
      // Storage that is full or forbidden makes a reload begin anew, and nothing else.
    }
  }

  /**
   * Where the token of this user's trusted browser is kept.
   * @param {any} params of `login`
   */
  place({ username, email, authData }) {
    const who = JSON.stringify([username, email, authData && idOf(authData)]);
    return `${this.#name}:${shortened(who)}`;
  }

  /** @param {string} place */
  async device(place) {
    return (await this.#devices?.getItem(place)) ?? undefined;
  }

  /**
   * @param {string} place
   * @param {string | null | undefined} token as the server answered it: null where it does not know the one that was sent
   */
  async keepDevice(place, token) {
    if (token) await this.#devices?.setItem(place, token);
    if (token === null) await this.#devices?.removeItem(place);
  }
}

/** The provider and the user's id there, without the proof. @param {Record<string, any>} authData */
const idOf = (authData) =>
  Object.entries(authData).map(([provider, data]) => [provider, data?.id]);
