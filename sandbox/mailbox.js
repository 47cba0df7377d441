// @ts-check
"use strict";

/**
 * A mail adapter of Parse Server's that sends nothing: it keeps what it was given, for this machine to look at.
 *
 * @typedef {{ to: string, subject: string, text: string, at: string }} Mail
 */

function startMailbox() {
  /** Newest first. @type {Mail[]} */
  const received = [];
  /** @param {{ to: string, subject: string, text: string }} mail */
  const sendMail = async ({ to, subject, text }) => {
    received.unshift({ to, subject, text, at: new Date().toISOString() });
  };
  /** @param {string} subject */
  const withLink =
    (subject) =>
    (/** @type {any} */ { link, user }) =>
      sendMail({ to: user.get("email"), subject, text: link });
  return {
    received,
    adapter: {
      sendMail,
      sendVerificationEmail: withLink("Verify your address"),
      sendPasswordResetEmail: withLink("Set a new password"),
    },
  };
}

module.exports = { startMailbox };
