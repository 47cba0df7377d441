// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, before, test } = require("node:test");
const { refused } = require("../../support/answers");
const { startApp } = require("../../support/app");
const { newKey } = require("../../support/key");
const { PHONE_UNUSABLE } = require("../../support/refusals");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp({
    options: {
      keys: newKey(),
      defaultCountry: "+359",
      countries: ["+359", "+1", "-+1876"],
    },
  });
});
after(() => app?.stop());

/** @returns {{ national: string, number: string }} a Bulgarian number in both forms */
function newNumber() {
  const own = app.newNumber().slice(-7);
  return {
    national: `088 ${own.slice(0, 3)}-${own.slice(3)}`,
    number: `+35988${own}`,
  };
}

test("A number is enrolled as its user writes it, and messages go to it in E.164.", async () => {
  const { national, number } = newNumber();
  const user = await app.user().create();
  const session = await user.session();
  const ada = user.with({ phone: number });

  const begun = await session.enrollNumber(national, {
    password: ada.password,
  });

  assert.equal(begun.to, `•••• ${number.slice(-4)}`);
  await session.confirm(begun, ada.code());
  await ada.signIn();
});

test("A client's save of a number is stored in E.164, also at sign-up.", async () => {
  const first = newNumber();
  const account = {
    username: `user-${randomBytes(6).toString("hex")}`,
    password: "password",
  };
  const { body } = await app.rest("POST", "/users", {
    ...account,
    phone_number: first.national,
  });
  const [row] = await app.rows("_User", { objectId: body.objectId });
  assert.equal(row.phone_number, first.number);

  const bob = await app.user().create();
  const second = newNumber();
  const session = await bob.session();
  await session.change({ phone_number: second.national });
  assert.equal((await bob.row()).phone_number, second.number);
  await bob.with({ phone: second.number }).signIn();
});

test("A number that was in the column before is read as it is written, and stays so.", async () => {
  const { national, number } = newNumber();
  const user = await app.user({ phone_number: national }).create();
  const ada = user.with({ phone: number });

  await ada.signIn();

  const session = await ada.session();
  const saved = await session.change({
    nickname: "Al",
    phone_number: number,
  });
  assert.equal(saved.status, 200, "the same number is no change");
  assert.equal((await ada.row()).phone_number, national);
});

test("A country that is left out of countries gets no message, and neither does a number of two readings.", async () => {
  const ada = await app.user().withNumber("+18765550006").create();
  await refused(ada.login(), PHONE_UNUSABLE);
  assert.deepEqual(ada.messages, []);
  const session = await (await app.user().create()).session();
  for (const phone_number of [
    "888 123 456",
    "+1 876 555 0006",
    "+359８８８123456",
  ]) {
    const said = await refused(
      session.change({ phone_number }),
      PHONE_UNUSABLE,
    );
    assert.match(said, /\+359888123456/, "the text shows how to write one");
  }
});

test("The start says that +1 alone is the calling code of 25 countries, and not where one of them is left out.", async () => {
  assert.doesNotMatch(app.log(), /25 countries/);
  const whole = await startApp({ options: { countries: ["+1"] } });
  try {
    const until = Date.now() + 10_000;
    while (!/25 countries/.test(whole.log()) && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.match(whole.log(), /25 countries/);
  } finally {
    await whole.stop();
  }
});
