// @ts-check
"use strict";

const { CliError } = require("../cli-error.js");
const { plural, shown, table } = require("../output.js");
const { find, USER_FLAGS, USER_HELP } = require("./find.js");

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "devices USER [--forget] | devices --forget-all",
  summary: "the browsers that a user trusts, or the end of that trust",
  help: `Lists the browsers that a user trusts (option trustedDevices): browser and system as the client said, since when, until when. No token
is shown.
With --forget none of them is trusted any more: the user's next sign-in is asked for the second factor. --forget-all does that for all
users, after a key has leaked say.
${USER_HELP}
Exit code 1 if --forget-all left some: call it again.

Example:
  npx parse-two-factor devices --username ada --forget`,
  flags: {
    forget: { type: "boolean" },
    "forget-all": { type: "boolean" },
    ...USER_FLAGS,
  },
  takes: [0, 1],
  async run({ args, flags, server: connection }) {
    const server = connection();
    await server.health();
    if (flags["forget-all"]) {
      const given = [...args, ...Object.keys(USER_FLAGS).filter(isGiven)];
      if (given.length > 0 || flags.forget) {
        throw new CliError("--forget-all is for all users: name none.");
      }
      return forgetAll(server);
    }
    const { objectId, username } = await find(server, args, flags);
    const who = `${objectId} ${shown(username)}`.trimEnd();
    const user = { userId: objectId, username: username ?? null };
    const { devices } = await server.run("twoFactorStatus", {
      userId: objectId,
    });
    if (!flags.forget) {
      const text = `${who}: ${plural(devices.length, "trusted browser")}.\n${table(devices.map(line))}`;
      return { code: 0, json: { ...user, devices }, text };
    }
    await forget(server, objectId);
    const text = `${who}: ${plural(devices.length, "trusted browser")} forgotten.`;
    return { code: 0, json: { ...user, forgotten: devices.length }, text };

    /** @param {string} flag */
    function isGiven(flag) {
      return flags[flag] !== undefined;
    }
  },
};

/** @param {{ id: string, label: string, createdAt: number, endsAt: number }} device */
function line({ id, label, createdAt, endsAt }) {
  const day = (/** @type {number} */ at) => new Date(at).toISOString();
  return [id, label, `since ${day(createdAt)}`, `until ${day(endsAt)}`];
}

/**
 * @param {import("../server.js").Server} server
 * @param {string} userId
 */
async function forget(server, userId) {
  await server.run("resetTwoFactor", { userId, scope: "devices" });
}

/**
 * Goes on where one account fails, so that one bad row keeps no other browser trusted.
 * @param {import("../server.js").Server} server
 * @returns {Promise<import("../commands.js").Outcome>}
 */
async function forgetAll(server) {
  let [users, failed] = [0, 0];
  for await (const row of server.rows("TwoFactorAccount", "user,devices")) {
    if (!row.devices?.length) continue;
    try {
      await forget(server, row.user);
      users += 1;
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      failed += 1;
    }
  }
  const left = failed > 0 ? ` ${plural(failed, "user")} left.` : "";
  const text = `Trusted browsers of ${plural(users, "user")} forgotten.${left}`;
  return { code: failed > 0 ? 1 : 0, json: { users, failed }, text };
}
