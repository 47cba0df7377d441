// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { elements } = require("./support/account");
const { startApp, wrongCode } = require("./support/app");
const { granted, refused, tally } = require("./support/answers");
const { hasOption } = require("./support/parse-server");

/** @typedef {import("./support/app").User} User */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** @type {import("./support/app").App} */
let app;

before(async () => {
  app = await startApp();
});
after(() => app?.stop());

/**
 * The two ways to hand the code in: the tutorial's, with the password again, and ours, with the challenge.
 * @type {Record<string, (user: User, challenge: string, code: unknown) => Promise<import("./support/app").Answer>>}
 */
const wires = {
  "tutorial's": ({ username, password }, _, code) =>
    app.run("login", { username, password, code }),
  challenge: (_, challenge, code) => app.run("login", { challenge, code }),
};

describe("the first call", () => {
  test("answers with a challenge and says where the code went, masked", async () => {
    const user = await app.createUser({ phone_number: "+14155550006" });
    const { username, password } = user;

    const { status, body } = await app.run("login", { username, password });

    assert.equal(status, 200);
    const { challenge } = body.result;
    assert.deepEqual(body, {
      result: {
        challenge,
        method: "sms",
        to: "•••• 0006",
        expiresIn: 300,
        resendIn: 30,
        methods: ["sms"],
      },
    });
    // At least 128 bits, whatever the encoding: 22 characters of base64.
    assert.match(challenge, /^[\x21-\x7e]{22,}$/);
  });

  test("opens no session", async () => {
    const user = await app.createUser();
    await app.begin(user);
    assert.deepEqual(await app.sessions(user.id), []);
  });

  test("takes the e-mail address in place of the username", async () => {
    const email = `${app.newNumber().slice(1)}@example.com`;
    const user = await app.createUser({ email });
    const { password } = user;

    const { body } = await app.run("login", { email, password });

    const { challenge } = body.result;
    granted(await app.run("login", { challenge, code: app.codeOf(user) }));
  });

  test("with an empty code asks for one, as in the tutorial", async () => {
    const user = await app.createUser();
    const { username, password } = user;
    const answer = await app.run("login", { username, password, code: "" });
    assert.deepEqual(tally([answer]), { challenge: 1 });
    assert.equal(app.messagesTo(user).length, 1);
  });

  test("lets a user without a number in at once", async () => {
    const user = await app.createUser({ phone_number: undefined });
    const { username, password } = user;

    const token = granted(await app.run("login", { username, password }));

    const me = await app.rest("GET", "/users/me", undefined, {
      "X-Parse-Session-Token": token,
    });
    assert.equal(me.body.objectId, user.id);
    assert.equal((await app.sessions(user.id)).length, 1);
  });
});

describe("the message", () => {
  test("is the tutorial's, to the user's number, from the app's", async () => {
    const user = await app.createUser();
    await app.begin(user);

    const messages = app.messagesTo(user);
    assert.equal(messages.length, 1);
    assert.match(messages[0].body, /^Your 2FA code is [0-9]{6}$/);
    assert.equal(messages[0].from, "+15005550006");
  });

  test("comes from the number in the user's From column if there is one", async () => {
    const From = "+14155550199";
    const user = await app.createUser({ From });
    await app.begin(user);
    assert.equal(app.messagesTo(user)[0].from, From);
  });
});

describe("a repeated first call", () => {
  test("answers the challenge that is alive and sends nothing", async () => {
    const user = await app.createUser();
    const { username, password } = user;
    const first = await app.run("login", { username, password });
    await app.advance(10 * SECOND);

    const second = await app.run("login", { username, password });

    assert.deepEqual(second.body.result, {
      ...first.body.result,
      expiresIn: 290,
      resendIn: 20,
    });
    assert.equal(app.messagesTo(user).length, 1);
  });

  test("forty at a time send one message and answer the same challenge", async () => {
    const user = await app.createUser();
    const { username, password } = user;

    const answers = await Promise.all(
      Array.from({ length: 40 }, () =>
        app.run("login", { username, password }),
      ),
    );

    assert.deepEqual(tally(answers), { challenge: 40 });
    const challenges = new Set(
      answers.map(({ body }) => body.result.challenge),
    );
    assert.equal(challenges.size, 1);
    assert.equal(app.messagesTo(user).length, 1);
    const [challenge] = challenges;
    granted(await app.run("login", { challenge, code: app.codeOf(user) }));
  });

  test("after the resend time sends a new code and kills the old one", async () => {
    const user = await app.createUser();
    const { code: old } = await app.begin(user);
    await app.advance(31 * SECOND);

    const { challenge, code } = await app.begin(user);

    assert.equal(app.messagesTo(user).length, 2);
    refused(await wires["tutorial's"](user, "", old), 141);
    granted(await app.run("login", { challenge, code }));
  });
});

for (const [wire, handIn] of Object.entries(wires)) {
  describe(`a code on the ${wire} wire`, () => {
    test("opens a session that works", async () => {
      const user = await app.createUser();
      const { challenge, code } = await app.begin(user);

      const token = granted(await handIn(user, challenge, code));

      const me = await app.rest("GET", "/users/me", undefined, {
        "X-Parse-Session-Token": token,
      });
      assert.equal(me.status, 200);
      assert.equal(me.body.objectId, user.id);
      assert.equal((await app.sessions(user.id)).length, 1);
    });

    test("that is wrong answers what the tutorial answered, and leaves the right one good", async () => {
      const user = await app.createUser();
      const { challenge, code } = await app.begin(user);

      const wrong = await handIn(user, challenge, wrongCode(code));

      assert.deepEqual(wrong, {
        status: 400,
        body: { code: 141, error: "Invalid 2fa code" },
      });
      assert.deepEqual(await app.sessions(user.id), []);
      granted(await handIn(user, challenge, code));
    });

    test("works once, whichever wire it is tried on again", async () => {
      const user = await app.createUser();
      const { challenge, code } = await app.begin(user);
      granted(await handIn(user, challenge, code));

      for (const again of Object.values(wires)) {
        refused(await again(user, challenge, code), 4012);
      }
      assert.equal((await app.sessions(user.id)).length, 1);
    });

    test("lives for five minutes", async () => {
      const user = await app.createUser();
      const { challenge, code } = await app.begin(user);
      await app.advance(5 * MINUTE - SECOND);
      granted(await handIn(user, challenge, code));
    });

    test("is dead after five minutes", async () => {
      const user = await app.createUser();
      const { challenge, code } = await app.begin(user);
      await app.advance(5 * MINUTE + SECOND);
      refused(await handIn(user, challenge, code), 4011);
      assert.deepEqual(await app.sessions(user.id), []);
    });

    test("is dead after five wrong tries, right as it may be", async () => {
      const user = await app.createUser();
      const { challenge, code } = await app.begin(user);
      for (let n = 1; n <= 5; n++) {
        refused(await handIn(user, challenge, wrongCode(code, n)), 141);
      }

      refused(await handIn(user, challenge, wrongCode(code, 6)), 4013);
      for (const wire of Object.values(wires)) {
        refused(await wire(user, challenge, code), 4013);
      }
      assert.deepEqual(await app.sessions(user.id), []);
    });

    test("is looked at as it stands: nothing is trimmed, converted or unpacked", async () => {
      const user = await app.createUser();
      const shifted = (/** @type {string} */ code, /** @type {number} */ to) =>
        [...code]
          .map((digit) => String.fromCodePoint(Number(digit) + to))
          .join("");
      /** @type {((code: string) => unknown)[]} */
      const disguises = [
        (code) => ` ${code}`,
        (code) => `${code} `,
        (code) => `${code}\n`,
        (code) => `\ufeff${code}`,
        (code) => `${code}\0`,
        (code) => `+${code}`,
        (code) => `${code}0`,
        (code) => `${code}.0`,
        (code) => code.slice(0, 5),
        (code) => shifted(code, 0xff10), // full-width digits
        (code) => shifted(code, 0x0660), // Arabic-Indic digits
        (code) => Number(code),
        (code) => [code],
        (code) => [...code],
        (code) => ({ code }),
        (code) => ({ 0: code, length: 1 }),
        (code) => ({ $eq: code }),
        () => ({ $ne: null }),
        () => true,
      ];
      for (const disguise of disguises) {
        // Time for the limit of codes per user not to interfere.
        await app.advance(16 * MINUTE);
        const { challenge, code } = await app.begin(user);
        refused(await handIn(user, challenge, disguise(code)), [141, 4021]);
      }
      assert.deepEqual(await app.sessions(user.id), []);
    });
  });
}

test("wrong tries count together, whichever wire they come on", async () => {
  const user = await app.createUser();
  const { challenge, code } = await app.begin(user);
  const [tutorials, challenges] = Object.values(wires);
  for (let n = 1; n <= 4; n += 2) {
    refused(await tutorials(user, challenge, wrongCode(code, n)), 141);
    refused(await challenges(user, challenge, wrongCode(code, n + 1)), 141);
  }
  refused(await tutorials(user, challenge, wrongCode(code, 5)), 141);

  refused(await challenges(user, challenge, code), 4013);
});

test("the tutorial's second call without a first one has nothing to answer to", async () => {
  const { username, password } = await app.createUser();
  const code = "123456";
  refused(await app.run("login", { username, password, code }), 4012);
});

test("the tutorial's second call asks for the password again", async () => {
  const user = await app.createUser();
  const { code } = await app.begin(user);
  const stranger = { ...user, password: "not the password" };
  refused(await wires["tutorial's"](stranger, "", code), 101);
  assert.deepEqual(await app.sessions(user.id), []);
});

/**
 * A challenge that takes no more codes, not even its right one.
 * @param {User} user
 */
async function closedByWrongCodes(user) {
  const { challenge, code } = await app.begin(user);
  for (let n = 1; n <= 5; n++) {
    const guess = { challenge, code: wrongCode(code, n) };
    refused(await app.run("login", guess), 141);
  }
  refused(await app.run("login", { challenge, code }), 4013);
  return { challenge, code };
}

describe("a challenge", () => {
  test("answers to its user's code alone", async () => {
    const [mine, yours] = await Promise.all([
      app.createUser(),
      app.createUser(),
    ]);
    const { code } = await app.begin(mine);
    const { challenge } = await app.begin(yours);

    refused(await app.run("login", { challenge, code }), 141);
    assert.deepEqual(await app.sessions(yours.id), []);
    assert.deepEqual(await app.sessions(mine.id), []);
  });

  test("one user's used code blocks nobody else's", async () => {
    const [mine, yours] = await Promise.all([
      app.createUser(),
      app.createUser(),
    ]);
    const first = await app.begin(mine);
    const second = await app.begin(yours);
    granted(await app.run("login", first));
    granted(await app.run("login", second));
  });

  test("with any one character changed is unknown, and costs its owner no tries", async () => {
    const user = await app.createUser();
    const { challenge, code } = await app.begin(user);

    for (let at = 0; at < challenge.length; at++) {
      const other = challenge[at] === "A" ? "B" : "A";
      const forged = challenge.slice(0, at) + other + challenge.slice(at + 1);
      refused(await app.run("login", { challenge: forged, code }), 4012);
    }

    assert.deepEqual(await app.sessions(user.id), []);
    granted(await app.run("login", { challenge, code }));
  });

  test("cut short, made longer or made up is unknown", async () => {
    const user = await app.createUser();
    const { challenge, code } = await app.begin(user);
    for (const forged of [
      challenge.slice(0, -1),
      challenge.slice(1),
      `${challenge}A`,
      `${challenge}${challenge}`,
      challenge.slice(0, 10),
      "x",
      user.id,
      "00000000000000000000000000000000",
    ]) {
      refused(await app.run("login", { challenge: forged, code }), 4012);
      refused(await app.run("resendCode", { challenge: forged }), 4012);
    }
  });

  test("named by its row alone is unknown: the row's id is no credential", async () => {
    const user = await app.createUser();
    const { code } = await app.begin(user);
    const ofUser = { user: user.id };
    const [row] = await app.rows("TwoFactorAccount", ofUser);
    const [{ id, kid }] = elements(row.challenges, "challenge");
    for (const challenge of [
      row.objectId,
      id,
      `${id}.${row.objectId}.${kid}`,
      `${id}.${row.objectId}.${kid}.`,
    ]) {
      refused(await app.run("login", { challenge, code }), 4012);
    }
    assert.deepEqual(await app.sessions(user.id), []);
  });

  test("that five wrong codes closed stays closed after its owner signed in by another", async () => {
    const user = await app.createUser();
    const closed = await closedByWrongCodes(user);
    const other = await app.begin(user);
    assert.notEqual(other.challenge, closed.challenge);
    granted(await app.run("login", other));

    const { challenge, code } = closed;
    const wrong = { challenge, code: wrongCode(code) };
    for (const params of [wrong, closed, wrong, closed]) {
      refused(await app.run("login", params), 4012);
    }
    await app.advance(31 * SECOND);
    refused(await app.run("resendCode", { challenge }), 4012);
    assert.equal((await app.sessions(user.id)).length, 1);
  });

  test("that five wrong codes closed is none to go on with after a step-up", async () => {
    const user = await app.createUser();
    const caller = { sessionToken: await app.sessionOf(user) };
    const closed = await closedByWrongCodes(user);
    const other = await app.begin(user);
    const begun = await app.run("stepUp", {}, caller);
    const { challenge } = begun.body.result;
    const stepUp = { challenge, code: app.codeOf(user) };
    const done = await app.run("stepUp", stepUp, caller);
    assert.equal(done.status, 200, JSON.stringify(done.body));
    refused(await app.run("login", closed), 4012);

    const next = await app.begin(user);

    assert.equal(next.challenge, other.challenge);
    granted(await wires["tutorial's"](user, "", other.code));
  });

  test("takes no method that the user has not enrolled", async () => {
    const user = await app.createUser();
    const { challenge, code } = await app.begin(user);
    for (const method of ["totp", "recovery"]) {
      refused(await app.run("login", { challenge, code, method }), 4016);
    }
    granted(await app.run("login", { challenge, code, method: "sms" }));
  });
});

describe("a resend", () => {
  test("too soon is refused and says how many seconds are left", async () => {
    const user = await app.createUser();
    const { challenge } = await app.begin(user);
    await app.advance(12 * SECOND);

    const answer = await app.run("resendCode", { challenge });

    refused(answer, 4014);
    assert.match(answer.body.error, /\b18\b/);
    assert.equal(app.messagesTo(user).length, 1);
  });

  test("sends a new code for the same challenge, and the old code is dead", async () => {
    const user = await app.createUser();
    const { challenge, code: old } = await app.begin(user);
    await app.advance(30 * SECOND);

    const { status, body } = await app.run("resendCode", { challenge });

    assert.equal(status, 200);
    assert.deepEqual(body.result, {
      challenge,
      method: "sms",
      to: `•••• ${user.phone?.slice(-4)}`,
      expiresIn: body.result.expiresIn,
      resendIn: 30,
      methods: ["sms"],
    });
    assert.ok(body.result.expiresIn > 0 && body.result.expiresIn <= 300);
    assert.equal(app.messagesTo(user).length, 2);
    refused(await app.run("login", { challenge, code: old }), 141);
    granted(await app.run("login", { challenge, code: app.codeOf(user) }));
  });

  test("does not give the attacker more guesses", async () => {
    const user = await app.createUser();
    const { challenge, code } = await app.begin(user);
    for (let n = 1; n <= 3; n++) {
      const guess = { challenge, code: wrongCode(code, n) };
      refused(await app.run("login", guess), 141);
    }
    await app.advance(31 * SECOND);
    await app.run("resendCode", { challenge });
    const fresh = app.codeOf(user);
    assert.equal(app.messagesTo(user).length, 2);

    for (let n = 1; n <= 2; n++) {
      const guess = { challenge, code: wrongCode(fresh, n) };
      refused(await app.run("login", guess), 141);
    }

    refused(await app.run("login", { challenge, code: fresh }), 4013);
    assert.deepEqual(await app.sessions(user.id), []);
  });

  test("does not bring back a challenge that used up its tries", async () => {
    const user = await app.createUser();
    const { challenge, code } = await app.begin(user);
    for (let n = 1; n <= 5; n++) {
      await app.run("login", { challenge, code: wrongCode(code, n) });
    }
    await app.advance(31 * SECOND);

    refused(await app.run("resendCode", { challenge }), 4013);
    assert.equal(app.messagesTo(user).length, 1);

    const again = await app.begin(user);
    granted(await app.run("login", again));
  });

  test("does not bring back a challenge that expired or was used", async () => {
    const late = await app.createUser();
    const expired = await app.begin(late);
    await app.advance(5 * MINUTE + SECOND);
    refused(
      await app.run("resendCode", { challenge: expired.challenge }),
      4011,
    );

    const done = await app.createUser();
    const used = await app.begin(done);
    granted(await app.run("login", used));
    await app.advance(31 * SECOND);
    refused(await app.run("resendCode", { challenge: used.challenge }), 4012);

    assert.equal(app.messagesTo(late).length, 1);
    assert.equal(app.messagesTo(done).length, 1);
  });
});

describe("the number of codes", () => {
  test("is five in fifteen minutes, resent or begun anew; the fifth still works", async () => {
    const user = await app.createUser();
    const { username, password } = user;
    let { challenge } = await app.begin(user);
    for (let n = 2; n <= 5; n++) {
      await app.advance(31 * SECOND);
      if (n % 2) ({ challenge } = await app.begin(user));
      else await app.run("resendCode", { challenge });
    }
    assert.equal(app.messagesTo(user).length, 5);
    await app.advance(31 * SECOND);

    refused(await app.run("resendCode", { challenge }), 4015);
    refused(await app.run("login", { username, password }), 4015);

    assert.equal(app.messagesTo(user).length, 5);
    granted(await app.run("login", { challenge, code: app.codeOf(user) }));
  });

  test("is five in any fifteen minutes, not in those that a clock draws", async () => {
    const user = await app.createUser();
    const { username, password } = user;
    /** @type {number[]} */
    const sent = [];
    const start = app.now();
    const tryAt = async (/** @type {number} */ minutes) => {
      await app.advance(start + minutes * MINUTE - app.now());
      await app.run("login", { username, password });
      while (sent.length < app.messagesTo(user).length) sent.push(app.now());
    };

    // One opens the window; then as many as can be had at its end and at the beginning of the next.
    await tryAt(0);
    for (let minutes = 11; minutes < 26; minutes++) await tryAt(minutes);

    const most = Math.max(
      ...sent.map(
        (from) =>
          sent.filter((at) => at >= from && at < from + 15 * MINUTE).length,
      ),
    );
    assert.ok(sent.length > 5, "no code after the fifteen minutes");
    assert.ok(most <= 5, `${most} codes within fifteen minutes`);
  });
});

describe("a number that cannot be used", () => {
  test("is no way in", async () => {
    for (const phone_number of [
      "4155550100",
      "+1 415 555 0100",
      "+1(415)5550100",
      "+04155550100",
      "+1415555010012345",
      "+",
      "+14155550100\n",
      "tel:+14155550100",
      "＋１４１５５５５０１００",
      "call me",
    ]) {
      const user = await app.createUser({ phone_number });
      const { username, password } = user;
      const sentBefore = app.messages().length;

      refused(await app.run("login", { username, password }), 4017);
      refused(await app.rest("POST", "/login", { username, password }), 4010);

      assert.equal(app.messages().length, sentBefore);
      assert.deepEqual(await app.sessions(user.id), []);
    }
  });
});

describe("a message that cannot be sent", () => {
  for (const mode of /** @type {const} */ (["error", "reset", "rate-limit"])) {
    test(`(${mode}) uses nothing up, and a retry succeeds`, async () => {
      const user = await app.createUser();
      const { username, password } = user;
      app.twilio.failWith(mode);
      try {
        for (let n = 0; n < 6; n++) {
          const answer = await app.run("login", { username, password });
          refused(answer, 4018);
          assert.doesNotMatch(
            answer.body.error,
            /twilio|20429|20500|too many requests|internal|ECONN|socket|127\.0\.0\.1/i,
          );
        }
      } finally {
        app.twilio.failWith(null);
      }
      assert.deepEqual(await app.sessions(user.id), []);

      const begun = await app.begin(user);
      granted(await app.run("login", begun));
    });
  }

  test("on a resend uses nothing up either", async () => {
    const user = await app.createUser();
    const { challenge } = await app.begin(user);
    await app.advance(31 * SECOND);
    app.twilio.failWith("error");
    try {
      for (let n = 0; n < 5; n++) {
        refused(await app.run("resendCode", { challenge }), 4018);
      }
    } finally {
      app.twilio.failWith(null);
    }

    const { body } = await app.run("resendCode", { challenge });

    assert.equal(body.result?.challenge, challenge, JSON.stringify(body));
    granted(await app.run("login", { challenge, code: app.codeOf(user) }));
  });

  test("because Twilio refuses the number tells the client none of Twilio's reasons", async () => {
    for (const phone_number of [
      "+15005550001",
      "+15005550002",
      "+15005550003",
      "+15005550004",
      "+15005550009",
    ]) {
      const { username, password } = await app.createUser({ phone_number });
      const answer = await app.run("login", { username, password });
      refused(answer, 4018);
      assert.doesNotMatch(
        answer.body.error,
        /5005550|21\d{3}|twilio|unsubscribed|region|mobile/i,
      );
    }
  });
});

describe("the password", () => {
  test("wrong and user unknown are answered alike", async () => {
    const user = await app.createUser();
    const plain = await app.createUser({ phone_number: undefined });
    const username = "nobody by this name";
    const password = "not the password";

    const unknown = await app.run("login", { username, password });

    refused(unknown, 101);
    for (const params of [
      { username: user.username, password },
      { username: plain.username, password },
      { username: user.username, password, code: "123456" },
      { username, password, code: "123456" },
      { email: "nobody@example.com", password },
    ]) {
      assert.deepEqual(await app.run("login", params), unknown);
    }
    assert.deepEqual(app.messagesTo(user), []);
  });
});

describe("parameters", () => {
  const notText = [0, 1, 123456, true, [], ["x"], {}, { $ne: null }];
  const strange = ["a\0b", "\0", "x".repeat(10_000), "\ud800", "' OR 1=1 --"];

  test("that are missing are asked for", async () => {
    for (const params of [
      {},
      { username: "x" },
      { email: "x@example.com" },
      { password: "x" },
      { challenge: "x" },
      { code: "123456" },
      { username: "x", code: "123456" },
    ]) {
      refused(await app.run("login", params), 4021);
    }
    refused(await app.run("resendCode", {}), 4021);
  });

  test("of the wrong type are refused as such", async () => {
    const user = await app.createUser();
    const { username, password } = user;
    const { challenge } = await app.begin(user);
    const code = "123456";
    for (const value of notText) {
      for (const params of [
        { username: value, password },
        { email: value, password },
        { username, password: value },
        { username, password, code: value },
        { challenge: value, code },
        { challenge, code: value },
        { challenge, code, method: value },
      ]) {
        refused(await app.run("login", params), 4021);
      }
      refused(await app.run("resendCode", { challenge: value }), 4021);
    }
    assert.deepEqual(await app.sessions(user.id), []);
  });

  test("that no database would hold are refused, not stumbled over", async () => {
    const user = await app.createUser();
    const { username, password } = user;
    const code = "123456";
    const outcomes = [101, 141, 4012, 4021];
    for (const value of strange) {
      const { challenge } = await app.begin(user);
      for (const params of [
        { username: value, password },
        { email: value, password },
        { username, password: value },
        { username, password, code: value },
        { challenge: value, code },
        { challenge, code: value },
      ]) {
        refused(await app.run("login", params), outcomes);
      }
      refused(
        await app.run("login", { challenge, code, method: value }),
        [4016, 4021],
      );
      refused(await app.run("resendCode", { challenge: value }), outcomes);
      // Time for the limit of codes per user not to interfere.
      await app.advance(16 * MINUTE);
    }
    assert.deepEqual(await app.sessions(user.id), []);
  });

  test("nobody asked for change nothing", async () => {
    const user = await app.createUser();
    const { username, password } = user;
    const answer = await app.run("login", {
      username,
      password,
      master: true,
      userId: user.id,
      user: { id: user.id },
      require: "nobody",
      now: 0,
    });
    assert.deepEqual(tally([answer]), { challenge: 1 });
    assert.deepEqual(await app.sessions(user.id), []);
  });
});

describe("the session", () => {
  test("comes also to a caller whose installation id cannot be stored", async () => {
    const user = await app.createUser();
    const { challenge, code } = await app.begin(user);
    const params = { challenge, code, _ApplicationId: "tests" };
    const named = { ...params, _InstallationId: "a\u0000b" };
    const inBody = {
      "X-Parse-Application-Id": "",
      "Content-Type": "text/plain",
    };
    granted(await app.rest("POST", "/functions/login", named, inBody));
    assert.equal((await app.sessions(user.id)).length, 1);
  });

  test("keeps the installation id of the caller", async () => {
    for (const wire of ["tutorial's", "challenge"]) {
      const user = await app.createUser();
      const { username, password } = user;
      const { challenge, code } = await app.begin(user);
      const installationId = `installation-${user.username}`;

      granted(
        await app.run(
          "login",
          wire === "challenge"
            ? { challenge, code }
            : { username, password, code },
          { headers: { "X-Parse-Installation-Id": installationId } },
        ),
      );

      const [session] = await app.sessions(user.id);
      assert.equal(session.installationId, installationId);
    }
  });

  test("of a caller without one outlives the next", async () => {
    const user = await app.createUser();
    for (const expected of [1, 2]) {
      granted(await app.run("login", await app.begin(user)));
      assert.equal((await app.sessions(user.id)).length, expected);
      await app.advance(MINUTE);
    }
  });

  test("of a user without a number keeps it as well", async () => {
    const user = await app.createUser({ phone_number: undefined });
    const { username, password } = user;
    const headers = { "X-Parse-Installation-Id": "an-installation" };
    granted(await app.run("login", { username, password }, { headers }));
    const [session] = await app.sessions(user.id);
    assert.equal(session.installationId, "an-installation");
  });
});

describe("what is kept", () => {
  test("refuses every client, whatever it wants", async () => {
    const user = await app.createUser();
    const { challenge, code } = await app.begin(user);
    await app.run("login", { challenge, code: wrongCode(code) });
    const token = await app.sessionOf(user);
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
        JSON.stringify({
          username: { $inQuery: { className, where: {} } },
        }),
      );
      for (const headers of [{}, { "X-Parse-Session-Token": token }]) {
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
          const answer = await app.rest(
            method,
            route,
            body,
            /** @type {Record<string, string>} */ (headers),
          );
          assert.equal(
            answer.body.code,
            119,
            `${method} ${route}: ${JSON.stringify(answer)}`,
          );
        }
      }
      if (row) assert.deepEqual((await app.rows(className))[0], row);
    }
  });

  test("holds no code, no token and no password in clear", async () => {
    // Several, so that six digits which happen to stand somewhere do not count as a code that leaked.
    /** @type {string[][]} */
    const secrets = [];
    for (let n = 0; n < 3; n++) {
      const user = await app.createUser();
      const { code } = await app.begin(user);
      await app.advance(31 * SECOND);
      const { challenge, code: second } = await app.begin(user);
      await app.run("login", { challenge, code: wrongCode(second) });
      secrets.push([code, second, challenge, user.password]);
    }

    const tables = await app.dump();

    assert.ok(tables._User.length > 0 && tables.TwoFactorEvent.length > 0);
    delete tables._Session;
    const dump = JSON.stringify(tables);
    for (const kind of secrets[0].keys()) {
      const inClear = secrets.filter((of) => dump.includes(of[kind]));
      const isCode = kind < 2;
      const most = isCode ? secrets.length - 1 : 0;
      assert.ok(inClear.length <= most, `secret ${kind} is in clear`);
    }
  });
});

describe("what is written down", () => {
  test("tells who did what with which outcome, and never a secret", async () => {
    const user = await app.createUser();
    const { username, password } = user;
    const { challenge, code } = await app.begin(user);
    await app.run("login", { challenge, code: wrongCode(code) });
    const token = granted(await app.run("login", { username, password, code }));

    const about = (/** @type {any[]} */ events) =>
      events.filter((event) => JSON.stringify(event).includes(user.id));
    for (const trail of [
      about(await app.rows("TwoFactorEvent")),
      about(await app.seen("events")),
    ]) {
      // The code sent, the wrong one, the right one.
      assert.ok(trail.length >= 3, JSON.stringify(trail));
      const text = JSON.stringify(trail);
      for (const secret of [challenge, token, password, user.phone]) {
        assert.ok(!text.includes(String(secret)), text);
      }
      assert.doesNotMatch(text, new RegExp(`\\b${code}\\b`));
    }
  });

  test("in the log is no code, no token, no password and no whole number", async () => {
    /** @type {string[][]} */
    const secrets = [];
    for (let n = 0; n < 3; n++) {
      const user = await app.createUser();
      const { username, password, phone } = user;
      app.twilio.failWith("error");
      await app.run("login", { username, password });
      app.twilio.failWith(null);
      const { challenge, code } = await app.begin(user);
      await app.run("login", { challenge, code: wrongCode(code) });
      const token = granted(
        await app.run("login", { username, password, code }),
      );
      secrets.push([code, challenge, token, password, String(phone)]);
    }
    const refusedByTwilio = { phone_number: "+15005550001" };
    const { username, password } = await app.createUser(refusedByTwilio);
    await app.run("login", { username, password });

    const log = app.log();

    // Where Parse Server cannot be told otherwise, it logs the parameters of a call that fails.
    const [code, challenge, ...rest] = secrets[0].keys();
    for (const kind of hasOption("logLevels")
      ? [code, challenge, ...rest]
      : [code, ...rest]) {
      const written = secrets.filter((of) => log.includes(of[kind]));
      assert.ok(written.length < secrets.length, `secret ${kind} is logged`);
    }
    assert.ok(
      !log.includes(refusedByTwilio.phone_number),
      "Twilio's reason is logged with the number",
    );
    assert.ok(
      log.includes("21211"),
      "the operator is not told Twilio's reason",
    );
  });
});

describe("an app whose LiveQuery covers every class", () => {
  for (const [classNames, what] of /** @type {const} */ ([
    [".*", "ours among them, opens no session without the code, and says why"],
    ["(?!TwoFactor).*", "but ours, signs in"],
  ])) {
    test(what, async () => {
      const live = await startApp({
        server: { liveQuery: { classNames: [classNames] } },
      });
      try {
        const user = await live.createUser();
        const { username, password } = user;
        const first = await live.run("login", { username, password });
        const warned = live.log().includes("LiveQuery covers");
        assert.equal(warned, classNames === ".*");
        // Only some versions leave out of their answers what did not change.
        if (warned && first.body.code) {
          refused(first, 4022);
          assert.deepEqual(live.messagesTo(user), []);
          assert.deepEqual(await live.sessions(user.id), []);
          return;
        }
        const { challenge } = first.body.result;
        const code = live.codeOf(user);
        for (let n = 1; n <= 4; n++) {
          const guess = { challenge, code: wrongCode(code, n) };
          refused(await live.run("login", guess), 141);
        }
        granted(await live.run("login", { challenge, code }));
      } finally {
        await live.stop();
      }
    });
  }
});

describe("an app with settings of its own", () => {
  /** @type {import("./support/app").App} */
  let strict;

  before(async () => {
    strict = await startApp({
      options: {
        require: "everyone",
        origin: "example.com",
        countries: ["+1"],
      },
      env: { TWILLIO_FROM_NUMBER: "", TWILIO_FROM_NUMBER: "+14155550123" },
      // Parse Server's own defaults, which print what a Cloud function was given and what it answered.
      server: { logLevels: {} },
    });
  });
  after(() => strict?.stop());

  test("refuses a user without a second factor if everyone needs one", async () => {
    const user = await strict.createUser({ phone_number: undefined });
    const { username, password } = user;
    refused(await strict.run("login", { username, password }), 4016);
    assert.deepEqual(await strict.sessions(user.id), []);
  });

  test("ends the message with WebOTP's line, and the code still works", async () => {
    const user = await strict.createUser();
    const { challenge, code } = await strict.begin(user);
    assert.match(
      strict.messagesTo(user)[0].body,
      /^Your 2FA code is ([0-9]{6})\n+@example\.com #\1$/,
    );
    granted(await strict.run("login", { challenge, code }));
  });

  test("sends to no country that it has not named", async () => {
    for (const phone_number of ["+359888123456", "+442071838750"]) {
      const user = await strict.createUser({ phone_number });
      const { username, password } = user;
      refused(await strict.run("login", { username, password }), 4017);
      assert.deepEqual(strict.messagesTo(user), []);
      assert.deepEqual(await strict.sessions(user.id), []);
    }
  });

  test("may spell its sender as Twilio does", async () => {
    const user = await strict.createUser();
    await strict.begin(user);
    assert.equal(strict.messagesTo(user)[0].from, "+14155550123");
  });

  test("is warned at start-up of each setting of Parse Server's log that prints codes or numbers", () => {
    if (!hasOption("logLevels")) {
      assert.match(strict.log(), /has no logLevels.*logLevel: 'warn'/);
      return;
    }
    for (const setting of [
      "cloudFunctionSuccess",
      "cloudFunctionError",
      "triggerBeforeSuccess",
      "triggerBeforeError",
    ]) {
      assert.ok(strict.log().includes(setting), `no word about ${setting}`);
      assert.ok(!app.log().includes(setting), `${setting} is silent already`);
    }
  });
});
