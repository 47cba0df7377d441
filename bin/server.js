// @ts-check
"use strict";

/**
 * A running Parse Server, asked over REST with the master key.
 */

const { Trouble } = require("./trouble.js");

const TIMEOUT_MILLISECONDS = 20_000;

/** Rows read at a time, so that any number of users fits into memory. */
const PAGE = 500;

/**
 * @typedef {{ status: number, body: any }} Answer
 * @typedef {ReturnType<typeof connect>} Server
 * @typedef {{ body?: object, query?: Record<string, unknown>, headers?: Record<string, string>, master?: boolean }} Details
 */

/**
 * @param {Record<string, any>} flags
 * @param {NodeJS.ProcessEnv} env
 */
function connect(flags, env) {
  const url = flags.url || env.PARSE_SERVER_URL;
  const appId = flags["app-id"] || env.PARSE_SERVER_APPLICATION_ID;
  const masterKey = env.PARSE_SERVER_MASTER_KEY;
  const missing = [
    [url, "PARSE_SERVER_URL (https://example.com/parse) or --url"],
    [appId, "PARSE_SERVER_APPLICATION_ID or --app-id"],
    [masterKey, "PARSE_SERVER_MASTER_KEY"],
  ].filter(([value]) => !value);
  if (missing.length > 0) {
    throw new Trouble(
      `Set ${missing.map(([, name]) => name).join(", and ")}: that is how the server is asked.`,
    );
  }
  if (!/^https?:\/\/./.test(url) || !URL.canParse(url)) {
    throw new Trouble(
      "The URL of Parse Server begins with https:// (or http://) and ends where Parse is mounted, as in https://example.com/parse.",
    );
  }
  const mount = url.replace(/\/+$/, "");

  /**
   * @param {string} method
   * @param {string} path below the mount
   * @param {Details} [details]
   * @returns {Promise<Answer>} whatever the server says
   * @throws {Trouble} if it says nothing, or nothing that Parse would say
   */
  const ask = async (
    method,
    path,
    { body, query = {}, headers = {}, master = true } = {},
  ) => {
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    const asked = Object.keys(query).length > 0 ? `?${search}` : "";
    let response;
    let text;
    try {
      response = await fetch(`${mount}${path}${asked}`, {
        method,
        headers: {
          "X-Parse-Application-Id": appId,
          ...(master && { "X-Parse-Master-Key": masterKey }),
          "Content-Type": "application/json",
          ...headers,
        },
        body: body && JSON.stringify(body),
        // What follows would get the master key as well.
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      text = await response.text();
    } catch (/** @type {any} */ error) {
      const reason = error?.cause?.code ?? error?.name ?? "no answer";
      throw new Trouble(
        `The server at ${mount} could not be reached (${reason}): is it running, and is the URL right?`,
      );
    }
    try {
      return { status: response.status, body: JSON.parse(text) };
    } catch {
      throw new Trouble(
        `What answers at ${mount} is not Parse (status ${response.status}): the URL has to end where Parse is mounted, often /parse or /1.`,
      );
    }
  };

  /**
   * The same for what has to succeed.
   * @param {string} method
   * @param {string} path
   * @param {Details} [details]
   * @returns {Promise<any>} the body
   */
  const must = async (method, path, details) => {
    const { status, body } = await ask(method, path, details);
    if (status < 300) return body;
    throw new Trouble(
      `The server refused ${method} ${path.split("?")[0]}: ${body?.error ?? "no reason given"} (${body?.code ?? status}).`,
    );
  };

  return {
    url: mount,
    ask,
    must,

    /**
     * What the deployment says of itself. It comes before everything else, as it also tells whether the master key is right.
     * @returns {Promise<any>}
     * @throws {Trouble} which says what is wrong
     */
    async health() {
      const { status, body } = await ask("POST", "/functions/twoFactorHealth", {
        body: {},
      });
      if (status < 300) return body.result;
      throw new Trouble(diagnosis(status, body));
    },

    /**
     * A function of ours with the master key.
     * @param {string} name
     * @param {object} params
     */
    async run(name, params) {
      const { result } = await must("POST", `/functions/${name}`, {
        body: params,
      });
      return result;
    },

    /**
     * All rows of a class, a page at a time.
     * @param {string} className
     * @param {string} keys the columns wanted
     * @returns {AsyncGenerator<any>}
     */
    async *rows(className, keys) {
      let last = "";
      for (;;) {
        const { results } = await must("GET", `/classes/${className}`, {
          query: {
            where: last ? { objectId: { $gt: last } } : {},
            order: "objectId",
            limit: PAGE,
            keys,
          },
        });
        yield* results;
        if (results.length < PAGE) return;
        last = results[results.length - 1].objectId;
      }
    },
  };
}

/**
 * Why the deployment does not tell how it is.
 * @param {number} status
 * @param {any} body
 */
function diagnosis(status, body) {
  if (body?.code === 119) {
    return "The server does not take the master key: PARSE_SERVER_MASTER_KEY is not the one of this app.";
  }
  if (status === 401 || status === 403) {
    return "The server does not let this command in: check PARSE_SERVER_APPLICATION_ID, and that the address of this machine is among Parse Server's masterKeyIps.";
  }
  if (body?.code === 141) {
    return "The server knows no function twoFactorHealth: its cloud/main.js does not require parse-two-factor, or an older version of it.";
  }
  if (body?.code === 4022) {
    return 'parse-two-factor cannot use the database there: see the server\'s log. If it says "Cannot convert undefined or null to object", hold the package router at 2.2.0, as in the README.';
  }
  return `The server does not say how it is: ${body?.error ?? "no reason given"} (${body?.code ?? status}).`;
}

module.exports = { connect };
