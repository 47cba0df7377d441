// @ts-check
"use strict";

/**
 * What can be read off the Parse Server that this Cloud Code runs in: for warnings and checks, for its own
 * handler of `/login`, and for facts that the core needs: whether a master key is the read-only one, and whether a call is part of a
 * transaction. Where a server does not
 * show something the answer is `undefined`, and nothing is guessed from its version.
 */

const path = require("node:path");

/**
 * Modules of the running parse-server, by their path in its `lib`. An app has one parse-server, but its copy of this package may resolve
 * another, so the loaded modules are asked.
 * @param {string} name
 */
function modules(name) {
  if (!found.has(name)) look();
  return found.get(name) ?? [];
}

/** The same, what they export. @param {string} name */
const loaded = (name) => modules(name).map(({ exports }) => exports);

/** A server has thousands of modules to look through, which takes milliseconds: so one look finds all that there are by then. */
function look() {
  const lib = path.join("parse-server", "lib") + path.sep;
  found.clear();
  for (const file of Object.keys(require.cache)) {
    const at = file.lastIndexOf(lib);
    const module = at < 0 ? undefined : require.cache[file];
    if (!module) continue;
    const name = file.slice(at + lib.length);
    found.set(name, [...(found.get(name) ?? []), module]);
  }
}

/** What the last look found, by name. @type {Map<string, NodeModule[]>} */
const found = new Map();

/**
 * A module of the parse-server that this app runs in, where several are loaded.
 * @param {any} Parse
 * @param {string} name
 * @returns {any} its exports
 */
function running(Parse, name) {
  const folder = folderOf(Parse.applicationId);
  if (folder === undefined) return undefined;
  return require.cache[path.join(folder, name)]?.exports;
}

/**
 * The folder of the parse-server that knows this application.
 * @param {string} appId
 */
function folderOf(appId) {
  const known = folders.get(appId) ?? knownBy(appId);
  if (known) return known;
  // This may be the first app of a parse-server that was loaded since the last look.
  look();
  return knownBy(appId);
}

/**
 * The same, by what the last look found.
 * @param {string} appId
 */
function knownBy(appId) {
  for (const { exports, filename } of modules("Config.js")) {
    const Config = exports.Config ?? exports.default ?? exports;
    if (!Config?.get?.(appId)) continue;
    const folder = path.dirname(filename);
    folders.set(appId, folder);
    return folder;
  }
  return undefined;
}

/** Folders found so far, by application. @type {Map<string, string>} */
const folders = new Map();

/**
 * The configuration of the running server.
 * @param {any} Parse
 * @returns {any}
 */
function config(Parse) {
  for (const exports of loaded("Config.js")) {
    const Config = exports.Config ?? exports.default ?? exports;
    const found = Config.get?.(Parse.applicationId);
    if (found) return found;
  }
  return undefined;
}

/**
 * The adapter by which the running server sends mail.
 * @param {any} Parse
 * @returns {{ sendMail: (mail: object) => unknown } | undefined}
 */
function mailAdapter(Parse) {
  const adapter = config(Parse)?.userController?.adapter;
  return typeof adapter?.sendMail === "function" ? adapter : undefined;
}

/**
 * Whether the server is on its way up, by what it says from Parse Server 6 on.
 * @param {any} Parse
 */
function isStarting(Parse) {
  return ["initialized", "starting"].includes(config(Parse)?.state);
}

/**
 * Whether the server may still be making the classes of `schema.definitions`. Before 6 Parse Server does not say when it has started, and
 * answers before that.
 * @param {any} Parse
 */
function isMakingClasses(Parse) {
  const { state, schema } = config(Parse) ?? {};
  return state === undefined && schema?.definitions?.length > 0;
}

/**
 * Whether calls from Cloud Code can carry the master key. Over HTTP the SDK sends it as JSON, and leaves a function out.
 * @param {any} Parse
 */
function canSendMasterKey(Parse) {
  const { masterKey, directAccess } = config(Parse) ?? {};
  return typeof masterKey !== "function" || directAccess !== false;
}

/**
 * Whether the server can find the route of a call that Cloud Code makes in its own process. It asks the package `router` for the
 * parameters of a route in a way that `router` 2.3 has given up, so on Parse Server 8 and 9 such a call fails, whatever it is.
 * @returns {boolean | undefined}
 */
function findsRoutes() {
  for (const exports of loaded("PromiseRouter.js")) {
    const PromiseRouter = exports.default ?? exports;
    if (!PromiseRouter.prototype?.match) continue;
    try {
      const router = new PromiseRouter([]);
      router.route("GET", "/parse-two-factor/:id", async () => ({}));
      return Boolean(router.match("GET", "/parse-two-factor/1"));
    } catch {
      return false;
    }
  }
  return undefined;
}

/**
 * Which of these classes a server that creates none over REST (`schema.lockSchemas`) was not given as a definition.
 * @param {any} Parse
 * @param {readonly string[]} names
 * @returns {string[]} none where the server creates classes
 */
function undefinedClasses(Parse, names) {
  if (config(Parse)?.schema?.lockSchemas !== true) return [];
  const defined = definedClasses(Parse);
  return names.filter((name) => !defined.includes(name));
}

/**
 * The classes that the server has from its configuration.
 * @param {any} Parse
 * @returns {string[]}
 */
function definedClasses(Parse) {
  const definitions = config(Parse)?.schema?.definitions ?? [];
  return definitions.map((/** @type {any} */ { className }) => className);
}

/**
 * Whether the running server knows an option of its own.
 * @param {string} name
 * @returns {boolean | undefined}
 */
function hasOption(name) {
  for (const { ParseServerOptions } of loaded(
    path.join("Options", "Definitions.js"),
  )) {
    if (ParseServerOptions) return name in ParseServerOptions;
  }
  return undefined;
}

/**
 * Whether the running server is set to ask a provider about a word that it holds already. Parse Server 5 has no such setting, and does not.
 * @param {any} Parse
 * @returns {boolean}
 */
function asksProviders(Parse) {
  const setting = "allowExpiredAuthDataToken";
  return Boolean(hasOption(setting)) && config(Parse)?.[setting] === false;
}

/**
 * The level at which the running server logs least: `silent`, which Parse Server 6 refuses, or the lowest that it prints.
 * @returns {"silent" | "silly"}
 */
function quietestLevel() {
  const known = loaded(path.join("Controllers", "LoggerController.js"));
  return known.some(({ logLevels }) => logLevels?.includes("silent"))
    ? "silent"
    : "silly";
}

/**
 * Whether LiveQuery covers a class.
 * @param {any} Parse
 * @param {string} className
 * @returns {boolean | undefined}
 */
function hasLiveQuery(Parse, className) {
  return config(Parse)?.liveQueryController?.hasLiveQuery?.(className);
}

/**
 * Whether a function was called with the `readOnlyMasterKey`, which counts as `master` there. Parse Server 9 says so. Before that it does
 * not: where such a key is configured, only a header with the master key itself is sure not to be it. Triggers of writes do not run for
 * that key, as Parse Server refuses its writes; those of Cloud Code itself come without a header.
 * @param {any} Parse
 * @param {any} request a Cloud function's or trigger's
 * @returns {boolean}
 */
function isReadOnly(Parse, request) {
  if (!request.master || request.triggerName) return false;
  if (request.isReadOnly !== undefined) return request.isReadOnly;
  if (!config(Parse)?.readOnlyMasterKey) return false;
  return request.headers?.["x-parse-master-key"] !== Parse.masterKey;
}

/**
 * Whether a function or trigger runs in a batch that is one transaction of the database, as far as the server shows it.
 * @param {any} request
 * @returns {boolean}
 */
function isInTransaction(request) {
  return Boolean(request.config?.database?._transactionalSession);
}

/**
 * The handler of a trigger of `_User`, if one is registered.
 * @param {any} Parse
 * @param {string} type
 * @returns {Function | undefined}
 */
function userTrigger(Parse, type) {
  for (const triggers of loaded("triggers.js")) {
    const found = triggers.getTrigger?.("_User", type, Parse.applicationId);
    if (found) return found;
  }
  return undefined;
}

/**
 * The definition of a Cloud function, if there is one.
 * @param {any} Parse
 * @param {string} name
 * @returns {Function | undefined}
 */
function cloudFunction(Parse, name) {
  for (const triggers of loaded("triggers.js")) {
    const found = triggers.getFunction?.(name, Parse.applicationId);
    if (found) return found;
  }
  return undefined;
}

/**
 * The running server's own handler of `/login`, if it shows one.
 * @returns {{ handleLogIn: (request: object) => Promise<unknown> } | undefined}
 */
function usersRouter() {
  for (const { UsersRouter } of loaded(
    path.join("Routers", "UsersRouter.js"),
  )) {
    if (UsersRouter?.prototype.handleLogIn) return new UsersRouter();
  }
  return undefined;
}

/**
 * Whether a user has a password, which Parse shows nobody, not even the master key.
 * @param {any} Parse
 * @param {string} user
 * @returns {Promise<boolean>}
 */
async function hasPassword(Parse, user) {
  const { database } = config(Parse);
  const [row] = await database.find("_User", { objectId: user });
  return Boolean(row?.password);
}

/**
 * Which of these ids are a user's. An app's own `beforeFind` runs for the master key as well, and what it hides is there all the same. So the
 * database is asked, where no trigger runs.
 * @param {any} Parse
 * @param {readonly unknown[]} ids
 * @returns {Promise<string[] | undefined>} `undefined` where this server does not show its database
 */
async function usersAmong(Parse, ids) {
  const database = config(Parse)?.database;
  // No database stores a NUL in an id.
  const those = ids.filter((id) => typeof id === "string" && !/\0/.test(id));
  if (!database || those.length === 0) return database && [];
  const where = { objectId: { $in: those } };
  const rows = await database.find("_User", where, { keys: ["objectId"] });
  return rows.map((/** @type {any} */ { objectId }) => objectId);
}

/**
 * Parse's own adapters that may ask for a second factor beside a password: by their policy, as `/login` reads it.
 * @param {any} Parse
 * @returns {string[] | undefined}
 */
function secondFactorAdapters(Parse) {
  const { auth, authDataManager } = config(Parse) ?? {};
  if (!authDataManager) return undefined;
  return Object.keys(auth ?? {}).filter((name) => {
    const policy =
      authDataManager.getValidatorForProvider(name)?.adapter?.policy;
    return policy === "additional" || typeof policy === "function";
  });
}

/**
 * Parse's adapters whose word alone signs a user in.
 * @param {any} Parse
 * @returns {string[] | undefined}
 */
function firstFactorProviders(Parse) {
  const auth = config(Parse)?.auth;
  const others = secondFactorAdapters(Parse);
  if (!auth || !others) return undefined;
  return Object.keys(auth).filter(
    (name) => name !== "anonymous" && !others.includes(name),
  );
}

module.exports = {
  asksProviders,
  canSendMasterKey,
  config,
  firstFactorProviders,
  findsRoutes,
  definedClasses,
  undefinedClasses,
  hasOption,
  hasLiveQuery,
  hasPassword,
  isInTransaction,
  isReadOnly,
  isMakingClasses,
  isStarting,
  mailAdapter,
  quietestLevel,
  running,
  userTrigger,
  cloudFunction,
  usersAmong,
  usersRouter,
  secondFactorAdapters,
};
