// @ts-check
"use strict";

const { randomBytes } = require("node:crypto");
const { createRequire } = require("node:module");
const { startDatabase } = require("./sandbox");

/** @typedef {{uri: string, stop: () => Promise<void>}} Database */

/** The drivers of databases are those that Parse Server brings. */
const driver = createRequire(require.resolve("parse-server"));

/**
 * The embedded server of this test file, shared by its apps: making one takes longer than starting the app.
 * @type {Promise<Database> | undefined}
 */
let embedded;
let borrowers = 0;

/**
 * An empty database for one app: on the server that `PARSE_SERVER_DATABASE_URI` names, else on an embedded
 * PostgreSQL that ends with the last app of the file.
 *
 * @returns {Promise<Database>}
 */
async function freshDatabase() {
  const given = process.env.PARSE_SERVER_DATABASE_URI;
  if (given) return databaseOn(given);

  borrowers++;
  const giveBack = async () => {
    if (--borrowers > 0) return;
    const server = await embedded?.catch(() => undefined);
    embedded = undefined;
    await server?.stop();
  };
  try {
    embedded ??= startDatabase();
    const { uri } = await databaseOn((await embedded).uri);
    return { uri, stop: giveBack };
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/**
 * @param {string} server
 * @returns {Promise<Database>}
 */
async function databaseOn(server) {
  const name = `two_factor_${randomBytes(6).toString("hex")}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  if (url.protocol.startsWith("mongodb")) {
    return { uri: url.href, stop: () => dropMongo(url.href) };
  }
  try {
    await onPostgres(server, `CREATE DATABASE ${name}`);
  } catch (error) {
    // Not every account may create databases. The tests name all that they make uniquely, so a shared one does.
    const insufficientPrivilege = "42501";
    if (/** @type {any} */ (error).code !== insufficientPrivilege) throw error;
    return { uri: server, stop: async () => {} };
  }
  return {
    uri: url.href,
    stop: () => onPostgres(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

/**
 * @param {string} uri
 * @param {string} statement
 */
async function onPostgres(uri, statement) {
  const database = driver("pg-promise")()(uri);
  try {
    await database.none(statement);
  } finally {
    await database.$pool.end();
  }
}

/** @param {string} uri */
async function dropMongo(uri) {
  const client = await driver("mongodb").MongoClient.connect(uri);
  try {
    await client.db().dropDatabase();
  } finally {
    await client.close();
  }
}

module.exports = { freshDatabase };
