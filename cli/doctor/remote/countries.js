// @ts-check
"use strict";

const { wholeOfPlusOne } = require("../../../js/health.js");

/** @type {import("./index.js").RemoteCheck} */
module.exports = function countries(_, { countries }) {
  if (countries.length === 0) {
    return [
      "ok",
      "messages may go to any country. SMS pumping goes to those where you have no users, so name your countries in the option countries.",
    ];
  }
  const whole = wholeOfPlusOne(countries);
  return whole
    ? ["warning", whole]
    : ["ok", `messages may go to ${countries.join(", ")}.`];
};
