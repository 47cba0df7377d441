// @ts-check
"use strict";

/**
 * Asking whether Parse lets a user in, and opening a session with the app's own login triggers around it.
 */

const { randomUUID } = require("node:crypto");
const { isParseError, NOT_FOUND } = require("../parse/rest.js");
const server = require("../parse/server.js");
const { askSignInPolicy } = require("../parse/sign-in-policy.js");
const { rowOf, userObject } = require("./users.js");

/** @type {import("./index.js").Perform<"checkSignIn">} */
function checkSignIn({ environment, request, found }, effect) {
  const { user, provider, byRowOfPassword } = effect;
  const row = byRowOfPassword && found?.objectId === user ? found : undefined;
  return askSignInPolicy(environment, { user, provider, row }, request);
}

/** @type {import("./index.js").Perform<"openSession">} */
async function openSession(call, { user, isNew }, givenUp) {
  const { environment, request } = call;
  const { Parse, rest } = environment;
  const { beforeLogin, afterLogin } = isNew ? {} : environment;
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

/** How many sessions one look finds. A user with more has the rest ended by the next look. */
const SESSIONS_AT_A_TIME = 100;
/** More than a thousand, counted by sessions: how many one look finds is also up to Parse Server's option `maxLimit`. */
const MOST_ENDED = 1200;

/**
 * Ends sessions until a look finds none that it has not tried. The last look says how many are left.
 * @type {import("./index.js").Perform<"endSessions">}
 */
async function endSessions({ environment }, { user, but }, givenUp) {
  const tried = new Set();
  let ended = 0;
  for (;;) {
    const others = await otherSessions(environment, user, but ?? null);
    const untried = others.filter(({ objectId }) => !tried.has(objectId));
    if (untried.length === 0 || tried.size >= MOST_ENDED) {
      return { counted: { counts: [ended, others.length], opened: false } };
    }
    for (const { objectId } of untried) {
      givenUp.throwIfAborted();
      tried.add(objectId);
      if (await endSession(environment, objectId)) ended += 1;
    }
  }
}

/**
 * @param {import("../environment.js").Environment} environment
 * @param {string} user
 * @param {string | null} but the token of the one that stays
 * @returns {Promise<{ objectId: string }[]>}
 */
async function otherSessions({ rest }, user, but) {
  const { results } = await rest("GET", "classes/_Session", {
    where: {
      user: { __type: "Pointer", className: "_User", objectId: user },
      ...(but === null ? {} : { sessionToken: { $ne: but } }),
    },
    keys: "objectId",
    limit: SESSIONS_AT_A_TIME,
  });
  return results;
}

/**
 * @param {import("../environment.js").Environment} environment
 * @param {string} id
 * @returns {Promise<boolean>} whether this call ended it
 */
async function endSession({ rest, warn }, id) {
  try {
    await rest("DELETE", `classes/_Session/${id}`);
    return true;
  } catch (/** @type {any} */ error) {
    if (!isParseError(error, NOT_FOUND)) {
      warn(`a session was not ended: ${error?.code ?? ""} ${error?.message}`);
    }
    return false;
  }
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

module.exports = { checkSignIn, endSessions, openSession };
