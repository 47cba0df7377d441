// @ts-check
"use strict";

/**
 * Whether a provider's word is right, and whose it is, without a session.
 *
 * Parse's own `POST /users` runs in process, for a caller that is nobody and with the installation id `cloud`, under which Parse opens no
 * session. So Parse finds the user, its adapter validates, and what has to be saved is saved, all in the way of the running version. Our
 * triggers know the call by the identity of its headers: no text that a client could guess or replay, and the same on Parse Server 5 to 9,
 * of which the oldest gives `beforeLogin` no context.
 */

const { basisOf, readBasis, readRow } = require("./basis.js");
const { inProcess } = require("./in-process.js");
const { refusalOf } = require("./rest.js");
const server = require("./server.js");

/** Under this id `RestWrite` opens no session, in its first statement about sessions. */
const INSTALLATION = "cloud";

/**
 * A check under way.
 * @typedef {object} Check
 * @property {boolean} live whether somebody waits for it
 * @property {string} provider
 * @property {import("./basis.js").Reading} reading
 * @property {boolean} mayCreate
 * @property {string} [user] whom Parse has found
 * @property {string | null} [basis] what a sign-in of that user is founded on
 * @property {boolean} [isNobodys] whether Parse was about to create a user
 * @property {string} [created] whom Parse has created
 */

/** By the headers of its call, an object of its own for each. @type {WeakMap<object, Check>} */
const checks = new WeakMap();

/**
 * The check that a trigger runs for, if it is one of ours. A call with the master key or from another installation is none.
 * @param {any} request the trigger's
 * @returns {Check | undefined}
 */
function checkOf({ headers, installationId, master }) {
  const check =
    typeof headers === "object" && headers !== null
      ? checks.get(headers)
      : undefined;
  const isOurs = check?.live && installationId === INSTALLATION && !master;
  return isOurs ? check : undefined;
}

/**
 * `beforeLogin`, first of all: takes note of whom Parse has found, and of what a sign-in of that user is founded on. Parse validates after
 * that, so nobody signs in by a row that has changed since.
 * @param {any} Parse
 * @param {any} request the trigger's
 * @returns {Promise<boolean>} whether the sign-in is a check of ours, which opens nothing and is asked nothing more
 */
async function isCheck(Parse, request) {
  const check = checkOf(request);
  if (!check) return false;
  const { object } = request;
  check.user = object.id;
  const row = await readRow(Parse, object.id);
  // A row that has lost the identity since Parse found it is nobody's to sign in by.
  const { provider, reading } = check;
  const isLinked =
    row?.authData?.[provider]?.id === object.get("authData")?.[provider]?.id;
  check.basis = isLinked ? basisOf(row, reading) : null;
  return true;
}

/**
 * `beforeSave(_User)`, first of all: takes note that Parse has found nobody, and stops the creation of a user where a check may create none.
 * @param {any} Parse
 * @param {any} request the trigger's
 * @throws {Error} in such a check
 */
function stopCreation(Parse, request) {
  const check = checkOf(request);
  if (!check || request.original) return;
  check.isNobodys = true;
  if (check.mayCreate) return;
  throw new Parse.Error(NOT_FOUND, "Object not found.");
}

/**
 * `afterSave(_User)`, first of all: takes note of whom a check has created. The app's own handler may answer with something else in the place
 * of the user, and that is all that Parse answers then.
 * @param {any} request the trigger's
 */
function noteCreated(request) {
  const check = checkOf(request);
  if (check && !request.original) check.created = request.object.id;
}

const NOT_FOUND = 101;
const UNSUPPORTED = 252;

/**
 * @param {Pick<import("../environment.js").Environment, "Parse" | "columns" | "defaultCountry" | "sendsCodesByMail">} environment
 * @param {{ authData: any, provider: string, mayCreate: boolean }} word
 * @param {any} request the Cloud function's, for the caller's address and headers: adapters and triggers see the real caller
 * @param {AbortSignal} givenUp
 * @returns {Promise<{ found: string, isNew: boolean, basis: string | null } | { refused: { code: number, message: string } } | "missing" | "unasked">} the user's id, whether it was created, and what a sign-in is founded on
 */
async function askProvider(environment, word, request, givenUp) {
  const { Parse } = environment;
  const config = server.config(Parse);
  if (!config || !(await opensNoSession(Parse))) return "unasked";
  if (!hasAdapter(config, word.provider)) {
    const message = "This authentication method is unsupported.";
    return { refused: { code: UNSUPPORTED, message } };
  }
  const { authData, provider, mayCreate } = word;
  config.headers = { ...request.headers };
  config.ip = request.ip;
  /** @type {Check} */
  const check = { live: true, provider, reading: environment, mayCreate };
  checks.set(config.headers, check);
  givenUp.addEventListener("abort", () => (check.live = false));
  const call = /** @type {import("./in-process.js").Call} */ (inProcess(Parse));
  const options = { installationId: INSTALLATION };
  /** @type {any} */
  let made;
  /** @type {string | undefined} */
  let failure;
  try {
    made = await call("POST", "/users", { authData }, options, config);
  } catch (error) {
    if (check.isNobodys && !mayCreate) return "missing";
    const refused = refusalOf(error);
    if (refused) return { refused };
    failure = error instanceof Error ? error.name : typeof error;
  } finally {
    check.live = false;
    checks.delete(config.headers);
  }
  // What an adapter throws may have a token in it, so nothing else of it is told.
  if (failure) {
    throw new Error(`the sign-in by ${word.provider} failed with ${failure}`);
  }
  const { sessionToken, objectId } = made ?? {};
  if (sessionToken) {
    await call("POST", "/logout", {}, { ...options, sessionToken });
    throw new Error("Parse Server opened a session, which was closed again");
  }
  const found = check.user ?? check.created ?? objectId;
  if (typeof found !== "string") throw new Error("the answer names nobody");
  const isNew = Boolean(check.isNobodys);
  const basis = check.user ? check.basis : await readBasis(environment, found);
  return { found, isNew, basis: basis ?? null };
}

/**
 * Whether the running server can be asked for a provider's word: its parts are there, and the rule that opens no session for us stands. The
 * statement is run as it is. Where the rule is gone it fails for want of everything else, and touches nothing.
 * @param {any} Parse
 */
async function opensNoSession(Parse) {
  if (!inProcess(Parse)) return false;
  const RestWrite = server.running(Parse, "RestWrite.js");
  try {
    const { createSessionToken } = (RestWrite.default ?? RestWrite).prototype;
    await createSessionToken.call({ auth: { installationId: INSTALLATION } });
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether there is an adapter of this name. Parse Server 5 fails where there is none; later ones refuse.
 * @param {any} config
 * @param {string} provider
 */
function hasAdapter({ authDataManager }, provider) {
  // A name that every object has, `constructor` say, would be taken for a setting.
  if (provider in {}) return false;
  try {
    return Boolean(authDataManager.getValidatorForProvider(provider));
  } catch {
    return false;
  }
}

module.exports = {
  askProvider,
  checkOf,
  isCheck,
  noteCreated,
  opensNoSession,
  stopCreation,
};
