// @ts-check
"use strict";

/** Stops the start of the server, with a sentence for whoever deploys it. The prefix tells them which package speaks. */
class StartUpError extends Error {
  /** @param {string} message what is wrong and what to do, without a secret */
  constructor(message) {
    super(`parse-two-factor: ${message}`);
  }

  /**
   * The same for an error that others threw: the core, whose stack would show frames of WebAssembly, or Twilio's SDK.
   * @param {unknown} error
   */
  static from(error) {
    if (error instanceof StartUpError) return error;
    return new StartUpError(
      error instanceof Error ? error.message : `${error}`,
    );
  }
}

exports.StartUpError = StartUpError;
