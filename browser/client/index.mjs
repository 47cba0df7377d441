// @ts-check

/**
 * `parse-two-factor/client`: what an app's client calls. It knows the wire (docs/wire.md) and decides nothing: what the server answers
 * becomes a state, and what it refuses an error with a name.
 */

import { Challenge, Enrollment } from "./challenge.mjs";
import { StepUpRequired, nameOf, secondsFromNow } from "./errors.mjs";
import { Memory } from "./memory.mjs";
import * as passkeys from "./passkeys.mjs";

export {
  CodeUsed,
  Expired,
  NoConnection,
  NotReachable,
  PasskeyNotUsed,
  StepUpRequired,
  TooMany,
  TwoFactorError,
  WrongCode,
  WrongPassword,
} from "./errors.mjs";
export { Challenge, Enrollment, passkeys };

/** What a code can be typed for, or awaited from. */
const TYPED = ["totp", "sms", "call", "whatsapp", "email", "recovery"];

export class TwoFactorClient {
  #parse;
  #options;
  #memory;
  /** @type {{isKnown: () => boolean, create: (publicKey: any) => Promise<object>, use: (publicKey: any) => Promise<object>}} */
  #passkeys;

  /**
   * @param {import("./types.mjs").ParseSdk} Parse
   * @param {import("./types.mjs").Options} [options]
   */
  constructor(Parse, options = {}) {
    this.#parse = Parse;
    this.#options = options;
    this.#memory = new Memory(Parse, options);
    this.#passkeys = options.passkeys ?? passkeys;
  }

  /** Whether passkeys can be made and used here. */
  get knowsPasskeys() {
    return this.#passkeys.isKnown();
  }

  /**
   * @param {any} params of `login`
   * @returns {Promise<any>} the state: `signed-in`, `challenge` or `enroll`
   */
  async signIn(params) {
    const place = this.#memory.place(params);
    const device = await this.#memory.device(place);
    await this.#memory.keep();
    const begin = { ...this.#shown(), ...(device && { device }), ...params };
    /** @type {any} */
    let answer;
    try {
      answer = await this.#run("login", begin);
    } catch (error) {
      if (/** @type {any} */ (error).code !== INVALID_SESSION) throw error;
      // A session of before that has ended makes Parse refuse even a sign-in, before any function runs.
      await this.#parse.User?.logOut().catch(() => {});
      answer = await this.#run("login", begin);
    }
    return this.#state("login", answer, place);
  }

  /** The sign-in that was under way when the page was reloaded; `undefined` if there is none, or it is over. */
  async resume() {
    const kept = await this.#memory.pending();
    if (!(kept && new Date(kept.expiresAt) > new Date())) return undefined;
    const { place, ...answer } = kept;
    return this.#challenge("login", answer, place);
  }

  /** @param {any} [params] */
  status(params) {
    return this.#run("twoFactorStatus", params);
  }

  /** @param {any} params */
  async enroll(params) {
    const answer = await this.#run("enrollTwoFactor", params);
    return new Enrollment(
      {
        answer: (handed) => this.confirm(handed),
        resend: (again) => this.#run("resendCode", again),
        passkey: (publicKey) => this.#passkeys.create(publicKey),
        keep: async () => {},
      },
      answer,
    );
  }

  /** @param {any} params */
  confirm(params) {
    return this.#run("confirmTwoFactor", params);
  }

  /** @param {any} params */
  rename(params) {
    return this.#run("renameTwoFactor", params);
  }

  /** @param {any} params */
  remove(params) {
    return this.#run("removeTwoFactor", params);
  }

  /** @param {any} params */
  forgetDevice(params) {
    return this.#run("forgetDevice", params);
  }

  newRecoveryCodes() {
    return this.#run("newRecoveryCodes");
  }

  /** @param {any} [params] */
  async stepUp(params) {
    const answer = await this.#run("stepUp", { ...this.#shown(), ...params });
    return this.#state("stepUp", answer);
  }

  /**
   * Runs an action. If it is refused because it needs a step-up, asks for one, has it answered, and runs the action once more.
   * @template T
   * @param {() => Promise<T>} action
   * @param {(challenge: any) => Promise<unknown>} [prove] answers the challenge; by default the option `prove`
   * @returns {Promise<T>}
   */
  async withStepUp(action, prove = this.#options.prove) {
    try {
      return await action();
    } catch (cause) {
      const { code, message } = /** @type {any} */ (cause);
      if (code !== STEP_UP_REQUIRED) throw cause;
      const challenge = await this.stepUp();
      if (!prove) {
        const error = new StepUpRequired(message, { code, cause });
        throw Object.assign(error, { challenge });
      }
      await prove(challenge);
      return action();
    }
  }

  /** What this client can show, the passkey only where there can be one. */
  #shown() {
    const { methods = this.knowsPasskeys ? ["webauthn", ...TYPED] : TYPED } =
      this.#options;
    return { methods };
  }

  /**
   * @param {string} name of the function that was called
   * @param {any} answer
   * @param {string} [place] of the token of this user's trusted browser
   * @returns {Promise<any>}
   */
  async #state(name, { device, ...answer }, place) {
    if (place) await this.#memory.keepDevice(place, device);
    if (answer.challenge) {
      const challenge = this.#challenge(name, answer, place);
      if (place) await this.#memory.keep({ ...challenge, place });
      return challenge;
    }
    if (answer.enroll) {
      const { expiresIn, ...rest } = answer;
      return { ...rest, expiresAt: secondsFromNow(expiresIn) };
    }
    return { ...answer, ...(device !== undefined && { device }) };
  }

  /**
   * @param {string} name
   * @param {any} answer
   * @param {string} [place] only with a sign-in: what is kept of a step-up would have nothing to go on with
   * @returns {Challenge}
   */
  #challenge(name, answer, place) {
    return new Challenge(
      {
        answer: async (params) =>
          this.#state(name, await this.#run(name, params), place),
        resend: (again) => this.#run("resendCode", again),
        passkey: (publicKey) => this.#passkeys.use(publicKey),
        keep: async (changed) => {
          if (place) await this.#memory.keep(changed && { ...changed, place });
        },
      },
      answer,
    );
  }

  /**
   * @param {string} name
   * @param {object} [params]
   * @returns {Promise<any>}
   */
  async #run(name, params = {}) {
    const { functions = {}, sessionToken } = this.#options;
    const token =
      typeof sessionToken === "function" ? sessionToken() : sessionToken;
    try {
      return await this.#parse.Cloud.run(
        functions[name] ?? name,
        params,
        token ? { sessionToken: token } : {},
      );
    } catch (error) {
      throw nameOf(error);
    }
  }
}

/** Parse's own: the session that came with the call is none. */
const INVALID_SESSION = 209;
const STEP_UP_REQUIRED = 4020;
