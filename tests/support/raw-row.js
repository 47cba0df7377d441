// @ts-check
"use strict";

/**
 * A user's row as the database has it, past Parse Server: what its API neither shows nor lets anybody write.
 */

const { createRequire } = require("node:module");

/** The drivers of databases are those that Parse Server brings. */
const driver = createRequire(require.resolve("parse-server"));

/**
 * @param {string} uri
 * @param {string} user
 * @returns {Promise<any>}
 */
async function readRow(uri, user) {
  if (uri.startsWith("mongodb")) {
    return onMongo(uri, (users) => users.findOne({ _id: user }));
  }
  return onPostgres(uri, (database) =>
    database.one('SELECT * FROM "_User" WHERE "objectId" = $1', [user]),
  );
}

/**
 * @param {string} uri
 * @param {string} user
 * @param {string} column
 * @param {unknown} value
 */
async function writeRow(uri, user, column, value) {
  if (uri.startsWith("mongodb")) {
    await onMongo(uri, (users) =>
      users.updateOne({ _id: user }, { $set: { [column]: value } }),
    );
    return;
  }
  const isJSON = typeof value === "object" && !(value instanceof Date);
  const text = isJSON && value !== null ? JSON.stringify(value) : value;
  await onPostgres(uri, (database) =>
    database.none('UPDATE "_User" SET $1:name = $2 WHERE "objectId" = $3', [
      column,
      text,
      user,
    ]),
  );
}

/**
 * @param {string} uri
 * @param {string} user
 * @param {Record<string, unknown>} authData by provider
 */
async function writeAuthData(uri, user, authData) {
  if (!uri.startsWith("mongodb")) {
    await writeRow(uri, user, "authData", authData);
    return;
  }
  for (const [provider, data] of Object.entries(authData)) {
    await writeRow(uri, user, `_auth_data_${provider}`, data);
  }
}

/**
 * @template T
 * @param {string} uri
 * @param {(database: any) => Promise<T>} work
 */
async function onPostgres(uri, work) {
  const database = driver("pg-promise")()(uri);
  try {
    return await work(database);
  } finally {
    await database.$pool.end();
  }
}

/**
 * @template T
 * @param {string} uri
 * @param {(users: any) => Promise<T>} work
 */
async function onMongo(uri, work) {
  const client = await driver("mongodb").MongoClient.connect(uri);
  try {
    return await work(client.db().collection("_User"));
  } finally {
    await client.close();
  }
}

module.exports = { readRow, writeRow, writeAuthData };
