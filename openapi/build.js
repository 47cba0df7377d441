// @ts-check
"use strict";

/**
 * `npm run build` writes docs/openapi.json: an OpenAPI 3.1 description of the functions, made from the core's types and from the core itself.
 */

const fs = require("node:fs");
const path = require("node:path");
const prettier = require("prettier");
const { version } = require("../package.json");
const { refusalCodes } = require("../browser/refusals.js");
const { functions, parametersOf } = require("./parameters.js");
const { membersOf, schemaOf } = require("./types.js");

const FILE = path.join(__dirname, "..", "docs", "openapi.json");

/**
 * The answers by name: what tells one from the others, and its `status`.
 * @type {Record<string, {has: string[], lacks?: string[], status?: string}>}
 */
const ANSWERS = {
  Challenge: { has: ["challenge"], status: "challenge" },
  SignedIn: { has: ["sessionToken"], lacks: ["factor"], status: "signed-in" },
  EnrollFirst: { has: ["enroll"], status: "enroll" },
  Status: { has: ["factors"] },
  TotpEnrollment: { has: ["enrollment", "secret"] },
  NumberEnrollment: { has: ["enrollment", "to"] },
  PasskeyEnrollment: { has: ["enrollment", "publicKey"] },
  Confirmed: { has: ["factor", "recoveryCodes"] },
  Removed: { has: ["otherSessionsEnded"], lacks: ["factor"] },
  Renamed: { has: ["factor"], lacks: ["recoveryCodes"] },
  RecoveryCodes: { has: ["recoveryCodes"], lacks: ["factor"] },
  Imported: { has: ["added"] },
  SteppedUp: { has: ["until"], status: "stepped-up" },
};

/** What each function answers. One that is not here answers an empty object. @type {Record<string, string[]>} */
const RESULTS = {
  login: ["Challenge", "SignedIn", "EnrollFirst"],
  resendCode: ["Challenge", "NumberEnrollment"],
  twoFactorStatus: ["Status"],
  enrollTwoFactor: ["TotpEnrollment", "NumberEnrollment", "PasskeyEnrollment"],
  confirmTwoFactor: ["Confirmed"],
  removeTwoFactor: ["Removed"],
  renameTwoFactor: ["Renamed"],
  newRecoveryCodes: ["RecoveryCodes"],
  stepUp: ["Challenge", "SteppedUp"],
  importTwoFactor: ["Imported"],
  twoFactorHealth: ["Health"],
};

const SUMMARIES = /** @type {Record<string, string>} */ ({
  login: "Sign in: the first call, the answer to a challenge, or both in one",
  resendCode:
    "Send another code for a challenge, or for the enrollment of a number",
  twoFactorStatus: "The user's second factors, and what can be done with them",
  enrollTwoFactor: "Begin to add a second factor",
  confirmTwoFactor: "Confirm a second factor by its first code or credential",
  removeTwoFactor: "Remove a second factor",
  renameTwoFactor: "Give a second factor another name",
  newRecoveryCodes: "Replace the recovery codes",
  stepUp: "Prove the second factor again",
  forgetDevice: "Forget one trusted browser, or all of them",
  resetTwoFactor: "Reset a user's second factor, as the operator",
  importTwoFactor: "Import a second factor that a user has elsewhere",
  twoFactorHealth: "What the deployment goes by, for the operator",
});

/** What the shim puts into words for Parse Dashboard: a form or a sentence, and in a status segments. @type {Record<string, object>} */
const OTHER_RESULTS = {
  resetTwoFactor: {
    type: ["object", "string"],
    description:
      "Empty. For Parse Dashboard its form, and once that is filled in a sentence.",
  },
};
const PANEL = {
  type: "object",
  description: "For Parse Dashboard: the segments of its info panel.",
};

/** @param {string} name */
const ref = (name) => ({ $ref: `#/components/schemas/${name}` });

/** Parameters that are words of a list. @type {Record<string, object>} */
const WORDS = {
  method: ref("Method"),
  scope: { type: "string", enum: ["factors", "number", "devices"] },
};

/** All schemas, with those that they name. @returns {Record<string, any>} */
function schemas() {
  const members = membersOf("Answer").filter(({ properties }) => properties);
  /** @type {Record<string, any>} */
  const all = {};
  for (const [name, { has, lacks = [], status }] of Object.entries(ANSWERS)) {
    const found = members.find(
      ({ properties }) =>
        has.every((key) => key in properties) &&
        !lacks.some((key) => key in properties),
    );
    if (!found) throw new Error(`the core has no answer like ${name}`);
    const properties = { ...found.properties };
    if ("panel" in properties) properties.panel = PANEL;
    if (status) properties.status = { type: "string", const: status };
    all[name] = { ...found, properties };
  }
  const open = ["Health", "Method"];
  const look = (/** @type {unknown} */ value) => {
    for (const [, name] of JSON.stringify(value).matchAll(
      /"#\/components\/schemas\/(\w+)"/g,
    )) {
      if (!(name in all)) open.push(name);
    }
  };
  look(all);
  for (let name = open.pop(); name; name = open.pop()) {
    if (name in all) continue;
    all[name] = schemaOf(name);
    look(all[name]);
  }
  all.Refusal = {
    type: "object",
    required: ["code", "error"],
    properties: {
      code: {
        type: "integer",
        description: `Ours are ${refusalCodes().join(", ")}. Parse Server's own come beside them.`,
      },
      error: { type: "string" },
    },
  };
  return Object.fromEntries(
    Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** @param {string} name */
function resultOf(name) {
  const results = RESULTS[name] ?? [];
  if (results.length === 0) return OTHER_RESULTS[name] ?? { type: "object" };
  if (results.length === 1) return ref(results[0]);
  const told = results.every((result) => ANSWERS[result].status);
  return {
    oneOf: results.map(ref),
    ...(told && {
      discriminator: {
        propertyName: "status",
        mapping: Object.fromEntries(
          results.map((result) => [ANSWERS[result].status, ref(result).$ref]),
        ),
      },
    }),
  };
}

/** @param {string} name */
function operation(name) {
  const { parameters, required, access } = parametersOf(name);
  const app = { application: [] };
  const json = (/** @type {object} */ schema) => ({
    content: { "application/json": { schema } },
  });
  return {
    operationId: name,
    summary: SUMMARIES[name] ?? name,
    security: {
      anybody: [app],
      session: [{ ...app, session: [] }],
      master: [{ ...app, master: [] }],
    }[access],
    requestBody: {
      required: true,
      ...json({
        type: "object",
        properties: Object.fromEntries(
          parameters.map(({ name, schema }) => [name, WORDS[name] ?? schema]),
        ),
        ...(required.length > 0 && { required }),
      }),
    },
    responses: {
      200: {
        description: "Done",
        ...json({
          type: "object",
          required: ["result"],
          properties: { result: resultOf(name) },
        }),
      },
      "4XX": { description: "Refused", ...json(ref("Refusal")) },
    },
  };
}

/** @returns {Promise<string>} the text of docs/openapi.json */
async function description() {
  const header = (/** @type {string} */ name) => ({
    type: "apiKey",
    in: "header",
    name,
  });
  const all = {
    openapi: "3.1.0",
    info: {
      title: "parse-two-factor",
      version,
      description:
        "Two-factor sign-in for Parse Server. docs/wire.md says when each answer and refusal comes.",
      license: { name: "MIT OR Apache-2.0", identifier: "MIT OR Apache-2.0" },
    },
    servers: [{ url: "http://localhost:1337/parse" }],
    paths: Object.fromEntries(
      functions().map((name) => [
        `/functions/${name}`,
        { post: operation(name) },
      ]),
    ),
    components: {
      securitySchemes: {
        application: header("X-Parse-Application-Id"),
        session: header("X-Parse-Session-Token"),
        master: header("X-Parse-Master-Key"),
      },
      schemas: schemas(),
    },
  };
  return prettier.format(JSON.stringify(all), { parser: "json" });
}

if (require.main === module) {
  description().then((text) => fs.writeFileSync(FILE, text));
}

module.exports = { FILE, description };
