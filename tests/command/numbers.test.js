// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { startApp } = require("../support/app");
const { command, environment, finding } = require("./command");

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp({
    options: { defaultCountry: "+359", countries: ["+359", "+44"] },
  });
});
after(() => app?.stop());

test("The numbers that no code reaches are listed, and those of one reading are written in E.164, once that is asked for.", async () => {
  const stored = {
    good: "+359888123450",
    national: "0888 123 451",
    spaced: "+44 7911 123452",
    unreadable: "my phone",
    twoReadings: "888 123 453",
    excluded: "+390612345674",
  };
  /** @type {Record<string, import("../support/user").User>} */
  const users = {};
  for (const [name, phone_number] of Object.entries(stored)) {
    users[name] = await app.user({ phone_number }).create();
  }
  const env = environment(app);

  const listed = await command(["numbers", "--json"], env);

  assert.equal(listed.code, 1);
  const found = Object.fromEntries(
    listed.json.numbers.map((/** @type {any} */ one) => [
      one.stored,
      [one.reading, one.reached],
    ]),
  );
  assert.deepEqual(found, {
    "0888 123 451": ["+359888123451", true],
    "+44 7911 123452": ["+447911123452", true],
    "my phone": [null, false],
    "888 123 453": [null, false],
    "+390612345674": [null, false],
  });
  assert.deepEqual(listed.json.fixed, []);
  assert.equal((await users.national.row()).phone_number, stored.national);

  const { err, json } = await command(["numbers", "--fix", "--json"], env);

  assert.match(err, /0888 123 451 +-> \+359888123451/, "listed first");
  assert.deepEqual(
    json.fixed.sort(),
    [users.national.id, users.spaced.id].sort(),
  );
  const after = async (/** @type {string} */ name) =>
    (await users[name].row()).phone_number;
  assert.equal(await after("national"), "+359888123451");
  assert.equal(await after("spaced"), "+447911123452");
  for (const name of ["good", "unreadable", "twoReadings", "excluded"]) {
    assert.equal(await after(name), stored[/** @type {"good"} */ (name)]);
  }
});

test("A sign-in that is under way goes on after its number is written in E.164.", async () => {
  const user = await app.user({ phone_number: "0888 123 455" }).create();
  const ada = user.with({ phone: "+359888123455" });
  const sign = await ada.login();
  const code = ada.code();
  await command(["numbers", "--fix"], environment(app));
  assert.equal((await ada.row()).phone_number, ada.phone);
  await ada.answer(sign, code);
});

test("The doctor warns of +1 as a whole.", async () => {
  const whole = await startApp({ options: { countries: ["+1"] } });
  try {
    const said = await finding(environment(whole), "countries", "warning");
    assert.match(said, /25 countries/);
  } finally {
    await whole.stop();
  }
});
