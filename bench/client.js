// @ts-check
"use strict";

const http = require("node:http");

const MASTER = { "X-Parse-Master-Key": "bench-master-key" };

/** @typedef {ReturnType<typeof createClient>} Client */
/** @typedef {{status: number, body: any}} Answer */

/**
 * A client of Parse's REST API over connections that stay open, as an app's or a proxy's do.
 * @param {string} url where Parse Server is mounted
 */
function createClient(url) {
  const agent = new http.Agent({ keepAlive: true });
  /** @type {Set<import("node:net").Socket>} */
  const sockets = new Set();

  /**
   * @param {string} method
   * @param {string} route below the mount, `/users/me`
   * @param {object} [body]
   * @param {Record<string, string>} [headers]
   * @returns {Promise<Answer>}
   */
  const rest = (method, route, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const text = body && JSON.stringify(body);
      const request = http.request(
        url + route,
        {
          method,
          agent,
          headers: {
            "X-Parse-Application-Id": "bench",
            ...(text && {
              "Content-Type": "application/json",
              "Content-Length": Buffer.byteLength(text),
            }),
            ...headers,
          },
        },
        async (response) => {
          try {
            let answer = "";
            for await (const chunk of response.setEncoding("utf8")) {
              answer += chunk;
            }
            const status = response.statusCode ?? 0;
            resolve({ status, body: JSON.parse(answer) });
          } catch (error) {
            reject(error);
          }
        },
      );
      request.once("socket", (socket) => sockets.add(socket));
      request.once("error", reject);
      request.end(text);
    });

  /**
   * @param {string} method
   * @param {string} route
   * @param {object} [body]
   * @param {Record<string, string>} [headers]
   * @returns {Promise<any>} the body of an answer that must be a success
   */
  const succeed = async (method, route, body, headers) => {
    const answer = await rest(method, route, body, headers);
    if (answer.status >= 300) {
      throw new Error(
        `${method} ${route}: ${answer.status} ${JSON.stringify(answer.body)}`,
      );
    }
    return answer.body;
  };

  return {
    rest,
    succeed,

    /**
     * A Cloud function that must succeed.
     * @param {string} name
     * @param {object} params
     * @param {string} [sessionToken]
     */
    run: async (name, params, sessionToken) =>
      (
        await succeed("POST", `/functions/${name}`, params, {
          ...(sessionToken && { "X-Parse-Session-Token": sessionToken }),
        })
      ).result,

    /**
     * @param {string} method
     * @param {string} route
     * @param {object} [body]
     */
    asMaster: (method, route, body) => succeed(method, route, body, MASTER),

    /** Bytes on the wire in both directions so far, headers included. */
    bytes: () =>
      [...sockets].reduce(
        (sum, socket) => sum + socket.bytesRead + socket.bytesWritten,
        0,
      ),

    close: () => agent.destroy(),
  };
}

module.exports = { createClient };
