// @ts-check
"use strict";

/**
 * Tries Parse's own sign-in with a user who has a second factor and whose password is known: one made for it, and removed again
 * whatever happens.
 */

const { randomBytes } = require("node:crypto");

const NAME = "parse-two-factor-doctor-";

/** The id of the factor that marks a user as made here: no client can write the class that it is in. */
const MARK = "doctor";

/** Of a run that was killed, what is older than this is removed by the next. */
const LEFT_BEHIND_MILLISECONDS = 600_000;

/**
 * @param {import("../server.js").Server} server
 * @returns {Promise<{ refused?: number, untried?: string }>} the code that `/login` refused with, none if it let the user in; or why it
 *   could not be tried
 * @throws {import("../cli-error.js").CliError} if what was made could not be removed
 */
async function probe(server) {
  await removeLeftBehind(server);
  const username = `${NAME}${Date.now()}-${randomBytes(6).toString("hex")}`;
  // As strict as any password policy is likely to be.
  const password = `Aa1!${randomBytes(18).toString("base64")}`;
  const made = await server.send("POST", "/users", {
    body: { username, password, emailVerified: true },
  });
  const id = made.body?.objectId;
  if (made.status >= 300 || !id) {
    return { untried: `${made.body?.error} (${made.body?.code})` };
  }
  try {
    // An authenticator that nobody has.
    await server.request("POST", "/classes/TwoFactorAccount", {
      body: {
        user: id,
        authenticators: [
          {
            factor: {
              id: MARK,
              method: "totp",
              label: "",
              at: 0,
              kid: "",
              sealed: "",
            },
          },
          { confirmed: MARK },
        ],
      },
    });
    const { status, body } = await server.send("POST", "/login", {
      body: { username, password },
      master: false,
    });
    // A server that lets nobody in whose address is not verified says so before it asks our handler.
    if (body?.code === 205) return { untried: `${body.error} (205)` };
    if (status < 300) return {};
    if (Number.isInteger(body?.code)) return { refused: body.code };
    // Parse refuses a client without the app's key with {"error":"unauthorized"} and no code, before it looks at the call.
    return {
      untried: `the server refused this command as a client (${status} ${body?.error}). If the app has client keys, set PARSE_SERVER_REST_API_KEY to its REST API key`,
    };
  } finally {
    await remove(server, id);
  }
}

/**
 * Removes a user of ours with all that belongs to it.
 * @param {import("../server.js").Server} server
 * @param {string} id
 */
async function remove(server, id) {
  const user = { __type: "Pointer", className: "_User", objectId: id };
  await removeRows(server, "_Session", { user });
  await removeRows(server, "TwoFactorAccount", { user: id });
  await server.request("DELETE", `/users/${id}`);
  // Its deletion is an event as any other.
  await removeRows(server, "TwoFactorEvent", { user: id });
}

/**
 * @param {import("../server.js").Server} server
 * @param {string} className
 * @param {object} where
 */
async function removeRows(server, className, where) {
  for (;;) {
    const { results } = await server.request("GET", `/classes/${className}`, {
      query: { where, keys: "objectId" },
    });
    if (results.length === 0) return;
    for (const { objectId } of results) {
      await server.request("DELETE", `/classes/${className}/${objectId}`);
    }
  }
}

/**
 * Removes what runs that were killed left behind. Anybody may sign up under such a name, so only the mark tells whose user it is.
 * @param {import("../server.js").Server} server
 */
async function removeLeftBehind(server) {
  const { results } = await server.request("GET", "/users", {
    query: {
      where: { username: { $regex: `^${NAME}[0-9]+-` } },
      keys: "objectId,username",
    },
  });
  const before = Date.now() - LEFT_BEHIND_MILLISECONDS;
  for (const { objectId, username } of results) {
    const madeAt = Number(username.slice(NAME.length).split("-")[0]);
    if (madeAt < before && (await isMarked(server, objectId))) {
      await remove(server, objectId);
    }
  }
}

/**
 * @param {import("../server.js").Server} server
 * @param {string} user
 */
async function isMarked(server, user) {
  const { results } = await server.request("GET", "/classes/TwoFactorAccount", {
    query: { where: { user }, keys: "authenticators" },
  });
  return results.some((/** @type {any} */ { authenticators }) =>
    authenticators?.some(
      (/** @type {any} */ element) => element.confirmed === MARK,
    ),
  );
}

module.exports = { probe };
