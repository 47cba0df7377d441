// @ts-check

/** @typedef {keyof import("./languages.mjs").Texts} Key */
/** @typedef {(key: Key, values?: Record<string, unknown>) => string} Tell */

/** @type {Record<number, Key>} */
const BY_CODE = {
  1: "tryAgain",
  209: "signedOut",
  4011: "expired",
  4012: "expired",
  4013: "tooManyWrong",
  4015: "tooMany",
  4016: "notSetUp",
  4017: "badNumber",
  4018: "notSent",
  4019: "codesDisabled",
  4022: "tryAgain",
  4025: "codeUsed",
  4026: "notReachable",
  4027: "notOffered",
  4028: "lastStays",
  4029: "full",
};

/** @type {Record<string, Key>} */
const BY_NAME = {
  NoConnection: "noConnection",
  PasskeyNotUsed: "passkeyNotUsed",
  WrongPassword: "wrongPassword",
};

/**
 * What happened, and what to do next, in the words of the element. What only the app or the operator can mend is told as the server
 * says it.
 * @param {any} error
 * @param {Tell} tell
 * @param {string} [method] that was answered with
 * @returns {string}
 */
export function refusalText(error, tell, method) {
  const { name, code, attemptsLeft, retryAt, message } = error;
  if (name === "WrongCode") {
    const what = tell(method === "webauthn" ? "wrongPasskey" : "wrongCode");
    if (attemptsLeft === undefined) return what;
    if (attemptsLeft === 0) return tell("tooManyWrong");
    const left =
      attemptsLeft === 1
        ? tell("lastTry")
        : tell("triesLeft", { n: attemptsLeft });
    return `${what} ${left}`;
  }
  if (retryAt) {
    const seconds = secondsUntil(retryAt);
    return code === 4014
      ? tell("tooSoon", { n: seconds })
      : tell("tooManyUntil", { time: clock(seconds) });
  }
  const key = BY_NAME[name] ?? BY_CODE[code];
  return key ? tell(key) : String(message);
}

/** @param {Date} [date] */
export const secondsUntil = (date) =>
  Math.max(0, Math.ceil(((date?.getTime() ?? 0) - Date.now()) / 1000));

/** @param {number} seconds */
export const clock = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
