// @ts-check
"use strict";

/**
 * Asking whether Parse lets a user in, and opening a session with the app's own login triggers around it.
 */

const { randomUUID } = require("node:crypto");
const server = require("../parse/server.js");
const { askSignInPolicy } = require("../parse/sign-in-policy.js");
const { rowOf, userObject } = require("./users.js");

/** @type {import("./index.js").Perform<"checkSignIn">} */
function checkSignIn({ environment: { Parse }, request }, { user, provider }) {
  return askSignInPolicy(Parse, { user, provider }, request);
}

/** @type {import("./index.js").Perform<"openSession">} */
async function openSession(call, { user }, givenUp) {
  const { environment, request } = call;
  const { Parse, rest, beforeLogin, afterLogin } = environment;
  if (beforeLogin) {
    const row = await rowOf(call, user);
    const refused = await runHook(beforeLogin, request, userObject(Parse, row));
    if (refused) return refused;
    // The app may have taken so long that nobody waits for a session any more.
    givenUp.throwIfAborted();
  }
  const installationId =
    installationOf(request) ?? ownInstallation(environment);
  const session = await rest(
    "POST",
    "loginAs",
    { userId: user },
    installationId ? { installationId } : {},
  );
  if (afterLogin) {
    const loggedIn = userObject(Parse, session);
    const refused = await runHook(afterLogin, request, loggedIn);
    if (refused) return refused;
  }
  return { session: session.sessionToken };
}

/**
 * The caller's installation. An id with a NUL comes from no installation, and no database could store it.
 * @param {any} request
 * @returns {string | undefined}
 */
function installationOf({ installationId }) {
  return installationId?.includes("\0")
    ? undefined
    : installationId || undefined;
}

/**
 * The installation of a session whose caller names none. Over HTTP (`directAccess: false`) the SDK would name the server's own, and
 * Parse closes a user's sessions on an installation when it opens another one there. So each session gets an installation that nobody
 * else has. In process the SDK names none.
 * @param {import("../environment.js").Environment} environment
 * @returns {string | undefined}
 */
function ownInstallation(environment) {
  environment.inProcess ??= Boolean(
    server.config(environment.Parse)?.directAccess,
  );
  return environment.inProcess ? undefined : randomUUID();
}

/**
 * Runs an app's login trigger as Parse would: what it throws is the answer.
 * @param {import("../environment.js").Hook} hook
 * @param {any} request
 * @param {any} object
 * @returns {Promise<Extract<import("../core.js").Reply, { refused: unknown }> | undefined>}
 */
async function runHook(hook, request, object) {
  const { master, ip, headers, installationId, log, context, config } = request;
  try {
    await hook({
      triggerName: "login",
      object,
      master,
      ip,
      headers,
      installationId,
      log,
      context,
      config,
    });
    return undefined;
  } catch (/** @type {any} */ error) {
    const code = Number.isInteger(error?.code) ? error.code : 141;
    const message = typeof error === "string" ? error : error?.message;
    return { refused: { code, message: String(message ?? "Script failed.") } };
  }
}

module.exports = { checkSignIn, openSession };
