// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { withPanel } = require("../../js/dashboard/panel.js");
const { shownReset } = require("../../js/dashboard/reset.js");
const { wrongColumns } = require("../../js/parse/classes.js");
const { forDashboard } = require("../../js/parse/dashboard-columns.js");
const schemas = require("../../js/schemas.js");
const { SCRIPTS, panels } = require("../../sandbox/dashboard.js");
const { blocks } = require("../support/markdown");

const STATUS = {
  factors: [],
  recoveryCodesLeft: 0,
  disabled: false,
  devices: [],
  required: true,
  panel: { user: "ada", failures: 0, mostFailures: 100 },
};

/** @param {object} status @param {() => Promise<any>} rest */
async function shown(status, rest = async () => ({ results: [] })) {
  const { panel } = /** @type {any} */ (await withPanel(status, rest));
  return JSON.stringify(panel.segments);
}

test("What docs/dashboard.md has to paste is what the demo gives Parse Dashboard.", () => {
  const [{ code }] = blocks("docs/dashboard.md").filter(
    ({ language }) => language === "json",
  );
  assert.deepEqual(JSON.parse(`{${code}}`), {
    scripts: SCRIPTS,
    infoPanel: panels("twoFactorStatus"),
  });
});

test("A panel without the event trail says so and shows the rest.", async () => {
  const said = await shown(STATUS, async () => {
    throw new Error("no database");
  });
  assert.match(said, /The event trail cannot be read for now/);
  assert.match(said, /No second factor\. The user has to keep one\./);
});

test("A panel says that codes are disabled, and shows moments that are none as they are.", async () => {
  const panel = { ...STATUS.panel, failures: 100 };
  const factor = { method: "totp", label: "App", createdAt: 2 ** 60 };
  const said = await shown({
    ...STATUS,
    panel,
    disabled: true,
    factors: [factor],
    devices: [{ label: "Firefox", createdAt: 0, endsAt: 1_795_500_000_000 }],
  });
  assert.match(said, /100: codes are disabled until/);
  assert.match(said, new RegExp(`"Since":"${2 ** 60}"`));
  assert.match(said, /"Until":"2026-11-24 06:00 UTC"/);
});

test("A status or a reset that Parse Dashboard did not ask for is answered as it is.", async () => {
  const { panel, ...status } = STATUS;
  assert.equal(panel.user, "ada");
  assert.equal(await withPanel(status, async () => assert.fail()), status);
  const nothing = {};
  assert.equal(shownReset(nothing), nothing);
});

test("The definitions of our classes have the pointer and the date, and a pointer to another class is not ours.", () => {
  const [{ className, fields }] = schemas.filter(
    (schema) => schema.className === "TwoFactorEvent",
  );
  assert.deepEqual(
    [fields.user, fields.at, fields.who, fields.when],
    [
      { type: "String" },
      { type: "Number" },
      { type: "Pointer", targetClass: "_User" },
      { type: "Date" },
    ],
  );
  assert.deepEqual(wrongColumns({ className, fields }), []);
  const who = { type: "Pointer", targetClass: "_Role" };
  const wrong = wrongColumns({ className, fields: { ...fields, who } });
  assert.equal(wrong.length, 1);
});

test("A row about nobody, or of a moment that is no date, is written without pointer and date.", () => {
  assert.deepEqual(forDashboard({ user: "", at: 2 ** 60 }), { ACL: {} });
  assert.deepEqual(forDashboard({ user: "", at: 253402300800000 }), {
    ACL: {},
  });
  assert.deepEqual(forDashboard({ user: "ada", at: 0 }), {
    who: { __type: "Pointer", className: "_User", objectId: "ada" },
    when: { __type: "Date", iso: "1970-01-01T00:00:00.000Z" },
    ACL: {},
  });
});
