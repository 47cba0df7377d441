// @ts-check
"use strict";

/** What does not answer must not hold a sign-in; Twilio's own limit is 15 s for its queue to take a message. */
const TIMEOUT_MILLISECONDS = 10_000;

/**
 * Bounds how long a provider, or a function of the app, is waited for.
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 * @throws {Error} if it takes too long
 */
function withTimeout(promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error("no answer in time")),
      TIMEOUT_MILLISECONDS,
    );
  });
  return /** @type {Promise<T>} */ (
    Promise.race([promise, late]).finally(() => clearTimeout(timer))
  );
}

module.exports = { withTimeout };
