// @ts-check
"use strict";

/**
 * SashiDo's tutorial "Implementing Two-factor Authentication like a Pro" as an app would take it over: its calls in
 * their order. Where the published page lost characters of the code (the alphabet, `user.save(null`, closing
 * brackets), they are filled in.
 *
 * @param {any} Parse
 */
module.exports = (Parse) => {
  const crypto = require("node:crypto");
  const availableCharacters = "0123456789";
  const accountSid = process.env.TWILLIO_ACCOUNT_SID || "Account SID";
  const authToken = process.env.TWILLIO_AUTH_TOKEN || "Auth Token";
  const twillio = require("twilio")(accountSid, authToken);
  const TWILLIO_FROM_NUMBER = process.env.TWILLIO_FROM_NUMBER || "Trial Number";

  function generateCode() {
    const codeLength = 6;
    const bytes = crypto.randomBytes(codeLength);
    const code = new Array(codeLength);
    let cursor = 0;
    for (let i = 0; i < bytes.length; i++) {
      cursor += bytes[i];
      code[i] = availableCharacters.charAt(cursor % availableCharacters.length);
    }
    return code.join("");
  }

  Parse.Cloud.define("login", async (/** @type {any} */ request) => {
    const { username, password, code } = request.params;
    const user = await Parse.User.logIn(username, password);
    if (!code) {
      const generatedCode = generateCode();
      user.set("code_2fa", generatedCode);
      await user.save(null, { useMasterKey: true });
      await twillio.messages.create({
        body: `Your 2FA code is ${generatedCode}`,
        from: TWILLIO_FROM_NUMBER,
        to: user.get("phone_number"),
      });
    } else if (code && user.get("code_2fa") !== code) {
      throw new Error("Invalid 2fa code");
    } else {
      await user.save(null, { useMasterKey: true });
      return { sessionToken: user.getSessionToken() };
    }
  });
};
