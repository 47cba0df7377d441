// @ts-check
"use strict";

/**
 * What the tests share with the demo. Each is loaded when it is asked for: the runner needs the installer before
 * there is a node_modules.
 */

/**
 * @typedef {import("../../sandbox/twilio").Twilio} Twilio
 */

module.exports = {
  get installMissing() {
    return require("../../sandbox/install").installMissing;
  },
  get requestTo() {
    return require("../../sandbox/twilio").requestTo;
  },
  get startDatabase() {
    return require("../../sandbox/database").startDatabase;
  },
  get startTwilio() {
    return require("../../sandbox/twilio").startTwilio;
  },
};
