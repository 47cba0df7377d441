// @ts-check
"use strict";

/**
 * Whether Parse lets a user sign in now.
 *
 * Parse's own `/login` enforces more than a password: account lockout, unverified e-mail, an expired password, an empty ACL, adapters
 * that ask for a second factor of their own. None of it can be asked for one by one on every version, and what a later version adds
 * would be missing here. So Parse's own handler runs, in process, up to the place where it would run `beforeLogin` and open a session,
 * and there it is ended.
 */

const { basisOf } = require("./basis.js");
const { factsOf } = require("./column.js");
const { refusalOf } = require("./rest.js");
const server = require("./server.js");

/**
 * The user's password is checked elsewhere, and is not known any more when a code comes back. The handler gets the row with this hash in
 * place of the user's, and the password that belongs to it. The row is a copy that nobody else sees, so neither is a credential.
 */
const PASSWORD = "parse-two-factor";
/** Of the lowest cost that bcrypt has: about a millisecond. */
const HASH = "$2b$04$pvVGq.cw7esFRNxd4SvWreae/urbFiNj1k9exnLWbivPRkodbttk.";

/** What the handler is ended with once it has checked everything. */
const PASSED = Symbol("every check has passed");

/**
 * @param {Pick<import("../environment.js").Environment, "Parse" | "columns" | "emptyColumn" | "defaultCountry" | "sendsCodesByMail">} environment
 * @param {{ user: string, provider?: string | null, row?: object }} signIn the user, the provider whose word was the first factor (`null` for a password), and the user's row, if it need not be read
 * @param {any} request the Cloud function's, for the caller's address and installation: an app's own policy may go by them
 * @returns {Promise<import("../core.js").Replies["checkSignIn"]>} the user with the basis, of the row that it looked at, Parse's refusal, or `unasked` where this server does not show its handler
 */
async function askSignInPolicy(environment, { user, provider, row }, request) {
  const { Parse } = environment;
  const config = server.config(Parse);
  const router = server.usersRouter();
  if (!config || !router) return "unasked";
  const { ip, headers, installationId } = request;
  const seen = rowFor(config, provider);
  /** @type {import("../core.js").User | undefined} */
  let looked;
  try {
    await router.handleLogIn({
      config: Object.assign(Object.create(config), {
        ip,
        headers,
        ...(provider && OF_PASSWORDS),
        database: onlyFor(config.database, { user, row }, (row) => {
          const basis = basisOf(row, environment);
          looked = { ...factsOf(row, environment), basis };
          return seen(row);
        }),
        // The handler's last step before `beforeLogin`, on Parse Server 5 to 9.
        filesController: {
          expandFilesInObject() {
            throw PASSED;
          },
        },
      }),
      // Never as the master key: for that Parse leaves checks out.
      auth: { isMaster: false, isMaintenance: false, installationId },
      info: { installationId, context: {} },
      body: { username: user, password: PASSWORD },
      query: {},
    });
  } catch (error) {
    if (error === PASSED) return looked ? { user: looked } : "unasked";
    if (error === UNKNOWN) return "unasked";
    const refused = refusalOf(error);
    if (refused) return { refused };
    throw error;
  }
  return "unasked";
}

/**
 * What Parse enforces on a sign-in by password alone: the count of wrong passwords, the age of the password, and whether a mail to the
 * address was answered. Its own sign-in by a provider's word looks at none of it.
 */
const OF_PASSWORDS = {
  accountLockout: undefined,
  passwordPolicy: undefined,
  preventLoginWithUnverifiedEmail: false,
};

/** Where one of these is presented, Parse asks for no further adapter. */
const ENOUGH = ["solo", "additional"];

/**
 * What the handler sees of a row. It is handed no provider's word, because it would validate that once more. So where the word was enough
 * for Parse, the handler must not see whose words it could miss.
 * @param {any} config
 * @param {string | null} [provider]
 * @returns {(row: any) => any}
 */
function rowFor({ authDataManager }, provider) {
  const policy =
    provider &&
    authDataManager.getValidatorForProvider(provider)?.adapter?.policy;
  return ({ authData, ...row }) => ({
    ...row,
    ...(!ENOUGH.includes(policy) && { authData }),
    password: HASH,
  });
}

/** What the handler is ended with where it does what none that we know does. */
const UNKNOWN = Symbol("this handler is another one");

/**
 * The database, for a handler that looks at this user and changes nothing. Parse finds its user by name, which may be another's address,
 * and counts a sign-in as it checks: `verifyPassword` has done that.
 * @param {any} database
 * @param {{ user: string, row?: object }} signIn the user, and the row, if it need not be read
 * @param {(row: any) => any} seen what the handler sees of a row
 */
function onlyFor(database, { user, row }, seen) {
  const own = {
    /** @type {(className: string, query: any, ...more: any[]) => Promise<any[]>} */
    async find(className, query, ...more) {
      if (className !== "_User")
        return database.find(className, query, ...more);
      const byId = { ...query, objectId: user };
      delete byId.username;
      delete byId.$or;
      // More than the id is asked for by the count of wrong passwords: that is looked up.
      const isKnown = row && Object.keys(byId).length === 1;
      const rows = isKnown
        ? [row]
        : await database.find(className, byId, ...more);
      return rows.map(seen);
    },
    /** @type {(className: string, query: any, change: any) => Promise<object>} */
    async update(className, _query, change) {
      // A password from before there was a policy begins to age with the first sign-in. Parse does not wait for this write.
      if (className === "_User" && "_password_changed_at" in change) {
        await database
          .update(className, { objectId: user }, change)
          .catch(() => {});
      }
      return {};
    },
    create: unknown,
    destroy: unknown,
  };
  return Object.assign(Object.create(database), own);
}

/** No handler that we know creates or removes anything before it opens a session. */
async function unknown() {
  throw UNKNOWN;
}

module.exports = { askSignInPolicy };
