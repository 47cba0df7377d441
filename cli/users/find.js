// @ts-check
"use strict";

const { CliError } = require("../cli-error.js");

/**
 * The user with this id, or else with this name or e-mail address.
 * @param {import("../server.js").Server} server
 * @param {string} wanted
 * @returns {Promise<{ objectId: string, username?: string }>}
 * @throws {CliError} if there is none, or more than one
 */
async function find(server, wanted) {
  const keys = "objectId,username";
  /** @param {object} where */
  const look = async (where) =>
    (
      await server.request("GET", "/users", {
        query: { where, keys, limit: 2 },
      })
    ).results;
  const [byId] = await look({ objectId: wanted });
  if (byId) return byId;
  const found = await look({ $or: [{ username: wanted }, { email: wanted }] });
  if (found.length === 1) return found[0];
  throw new CliError(
    found.length === 0
      ? `There is no user with the objectId, username or e-mail address "${wanted}".`
      : `Two users go by "${wanted}", one by name and one by e-mail address: give the objectId.`,
    1,
  );
}

module.exports = { find };
