// @ts-check
"use strict";

const { probe } = require("../probe.js");

/** @type {import("./index.js").RemoteCheck} */
module.exports = async function nativeLogin(server, { require }) {
  if (require === "nobody") {
    return [
      "warning",
      "require is 'nobody': Parse's own /login lets everyone in by password alone, as the first stage of a roll-out.",
    ];
  }
  const { refused, untried } = await probe(server);
  if (untried) {
    return [
      "warning",
      `not tried, as there could be no user to try it with: ${untried}`,
    ];
  }
  if (refused === 4010) {
    return [
      "ok",
      "Parse's own /login refuses a user with a second factor (4010).",
    ];
  }
  if (refused === undefined && require === "function") {
    return [
      "warning",
      "Parse's own /login let a user with a second factor in: right only if the app's function require answers 'nobody' for a new user.",
    ];
  }
  return [
    "failure",
    refused === undefined
      ? "Parse's own /login let a user with a second factor in by password alone: see handlers."
      : `Parse's own /login refused a user with a second factor, but not as ours would: with ${refused} in place of 4010.`,
  ];
};
