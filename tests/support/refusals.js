// @ts-check
"use strict";

/** The codes of refusals by name; docs/wire.md says when each is answered. */
module.exports = {
  // Parse Server's own.
  INVALID_CREDENTIALS: 101,
  OPERATION_FORBIDDEN: 119,
  EMAIL_NOT_VERIFIED: 205,
  INVALID_SESSION_TOKEN: 209,

  // Ours. The first one is the tutorial's, in its second call.
  WRONG_CODE: 141,
  NATIVE_SIGN_IN: 4010,
  CODE_EXPIRED: 4011,
  CHALLENGE_UNKNOWN: 4012,
  TOO_MANY_WRONG_CODES: 4013,
  RESEND_TOO_SOON: 4014,
  TOO_MANY: 4015,
  NO_FACTOR: 4016,
  PHONE_UNUSABLE: 4017,
  NOT_SENT: 4018,
  UNREACHABLE: 4026,
  DISABLED: 4019,
  STEP_UP_REQUIRED: 4020,
  BAD_REQUEST: 4021,
  TRY_AGAIN: 4022,
  NOT_CONFIGURED: 4023,
  WRONG_ANSWER: 4024,
  CODE_USED: 4025,
  OFF: 4027,
  LAST_FACTOR: 4028,
  TOO_MANY_FACTORS: 4029,

  // What the `beforeLogin` of an app under test answers: see node.js.
  UNWELCOME: 1234,
};
