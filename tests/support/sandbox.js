// @ts-check
"use strict";

/**
 * What the tests share with the demo. Each is loaded when it is asked for: the runner needs the installer before
 * there is a node_modules.
 */

/**
 * @typedef {import("../../demo/twilio").Twilio} Twilio
 */

module.exports = {
  get installMissing() {
    return require("../../demo/install").installMissing;
  },
  get requestTo() {
    return require("../../demo/twilio").requestTo;
  },
  get startDatabase() {
    return require("../../demo/database").startDatabase;
  },
  get startTwilio() {
    return require("../../demo/twilio").startTwilio;
  },
};
