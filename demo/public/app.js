// @ts-check

/**
 * The page of an app: two elements, and what an app does around them. The phone and the drawer below are the demo's alone.
 */

import { TwoFactorClient } from "./parse-two-factor/elements.mjs";
import { startPhone } from "./phone.js";
import { startServerDrawer } from "./server.js";

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);

const signIn = element("sign-in");
const account = element("account");
const outcome = element("outcome");

/** @type {any} */
const sdk = Parse;

/** @param {any} user @param {string} how */
function signedIn(user, how) {
  outcome.dataset.outcome = "granted";
  outcome.textContent = `${how} as ${user.get("username")}.`;
  document.title = "Your account · parse-two-factor";
  signIn.hidden = true;
  account.hidden = false;

  /** @type {any} */
  const settings = document.createElement("two-factor-settings");
  settings.client = signIn.client;
  settings.headingLevel = 1;
  settings.codeLength = signIn.codeLength;
  account.append(settings);
}

function signedOut() {
  document.title = "Sign in · parse-two-factor";
  account.hidden = true;
  signIn.hidden = false;
}

signIn.addEventListener("signed-in", async (/** @type {any} */ event) => {
  signedIn(await sdk.User.become(event.detail.sessionToken), "Signed in");
});

element("sign-out").addEventListener("click", async () => {
  await forgetSession();
  // A fresh page, in which nothing of the session is left.
  location.reload();
});

/** The SDK forgets the session first and tells the server then, who may have forgotten it already. */
const forgetSession = () => sdk.User.logOut().catch(() => {});

async function begin() {
  const response = await fetch("config.json");
  const { applicationId, javascriptKey, serverPath, functions } =
    await response.json();
  sdk.initialize(applicationId, javascriptKey);
  sdk.serverURL = location.origin + serverPath;

  signIn.client = new TwoFactorClient(sdk, {
    devices: localStorage,
    functions,
  });
  startPhone();
  startServerDrawer();

  const user = sdk.User.current();
  if (!user) return signedOut();
  try {
    signedIn(await user.fetch(), "Still signed in");
  } catch {
    // A session that has ended would make the server refuse even the next sign-in.
    await forgetSession();
    signedOut();
  }
}

begin();
