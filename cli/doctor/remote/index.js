// @ts-check
"use strict";

/**
 * Checks of the running server. Each of them also gets what the server says of itself.
 * @typedef {(server: import("../../server.js").Server, health: any) => Finding | Promise<Finding>} RemoteCheck
 * @typedef {import("../finding.js").Finding} Finding
 */

/** In the order in which they are printed. @type {Record<string, RemoteCheck>} */
const REMOTE_CHECKS = {
  version: require("./version.js"),
  keys: require("./keys.js"),
  orphans: require("./orphans.js"),
  classes: require("./classes.js"),
  handlers: require("./handlers.js"),
  columns: require("./columns.js"),
  "native-login": require("./native-login.js"),
  log: require("./log.js"),
  "live-query": require("./live-query.js"),
  adapters: require("./adapters.js"),
  "parse-mfa": require("./parse-mfa.js"),
  providers: require("./providers.js"),
  sessions: require("./sessions.js"),
  "master-key-ips": require("./master-key-ips.js"),
  addresses: require("./addresses.js"),
  countries: require("./countries.js"),
  sms: require("./sms.js"),
  messages: require("./messages.js"),
  "status-callback": require("./status-callback.js"),
  passkeys: require("./passkeys.js"),
  clock: require("./clock.js"),
};

module.exports = { REMOTE_CHECKS };
