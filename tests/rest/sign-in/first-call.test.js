// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, describe, test } = require("node:test");
const { refused, tally } = require("../../support/answers");
const { WRONG_CODE } = require("../../support/refusals");
const { SECOND } = require("../../support/time");
const startApp = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const createUser = () => app.user().withNumber().create();

describe("The first call", () => {
  test("The first call answers with a challenge and says where the code went, masked.", async () => {
    const ada = await app.user().withNumber("+14155550006").create();

    const { status, body } = await app.run("login", ada.credentials);

    assert.equal(status, 200);
    const { challenge } = body.result;
    assert.deepEqual(body, {
      result: {
        status: "challenge",
        challenge,
        method: "sms",
        to: "•••• 0006",
        expiresIn: 300,
        resendIn: 30,
        methods: ["sms"],
        attempts: 5,
      },
    });
    // At least 128 bits, whatever the encoding: 22 characters of base64.
    assert.match(challenge, /^[\x21-\x7e]{22,}$/);
  });

  test("The first call opens no session.", async () => {
    const ada = await createUser();
    await ada.login();
    assert.deepEqual(await ada.sessions(), []);
  });

  test("The first call takes the e-mail address in place of the username.", async () => {
    const email = `${app.newNumber().slice(1)}@example.com`;
    const ada = await app.user({ email }).withNumber().create();

    const sign = await ada.login({ username: undefined, email });

    await ada.answer(sign, ada.code());
  });

  test("The first call with an empty code asks for one, as in the tutorial.", async () => {
    const ada = await createUser();
    await ada.login({ code: "" });
    assert.equal(ada.messages.length, 1);
  });

  test("The first call lets a user without a number in at once.", async () => {
    const ada = await app.user().create();

    const token = await ada.loginByPassword();

    const me = await app.rest("GET", "/users/me", undefined, {
      "X-Parse-Session-Token": token,
    });
    assert.equal(me.body.objectId, ada.id);
    assert.equal((await ada.sessions()).length, 1);
  });
});

describe("A repeated first call", () => {
  test("A repeated first call answers with the living challenge and sends nothing.", async () => {
    const ada = await createUser();
    const first = await ada.login();
    await app.advance(10 * SECOND);

    const second = await ada.login();

    assert.deepEqual(second, { ...first, expiresIn: 290, resendIn: 20 });
    assert.equal(ada.messages.length, 1);
  });

  test("Forty first calls at a time send one message and answer with the same challenge.", async () => {
    const ada = await createUser();

    const calls = Array.from({ length: 40 }, () => ada.login());

    assert.deepEqual(await tally(calls), { challenge: 40 });
    const signs = await Promise.all(calls);
    assert.equal(new Set(signs.map(({ challenge }) => challenge)).size, 1);
    assert.equal(ada.messages.length, 1);
    await ada.answer(signs[0], ada.code());
  });

  test("A first call repeated after the resend time sends a new code and kills the old one.", async () => {
    const ada = await createUser();
    await ada.login();
    const old = ada.code();
    await app.advance(31 * SECOND);

    const sign = await ada.login();

    assert.equal(ada.messages.length, 2);
    await refused(ada.answerWithPassword(old), WRONG_CODE);
    await ada.answer(sign, ada.code());
  });
});
