// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { refused } = require("../../support/answers");
const { hasOption } = require("../../support/parse-server");
const {
  NOT_SENT,
  UNREACHABLE,
  OPERATION_FORBIDDEN,
  WRONG_ANSWER,
} = require("../../support/refusals");
const { SECOND } = require("../../support/time");
const { wrongCode } = require("../../support/user");
const startApp = require("./app");

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

const createUser = () => app.user().withNumber().create();

/** A code whose digits do not stand in a longer number or in a hash. @param {string} code */
const standingAlone = (code) =>
  new RegExp(`(?<![0-9A-Za-z+/_-])${code}(?![0-9A-Za-z+/_-])`);

test("The classes of ours refuse every client, whatever it wants.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  await refused(ada.answer(sign, wrongCode(ada.code())), WRONG_ANSWER);
  const session = await ada.session();
  const { results } = await app.asMaster("GET", "/schemas");
  /** @type {{className: string, fields: Record<string, {type: string}>}[]} */
  const classes = results.filter((/** @type {any} */ { className }) =>
    className.startsWith("TwoFactor"),
  );
  const names = classes.map(({ className }) => className);
  for (const name of [
    "TwoFactorAccount",
    "TwoFactorWindow",
    "TwoFactorEvent",
  ]) {
    assert.ok(names.includes(name), `${name} is not there`);
  }

  for (const { className, fields } of classes) {
    // A change of a column that is there, to a value of its type: Parse checks the type first.
    const [column] = Object.keys(fields).filter(
      (name) =>
        fields[name].type === "String" && !/^(objectId|ACL)$/.test(name),
    );
    const [row] = await app.rows(className);
    const one = `/classes/${className}/${row?.objectId ?? "0123456789"}`;
    const all = `/classes/${className}`;
    const nested = encodeURIComponent(
      JSON.stringify({ username: { $inQuery: { className, where: {} } } }),
    );
    for (const headers of [undefined, session.headers]) {
      for (const [method, route, body] of /** @type {const} */ ([
        ["GET", all, undefined],
        ["GET", `${all}?count=1&limit=0`, undefined],
        ["GET", one, undefined],
        ["POST", all, {}],
        ["POST", all, { extra: 1 }],
        ["PUT", one, { [column]: "mine" }],
        ["PUT", one, { extra: 1 }],
        ["DELETE", one, undefined],
        ["GET", `/users?where=${nested}`, undefined],
      ])) {
        const answer = await app.rest(method, route, body, headers);
        const said = `${method} ${route}: ${JSON.stringify(answer)}`;
        assert.equal(answer.body.code, OPERATION_FORBIDDEN, said);
      }
    }
    if (row) assert.deepEqual((await app.rows(className))[0], row);
  }
});

test("No row holds a code, a token or a password in clear.", async () => {
  const ada = await createUser();
  await ada.login();
  const first = ada.code();
  await app.advance(31 * SECOND);
  const sign = await ada.login();
  const second = ada.code();
  await refused(ada.answer(sign, wrongCode(second)), WRONG_ANSWER);

  const tables = await app.dump();

  assert.ok(tables._User.length > 0 && tables.TwoFactorEvent.length > 0);
  delete tables._Session;
  const dump = JSON.stringify(tables);
  for (const [what, secret] of Object.entries({
    challenge: sign.challenge,
    password: ada.password,
  })) {
    assert.ok(!dump.includes(secret), `the ${what} is in clear`);
  }
  for (const code of [first, second]) {
    assert.doesNotMatch(dump, standingAlone(code));
  }
});

test("The event trail says who did what with which outcome, and never a secret.", async () => {
  const ada = await createUser();
  const sign = await ada.login();
  const code = ada.code();
  await refused(ada.answer(sign, wrongCode(code)), WRONG_ANSWER);
  const token = await ada.answerWithPassword(code);

  for (const trail of [
    await ada.events(),
    (await app.seen("events")).filter(({ user }) => user === ada.id),
  ]) {
    const told = trail.map(({ what, outcome }) => `${what} ${outcome}`);
    assert.deepEqual(told.sort(), [
      "code-refused 4024",
      "code-sent 0",
      "signed-in 0",
    ]);
    const text = JSON.stringify(trail);
    for (const secret of [sign.challenge, token, ada.password, ada.phone]) {
      assert.ok(!text.includes(secret), text);
    }
    assert.doesNotMatch(text, new RegExp(`\\b${code}\\b`));
  }
});

test("The log holds no code, no token, no password and no whole number.", async () => {
  const ada = await createUser();
  app.twilio.failWith("error");
  await refused(ada.login(), NOT_SENT);
  app.twilio.failWith(null);
  const sign = await ada.login();
  const code = ada.code();
  await refused(ada.answer(sign, wrongCode(code)), WRONG_ANSWER);
  const token = await ada.answerWithPassword(code);

  const log = app.log();
  const secrets = [token, ada.password, ada.phone];
  // Where Parse Server cannot be told otherwise, it logs the parameters of a call that fails.
  if (hasOption("logLevels")) secrets.push(sign.challenge);
  for (const secret of secrets) {
    assert.ok(!log.includes(secret), `${secret.slice(0, 4)}… is logged`);
  }
  assert.doesNotMatch(log, standingAlone(code));
});

test("The log tells the operator why Twilio refused a number, and not which number.", async () => {
  const number = "+15005550001";
  const ada = await app.user().withNumber(number).create();
  await refused(ada.login(), UNREACHABLE);
  assert.ok(app.log().includes("21211"), "Twilio's reason is not in the log");
  assert.ok(!app.log().includes(number), "the number is in the log");
});
