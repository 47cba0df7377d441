// @ts-check

/** Every text of the elements, in English. A language file has the same names, and so has what an app puts in `texts`. */
export default {
  // Signing in.
  signIn: "Sign in",
  username: "Username",
  email: "Email",
  password: "Password",
  required: "Please fill this in.",

  // The ways.
  webauthn: "Passkey",
  totp: "Authenticator app",
  sms: "Text message",
  call: "Phone call",
  whatsapp: "WhatsApp",
  emailCode: "Email",
  recovery: "Recovery code",

  // A challenge.
  confirmItsYou: "Confirm it’s you",
  code: "Code",
  ask_webauthn: "Use your passkey or security key.",
  ask_totp: "Enter the code from your authenticator app.",
  ask_sms: "Enter the code we sent to {to}.",
  ask_call: "Answer the call to {to}, then enter the code you hear.",
  ask_whatsapp: "Enter the code we sent to {to} on WhatsApp.",
  ask_email: "Enter the code we emailed to {to}.",
  ask_recovery: "Enter one of your recovery codes. Each one works once.",
  goodFor: "Good for {time}.",
  continue: "Continue",
  usePasskey: "Use passkey",
  trust: "Don’t ask again on this browser for {n} days",
  resend: "Send a new code",
  resendIn: "Send a new code in {n} s",
  resent: "A new code is on its way. The old one no longer counts.",
  otherWays: "Try another way",
  startAgain: "Start again",
  cancel: "Cancel",
  back: "Back",

  // Adding a factor.
  setUp: "Set up two-factor sign-in",
  needed:
    "Your account needs a second factor. Choose how you want to confirm it’s you.",
  add: "Add another way",
  chooseWay: "Choose how you want to confirm it’s you.",
  phoneNumber: "Phone number",
  phoneHint: "With + and the country code, as in +1 415 555 0123.",
  passwordNeeded: "Enter your password to go on.",
  sendCode: "Send code",
  scan: "Scan this with your authenticator app, then enter the code it shows.",
  qr: "QR code for your authenticator app",
  orType: "Can’t scan it? Type this key into the app:",
  openApp: "Open in an app on this device",
  copy: "Copy",
  copied: "Copied.",
  notCopied: "This browser did not let us copy. Select the text and copy it.",
  endOthers: "Sign out everywhere else",
  makePasskey: "Your device will ask you to make a passkey.",

  // Recovery codes.
  codes: "Recovery codes",
  codesWhy:
    "Save these codes. If you lose your device, each of them lets you in once. They are not shown again.",
  print: "Print",
  download: "Download",
  saved: "I saved them",

  // Settings.
  settings: "Two-factor sign-in",
  none: "Your account has no second factor yet. Add one, so that a stolen password is not enough.",
  disabled:
    "Codes are turned off after too many wrong ones. Sign in with a passkey or a recovery code to turn them on again.",
  added: "Added {date}",
  rename: "Rename",
  renameWhat: "Rename {name}",
  name: "Name",
  save: "Save",
  remove: "Remove",
  removeWhat: "Remove {name}",
  removeSure: "Remove {name}? You can no longer confirm with it.",
  keepLast: "Your account needs one, so the last one stays.",
  codesLeft: "Codes left: {n}",
  newCodes: "Get new codes",
  newCodesSure: "Your old codes stop working.",
  devices: "Trusted browsers",
  until: "Trusted until {date}",
  forget: "Forget",
  forgetWhat: "Forget {name}",
  forgetAll: "Forget all",
  loading: "Loading …",
  retry: "Try again",

  // What happened.
  wasAdded: "Added.",
  wasRemoved: "Removed.",
  wasRenamed: "Renamed.",
  wasForgotten: "That browser is no longer trusted.",
  othersEnded: "You are signed out everywhere else.",
  othersNotEnded: "Some other sessions could not be ended.",

  // What went wrong.
  wrongPassword: "The name or the password is not right.",
  wrongOwnPassword: "The password is not right.",
  wrongCode: "That code is not right.",
  wrongPasskey: "The passkey was not accepted.",
  triesLeft: "{n} tries left.",
  lastTry: "One try left.",
  codeUsed: "That code was used before. Wait for the next one in your app.",
  expired: "That took too long. Please start again.",
  codeExpired: "The code has expired. Please start again.",
  tooManyWrong: "Too many wrong codes. Please start again.",
  tooMany: "Too many tries for now. Try again in a few minutes.",
  tooManyUntil: "Too many tries for now. Try again in {time}.",
  tooSoon: "A code was sent a moment ago. You can ask for another in {n} s.",
  notReachable:
    "No message can reach this number. Check it, or use another way.",
  badNumber:
    "No code can be sent to this number. Write it with + and the country code.",
  notSent: "The message could not be sent. Please try again.",
  codesDisabled:
    "Codes are turned off after too many wrong ones. Use a passkey or a recovery code.",
  notSetUp: "This way is not set up for your account.",
  notOffered: "This app does not offer that.",
  lastStays: "Your account needs a second factor. Add another one first.",
  full: "There are too many already. Remove one first.",
  tryAgain: "That did not go through. Please try again.",
  noConnection: "No connection. Check your network and try again.",
  passkeyNotUsed: "The passkey was not used. Try again, or use another way.",
  signedOut: "You are signed out. Sign in again.",
};
