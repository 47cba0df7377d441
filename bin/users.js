// @ts-check
"use strict";

/**
 * One user: what there is, and a reset.
 */

const { table, plural } = require("./output.js");
const { Trouble } = require("./trouble.js");

/**
 * The user with this id, or else with this name or e-mail address.
 * @param {import("./server.js").Server} server
 * @param {string} wanted
 * @returns {Promise<{ objectId: string, username?: string }>}
 * @throws {Trouble} if there is none, or more than one
 */
async function find(server, wanted) {
  const keys = "objectId,username";
  /** @param {object} where */
  const look = async (where) =>
    (await server.must("GET", "/users", { query: { where, keys, limit: 2 } }))
      .results;
  const [byId] = await look({ objectId: wanted });
  if (byId) return byId;
  const found = await look({ $or: [{ username: wanted }, { email: wanted }] });
  if (found.length === 1) return found[0];
  throw new Trouble(
    found.length === 0
      ? `There is no user with the objectId, username or e-mail address "${wanted}".`
      : `Two users go by "${wanted}", one by name and one by e-mail address: give the objectId.`,
    1,
  );
}

/** @type {import("./parse-two-factor.js").Command} */
const status = {
  usage: "status USER",
  summary: "a user's factors, recovery codes, and whether they are disabled",
  help: `Shows what second factors a user has. USER is an objectId, a username or an e-mail address. Numbers are masked.
Exit code 1 also if the second factor is disabled after too many failures in a row: parse-two-factor reset USER ends that.

Example:
  npx parse-two-factor status ada@example.com`,
  takes: [1, 1],
  async run({ args: [wanted], server: connect }) {
    const server = connect();
    await server.health();
    const { objectId, username } = await find(server, wanted);
    const found = await server.run("twoFactorStatus", { userId: objectId });
    const factors = found.factors.map((/** @type {any} */ factor) => [
      "factor",
      `${factor.method}  ${factor.id}  ${factor.label}${
        factor.createdAt
          ? `  since ${new Date(factor.createdAt).toISOString()}`
          : ""
      }`,
    ]);
    const text = table([
      ["user", `${objectId}  ${username ?? ""}`],
      ...(factors.length > 0 ? factors : [["factors", "none"]]),
      ["recovery codes left", String(found.recoveryCodesLeft)],
      [
        "disabled",
        found.disabled
          ? `yes, after too many failures: parse-two-factor reset ${objectId}`
          : "no",
      ],
    ]);
    const json = { userId: objectId, username: username ?? null, ...found };
    return { code: found.disabled ? 1 : 0, json, text };
  },
};

/** @type {import("./parse-two-factor.js").Command} */
const reset = {
  usage: "reset USER [--factors]",
  summary: "let a user in again after too many failures, or without factors",
  help: `Ends the failures in a row of a user whose second factor is disabled (4019), and voids what is under way:
sign-ins, step-ups, enrolments. The factors stay.
With --factors the enrolled factors and recovery codes go as well, for a user who lost them all. The column phone_number is the app's
own and stays; delete it where that number is lost too. Make sure first that it is the user who asks: whoever asks for a reset is
who an attacker would pretend to be.

Example:
  npx parse-two-factor reset ada --factors`,
  flags: { factors: { type: "boolean" } },
  takes: [1, 1],
  async run({ args: [wanted], flags, server: connect }) {
    const server = connect();
    await server.health();
    const { objectId, username } = await find(server, wanted);
    const scope = flags.factors ? { scope: "factors" } : {};
    await server.run("resetTwoFactor", { userId: objectId, ...scope });
    const after = await server.run("twoFactorStatus", { userId: objectId });
    const left = plural(after.factors.length, "factor");
    const text = flags.factors
      ? `${objectId} ${username ?? ""}: failures forgotten, enrolled factors and recovery codes removed. ${left} left.`
      : `${objectId} ${username ?? ""}: failures forgotten, sign-ins under way void. ${left} left.`;
    const json = { userId: objectId, username: username ?? null, ...after };
    return { code: 0, json, text };
  },
};

module.exports = { status, reset };
