// @ts-check
"use strict";

/**
 * Signing in with a second factor, as an app would do it with the Parse SDK: the password opens a challenge, and the
 * code closes it. The password is used once and kept nowhere; what waits for the code is only the challenge.
 */

/** @typedef {{challenge: string, method: string, methods: string[], to?: string, expiresIn: number, resendIn?: number, publicKey?: object}} Challenge */
/** @typedef {{code?: number, message: string}} Refusal */

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T}
 */
const element = (id) => /** @type {T} */ (document.getElementById(id));

/** @type {HTMLFormElement} */
const passwordForm = element("password-form");
/** @type {HTMLFormElement} */
const codeForm = element("code-form");
/** @type {HTMLInputElement} */
const username = element("username");
/** @type {HTMLInputElement} */
const password = element("password");
/** @type {HTMLInputElement} */
const code = element("code");
/** @type {HTMLButtonElement} */
const resend = element("resend");
/** @type {HTMLFormElement} */
const accountForm = element("account-form");
const usePasskeyButton = element("use-passkey");
const signOut = element("sign-out");
const outcome = element("outcome");

/** What a person can do about a refusal; the refusal's own text says what happened. */
const NEXT = new Map([
  [100, "Is the server still running?"],
  [101, "Check the username and the password."],
  [4024, "Type the newest code on the phone; an older one no longer counts."],
  [4011, "Start again with the password."],
  [4012, "Start again with the password."],
  [4013, "Start again with the password."],
  [4014, "The message may still be on its way."],
  [
    4015,
    "Wait some minutes before you ask again. A code that has arrived is still good.",
  ],
  [4016, "Ask the operator of this app to set up a second factor."],
  [4017, "Ask the operator of this app to correct the phone number."],
  [4018, "Try again in a moment: no code was used up."],
  [
    4026,
    "Check the phone number, or ask the operator of this app for another way.",
  ],
  [4019, "Ask the operator of this app to reset the second factor."],
]);

/** Refusals after which the challenge is of no more use. */
const CLOSED = new Set([4011, 4012, 4013, 4019]);

/** The helper in passkey.js. */
const passkeys = /** @type {any} */ (window).passkeys;

/** What this page can show. */
const METHODS = ["totp", "sms"];

/** @type {Challenge | undefined} */
let pending;

/** What the challenge is for: the function that takes its answer, and what follows. */
const SIGN_IN = {
  name: "login",
  done: (/** @type {{sessionToken: string}} */ { sessionToken }) =>
    granted(sessionToken),
};
const STEP_UP = { name: "stepUp", done: addPasskey };
/** @type {{name: string, done: (answer: any) => Promise<void>}} */
let purpose = SIGN_IN;

passwordForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const credentials = { username: username.value, password: password.value };
  password.value = "";
  attempt(passwordForm, async () => {
    showMessage(undefined);
    note("The code arrives here.");
    purpose = SIGN_IN;
    const answer = await Parse.Cloud.run("login", {
      ...credentials,
      methods: methods(),
    });
    if (answer.sessionToken) return granted(answer.sessionToken);
    if (answer.status === "enroll") return enrollFirst();
    challenged(answer);
    if (answer.method === "webauthn") await answerWithPasskey();
  });
});

codeForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const answer = { challenge: pending?.challenge, code: code.value.trim() };
  attempt(codeForm, () => respond(answer));
});

usePasskeyButton.addEventListener("click", () => {
  attempt(codeForm, answerWithPasskey);
});

accountForm.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(
    accountForm,
    async () => {
      purpose = STEP_UP;
      const step = { methods: methods() };
      challenged(await Parse.Cloud.run("stepUp", step));
      if (pending?.method === "webauthn") await answerWithPasskey();
    },
    "No passkey added",
  );
});

const methods = () => (passkeys.isKnown() ? ["webauthn", ...METHODS] : METHODS);

async function answerWithPasskey() {
  const { challenge, publicKey } = pending ?? {};
  await respond({ challenge, credential: await passkeys.use(publicKey) });
}

/** @param {object} answer */
async function respond(answer) {
  await purpose.done(await Parse.Cloud.run(purpose.name, answer));
}

/** After the step-up: changing factors needs a factor. */
async function addPasskey() {
  closeChallenge();
  const user = /** @type {any} */ (Parse.User.current());
  try {
    const begun = await Parse.Cloud.run("enrollTwoFactor", {
      method: "webauthn",
      label: "Passkey",
    });
    const { enrollment, publicKey } = begun;
    const credential = await passkeys.create(publicKey);
    await Parse.Cloud.run("confirmTwoFactor", { enrollment, credential });
    signedIn(user, "Passkey added");
  } catch (error) {
    signedIn(user, "Still signed in");
    throw error;
  }
}

resend.addEventListener("click", () => {
  attempt(
    codeForm,
    async () => {
      const { challenge } = pending ?? {};
      challenged(await Parse.Cloud.run("resendCode", { challenge }));
    },
    "No new code",
  );
});

element("restart").addEventListener("click", () => {
  say("");
  signedOut();
});

signOut.addEventListener("click", async () => {
  await forgetSession();
  say("");
  signedOut();
});

/**
 * One request at a time, and its refusal told.
 * @param {HTMLFormElement} form
 * @param {() => Promise<void>} request
 * @param {string} [refused] how a refusal is headed
 */
async function attempt(form, request, refused = "Access denied") {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const buttons = [...form.querySelectorAll("button")].filter(
    (button) => !button.disabled,
  );
  for (const button of buttons) button.disabled = true;
  say("");
  try {
    await request();
  } catch (error) {
    denied(refused, /** @type {Refusal} */ (error));
  } finally {
    form.ariaBusy = "false";
    for (const button of buttons) button.disabled = false;
    countDown();
  }
}

/** @param {Challenge} challenge */
function challenged(challenge) {
  pending = challenge;
  resend.hidden = !challenge.methods.includes("sms");
  usePasskeyButton.hidden = !(challenge.publicKey && passkeys.isKnown());
  resendAt = Date.now() + (challenge.resendIn ?? 0) * 1000;
  const minutes = Math.round(challenge.expiresIn / 60);
  const life = minutes > 1 ? `${minutes} minutes` : "a minute";
  element("sent").textContent = challenge.to
    ? `Sent to ${challenge.to}, good for ${life}.`
    : `Good for ${life}.`;
  if (purpose === SIGN_IN) {
    introduce("Sign in", "The password is right. Now the second factor.");
  } else {
    introduce("Add a passkey", "First the second factor that you have.");
  }
  passwordForm.hidden = true;
  accountForm.hidden = true;
  codeForm.hidden = false;
  code.value = "";
  code.focus();
  countDown();
  watchPhone(challenge);
  takeCodeFromMessage();
}

/** This page does not show yet how a user enrolls while signing in. docs/wire.md does. */
function enrollFirst() {
  say(
    "denied",
    "A second factor is needed first",
    "This app asks everyone for a second factor, and this account has none.",
    "Enroll one with enrollTwoFactor and the token in enroll.",
  );
}

/** @param {string} sessionToken */
async function granted(sessionToken) {
  const user = await Parse.User.become(sessionToken);
  closeChallenge();
  signedIn(user, "Access granted");
}

/**
 * @param {string} title
 * @param {Refusal} refusal
 */
function denied(title, refusal) {
  // A person who closes the browser's question about a passkey is no refusal of the server's.
  if (refusal instanceof window.DOMException) {
    const next = "Try again, or use another method.";
    say("denied", title, "The passkey was not used.", next);
    return;
  }
  // The SDK passes on what fetch throws, which has no code.
  const next = NEXT.get(refusal.code ?? 100) ?? "";
  say("denied", title, refusal.message, next);
  if (Parse.User.current() && (!pending || CLOSED.has(refusal.code ?? 0))) {
    closeChallenge();
    codeForm.hidden = true;
    accountForm.hidden = false;
    return;
  }
  if (!pending || CLOSED.has(refusal.code ?? 0)) return signedOut();
  code.focus();
  code.select();
}

/**
 * @param {any} user
 * @param {string} title
 */
function signedIn(user, title) {
  say("granted", title, `You are signed in as ${user.get("username")}.`);
  introduce(
    "Signed in",
    "The session was opened after both factors, not before.",
  );
  passwordForm.hidden = true;
  codeForm.hidden = true;
  accountForm.hidden = false;
  signOut.focus();
}

function signedOut() {
  closeChallenge();
  introduce("Sign in", "First the password, then the code from the phone.");
  codeForm.hidden = true;
  accountForm.hidden = true;
  passwordForm.hidden = false;
  (username.value ? password : username).focus();
}

/**
 * @param {string} title
 * @param {string} lede
 */
function introduce(title, lede) {
  element("title").textContent = title;
  element("lede").textContent = lede;
}

function closeChallenge() {
  pending = undefined;
  code.value = "";
  waitingForMessage?.abort();
  if (!shown) note("The code arrives here.");
}

/** The SDK forgets the session first and tells the server then, who may have forgotten it already. */
async function forgetSession() {
  await Parse.User.logOut().catch(() => {});
}

/**
 * @param {"granted" | "denied" | ""} kind
 * @param {string} [title]
 * @param {string} [text]
 * @param {string} [next]
 */
function say(kind, title, text, next) {
  outcome.dataset.outcome = kind;
  outcome.replaceChildren();
  if (!kind) return;
  const strong = document.createElement("strong");
  strong.textContent = title ?? "";
  outcome.append(strong);
  for (const [line, className] of [
    [text, ""],
    [next, "next"],
  ]) {
    if (!line) continue;
    const paragraph = document.createElement("p");
    paragraph.textContent = line;
    if (className) paragraph.className = className;
    outcome.append(paragraph);
  }
}

let resendAt = 0;
/** @type {number | undefined} */
let tick;

function countDown() {
  clearTimeout(tick);
  if (!pending) return;
  const seconds = Math.ceil((resendAt - Date.now()) / 1000);
  resend.disabled = seconds > 0 || codeForm.ariaBusy === "true";
  resend.textContent =
    seconds > 0
      ? `Resend in ${seconds} s`
      : pending.method === "webauthn"
        ? "Send a code instead"
        : "Send a new code";
  if (seconds > 0) tick = setTimeout(countDown, 1000);
}

/** @type {AbortController | undefined} */
let waitingForMessage;

/** WebOTP: where a browser can read the message that was sent to this very device, nobody has to type. */
async function takeCodeFromMessage() {
  waitingForMessage?.abort();
  if (!("OTPCredential" in window)) return;
  waitingForMessage = new AbortController();
  const { signal } = waitingForMessage;
  const options = /** @type {CredentialRequestOptions} */ ({
    otp: { transport: ["sms"] },
    signal,
  });
  try {
    const message = await navigator.credentials.get(options);
    if (signal.aborted || !message) return;
    code.value = /** @type {any} */ (message).code;
    codeForm.requestSubmit();
  } catch {
    // The person declined, or types faster.
  }
}

// The phone. Only the demo has one: an app's page ends above.

const phone = element("phone");
const number = phone.dataset.number ?? "";

/** @param {Challenge} challenge */
async function watchPhone(challenge) {
  while (pending === challenge) {
    const text = await lookAtPhone(challenge);
    if (pending === challenge) note(text);
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
}

/**
 * @param {Challenge} challenge
 * @returns {Promise<string>} what the phone says instead of a message
 */
async function lookAtPhone(challenge) {
  const ending = number.slice(-4);
  if (!challenge.to?.endsWith(ending)) {
    return "The code goes to another phone.";
  }
  try {
    const path = `demo/messages?to=${encodeURIComponent(number)}`;
    const response = await fetch(path, { cache: "no-store" });
    if (response.status === 404) {
      element("caption").hidden = true;
      return `The message went out through Twilio, to the real phone ending in ${ending}.`;
    }
    if (!response.ok) {
      return "Messages are shown on the machine that runs the server only.";
    }
    const [newest] = await response.json();
    showMessage(newest);
    return newest ? "" : "No message yet.";
  } catch {
    return "The server does not answer.";
  }
}

let shown = "";

/** @param {{body: string, at: string} | undefined} message */
function showMessage(message) {
  const key = message ? message.at + message.body : "";
  if (key === shown) return;
  shown = key;
  const messages = element("messages");
  messages.replaceChildren();
  if (!message) return;
  const bubble = document.createElement("p");
  bubble.className = "message";
  bubble.textContent = message.body;
  const at = document.createElement("p");
  at.className = "sent-at";
  at.textContent = timeOf(new Date(message.at));
  messages.append(bubble, at);
}

/** @param {string} text */
function note(text) {
  const line = element("phone-note");
  if (line.textContent !== text) line.textContent = text;
}

/** @param {Date} date */
function timeOf(date) {
  return date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

function showClock() {
  element("clock").textContent = new Date().toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  setTimeout(showClock, 10_000);
}

async function begin() {
  showClock();
  const response = await fetch("config.json");
  const { applicationId, javascriptKey, serverPath } = await response.json();
  const sdk = /** @type {any} */ (Parse);
  sdk.initialize(applicationId, javascriptKey);
  sdk.serverURL = location.origin + serverPath;
  try {
    const user = Parse.User.current();
    if (user) signedIn(await user.fetch(), "Still signed in");
  } catch {
    // A session that has ended would make the server refuse even the next sign-in.
    await forgetSession();
  }
}

begin();
