// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, before, test } = require("node:test");
const vm = require("node:vm");
const { startApp } = require("../support/app");
const { granted, refused, result } = require("../support/answers");
const { newKey } = require("../support/key");
const { newId, signUp, word } = require("../support/linked-user");
const { blocks } = require("../support/markdown");
const { tokenOf } = require("../support/providers");
const {
  CHALLENGE_UNKNOWN,
  INVALID_CREDENTIALS,
  NATIVE_SIGN_IN,
  NOT_SENT,
  UNREACHABLE,
  PHONE_UNUSABLE,
  RESEND_TOO_SOON,
  STEP_UP_REQUIRED,
  TOO_MANY_WRONG_CODES,
  UNWELCOME,
  WRONG_ANSWER,
} = require("../support/refusals");
const { Session } = require("../support/session");
const { SECOND } = require("../support/time");
const { STEP, totp } = require("../support/totp");
const { wrongCode } = require("../support/user");

/** Parse Server's log, with the settings that README.md recommends: whatever is done, nothing secret stands in it. */

/** @type {import("../support/app").App} */
let app;
/** What must not stand in the log, by what it is. @type {Map<string, string>} */
const secrets = new Map();

before(async () => {
  const shown = blocks("README.md").find(({ code }) =>
    code.startsWith("logLevels: {"),
  );
  const server = vm.runInNewContext(`({${shown?.code}})`);
  const keys = newKey();
  secrets.set(keys.slice(2), "the key ring");
  secrets.set("tests-master-key", "the master key");
  app = await startApp({
    options: { keys },
    hooks: ["beforeLogin", "afterLogin"],
    own: "signs in by providers",
    server,
  });
});
after(() => app?.stop());

/** @param {string} what @param {string | undefined} secret */
function keep(what, secret) {
  assert.ok(secret, what);
  secrets.set(secret, what);
  return secret;
}

/** @param {import("../support/user").NewUser} newUser */
async function create(newUser) {
  const user = await newUser.create();
  keep("a password", user.password);
  if (user.phone) keep("a number", user.phone.slice(1));
  return user;
}

test("The log holds no code, token, key, password or whole number, whatever is done or refused.", async () => {
  const ada = await create(app.user().withNumber());
  const password = keep("a wrong password", randomBytes(9).toString("hex"));

  // Sign-in: refused, begun, mistyped, resent, granted, used again, expired, guessed to its end.
  await refused(ada.with({ password }).login(), INVALID_CREDENTIALS);
  await refused(ada.nativeLogin(), NATIVE_SIGN_IN);
  const sign = await ada.login();
  keep("a challenge", sign.challenge);
  const wrong = wrongCode(keep("a code", ada.code()));
  keep("a wrong code", wrong);
  await refused(ada.answer(sign, wrong), WRONG_ANSWER);
  await refused(ada.resend(sign), RESEND_TOO_SOON);
  await app.advance(30 * SECOND);
  await ada.resend(sign);
  const code = keep("a code", ada.code());
  const token = keep("a session", await ada.answerWithPassword(code));
  await refused(ada.answer(sign, code), CHALLENGE_UNKNOWN);
  await app.advance(300 * SECOND);
  const second = await ada.signInClosedByWrongCodes();
  keep("a code", second.code);
  await refused(ada.answer(second, second.code), TOO_MANY_WRONG_CODES);

  // Messages that are not sent, in each way.
  for (const mode of /** @type {const} */ (["rate-limit", "error", "reset"])) {
    const bob = await create(app.user().withNumber());
    app.twilio.failWith(mode);
    await refused(bob.login(), NOT_SENT);
    app.twilio.failWith(null);
  }
  for (const [number, refusal] of /** @type {const} */ ([
    ["+15005550001", UNREACHABLE],
    ["+15005550009", UNREACHABLE],
    ["+15005550003", UNREACHABLE],
    ["+0123456789", PHONE_UNUSABLE],
  ])) {
    const bob = await create(app.user().withNumber(number));
    await refused(bob.login(), refusal);
  }

  // A session: changes refused and allowed, step-up, an authenticator app, recovery codes, an enrolled number.
  const session = new Session(app, ada, token);
  const phone_number = app.newNumber();
  keep("a number", phone_number.slice(1));
  await refused(session.change({ phone_number }), STEP_UP_REQUIRED);
  await app.advance(900 * SECOND);
  const up = await session.beginStepUp();
  keep("a challenge", up.challenge);
  await session.answerStepUp(up, keep("a code", ada.code()));
  const begun = await session.enrollTotp();
  keep("an enrollment", begun.enrollment);
  keep("a secret", begun.secret);
  keep("a URI", begun.uri);
  keep("a code of an app", totp(begun.secret, app.now()));
  const { recoveryCodes } = await session.confirm(begun);
  for (const one of recoveryCodes) keep("a recovery code", one);
  const phone = app.newNumber();
  keep("an enrolled number", phone.slice(1));
  const sms = await session.enrollNumber(phone);
  await session.confirm(sms, keep("a code", ada.with({ phone }).code()));
  const renewed = await session.newRecoveryCodes();
  for (const one of renewed.recoveryCodes) keep("a recovery code", one);
  await app.advance(STEP);
  const third = await ada.login();
  await refused(ada.recover(third, recoveryCodes[0]), WRONG_ANSWER);
  keep("a session", await ada.recover(third, renewed.recoveryCodes[0]));
  await app.advance(STEP);
  const again = await session.beginStepUp();
  keep("a challenge", again.challenge);
  const shown = keep("a code of an app", totp(begun.secret, app.now()));
  await session.answerStepUp(again, shown);
  const allowed = await session.change({ phone_number });
  assert.equal(allowed.status, 200, JSON.stringify(allowed));

  // A provider's word: forged, right, of nobody, linked and for enrolling.
  const [known, unknown, linked] = [newId(), newId(), newId()];
  for (const id of [known, unknown, linked]) {
    keep("a provider's token", tokenOf(id));
  }
  const phoneNumber = app.newNumber();
  const carl = await signUp(app, known, { phone_number: phoneNumber });
  const madeUp = keep("a forged token", randomBytes(9).toString("hex"));
  const forged = word(known, "demo", { token: madeUp });
  await refused(app.run("login", forged), INVALID_CREDENTIALS);
  await refused(app.rest("POST", "/users", word(known)), NATIVE_SIGN_IN);
  const byWord = result(await app.run("login", word(known)));
  await carl.answer(byWord, keep("a code", carl.code()));
  const carls = await carl.session();
  await refused(carls.change(word(linked, "other")), STEP_UP_REQUIRED);
  granted(await app.run("login", word(unknown)));
  const dora = await signUp(app, linked);
  await (await dora.session()).enrollTotp(word(linked));

  // The app's own beforeLogin turns somebody away, and the operator resets.
  const username = `unwelcome-${randomBytes(4).toString("hex")}`;
  const eve = await create(app.user({ username }).withNumber());
  const turned = await eve.login();
  const right = keep("a code", eve.code());
  await refused(eve.answer(turned, right), UNWELCOME);
  await ada.reset("factors");
  const plain = await create(app.user());
  keep("a session", (await plain.session()).token);
  keep("a session", await plain.loginByPassword());

  const log = app.log();
  assert.match(log, /a message was not sent/, "the log is not the one");
  for (const [it, what] of secrets) {
    // A code's digits may stand in a longer number, a time say.
    const found = new RegExp(
      `(?<![0-9A-Za-z])${escape(it)}(?![0-9A-Za-z])`,
    ).exec(log);
    const line =
      found && log.slice(Math.max(0, found.index - 200), found.index + 50);
    assert.equal(found, null, `${what}: ${line}`);
  }
});

/** @param {string} text */
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
