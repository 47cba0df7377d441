// @ts-check
"use strict";

const server = require("./server.js");

/** @typedef {(method: string, path: string, body: object, options: object, config?: object) => Promise<any>} Call */

/** By application: the routes never change. @type {Map<string, Call>} */
const calls = new Map();

/**
 * Parse's own way to call its REST API within the process, whatever `directAccess` says: over HTTP another node might answer. It takes the
 * configuration to go by.
 * @param {any} Parse
 * @returns {Call | undefined} `undefined` where this server does not show its parts
 */
function inProcess(Parse) {
  const appId = Parse.applicationId;
  const known = calls.get(appId);
  if (known) return known;
  const { ParseServerRESTController } =
    server.running(Parse, "ParseServerRESTController.js") ?? {};
  const ParseServer = server.running(Parse, "ParseServer.js")?.default;
  if (!ParseServerRESTController || !ParseServer?.promiseRouter) {
    return undefined;
  }
  const router = ParseServer.promiseRouter({ appId, options: {} });
  const { request } = ParseServerRESTController(appId, router);
  calls.set(appId, request);
  return request;
}

module.exports = { inProcess };
