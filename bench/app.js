// @ts-check
"use strict";

const { createClient } = require("./client.js");
const { peers } = require("./peers.js");
const { startServer } = require("./process.js");

/** @typedef {Awaited<ReturnType<typeof startApp>>} App */
/** @typedef {import("./peers.js").User} User */

/** Numbers of one country, all in one block of ten thousand. */
const FIRST_NUMBER = 14155550000;

/**
 * A peer's whole app: one or more Parse Server processes on one database, and users who can sign in.
 * @param {string} peer
 * @param {import("./database.js").Database} database
 * @param {import("./process.js").Phone} phone
 * @param {{nodes?: number, recording?: boolean, busy?: boolean, execArgv?: string[]}} [options]
 */
async function startApp(peer, database, phone, { nodes = 1, ...options } = {}) {
  /** @type {import("./process.js").Server[]} */
  const servers = [];
  for (let node = 0; node < nodes; node++) {
    servers.push(
      await startServer({
        peer,
        databaseURI: database.uri,
        twilioUrl: phone.url,
        ...options,
      }),
    );
  }
  const clients = servers.map((server) => createClient(server.url));
  let ahead = 0;
  let users = 0;

  const device = (/** @type {number} */ node) => ({
    client: clients[node],
    phone,
    now: () => Date.now() + ahead,
  });

  return {
    database,
    servers,
    clients,

    /**
     * A user who can sign in that way.
     * @param {string} way
     * @param {User["authenticator"]} [authenticator] for a passkey; one of its own by default
     * @returns {Promise<User>}
     */
    async createUser(way, authenticator) {
      const name = `${way}-${users}`;
      const user = {
        id: "",
        username: name,
        password: `password of ${name}`,
        phone: `+${FIRST_NUMBER + users}`,
        authenticator,
      };
      users += 1;
      const { username, password } = user;
      const signUp = { username, password };
      const { objectId } = await clients[0].asMaster("POST", "/users", signUp);
      user.id = objectId;
      await peers[peer].ways[way].enrol(user, device(0));
      return user;
    },

    /**
     * @param {string} way
     * @param {User} user
     * @param {number} [node]
     */
    async signIn(way, user, node = 0) {
      const token = await peers[peer].ways[way].signIn(user, device(node));
      if (!/^r:/.test(token)) throw new Error(`no session token: ${token}`);
    },

    /**
     * Lets the peer's clock run ahead, where it takes one; the database's and Parse Server's go on as they are.
     * @param {number} milliseconds
     */
    async advance(milliseconds) {
      ahead += milliseconds;
      await Promise.all(servers.map((server) => server.advance(milliseconds)));
    },

    async stop() {
      for (const client of clients) client.close();
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

module.exports = { startApp };
