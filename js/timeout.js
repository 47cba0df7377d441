// @ts-check
"use strict";

/** For a provider or a function of the app; Twilio's own limit is 15 s for its queue to take a message. */
const TIMEOUT_MILLISECONDS = 10_000;

/** Somebody did not answer in time. */
class TimeoutError extends Error {}

/**
 * Bounds how long somebody is waited for: what does not answer must not hold a sign-in.
 * @template T
 * @param {Promise<T>} promise
 * @param {number} [milliseconds]
 * @returns {Promise<T>}
 * @throws {TimeoutError} if it takes too long
 */
function withTimeout(promise, milliseconds = TIMEOUT_MILLISECONDS) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new TimeoutError("no answer in time")),
      milliseconds,
    );
  });
  return /** @type {Promise<T>} */ (
    Promise.race([promise, late]).finally(() => clearTimeout(timer))
  );
}

module.exports = { withTimeout, TimeoutError };
