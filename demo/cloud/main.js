// @ts-check
"use strict";

require("parse-two-factor")(Parse);

module.exports.app = require("./app");
