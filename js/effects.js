// @ts-check
"use strict";

/**
 * The effects: what the core asks for, carried out over Parse's public API. None of them decides anything; each answers with what
 * happened.
 */

const { randomUUID } = require("node:crypto");
const { SETS } = require("./classes.js");
const { createOnce, find } = require("./create-once.js");
const { is, refusalOf, NOT_FOUND } = require("./rest.js");
const server = require("./server.js");
const { checkSignIn } = require("./sign-in-policy.js");
const { withTimeout } = require("./timeout.js");

/**
 * A database waits for a lock as long as somebody holds it, and Parse waits for its database. What is waited for inside of an effect
 * takes its own time.
 */
const EFFECT_MILLISECONDS = 15_000;

/** @typedef {import("./core.js").Effect} Effect */
/** @typedef {import("./core.js").Reply} Reply */

/**
 * @typedef {object} World
 * @property {any} Parse
 * @property {import("./rest.js").Rest} rest
 * @property {import("./sms.js").Send} send
 * @property {() => number} clock
 * @property {(message: string) => void} warn
 * @property {((event: any) => unknown) | undefined} onEvent
 * @property {((user: any) => unknown) | undefined} require what the app requires of a user; without it the setting counts
 * @property {Hook | undefined} beforeLogin the app's own
 * @property {Hook | undefined} afterLogin the app's own
 * @property {boolean} [inProcess] whether Parse's REST API is called without HTTP; read once
 * @property {Map<string, string>} windows ids of window rows by their bucket: they never change
 */

/** @typedef {(request: any) => unknown} Hook */

/** As many window ids as are kept; the oldest goes first. */
const WINDOWS_KEPT = 1000;

/**
 * The answer to an update holds every field that an operation named, as it is right after it. Removing nothing names a set.
 */
const READ_ALONG = Object.fromEntries(
  SETS.map((name) => [name, { __op: "Remove", objects: [] }]),
);

/**
 * The effects of one call.
 * @param {World} world
 * @param {any} request the Cloud function's
 * @returns {(effect: Effect) => Promise<Reply>}
 */
function effects(world, request) {
  const { Parse, rest } = world;
  /** The row of the user whom the call is about, for the app's own triggers. @type {any} */
  let row;

  /** @type {Record<string, (effect: any, givenUp: AbortSignal) => Promise<Reply>>} */
  const perform = {
    async checkPassword({ username, email, password }) {
      try {
        // With the master key, so that neither protected fields nor a closed class hide the number from us.
        row = await rest("GET", "verifyPassword", {
          ...(username === null ? {} : { username }),
          ...(email === null ? {} : { email }),
          password,
        });
      } catch (error) {
        const refused = refusalOf(error);
        if (refused) return { refused };
        throw error;
      }
      return { user: await facts(world, row) };
    },

    async loadUser({ user }) {
      try {
        row = await rest("GET", userPath(user));
      } catch (error) {
        if (is(error, NOT_FOUND)) return "missing";
        throw error;
      }
      return { user: await facts(world, row) };
    },

    async loadAccount({ user }) {
      const account = await find(rest, "TwoFactorAccount", { user });
      return account ? { account: withId(account) } : "missing";
    },

    async createAccount({ user }) {
      const key = { user };
      const empty = Object.fromEntries(SETS.map((name) => [name, []]));
      return {
        account: withId(await createOnce(rest, "TwoFactorAccount", key, empty)),
      };
    },

    async updateAccount({ account, change }) {
      try {
        const path = `classes/TwoFactorAccount/${encodeURIComponent(account)}`;
        const answer = await rest("PUT", path, { ...READ_ALONG, ...change });
        // A set that is left out, as Parse Server does under LiveQuery, must not pass for an empty one.
        const missing = SETS.filter((name) => !answer[name]);
        if (missing.length > 0) {
          throw new Error(`the answer leaves out ${missing.join(", ")}`);
        }
        return { account: { ...answer, id: account } };
      } catch (error) {
        if (is(error, NOT_FOUND)) return "missing";
        throw error;
      }
    },

    async count({ bucket, endsAt, counters, by }) {
      return { counts: await count(world, bucket, endsAt, counters, by) };
    },

    async countEvents({ what, method, since }) {
      const where = { what: { $in: what }, method, at: { $gte: since } };
      const path = "classes/TwoFactorEvent";
      const { count } = await rest("GET", path, { where, count: 1, limit: 0 });
      return { counts: [count] };
    },

    async sendMessage({ to, from, body }) {
      try {
        await world.send({ to, from: from ?? undefined, body });
        return "done";
      } catch (error) {
        // Twilio's texts repeat the number, so its code has to do; in those of an app's own function no digit is shown.
        const { code, status, message } = /** @type {any} */ (error ?? {});
        const reason =
          code || status
            ? `Twilio error ${code}, status ${status}`
            : String(message ?? error).replace(/\d/g, "•");
        world.warn(`a message was not sent (${reason})`);
        return { refused: { code: 4018, message: "" } };
      }
    },

    checkSignIn: ({ user }) => checkSignIn(Parse, user, request),

    async openSession({ user }, givenUp) {
      const object = async () =>
        userOf(
          Parse,
          row?.objectId === user ? row : await rest("GET", userPath(user)),
        );
      if (world.beforeLogin) {
        const refused = await runHook(
          world.beforeLogin,
          request,
          await object(),
        );
        if (refused) return refused;
        // The app may have taken so long that nobody waits for a session any more.
        givenUp.throwIfAborted();
      }
      // One with a NUL comes from no installation, and no database could store it.
      const named = request.installationId?.includes("\0")
        ? undefined
        : request.installationId;
      const installationId = named || ownInstallation(world);
      const session = await rest(
        "POST",
        "loginAs",
        { userId: user },
        installationId ? { installationId } : {},
      );
      if (world.afterLogin) {
        const loggedIn = userOf(Parse, session);
        const refused = await runHook(world.afterLogin, request, loggedIn);
        if (refused) return refused;
      }
      return { session: session.sessionToken };
    },

    async removeNumber({ user }) {
      await rest("PUT", userPath(user), { phone_number: { __op: "Delete" } });
      return "done";
    },

    async recordEvent({ event }) {
      await Promise.all([
        rest("POST", "classes/TwoFactorEvent", event),
        withTimeout((async () => world.onEvent?.(event))()),
      ]);
      return "done";
    },

    async wait({ milliseconds }) {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return "done";
    },
  };

  return async (effect) => {
    const givenUp = new AbortController();
    try {
      const reply = perform[effect.do](effect, givenUp.signal);
      return await withTimeout(reply, EFFECT_MILLISECONDS);
    } catch (error) {
      givenUp.abort();
      const { name, code, message } = /** @type {any} */ (error ?? {});
      world.warn(`${effect.do} failed: ${name} ${code ?? ""} ${message}`);
      return "failed";
    }
  };
}

/**
 * The installation of a session whose caller names none. Over HTTP (`directAccess: false`) the SDK would name this server's, and Parse
 * closes the sessions that a user has on the installation it opens another for: so it gets one that nobody else has. In process there is
 * none to name.
 * @param {World} world
 * @returns {string | undefined}
 */
function ownInstallation(world) {
  world.inProcess ??= Boolean(server.config(world.Parse)?.directAccess);
  return world.inProcess ? undefined : randomUUID();
}

/**
 * What the core wants to know of a user's row.
 * @param {World} world
 * @param {any} row
 */
async function facts(world, row) {
  const { phone_number, From, locale } = row;
  return {
    id: row.objectId,
    username: row.username ?? null,
    phoneNumber: asText(phone_number),
    from: asText(From),
    locale: typeof locale === "string" ? locale : null,
    require: world.require ? await requirement(world, row) : null,
  };
}

const REQUIREMENTS = ["enrolled", "everyone", "nobody"];

/**
 * What the app requires of a user. No answer is none that one could go by.
 * @param {World} world
 * @param {any} row
 * @throws {Error} if the app's function throws or answers something else
 */
async function requirement({ Parse, require }, row) {
  /** @type {any} */
  let answer;
  try {
    answer = await require?.(userOf(Parse, row));
  } catch (/** @type {any} */ error) {
    throw new Error(`the option require threw: ${error?.message ?? error}`, {
      cause: error,
    });
  }
  if (!REQUIREMENTS.includes(answer)) {
    throw new Error(
      `the option require answered none of ${REQUIREMENTS.join(", ")}`,
    );
  }
  return answer;
}

/** @param {string} user */
function userPath(user) {
  return `users/${encodeURIComponent(user)}`;
}

/**
 * A row as the app knows it.
 * @param {any} Parse
 * @param {any} row
 */
function userOf(Parse, row) {
  return Parse.Object.fromJSON({ ...row, className: "_User" });
}

/**
 * A column's value as text, whatever its type: a number stored as a Number is still a number to check. An object may have a `toString`
 * that is none.
 * @param {unknown} value
 * @returns {string | null}
 */
function asText(value) {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** @param {any} row */
function withId({ objectId, ...account }) {
  return { ...account, id: objectId };
}

/**
 * Adds to counters of a window and answers with their values right after it.
 * @param {World} world
 * @param {string} name
 * @param {number} endsAt
 * @param {string[]} counters
 * @param {number} by
 */
async function count({ rest, windows, clock }, name, endsAt, counters, by) {
  const bucket = `${name}:${endsAt}`;
  let id = windows.get(bucket);
  if (!id) {
    const key = { bucket };
    const row = await createOnce(rest, "TwoFactorWindow", key, {
      endsAt,
      counts: {},
    });
    id = /** @type {string} */ (row.objectId);
    windows.set(bucket, id);
    if (windows.size > WINDOWS_KEPT) {
      windows.delete(/** @type {string} */ (windows.keys().next().value));
    }
    await sweep(rest, clock());
  }
  try {
    const path = `classes/TwoFactorWindow/${id}`;
    const change = Object.fromEntries(
      counters.map((counter) => [
        `counts.${counter}`,
        { __op: "Increment", amount: by },
      ]),
    );
    const { counts } = await rest("PUT", path, change);
    return counters.map((counter) => Math.max(0, counts[counter]));
  } catch (error) {
    windows.delete(bucket);
    throw error;
  }
}

/**
 * Removes a few windows that are over. It runs when a new one is made, so they go at twice the rate at which they come.
 * @param {import("./rest.js").Rest} rest
 * @param {number} now
 */
async function sweep(rest, now) {
  const over = await rest("GET", "classes/TwoFactorWindow", {
    where: { endsAt: { $lt: now - 3_600_000 } },
    keys: "objectId",
    limit: 2,
  });
  for (const { objectId } of over.results) {
    await rest("DELETE", `classes/TwoFactorWindow/${objectId}`).catch(() => {});
  }
}

/**
 * Runs an app's login trigger as Parse would: what it throws is the answer.
 * @param {Hook} hook
 * @param {any} request
 * @param {any} object
 * @returns {Promise<Reply | undefined>}
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

module.exports = { effects, asText };
