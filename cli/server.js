// @ts-check
"use strict";

/**
 * A running Parse Server, asked over REST with the master key.
 */

const { isIPv4 } = require("node:net");
const { CliError } = require("./cli-error.js");

const TIMEOUT_MILLISECONDS = 20_000;

/** Rows read at a time, so that any number of users fits into memory. */
const PAGE = 500;

/**
 * @typedef {{ status: number, body: any }} Answer
 * @typedef {{ body?: object, query?: Record<string, unknown>, headers?: Record<string, string>, master?: boolean }} Details
 */

class Server {
  #appId;
  #masterKey;
  #restApiKey;
  /** What the app calls functions, by our names. @type {Record<string, string>} */
  #names = {};

  /**
   * @param {string} url where Parse is mounted
   * @param {string} appId
   * @param {string} masterKey
   * @param {string} [restApiKey] what an app with client keys asks of its clients
   */
  constructor(url, appId, masterKey, restApiKey) {
    this.url = url;
    this.#appId = appId;
    this.#masterKey = masterKey;
    this.#restApiKey = restApiKey;
  }

  /**
   * The server that the options and the environment name.
   * @param {Record<string, any>} flags
   * @param {NodeJS.ProcessEnv} env
   * @throws {CliError} if something is missing
   */
  static named(flags, env) {
    const url = flags.url || env.PARSE_SERVER_URL;
    const appId = flags["app-id"] || env.PARSE_SERVER_APPLICATION_ID;
    const masterKey = env.PARSE_SERVER_MASTER_KEY;
    const missing = [
      [url, "PARSE_SERVER_URL (https://example.com/parse) or --url"],
      [appId, "PARSE_SERVER_APPLICATION_ID or --app-id"],
      [masterKey, "PARSE_SERVER_MASTER_KEY"],
    ].filter(([value]) => !value);
    if (missing.length > 0) {
      throw new CliError(
        `Set ${missing.map(([, name]) => name).join(", and ")}: that is how the server is asked.`,
      );
    }
    if (!/^https?:\/\/./.test(url) || !URL.canParse(url)) {
      throw new CliError(
        "The URL of Parse Server begins with https:// (or http://) and ends where Parse is mounted, as in https://example.com/parse.",
      );
    }
    return new Server(
      url.replace(/\/+$/, ""),
      appId,
      String(masterKey),
      env.PARSE_SERVER_REST_API_KEY,
    );
  }

  /** Whether nobody on the way can read what is sent: it goes by https, or stays on this machine. */
  get isPrivate() {
    const { protocol, hostname } = new URL(this.url);
    return (
      protocol === "https:" ||
      hostname === "localhost" ||
      hostname === "[::1]" ||
      // A name may begin like this as well: 127.example.com.
      (isIPv4(hostname) && hostname.startsWith("127."))
    );
  }

  /**
   * Sends a request and returns the answer, whatever it is.
   * @param {string} method
   * @param {string} path below the mount
   * @param {Details} [details]
   * @returns {Promise<Answer>}
   * @throws {CliError} if the server does not answer, or is not Parse
   */
  async send(method, path, details = {}) {
    const text = await this.#fetch(method, path, details);
    try {
      return { status: text.status, body: JSON.parse(text.body) };
    } catch {
      throw new CliError(
        `What answers at ${this.url} is not Parse (status ${text.status}): the URL has to end where Parse is mounted, often /parse or /1.`,
      );
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Details} details
   * @returns {Promise<{ status: number, body: string }>}
   */
  async #fetch(method, path, { body, query = {}, headers, master = true }) {
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    const suffix = search.size > 0 ? `?${search}` : "";
    try {
      const response = await fetch(`${this.url}${path}${suffix}`, {
        method,
        headers: {
          "X-Parse-Application-Id": this.#appId,
          ...(master && { "X-Parse-Master-Key": this.#masterKey }),
          ...(this.#restApiKey && { "X-Parse-REST-API-Key": this.#restApiKey }),
          "Content-Type": "application/json",
          ...headers,
        },
        body: body && JSON.stringify(body),
        // A server that we were redirected to would receive the master key.
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      return { status: response.status, body: await response.text() };
    } catch (/** @type {any} */ error) {
      const reason = error?.cause?.code ?? error?.name ?? "no answer";
      throw new CliError(
        `The server at ${this.url} could not be reached (${reason}): is it running, and is the URL right?`,
      );
    }
  }

  /**
   * Sends a request that has to succeed.
   * @param {string} method
   * @param {string} path
   * @param {Details} [details]
   * @returns {Promise<any>} the body of the answer
   * @throws {CliError} if the server refuses
   */
  async request(method, path, details) {
    const { status, body } = await this.send(method, path, details);
    if (status < 300) return body;
    throw new CliError(
      `The server refused ${method} ${path.split("?")[0]}: ${body?.error ?? "no reason given"} (${body?.code ?? status}).`,
    );
  }

  /**
   * What the deployment says of itself. Ask for it first: it also shows whether the master key is right.
   * @returns {Promise<any>}
   * @throws {CliError} which says what is wrong
   */
  async health() {
    const { status, body } = await this.send(
      "POST",
      "/functions/twoFactorHealth",
      { body: {} },
    );
    if (status < 300) {
      this.#names = body.result.functions ?? {};
      return body.result;
    }
    throw new CliError(diagnosis(status, body));
  }

  /**
   * Calls a function of ours with the master key. The deployment's health, asked for before, says what the app calls it.
   * @param {string} name
   * @param {object} params
   */
  async run(name, params) {
    const path = `/functions/${this.#names[name] ?? name}`;
    const { result } = await this.request("POST", path, { body: params });
    return result;
  }

  /**
   * All rows of a class.
   * @param {string} className
   * @param {string} keys the columns wanted
   * @returns {AsyncGenerator<any>}
   */
  async *rows(className, keys) {
    for await (const page of this.pages(className, keys)) yield* page;
  }

  /**
   * All rows of a class, a page at a time. Only an empty page is the last: Parse Server's option `maxLimit` cuts every page short, and does
   * not say so.
   * @param {string} className
   * @param {string} keys the columns wanted
   * @param {object} [those] which rows
   * @returns {AsyncGenerator<any[]>}
   */
  async *pages(className, keys, those = {}) {
    let last = "";
    for (;;) {
      const { results } = await this.request("GET", `/classes/${className}`, {
        query: {
          where: last ? { ...those, objectId: { $gt: last } } : those,
          order: "objectId",
          limit: PAGE,
          keys,
        },
      });
      if (results.length === 0) return;
      yield results;
      last = results[results.length - 1].objectId;
    }
  }
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
    return `The server does not let this command in (${[status, body?.error].filter(Boolean).join(" ")}): check PARSE_SERVER_APPLICATION_ID, and that the address of this machine is among Parse Server's masterKeyIps.`;
  }
  if (body?.code === 141) {
    return "The server is open: it knows no function twoFactorHealth, so nobody there is asked for a second factor. Its cloud/main.js does not require parse-two-factor, or an older version of it, or without (Parse) behind it, or the line failed and the host went on without it: see the server's log.";
  }
  if (body?.code === 4023) {
    return `The server is closed (4023), and nobody can sign in: its host went on after an error in Cloud Code. ${body.error}`;
  }
  if (body?.code === 4022) {
    return 'parse-two-factor cannot use the database there: see the server\'s log. If it says "Cannot convert undefined or null to object", hold the package router at 2.2.0, as in the README.';
  }
  return `The server does not say how it is: ${body?.error ?? "no reason given"} (${body?.code ?? status}).`;
}

exports.Server = Server;
