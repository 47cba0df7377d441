// @ts-check
"use strict";

/**
 * GitHub, as far as Parse Server's adapter speaks to it: a code is exchanged once, for a token that names its user.
 */

const EXCHANGE = "https://github.com/login/oauth/access_token";
const USER = "https://api.github.com/user";

/** @param {number} id of the user @param {number} nth of that user's codes */
const codeOf = (id, nth) => `code-${id}-${nth}`;

/**
 * Answers for GitHub in this process; every other request goes out as ever.
 * @returns {string[]} the codes that were exchanged, in order
 */
function answerForGitHub() {
  /** @type {string[]} */
  const exchanged = [];
  const { fetch } = globalThis;
  globalThis.fetch = async (url, init) => {
    if (url === EXCHANGE) {
      const { code } = JSON.parse(String(init?.body));
      const [, id] = /^code-(\d+)-\d+$/.exec(code) ?? [];
      if (!id || exchanged.includes(code)) {
        return Response.json({ error: "bad_verification_code" });
      }
      exchanged.push(code);
      return Response.json({ access_token: `token-${id}` });
    }
    if (url === USER) {
      const { authorization } = Object.fromEntries(new Headers(init?.headers));
      // A text: GitHub's is a number, which Parse Server 9 refuses.
      const id = String(authorization.replace("Bearer token-", ""));
      return Response.json({ id, login: `user-${id}` });
    }
    return fetch(url, init);
  };
  return exchanged;
}

module.exports = { answerForGitHub, codeOf };
