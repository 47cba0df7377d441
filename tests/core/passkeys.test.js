// @ts-check
"use strict";

/** What doctor says of passkeys. */

const assert = require("node:assert/strict");
const { test } = require("node:test");
const passkeys = require("../../cli/doctor/remote/passkeys.js");

/** @param {object | null} webauthn */
const check = (webauthn) =>
  passkeys(/** @type {any} */ (undefined), { webauthn });

test("Doctor names what passkeys are bound to, whether their user is verified, and a page that does not belong to it.", async () => {
  const [rpId, userVerification] = ["example.com", "required"];
  const own = ["https://login.example.com", "android:apk-key-hash:AAAA"];
  const [level, said] = await check({ rpId, origins: own, userVerification });
  assert.equal(level, "ok");
  for (const shown of [rpId, ...own, userVerification]) {
    assert.ok(said.includes(shown), said);
  }
  const origins = [...own, "https://example.org"];
  const [other, related] = await check({ rpId, origins, userVerification });
  assert.equal(other, "warning");
  assert.match(related, /example\.org does not belong.*well-known\/webauthn/);
  assert.ok(related.includes(userVerification), related);
  assert.match((await check(null))[1], /are off/);
});
