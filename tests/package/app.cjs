"use strict";

const twoFactor = require("parse-two-factor");
const { Parse, tryMadeUpChallenge } = require("./parse.cjs");

twoFactor(Parse, { sms: () => {} });
tryMadeUpChallenge();
