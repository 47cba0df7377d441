// @ts-check
"use strict";

// Without the variable these are the defaults. `npm start` turns passkeys on in it, for http://localhost.
const options = JSON.parse(process.env.TWO_FACTOR_OPTIONS || "{}");
require("parse-two-factor")(Parse, options);

module.exports.app = require("./app")(options);
