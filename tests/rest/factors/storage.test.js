// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { elements } = require("../../support/account");
const { refused } = require("../../support/answers");
const { WRONG_ANSWER } = require("../../support/refusals");
const { fromBase32 } = require("../../support/totp");
const { wrongCode } = require("../../support/user");
const { startApp } = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const createUser = () => app.user().withTotp().create();

test("No answer of Parse's own routes shows what is kept of factors (Parse GHSA-75v4-m273-5j49).", async () => {
  const ada = await createUser();
  const { headers } = ada.ownSession;
  const query = new URLSearchParams(ada.credentials);
  const answers = [
    await app.rest("GET", `/verifyPassword?${query}`),
    await app.rest("GET", `/login?${query}`),
    await app.rest("GET", "/users/me", undefined, headers),
    await app.rest("GET", `/users/${ada.id}`, undefined, headers),
    await app.rest("GET", "/sessions/me", undefined, headers),
  ];
  const [, , me] = answers;
  assert.equal(me.body.objectId, ada.id);
  // Not a column more than a user has who never enrolled.
  const plain = await (await app.user().create()).session();
  const bare = await app.rest("GET", "/users/me", undefined, plain.headers);
  assert.deepEqual(Object.keys(me.body).sort(), Object.keys(bare.body).sort());
  const { authenticators } = await ada.account();
  const text = JSON.stringify(answers);
  for (const hidden of [
    ada.secret,
    ada.factor.id,
    elements(authenticators, "factor")[0].sealed,
    elements(authenticators, "recoveryCode")[0].hash,
  ]) {
    assert.equal(typeof hidden, "string");
    assert.ok(!text.includes(hidden), hidden);
  }
});

test("No row, no event and no line of the log holds a secret of a factor in clear.", async () => {
  const ada = await createUser();
  const session = ada.ownSession;
  const phone = app.newNumber();
  await session.stepUp();
  const begun = await session.enrollNumber(phone);
  await session.confirm(begun, ada.with({ phone }).code());
  const sign = await ada.login();
  const opened = await ada.recover(sign, ada.recoveryCodes[0]);
  const raw = fromBase32(ada.secret);
  const secrets = [
    ada.secret,
    raw.toString("hex"),
    raw.toString("base64"),
    raw.toString("base64url"),
    sign.challenge,
    begun.enrollment,
    phone,
    phone.slice(1),
    ...ada.recoveryCodes,
    ...ada.recoveryCodes.map((code) => code.replaceAll("-", "")),
  ];

  const tables = await app.dump();

  assert.ok(tables.TwoFactorEvent.length > 0);
  for (const text of [JSON.stringify(tables), app.log()]) {
    for (const it of secrets) assert.ok(!text.includes(it), it);
  }
  const events = [...(await ada.events()), ...(await app.seen("events"))];
  const trail = JSON.stringify(events);
  for (const it of [...secrets, session.token, opened, ada.password]) {
    assert.ok(!trail.includes(it), it);
  }
  for (const token of [session.token, opened]) {
    assert.ok(!app.log().includes(token), token);
  }
});

test("Everything that happens to factors is an event each: who, what and with which outcome.", async () => {
  const ada = await createUser();
  const session = ada.ownSession;
  const sign = await ada.login();
  await refused(ada.answer(sign, wrongCode(ada.totp())), WRONG_ANSWER);
  await ada.recover(sign, ada.recoveryCodes[0]);
  await session.stepUp();
  await session.newRecoveryCodes();
  await session.stepUp();
  await session.remove(ada.factor.id);

  const events = await ada.events();

  events.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  assert.deepEqual(
    events.map(({ what, method, outcome }) => [what, method, outcome]),
    [
      ["factor-enrolled", "totp", 0],
      ["code-refused", undefined, WRONG_ANSWER],
      ["recovery-code-used", "recovery", 0],
      ["signed-in", "recovery", 0],
      ["stepped-up", "totp", 0],
      ["recovery-codes-renewed", undefined, 0],
      ["stepped-up", "totp", 0],
      ["factor-removed", "totp", 0],
    ],
  );
  // Words, numbers that are times or outcomes, a label or "9 left": six digits in a row are none of them.
  for (const { what, about } of events) {
    assert.doesNotMatch(`${what} ${about}`, /\d{6}/);
  }
});
