// @ts-check
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { blocks } = require("./support/markdown");

/** The examples of metrics in docs/operations.md, run as their reader would run them. */

const EVENTS = [
  { what: "signed-in", method: "sms", outcome: 0 },
  { what: "signed-in", method: "sms", outcome: 0 },
  { what: "code-refused", method: "totp", outcome: 4024 },
  { what: "factor-disabled", outcome: 4019 },
];

/** @param {RegExp} mark what the example is told by */
function example(mark) {
  const found = blocks("docs/operations.md").filter(
    ({ language, code }) => language === "js" && mark.test(code),
  );
  assert.equal(found.length, 1, String(mark));
  const [{ code }] = found;
  const lines = code.trim().split("\n").length;
  assert.ok(lines <= 16, `${lines} lines`);
  return code;
}

/**
 * Runs an example as Cloud Code.
 * @param {string} code
 * @param {string} answer what of it is handed back
 * @param {Record<string, any>} [modules]
 * @returns {{ options: () => any, result: any }}
 */
function run(code, answer, modules = {}) {
  /** @type {any} */
  let options;
  const all = {
    ...modules,
    "parse-two-factor": (/** @type {any} */ _, /** @type {any} */ given) =>
      (options = given),
  };
  const from = (/** @type {string} */ name) =>
    /** @type {any} */ (all)[name] ?? require(name);
  const cloud = new Function("require", "Parse", `${code}\nreturn ${answer};`);
  return { result: cloud(from, {}), options: () => options };
}

test("The example for Prometheus counts events by what happened, by method and outcome, and serves them as text.", async () => {
  process.env.METRICS_PORT = "0";
  const { result: server, options } = run(
    example(/openmetrics|# TYPE/),
    "metrics",
  );
  try {
    if (!server.listening) {
      await new Promise((resolve) => server.once("listening", resolve));
    }
    for (const event of EVENTS) options().onEvent(event);
    const { port } = server.address();
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    assert.match(answer.headers.get("content-type") ?? "", /^text\/plain/);
    assert.deepEqual((await answer.text()).trimEnd().split("\n"), [
      "# TYPE two_factor_events_total counter",
      'two_factor_events_total{what="signed-in",method="sms",outcome="0"} 2',
      'two_factor_events_total{what="code-refused",method="totp",outcome="4024"} 1',
      'two_factor_events_total{what="factor-disabled",method="",outcome="4019"} 1',
    ]);
  } finally {
    delete process.env.METRICS_PORT;
    server.close();
  }
});

test("The example for OpenTelemetry adds one for each event, and hands over nothing that leads to a person.", () => {
  /** @type {unknown[]} */
  const added = [];
  const api = {
    metrics: {
      getMeter: () => ({
        createCounter: () => ({
          add: (/** @type {unknown[]} */ ...args) => added.push(args),
        }),
      }),
    },
  };
  const code = example(/opentelemetry/);
  const { options } = run(code, "undefined", { "@opentelemetry/api": api });
  const personal = { user: "ada", address: "192.0.2.1", about: "•••• 0006" };
  for (const event of EVENTS) options().onEvent({ ...event, ...personal });
  assert.deepEqual(
    added,
    EVENTS.map(({ what, method, outcome }) => [1, { what, method, outcome }]),
  );
});
