// @ts-check
"use strict";

/**
 * The least that a sign-in in two calls with a message takes: Parse checks the password, Twilio's SDK sends, Parse
 * opens the session. Codes are kept in the process and in no database, nothing is limited, nobody is protected: no app
 * may take it over. It shows how much of a sign-in's price is Parse's and Twilio's own.
 *
 * @param {any} Parse
 */
module.exports = (Parse) => {
  const { randomBytes, randomInt } = require("node:crypto");
  const {
    TWILLIO_ACCOUNT_SID,
    TWILLIO_AUTH_TOKEN,
    TWILLIO_FROM_NUMBER: from,
  } = process.env;
  const twilio = require("twilio")(TWILLIO_ACCOUNT_SID, TWILLIO_AUTH_TOKEN);
  /** @type {Map<string, {userId: string, code: string}>} */
  const challenges = new Map();

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} body
   */
  const asMaster = (method, path, body) =>
    Parse.CoreManager.getRESTController().request(method, path, body, {
      useMasterKey: true,
    });

  Parse.Cloud.define("login", async (/** @type {any} */ { params }) => {
    if (!params.challenge) {
      const { username, password } = params;
      const login = { username, password };
      const user = await asMaster("GET", "verifyPassword", login);
      const code = String(randomInt(1_000_000)).padStart(6, "0");
      await twilio.messages.create({
        body: `Your 2FA code is ${code}`,
        from,
        to: user.phone_number,
      });
      const challenge = randomBytes(16).toString("base64url");
      challenges.set(challenge, { userId: user.objectId, code });
      return { challenge };
    }
    const begun = challenges.get(params.challenge);
    challenges.delete(params.challenge);
    if (!begun || begun.code !== params.code) {
      throw new Parse.Error(141, "Invalid 2fa code");
    }
    const { userId } = begun;
    const { sessionToken } = await asMaster("POST", "loginAs", { userId });
    return { sessionToken };
  });
};
