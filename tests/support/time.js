// @ts-check
"use strict";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

module.exports = { SECOND, MINUTE, HOUR };
