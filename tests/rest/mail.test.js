// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, before, test } = require("node:test");
const { startApp } = require("../support/app");
const { newKey } = require("../support/key");

/** @type {import("../support/app").App} */
let app;
before(async () => {
  app = await startApp({ options: { keys: newKey() } });
});
after(() => app?.stop());

/** @param {string} email @returns {Promise<any[]>} mails to an address, the oldest first */
const mailsTo = async (email) =>
  (await app.seen("mails")).filter(({ to }) => to === email);

const newAddress = (name = "ada") =>
  `${name}-${randomBytes(6).toString("hex")}@example.com`;

/** @param {object} columns */
const userWithApp = (columns) =>
  app
    .user({ emailVerified: true, ...columns })
    .withTotp()
    .create();

test("A user with an authenticator app alone hears by mail that a factor was added, of an operator's reset and of a changed address, in the user's language.", async () => {
  const email = newAddress();
  const ada = await userWithApp({ email, locale: "de" });
  const [mail] = await mailsTo(email);
  assert.equal(mail.subject, "Eine Änderung an Ihrem Konto");
  assert.match(mail.text, /^Ein zweiter Faktor wurde Ihrem Konto hinzugefügt/);
  await ada.reset();

  const session = { "X-Parse-Session-Token": ada.ownSession.token };
  const changed = { email: newAddress("new") };
  const route = `/users/${ada.id}`;
  const answer = await app.rest("PUT", route, changed, session);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));

  const texts = (await mailsTo(email)).map(({ text }) => text);
  assert.equal(texts.length, 3);
  assert.match(texts[1], /zurückgesetzt/);
  assert.match(texts[2], /^Die E-Mail-Adresse Ihres Kontos wurde geändert/);
  const events = await ada.events();
  const { about } = events.find(({ what }) => what === "email-changed");
  assert.equal(about, "a•••@example.com");
});

test("An address that nobody verified gets no mail.", async () => {
  const email = newAddress();
  const ada = await userWithApp({ email, emailVerified: false });
  await ada.reset();
  assert.deepEqual(await mailsTo(email), []);
});

test("A mail adapter that throws undoes nothing, and the log shows no address.", async () => {
  const email = newAddress("down");
  const ada = await userWithApp({ email });
  await ada.signIn();
  assert.match(app.log(), /a mail was not sent \(the mail adapter threw/);
  assert.ok(!app.log().includes(email));
});
