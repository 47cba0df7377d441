// @ts-check
"use strict";

const { WRONG_ANSWER, WRONG_CODE } = require("./refusals");

/**
 * The two ways to hand a code in.
 * @type {Record<string, (user: import("./user").User, sign: import("./user").Sign, code: unknown) => Promise<string>>}
 */
const wires = {
  "the tutorial's wire": (user, _, code) => user.answerWithPassword(code),
  "the challenge's wire": (user, sign, code) => user.answer(sign, code),
};

/** How a wrong code is refused on each wire. @type {Record<string, number>} */
const wrongOn = {
  "the tutorial's wire": WRONG_CODE,
  "the challenge's wire": WRONG_ANSWER,
};

module.exports = { wires, wrongOn };
