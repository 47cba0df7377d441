// @ts-check

import { TooMany, WrongCode, secondsFromNow } from "./errors.mjs";

/**
 * @typedef {object} Home what a challenge or an enrollment needs of the client that began it
 * @property {(params: object) => Promise<any>} answer resolves to the next state
 * @property {(params: object) => Promise<any>} resend
 * @property {(publicKey: object) => Promise<object>} passkey
 * @property {(changed?: object) => Promise<void>} keep
 */

/** What a challenge and an enrollment have in common: a code that is awaited, for a while, for a few tries. */
export class Awaited {
  #home;

  /**
   * @param {Home} home
   * @param {any} answer of the server's, or what was kept of one
   */
  constructor(home, answer) {
    this.#home = home;
    this.take(answer);
  }

  /** @param {any} answer */
  take({ expiresIn, resendIn, attempts, expiresAt, resendAt, ...answer }) {
    Object.assign(this, answer);
    const at = (/** @type {any} */ seconds, /** @type {any} */ kept) =>
      seconds === undefined
        ? kept === undefined
          ? undefined
          : new Date(kept)
        : secondsFromNow(seconds);
    /** When it is over. @type {Date} */
    this.expiresAt = /** @type {Date} */ (at(expiresIn, expiresAt));
    /** From when on `resend` sends another code. @type {Date | undefined} */
    this.resendAt = at(resendIn, resendAt);
    /** Wrong answers that are still possible. @type {number | undefined} */
    this.attemptsLeft = attempts ?? answer.attemptsLeft ?? this.attemptsLeft;
  }

  /**
   * Hands an answer in, and counts.
   * @param {object} params
   */
  async hand(params) {
    try {
      const state = await this.#home.answer(params);
      await this.#home.keep();
      return state;
    } catch (error) {
      await this.#count(/** @type {any} */ (error));
      throw error;
    }
  }

  /** @param {any} error */
  async #count(error) {
    if (error instanceof WrongCode && this.attemptsLeft !== undefined) {
      error.attemptsLeft ??= Math.max(0, this.attemptsLeft - 1);
    }
    if (error.attemptsLeft !== undefined)
      this.attemptsLeft = error.attemptsLeft;
    if (error.startAgain) await this.#home.keep();
    else await this.#home.keep(this);
  }

  /**
   * Asks the device for its passkey.
   * @param {object} publicKey
   */
  passkey(publicKey) {
    return this.#home.passkey(publicKey);
  }

  /**
   * Sends another code. The one before it is dead; the tries go on counting.
   * @param {object} params
   */
  async again(params) {
    try {
      this.take(await this.#home.resend(params));
      await this.#home.keep(this);
      return this;
    } catch (error) {
      if (error instanceof TooMany && error.retryAt)
        this.resendAt = error.retryAt;
      await this.#count(error);
      throw error;
    }
  }

  /** Gives it up: a reload will not find it. */
  cancel() {
    return this.#home.keep();
  }
}

/** A second factor is asked for, by a sign-in or a step-up. */
export class Challenge extends Awaited {
  /**
   * @param {Home} home
   * @param {any} answer
   */
  constructor(home, answer) {
    super(home, answer);
    this.status = "challenge";
    /** @type {string} */
    this.challenge = answer.challenge;
    /** @type {object} */
    this.publicKey = answer.publicKey;
  }

  /**
   * @param {string} code as it was typed: spaces and hyphens do no harm
   * @param {{method?: string, trust?: boolean}} [more]
   */
  answer(code, more) {
    return this.hand({ challenge: this.challenge, code, ...more });
  }

  /** @param {{trust?: boolean}} [more] */
  async usePasskey(more) {
    const credential = await this.passkey(this.publicKey);
    return this.hand({ challenge: this.challenge, credential, ...more });
  }

  /** @param {{method?: string, factor?: string}} [more] */
  resend(more) {
    return this.again({ challenge: this.challenge, ...more });
  }
}

/** A factor that counts once its first answer came back. */
export class Enrollment extends Awaited {
  /**
   * @param {Home} home
   * @param {any} answer
   */
  constructor(home, answer) {
    super(home, answer);
    /** @type {string} */
    this.enrollment = answer.enrollment;
    /** @type {object} */
    this.publicKey = answer.publicKey;
  }

  /**
   * @param {string} code
   * @param {{endOtherSessions?: boolean}} [more]
   */
  confirm(code, more) {
    return this.hand({ enrollment: this.enrollment, code, ...more });
  }

  /** Makes the passkey, and confirms it. @param {{endOtherSessions?: boolean}} [more] */
  async createPasskey(more) {
    const credential = await this.passkey(this.publicKey);
    return this.hand({ enrollment: this.enrollment, credential, ...more });
  }

  /** @param {{method?: string, factor?: string}} [more] */
  resend(more) {
    return this.again({ enrollment: this.enrollment, ...more });
  }
}
