// @ts-check
"use strict";

/**
 * `npm start`: runs the app in `demo/` and brings what it needs from outside: packages, a database, a stand-in of Twilio. It runs on a
 * fresh clone, so nothing outside Node may be required before the install.
 */

const path = require("node:path");
const { installMissing } = require("./install.js");

/** The demo's own number. Twilio sends nothing from a number to itself, so it is not the tutorial's user's. */
const SENDER = "+15005550100";
const USER = { username: "123", password: "123" };
const NUMBER = "+15005550006";

/** A template of WhatsApp's for codes, which an app of one's own has to have approved. */
const TEMPLATE = { contentSid: { en: `HX${"d".repeat(32)}` } };

/** @type {(() => Promise<void>)[]} */
const running = [];
let stopping = false;

async function main() {
  const { env } = process;
  checkNode();
  checkPort();
  const interrupt = new AbortController();
  const installed = installMissing(
    path.join(__dirname, ".."),
    interrupt.signal,
  );
  running.push(async () => {
    interrupt.abort();
    await installed.catch(() => {});
  });
  await installed;

  const twilio = hasTwilioAccount() ? undefined : await standInForTwilio();
  if (!env.PARSE_SERVER_DATABASE_URI) {
    const { startDatabase } = require("./database.js");
    const database = await startDatabase();
    running.push(database.stop);
    env.PARSE_SERVER_DATABASE_URI = database.uri;
  }

  // Enrolling authenticator apps needs keys of one's own. These are everybody's, which is right for a demo and for nothing else.
  env.TWO_FACTOR_KEYS ||= `demo:${Buffer.alloc(32, "demo").toString("base64")}`;

  // Passkeys are bound to the host name of the page, which is this machine's here.
  const given = JSON.parse(env.TWO_FACTOR_OPTIONS || "{}");
  const channels = given.channels && {
    ...given.channels,
    // Twilio Verify has templates of its own.
    ...(given.channels.whatsapp === true && !given.verify
      ? { whatsapp: TEMPLATE }
      : {}),
  };
  env.TWO_FACTOR_OPTIONS = JSON.stringify({
    webauthn: { rpId: "localhost" },
    ...given,
    channels,
  });

  const { startMailbox } = require("./mailbox.js");
  const mailbox = startMailbox();
  const app = await require("../demo/index.js").start({
    ...providers(),
    emailAdapter: mailbox.adapter,
    // Links in mails lead here.
    appName: "parse-two-factor demo",
    publicServerURL: `http://localhost:${process.env.PORT || 1337}/parse`,
  });
  running.push(app.stop);
  serve(app.app, "/demo/mail", mailbox.received);
  if (twilio) serve(app.app, "/demo/messages", twilio.received);
  require("./server-saw.js").serveWhatTheServerSaw(app);
  const dashboard = require("./dashboard.js").serveDashboard(
    app,
    given.functions,
  );
  await seed();

  const real = "A real Twilio account is set: messages go to real phones.";
  const stoodIn = `Messages go to a stand-in of Twilio: ${app.url}/demo/messages?to=${encodeURIComponent(NUMBER)}`;
  console.log(`
  ${app.url}
  Sign in as ${USER.username} with the password ${USER.password}.
  ${twilio ? stoodIn : real}${dashboard ? `\n  ${dashboard}` : ""}

  curl ${app.url}/parse/functions/login \\
    -H 'X-Parse-Application-Id: ${app.applicationId}' -H 'Content-Type: application/json' \\
    -d '{"username": "${USER.username}", "password": "${USER.password}"}'
`);
  console.log(`ready at ${app.url}`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(
      `Parse Server 9 needs Node 20.19 or newer; this is ${process.version}`,
    );
  }
}

function checkPort() {
  const port = process.env.PORT || "1337";
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65535) {
    throw new Error(`PORT is ${port}, which is not a port`);
  }
}

/** Options of Parse Server for a provider to sign in by, if it is asked for. */
function providers() {
  if (process.env.DEMO_PROVIDER !== "1") return {};
  const { demoProvider } = require("./provider.js");
  return { auth: { demo: { enabled: true, module: demoProvider } } };
}

/** Both spellings: the tutorial's, and Twilio's own. */
function hasTwilioAccount() {
  const { env } = process;
  const sid = env.TWILLIO_ACCOUNT_SID || env.TWILIO_ACCOUNT_SID;
  const token = env.TWILLIO_AUTH_TOKEN || env.TWILIO_AUTH_TOKEN;
  if (Boolean(sid) !== Boolean(token)) {
    throw new Error(
      `Half a Twilio account is set: the ${sid ? "auth token" : "account SID"} is missing. Set both, or neither to use the stand-in`,
    );
  }
  return Boolean(sid);
}

/** cloud/main.js reads an account from the environment, as it will on SashiDo, and cannot tell that it is ours. */
async function standInForTwilio() {
  const { randomBytes } = require("node:crypto");
  const { startTwilio } = require("./twilio/index.js");
  const accountSid = `AC${randomBytes(16).toString("hex")}`;
  const authToken = randomBytes(16).toString("hex");
  const twilio = await startTwilio({ accountSid, authToken });
  running.push(twilio.stop);
  twilio.captureSdk();
  Object.assign(process.env, {
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
  });
  process.env.TWILLIO_FROM_NUMBER ||= process.env.TWILIO_FROM_NUMBER || SENDER;
  return twilio;
}

/**
 * What a phone or a mailbox would show, to this machine only. Whoever reads it needs no phone, so no real deployment may have it:
 * it exists here and nowhere in `demo/`.
 * @param {import("express").Express} app
 * @param {string} path
 * @param {{ to: string }[]} received
 */
function serve(app, path, received) {
  const { BlockList } = require("node:net");
  const loopback = new BlockList();
  loopback.addSubnet("127.0.0.0", 8);
  loopback.addAddress("::1", "ipv6");

  app.get(path, (request, response) => {
    // The socket's address: a header can claim anything.
    const { remoteAddress = "", remoteFamily } = request.socket;
    const family = remoteFamily === "IPv6" ? "ipv6" : "ipv4";
    if (!loopback.check(remoteAddress, family)) {
      response.status(403).json({ error: "Only from this machine" });
      return;
    }
    const { to } = request.query;
    response
      .set("Cache-Control", "no-store")
      .json(
        received.filter((message) => to === undefined || message.to === to),
      );
  });
}

/** Where the app looks for a number. */
function columnOfNumber() {
  const { columns } = JSON.parse(process.env.TWO_FACTOR_OPTIONS || "{}");
  return columns?.phoneNumber ?? "phone_number";
}

/** The tutorial's user. One who exists already, with whatever number and password, stays as they are. */
async function seed() {
  const asMaster = { useMasterKey: true };
  const existing = new Parse.Query(Parse.User).equalTo(
    "username",
    USER.username,
  );
  if (await existing.first(asMaster)) return;
  try {
    const user = { ...USER, [columnOfNumber()]: NUMBER };
    await new Parse.User(user).save(null, asMaster);
  } catch (error) {
    // Another process on the same database was faster.
    const { USERNAME_TAKEN, DUPLICATE_VALUE } = Parse.Error;
    const { code } = /** @type {Parse.Error} */ (error);
    if (code !== USERNAME_TAKEN && code !== DUPLICATE_VALUE) throw error;
  }
}

/** @param {number} code */
async function stop(code) {
  if (stopping) return;
  stopping = true;
  for (const end of running.reverse()) {
    await end().catch((error) => {
      console.error(error);
      code = 1;
    });
  }
  process.exit(code);
}

process.on("SIGINT", () => stop(0));
process.on("SIGTERM", () => stop(0));
// npm passes a SIGTERM on to the shell between it and us, which ends without a word: then our parent is another one.
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(0), 500).unref();
}

main().catch((error) => {
  if (stopping) return;
  const { code, port, message = String(error) } = error;
  console.error(
    code === "EADDRINUSE"
      ? `Port ${port} is in use: set PORT to another one`
      : message,
  );
  return stop(1);
});
