// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { after, before, test } = require("node:test");
const { default: jsQR } = /** @type {any} */ (require("jsqr"));
const OTPAuth = require("otpauth");
const { startApp } = require("./support/app");
const { granted } = require("./support/answers");
const { STEP } = require("./support/totp");

/** The QR code of an enrolment, read as an authenticator app reads it: by its modules and nothing else. */

/** @type {import("./support/app").App} */
let app;
before(async () => {
  const keys = `a:${randomBytes(32).toString("base64")}`;
  app = await startApp({ options: { keys, issuer: "Haus & Hof + Käse" } });
});
after(() => app?.stop());

/** Pixels for the side of a module: what a decoder finds its way by. */
const SCALE = 4;

/**
 * What a camera sees of the SVG.
 * @param {string} svg
 * @returns {{pixels: Uint8ClampedArray, side: number}} RGBA
 */
function draw(svg) {
  const parts =
    /^<svg xmlns="[^"]+" viewBox="0 0 (\d+) \1" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h\1v\1H0z"\/><path d="((?:M\d+ \d+h\d+v1h-\d+z)+)"\/><\/svg>$/.exec(
      svg,
    );
  assert.ok(parts, svg.slice(0, 200));
  const side = Number(parts[1]) * SCALE;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, width, back] of parts[2].matchAll(
    /M(\d+) (\d+)h(\d+)v1h-(\d+)/g,
  )) {
    assert.equal(width, back);
    for (let row = 0; row < SCALE; row++) {
      const from = (Number(y) * SCALE + row) * side + Number(x) * SCALE;
      for (let n = from; n < from + Number(width) * SCALE; n++) {
        pixels.set([0, 0, 0, 255], n * 4);
      }
    }
  }
  return { pixels, side };
}

for (const [what, name] of [
  ["a short name", ""],
  ["a name of many alphabets", "Zoë Ωμέγα 山田 👩‍👩‍👧: a&b?c=d#e%2F+"],
  ["a long name", "x".repeat(150)],
]) {
  test(`is the URI, and an app that scans it signs in (${what})`, async () => {
    const username = `${name}${randomBytes(4).toString("hex")}`;
    const columns = { username, phone_number: undefined };
    const user = await app.createUser(columns);
    const { password } = user;
    const caller = { sessionToken: await app.sessionOf(user) };
    const params = { method: "totp", password };
    const begun = await app.run("enrollTwoFactor", params, caller);
    const { enrollment, uri, qr } = begun.body.result;

    const { pixels, side } = draw(qr);
    const scanned = jsQR(pixels, side, side)?.data;

    assert.equal(scanned, uri);
    const authenticator = OTPAuth.URI.parse(scanned);
    assert.ok(authenticator instanceof OTPAuth.TOTP);
    assert.equal(authenticator.issuer, "Haus & Hof + Käse");
    assert.equal(authenticator.label, username);
    const codeNow = () => authenticator.generate({ timestamp: app.now() });
    const confirm = { enrollment, code: codeNow() };
    const confirmed = await app.run("confirmTwoFactor", confirm, caller);
    assert.equal(confirmed.body.result?.factor?.method, "totp");
    await app.advance(STEP);
    const first = await app.run("login", { username, password });
    const { challenge } = first.body.result;
    granted(await app.run("login", { challenge, code: codeNow() }));
  });
}
