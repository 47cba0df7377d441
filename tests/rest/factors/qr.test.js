// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { randomBytes } = require("node:crypto");
const { before, test } = require("node:test");
const { default: jsQR } = /** @type {any} */ (require("jsqr"));
const OTPAuth = require("otpauth");
const { STEP } = require("../../support/totp");
const { ISSUER, startApp } = require("./app");

/** The QR code of an enrolment, read as an authenticator app reads it: by its modules and nothing else. */

/** @type {import("../../support/app").App} */
let app;
before(async () => {
  app = await startApp();
});

/** Pixels for the side of a module: what a decoder finds its way by. */
const SCALE = 4;

/**
 * What a camera sees of the SVG.
 * @param {string} svg
 * @returns {{pixels: Uint8ClampedArray, side: number}} RGBA
 */
function draw(svg) {
  const parts =
    /^<svg xmlns="[^"]+" viewBox="0 0 (\d+) \1" shape-rendering="crispEdges"><path fill="#fff" style="fill:#fff;stroke:none" d="M0 0h\1v\1H0z"\/><path fill="#000" style="fill:#000;stroke:none" d="((?:M\d+ \d+h\d+v1h-\d+z)+)"\/><\/svg>$/.exec(
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
  ["a name of many alphabets", "Zoë Ωμέγα 山田 👩: a&b?c=d#e%2F+"],
  ["a long name", "x".repeat(150)],
]) {
  test(`The QR code of ${what} is the URI, and an app that scans it signs in.`, async () => {
    const username = `${name}${randomBytes(4).toString("hex")}`;
    const ada = await app.user({ username }).create();
    const session = await ada.session();
    const begun = await session.enrollTotp({ password: ada.password });

    const { pixels, side } = draw(begun.qr);
    const scanned = jsQR(pixels, side, side)?.data;

    assert.equal(scanned, begun.uri);
    const authenticator = OTPAuth.URI.parse(scanned);
    assert.ok(authenticator instanceof OTPAuth.TOTP);
    assert.equal(authenticator.issuer, ISSUER);
    const { label } = authenticator;
    const shown = username.replace(":", "-");
    // What is cut says so: 128 bytes and the sign for more.
    if (encodeURIComponent(shown).length > 128) {
      assert.equal(label, `${shown.slice(0, 128)}…`);
    } else assert.equal(label, shown);
    const codeNow = () => authenticator.generate({ timestamp: app.now() });
    const { factor } = await session.confirm(begun, codeNow());
    assert.equal(factor.method, "totp");
    await app.advance(STEP);
    await ada.answer(await ada.login(), codeNow());
  });
}
