// @ts-check
"use strict";

const net = require("node:net");
const { listen } = require("./listen");

/**
 * What may happen to a statement on its way:
 * - `lost`: the connection is cut before the server gets it;
 * - `unanswered`: the server carries it out, and the connection is cut before the answer;
 * - `late`: the server carries it out, and the answer waits until it is released.
 * @typedef {"lost" | "unanswered" | "late"} Fault
 *
 * @typedef {object} Trap
 * @property {() => string | undefined} statement the one that fell into it, if any has
 * @property {Promise<void>} met settles once its fault has happened: with `late`, once the server has answered
 * @property {() => void} release lets a late answer go, and catches nothing any more
 */

/**
 * A way to a PostgreSQL server on which chosen statements meet a fault. It reads no more of the protocol than where a
 * message begins and ends (PostgreSQL, "Frontend/Backend Protocol").
 *
 * @param {string} uri
 */
async function startPostgresProxy(uri) {
  /** @type {Set<net.Socket>} */
  const sockets = new Set();
  /** @type {string[]} */
  let passed = [];
  /** @type {{catches: (statement: string) => boolean, fault: Fault, spring: (statement: string, connection: Connection) => void} | undefined} */
  let trap;

  const { hostname, port } = new URL(uri);
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(port), hostname);
    const connection = new Connection(client, upstream);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        connection.cut();
      });
    }
    connection.onStatement = (statement) => {
      passed.push(statement);
      if (!trap?.catches(statement)) return undefined;
      const { fault, spring } = trap;
      trap = undefined;
      spring(statement, connection);
      return fault;
    };
  });
  const own = new URL(uri);
  own.hostname = "127.0.0.1";
  own.port = String(await listen(server));

  return {
    uri: own.href,

    /**
     * @param {() => Promise<unknown>} work
     * @returns {Promise<string[]>} the statements that passed meanwhile
     */
    async during(work) {
      passed = [];
      await work();
      return passed;
    },

    /**
     * Lays a trap for one statement: the nth from now on, or the first that the pattern matches.
     * @param {number | RegExp} which
     * @param {Fault} fault
     * @returns {Trap}
     */
    at(which, fault) {
      let seen = 0;
      /** @type {string | undefined} */
      let caught;
      /** @type {Connection | undefined} */
      let on;
      const met = new Promise((resolve) => {
        trap = {
          fault,
          catches: (statement) =>
            typeof which === "number"
              ? ++seen === which
              : which.test(statement),
          spring: (statement, connection) => {
            caught = statement;
            on = connection;
            connection.onFault = () => resolve(undefined);
          },
        };
      });
      return {
        statement: () => caught,
        met,
        release() {
          trap = undefined;
          on?.release();
        },
      };
    },

    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** One connection of the app's, and the one to the server that it is passed on to. */
class Connection {
  /** @type {(statement: string) => Fault | undefined} */
  onStatement = () => undefined;
  onFault = () => {};
  #client;
  #upstream;
  /** What has come of a message that is not whole yet. */
  #asked = Buffer.alloc(0);
  #answered = Buffer.alloc(0);
  /** The first message has no type. */
  #started = false;
  /** @type {Fault | undefined} */
  #fault;
  /** @type {Buffer[] | undefined} */
  #held;

  /**
   * @param {net.Socket} client
   * @param {net.Socket} upstream
   */
  constructor(client, upstream) {
    this.#client = client;
    this.#upstream = upstream;
    client.on("data", (chunk) => this.#ask(/** @type {Buffer} */ (chunk)));
    upstream.on("data", (chunk) => this.#answer(/** @type {Buffer} */ (chunk)));
  }

  cut() {
    this.#client.destroy();
    this.#upstream.destroy();
  }

  release() {
    for (const chunk of this.#held ?? []) this.#client.write(chunk);
    this.#held = undefined;
  }

  /** @param {Buffer} chunk */
  #ask(chunk) {
    this.#asked = Buffer.concat([this.#asked, chunk]);
    for (;;) {
      const typed = this.#started ? 1 : 0;
      if (this.#asked.length < typed + 4) return;
      const length = typed + this.#asked.readInt32BE(typed);
      if (this.#asked.length < length) return;
      const message = this.#asked.subarray(0, length);
      this.#asked = this.#asked.subarray(length);
      // Q: a statement. Parse Server's driver puts the values into its text, so there is no other kind.
      if (typed && message[0] === 0x51) {
        this.#fault = this.onStatement(message.toString("utf8", 5, length - 1));
      }
      this.#started = true;
      if (this.#fault === "lost") {
        this.cut();
        return this.onFault();
      }
      this.#upstream.write(message);
    }
  }

  /** @param {Buffer} chunk */
  #answer(chunk) {
    if (!this.#fault) {
      this.#client.write(chunk);
      return;
    }
    this.#answered = Buffer.concat([this.#answered, chunk]);
    // Z, "ready for query", ends an answer, and nothing comes after it unasked.
    const end = this.#answered.subarray(-6);
    if (end[0] !== 0x5a || end.readInt32BE(1) !== 5) return;
    if (this.#fault === "late") this.#held = [this.#answered];
    else this.cut();
    this.#fault = undefined;
    this.#answered = Buffer.alloc(0);
    this.onFault();
  }
}

module.exports = { startPostgresProxy };
