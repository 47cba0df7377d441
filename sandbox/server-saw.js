// @ts-check
"use strict";

/**
 * What the server saw, for the drawer of the demo's page: the event trail, and what the operator's command says. To this machine only, and
 * nowhere in `demo/`: whoever reads it reads what an operator does.
 */

const { execFile } = require("node:child_process");
const path = require("node:path");
const { onlyHere } = require("./only-here.js");

const COMMAND = path.join(__dirname, "..", "bin", "parse-two-factor.js");

/** Entries of the trail that are shown. */
const SHOWN = 40;

/** @param {import("../demo/index.js").App} demo */
function serveWhatTheServerSaw({ app, url, applicationId, masterKey }) {
  app.get("/demo/events", onlyHere, async (request, response) => {
    response.set("Cache-Control", "no-store").json(await trail());
  });
  app.get("/demo/doctor", onlyHere, (request, response) => {
    const env = {
      ...process.env,
      PARSE_SERVER_URL: `${url}/parse`,
      PARSE_SERVER_APPLICATION_ID: applicationId,
      PARSE_SERVER_MASTER_KEY: masterKey,
    };
    const args = [COMMAND, "doctor", "--json"];
    // Its exit code says how bad it is, and so does what it prints.
    execFile(process.execPath, args, { env }, (error, stdout) => {
      response.set("Cache-Control", "no-store");
      if (stdout) response.type("json").send(stdout);
      else response.status(500).json({ error: String(error) });
    });
  });
}

async function trail() {
  const asMaster = { useMasterKey: true };
  const events = await new Parse.Query("TwoFactorEvent")
    .descending("at")
    .limit(SHOWN)
    .find(asMaster);
  const ids = [...new Set(events.map((event) => event.get("user")))];
  const users = await new Parse.Query(Parse.User)
    .containedIn("objectId", ids)
    .find(asMaster);
  const names = new Map(users.map((user) => [user.id, user.get("username")]));
  return events.map((event) => ({
    id: event.id,
    at: event.get("at"),
    what: event.get("what"),
    username: names.get(event.get("user")),
    method: event.get("method"),
    about: event.get("about"),
    outcome: event.get("outcome"),
  }));
}

module.exports = { serveWhatTheServerSaw };
