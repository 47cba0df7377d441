// @ts-check
"use strict";

const { table } = require("../output.js");
const { whyNone } = require("./codes.js");
const { find, USER_FLAGS, USER_HELP } = require("./find.js");

/** @type {import("../commands.js").Command} */
module.exports = {
  usage: "status USER",
  summary: "a user's factors, recovery codes, and whether they are disabled",
  help: `Shows what second factors a user has, and why a code by message does not come: the user's window, a ceiling, what the provider
answered, a number that no code can reach. Numbers are masked.
${USER_HELP}
Exit code 1 also if the second factor is disabled after too many failures in a row: parse-two-factor reset USER ends that.

Example:
  npx parse-two-factor status ada@example.com`,
  flags: USER_FLAGS,
  takes: [0, 1],
  async run({ args, flags, server: connection }) {
    const server = connection();
    const health = await server.health();
    const { objectId, username } = await find(server, args, flags);
    const found = await server.run("twoFactorStatus", { userId: objectId });
    const codes = await whyNone(server, health, {
      id: objectId,
      disabled: found.disabled,
    });
    const factors = found.factors.map((/** @type {any} */ factor) => [
      "factor",
      `${factor.method}  ${factor.id}  ${factor.label}${
        factor.createdAt
          ? `  since ${new Date(factor.createdAt).toISOString()}`
          : ""
      }`,
    ]);
    const devices = found.devices.map((/** @type {any} */ device) => [
      "trusted browser",
      `${device.label}  ${device.id}  until ${new Date(device.endsAt).toISOString()}`,
    ]);
    const text = table([
      ["user", `${objectId}  ${username ?? ""}`],
      ...(factors.length > 0 ? factors : [["factors", "none"]]),
      ["recovery codes left", String(found.recoveryCodesLeft)],
      ...devices,
      [
        "disabled",
        found.disabled
          ? `yes, after too many failures: parse-two-factor reset --id ${objectId}`
          : "no",
      ],
      ["last code", codes.last ?? "none"],
      ...codes.reasons.map(({ says }) => ["no code comes", says]),
    ]);
    const json = {
      userId: objectId,
      username: username ?? null,
      ...found,
      codes,
    };
    return { code: found.disabled ? 1 : 0, json, text };
  },
};
