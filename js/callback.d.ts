/**
 * Takes what Twilio tells of messages, in `cloud/app.js`: `app.post("/parse-two-factor/callback",
 * require("parse-two-factor/callback")())`. The option `statusCallback` has the address under which Twilio reaches it.
 */
declare function callback(): callback.Callback;

declare namespace callback {
  export type Callback = (request: any, response: any) => Promise<void>;
}

export = callback;
