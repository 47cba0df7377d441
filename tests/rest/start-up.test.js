// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const { startApp, whyNot } = require("../support/app");
const { newKey } = require("../support/key");
const { hasOption, saysWhenItHasStarted } = require("../support/parse-server");

// Parse Server 5 has no definitions of schemas.
if (hasOption("schema")) {
  describe("An app that locks its schemas", () => {
    test("An app that locks its schemas without our definitions does not start, and says what to hand over.", async () => {
      const message = await whyNot({ own: "locks its schemas" });
      assert.match(message, /schema\.lockSchemas/);
      assert.match(message, /require\('parse-two-factor\/schemas'\)/);
    });

    test("An app that locks its schemas with our definitions enrolls and signs in, before and after a restart.", async () => {
      const own = "locks its schemas, with our definitions";
      const first = await startApp({ own, options: { keys: newKey() } });
      try {
        await (await first.user().withTotp().create()).signIn();
        const { databaseURI } = first;
        const second = await startApp({ own, databaseURI });
        try {
          await (await second.user().create()).loginByPassword();
        } finally {
          await second.stop();
        }
        for (const { className, classLevelPermissions } of (
          await first.asMaster("GET", "/schemas")
        ).results) {
          if (!className.startsWith("TwoFactor")) continue;
          assert.deepEqual(classLevelPermissions.find, {}, className);
        }
      } finally {
        await first.stop();
      }
    });
  });
}

// Before 8 Parse Server takes its router from Express.
if (hasOption("masterKeyTtl")) {
  test("An app with a router that Parse Server cannot use does not start, and says what to set.", async () => {
    const message = await whyNot({ own: "has a router of 2.3" });
    assert.match(message, /router/);
    assert.match(message, /"overrides": \{ "router": "2\.2\.0" \}/);
  });
}

test("An app whose users have a number and a provider says at its start that the provider lets them in no more.", async () => {
  const before = await startApp({ installed: false });
  /** @type {import("../support/app").App | undefined} */
  let app;
  try {
    const linked = { authData: { house: { id: "ada" } } };
    const { body } = await before.rest("POST", "/users", linked);
    await before.asMaster("PUT", `/users/${body.objectId}`, {
      phone_number: before.newNumber(),
    });
    await before.user().withNumber().create();

    app = await startApp({ databaseURI: before.databaseURI });

    const warned =
      /1 user has a number in phone_number and is linked to a provider\./;
    const until = Date.now() + 10_000;
    while (!warned.test(app.log()) && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.match(app.log(), warned);
    assert.match(app.log(), /answers 4010/);
  } finally {
    await app?.stop();
    await before.stop();
  }
});

describe("An app whose state classes were there before it", () => {
  /** @type {import("../support/app").App} */
  let before;
  // As on Parse Server 5 and 6 by default.
  const server = { allowClientClassCreation: true };

  /** @param {string} className @param {object} row */
  async function made(className, row) {
    before = await startApp({ installed: false, server });
    const { status } = await before.rest("POST", `/classes/${className}`, row);
    assert.equal(status, 201);
    return before;
  }

  for (const [name, className, row, word] of /** @type {const} */ ([
    [
      "with a row",
      "TwoFactorAccount",
      { user: "ada", authenticators: [{ confirmed: "none" }] },
      /TwoFactorAccount was there before .* has rows/,
    ],
    [
      "with a column of another type",
      "TwoFactorWindow",
      { bucket: 7 },
      /TwoFactorWindow\.bucket is of the type Number and not String/,
    ],
  ])) {
    test(`An app whose state classes a client has made first ${name} does not go by them, and says so.`, async () => {
      const { databaseURI, stop } = await made(className, row);
      try {
        for (const again of ["at first", "after a restart"]) {
          assert.match(await whyNot({ databaseURI, server }), word, again);
        }
      } finally {
        await stop();
      }
    });
  }

  // Parse Server 5 has no definitions of schemas.
  if (hasOption("schema")) {
    test("An app with our definitions does not go by rows that a client has made first, and says so.", async () => {
      const row = { user: "ada", authenticators: [{ confirmed: "none" }] };
      const { databaseURI, stop } = await made("TwoFactorAccount", row);
      try {
        const own = "locks its schemas, with our definitions";
        for (const again of ["at first", "after a restart"]) {
          const message = await whyNot({ databaseURI, own });
          // Parse Server 5 answers before it has given the class our index, and then the rows are refused for want of that.
          const word = saysWhenItHasStarted
            ? /TwoFactorAccount has rows, and/
            : /TwoFactorAccount (has rows, and|was there before)/;
          assert.match(message, word, again);
        }
        const { results } = await before.asMaster("GET", "/schemas");
        const { indexes } = results.find(
          (/** @type {any} */ { className }) =>
            className === "TwoFactorAccount",
        );
        assert.ok(indexes.TwoFactorAccount_user, "Parse gave it our index");
      } finally {
        await stop();
      }
    });
  }

  test("An app takes over an empty state class that a client has made first.", async () => {
    const { databaseURI, stop } = await made("TwoFactorEvent", {});
    try {
      const [{ objectId }] = await before.rows("TwoFactorEvent");
      const path = `/classes/TwoFactorEvent/${objectId}`;
      await before.asMaster("DELETE", path);
      const app = await startApp({ databaseURI, server });
      try {
        await (await app.user().withNumber().create()).signIn();
      } finally {
        await app.stop();
      }
    } finally {
      await stop();
    }
  });
});
