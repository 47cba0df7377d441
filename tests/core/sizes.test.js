// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { effects } = require("../../js/effects/index.js");

const MEGABYTES = 8 * 1024 * 1024;

/**
 * What the core is told of a user with this row.
 * @param {object} row
 */
async function told(row) {
  const rest = async () => ({ objectId: "ada", ...row });
  /** @type {any} */
  const environment = { rest, warn: assert.fail };
  /** @type {any} */
  const effect = { do: "loadUser", user: "ada" };
  /** @type {any} */
  const { user } = await effects(environment, {})(effect);
  return user;
}

test("Columns that a client filled with megabytes enter the core cut to less than two kilobytes.", async () => {
  const long = "x".repeat(MEGABYTES);
  for (const row of [
    { username: long, phone_number: long, From: long, locale: long },
    { phone_number: { long }, From: [long] },
    { authData: { demo: { id: long, long }, other: long } },
    { authData: { [long]: { id: long } } },
  ]) {
    const size = JSON.stringify(await told(row)).length;
    assert.ok(size < 2048, `${size}`);
  }
});

test("No cut turns a bad value of a column into a good one, nor a full column into an empty one.", async () => {
  const number = "+123456789012345";
  const { phoneNumber, from } = await told({
    phone_number: number + "6".repeat(MEGABYTES),
    From: number + "6".repeat(MEGABYTES),
  });
  assert.ok(phoneNumber.length > number.length);
  assert.ok(from.length > number.length);
});

test("Values that can work enter the core whole.", async () => {
  const row = {
    username: "a".repeat(1024),
    phone_number: "+123456789012345",
    From: `MG${"0".repeat(32)}`,
    locale: "sl-Latn-IT-nedis-rozaj-biske-1994-x",
  };
  const { username, phoneNumber, from, locale } = await told(row);
  assert.deepEqual(
    { username, phone_number: phoneNumber, From: from, locale },
    row,
  );
});
