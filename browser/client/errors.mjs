// @ts-check

/** A refusal of the server's, or the lack of an answer. `code` is the wire's; `message` is the server's own sentence. */
export class TwoFactorError extends Error {
  name = "TwoFactorError";
  /** @type {number | undefined} */
  code;
  /** @type {number | undefined} */
  attemptsLeft;
  /** @type {Date | undefined} */
  retryAt;
  /** @type {boolean | undefined} */
  startAgain;

  /**
   * @param {string} message
   * @param {{code?: number, cause?: unknown, attemptsLeft?: number, retryAt?: Date, startAgain?: boolean}} [fields]
   */
  constructor(message, fields = {}) {
    super(message);
    Object.assign(this, fields);
  }
}

/** The name or the password is wrong, or Parse does not let this user in. */
export class WrongPassword extends TwoFactorError {
  name = "WrongPassword";
}

/** The code or the passkey was not right. `attemptsLeft` says how many more answers are looked at. */
export class WrongCode extends TwoFactorError {
  name = "WrongCode";
}

/** The authenticator app's code was accepted before. The app shows the next one within thirty seconds. It cost no attempt. */
export class CodeUsed extends TwoFactorError {
  name = "CodeUsed";
}

/** The challenge is over: too old, used, or void. Start again. */
export class Expired extends TwoFactorError {
  name = "Expired";
}

/** Too many messages or attempts. `retryAt` says when to try again; with `startAgain`, this challenge takes no more answers. */
export class TooMany extends TwoFactorError {
  name = "TooMany";
}

/** The provider cannot reach this number until somebody changes something. It is the number, not the network. */
export class NotReachable extends TwoFactorError {
  name = "NotReachable";
}

/** Prove the second factor first: `withStepUp` does. `challenge` is the one that it began, where nobody was there to answer it. */
export class StepUpRequired extends TwoFactorError {
  name = "StepUpRequired";
}

/** The person closed the browser's question about a passkey, or let it go by. Nothing was sent. */
export class PasskeyNotUsed extends TwoFactorError {
  name = "PasskeyNotUsed";
}

/** No answer came from the server. It denied nothing: what was asked for may even have happened. */
export class NoConnection extends TwoFactorError {
  name = "NoConnection";
}

/** @type {Record<number, typeof TwoFactorError>} */
const BY_CODE = {
  4011: Expired,
  4012: Expired,
  4013: TooMany,
  4014: TooMany,
  4015: TooMany,
  4020: StepUpRequired,
  4024: WrongCode,
  4025: CodeUsed,
  4026: NotReachable,
};

/** Parse has these numbers for more than one thing; only the text tells which. @type {Record<number, [string, typeof TwoFactorError]>} */
const BY_TEXT = {
  101: ["Invalid username/password.", WrongPassword],
  141: ["Invalid 2fa code", WrongCode],
};

/** The SDKs' own words for "no connection", "that was no answer of Parse's" and "no answer in time". */
const UNANSWERED = [100, 107, 124];

/**
 * What `Parse.Cloud.run` threw, by its name.
 * @param {any} cause
 * @returns {TwoFactorError}
 */
export function nameOf(cause) {
  const { code, message = String(cause) } = cause ?? {};
  // Where fetch itself throws, the SDK passes that on, and it has no number.
  if (!Number.isInteger(code) || UNANSWERED.includes(code)) {
    return new NoConnection(message, { code, cause });
  }
  const [text, ByText] = BY_TEXT[code] ?? [];
  const Named =
    BY_CODE[code] ?? (ByText && text === message ? ByText : TwoFactorError);
  // The one number in these texts is part of the wire.
  const number = /[0-9]+/.exec(message)?.[0];
  return new Named(message, {
    code,
    cause,
    ...(code === 4024 && number && { attemptsLeft: Number(number) }),
    ...((code === 4014 || code === 4015) &&
      number && { retryAt: secondsFromNow(Number(number)) }),
    ...([4011, 4012, 4013].includes(code) && { startAgain: true }),
    ...(code === 4013 && { attemptsLeft: 0 }),
  });
}

/** @param {number} seconds */
export const secondsFromNow = (seconds) =>
  new Date(Date.now() + seconds * 1000);
