// @ts-check
"use strict";

/**
 * A user's second factors as an info panel of Parse Dashboard: segments of texts, pairs and tables. React escapes what users wrote.
 */

const { isoOf } = require("../parse/dashboard-columns.js");
const { withTimeout } = require("../timeout.js");
const { PATH } = require("../trail.js");

/** Entries of the trail that are shown. The link leads to all. */
const SHOWN = 10;

/** What a factor is called. @type {Record<string, string>} */
const KINDS = {
  sms: "Phone number",
  email: "E-mail address",
  totp: "Authenticator app",
  webauthn: "Passkey",
};

/**
 * @param {any} status the core's answer to `twoFactorStatus`
 * @param {import("../parse/rest.js").Rest} rest
 * @returns {Promise<object>} the answer, with a panel where Parse Dashboard has called
 */
async function withPanel(status, rest) {
  if (!("panel" in status)) return status;
  const segments = [
    factors(status),
    browsers(status),
    await lastEvents(status.panel.user, rest),
  ];
  return { ...status, panel: { segments } };
}

/** @param {any} status */
function factors({ factors, recoveryCodesLeft, disabled, required, panel }) {
  const { failures, mostFailures } = panel;
  const kept = required ? "has to keep one" : "may have none";
  return {
    title: "Second factors",
    items: [
      table(
        ["Kind", "Name", "Since"],
        factors.map((/** @type {any} */ { method, label, createdAt }) => [
          KINDS[method] ?? method,
          label,
          createdAt === 0 ? "" : moment(createdAt),
        ]),
        `No second factor. The user ${kept}.`,
      ),
      pair("Recovery codes left", String(recoveryCodesLeft)),
      pair(
        "Failures in a row",
        disabled
          ? `${failures}: codes are disabled until a reset, a passkey or a recovery code`
          : `${failures} of ${mostFailures}`,
      ),
    ],
  };
}

/** @param {any} status */
function browsers({ devices }) {
  return {
    title: "Trusted browsers",
    items: [
      table(
        ["Browser", "Since", "Until"],
        devices.map((/** @type {any} */ { label, createdAt, endsAt }) => [
          label,
          moment(createdAt),
          moment(endsAt),
        ]),
        "No trusted browser.",
      ),
    ],
  };
}

/**
 * @param {string} user
 * @param {import("../parse/rest.js").Rest} rest
 */
async function lastEvents(user, rest) {
  const filters = [{ field: "user", constraint: "eq", compareTo: user }];
  const link = {
    ...pair("Event trail", "all entries"),
    url: `browser/TwoFactorEvent?filters=${encodeURIComponent(JSON.stringify(filters))}`,
    isRelativeUrl: true,
  };
  return {
    title: "Last events",
    items: [await entries(user, rest), link],
  };
}

/**
 * @param {string} user
 * @param {import("../parse/rest.js").Rest} rest
 */
async function entries(user, rest) {
  try {
    const query = { where: { user }, order: "-at", limit: SHOWN };
    const { results } = await withTimeout(rest("GET", PATH, query));
    // The panel is narrow, so what few entries have shares a column.
    return table(
      ["When", "What", "About"],
      results.map((/** @type {any} */ { at, what, method, about, outcome }) => [
        moment(at),
        what,
        [method, about, outcome].filter(Boolean).join(", "),
      ]),
      "No event.",
    );
  } catch {
    return text("The event trail cannot be read for now: reload the panel.");
  }
}

/**
 * @param {string[]} names of the columns
 * @param {string[][]} rows
 * @param {string} nothing what stands there without rows
 */
function table(names, rows, nothing) {
  if (rows.length === 0) return text(nothing);
  return {
    type: "table",
    columns: names.map((name) => ({ name, type: "string" })),
    rows: rows.map((row) =>
      Object.fromEntries(row.map((cell, place) => [names[place], cell])),
    ),
  };
}

/** @param {string} text */
const text = (text) => ({ type: "text", text });

/** @param {string} key @param {string} value */
const pair = (key, value) => ({ type: "keyValue", key, value });

/** @param {number} at milliseconds since 1970 */
const moment = (at) => isoOf(at)?.replace(/T(.{5}).*/, " $1 UTC") ?? String(at);

module.exports = { withPanel };
