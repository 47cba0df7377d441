// @ts-check
"use strict";

const { CliError } = require("../cli-error.js");
const { plural, shown } = require("../output.js");

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "forget ID",
  summary: "remove what is left of a deleted user, so that the id is free",
  help: `With allowCustomObjectId, a row with a mark stays of a deleted user who had a second factor, and a sign-up under the old objectId is
refused (4023): whoever comes under that id may read what the old user could read. This removes the row. Make sure first that it is the
same person, or that nothing is left which only that id may read.
ID is an objectId; --id ID says the same. A user who is there is not touched: reset is for those.

Example:
  npx parse-two-factor forget Tz0pXqQ1aB`,
  flags: { id: { type: "string" } },
  takes: [0, 1],
  async run({ args, flags, server: connection }) {
    if ((args[0] === undefined) === (flags.id === undefined)) {
      throw new CliError("Name one user who was deleted: ID, or --id ID.");
    }
    const id = args[0] ?? flags.id;
    const server = connection();
    const users = await server.request("GET", "/users", {
      query: { where: { objectId: id }, keys: "objectId" },
    });
    if (users.results.length > 0) {
      throw new CliError(
        `There is a user with the objectId "${shown(id)}". Nothing was changed. To let that user in again: parse-two-factor reset --id ${shown(id)}`,
        1,
      );
    }
    const { results } = await server.request(
      "GET",
      "/classes/TwoFactorAccount",
      { query: { where: { user: id }, keys: "objectId" } },
    );
    if (results.length === 0) {
      throw new CliError(`Nothing is left of a user "${shown(id)}".`, 1);
    }
    for (const { objectId } of results) {
      await server.request("DELETE", `/classes/TwoFactorAccount/${objectId}`);
    }
    return {
      code: 0,
      json: { userId: id, removed: results.length },
      text: `${shown(id)}: ${plural(results.length, "row")} removed. The id is free.`,
    };
  },
};
