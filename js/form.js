// @ts-check
"use strict";

/**
 * The fields of a form that somebody posts: read up to a limit, within a time, and without trust in any of it.
 */

/** Twilio's have under 2 KiB. */
const MOST_BYTES = 16 * 1024;
const MOST_FIELDS = 100;
const PATIENCE_MILLISECONDS = 10_000;

/** In characters: longer than any field that is looked at. */
const LONGEST_FIELD = 1024;

const FORM = "application/x-www-form-urlencoded";

/** A request that cannot be read. */
class Unreadable extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {Record<string, string>} [headers]
   */
  constructor(status, message, headers = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** @typedef {{ name: string, value: string }} Field */

/**
 * @param {import("node:http").IncomingMessage & { body?: any }} request
 * @param {number} [patience] in milliseconds
 * @returns {Promise<Field[]>}
 * @throws {Unreadable}
 */
async function readForm(request, patience = PATIENCE_MILLISECONDS) {
  const type = String(request.headers["content-type"] ?? "").split(";", 1)[0];
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (type.trim().toLowerCase() !== FORM || encoding !== "identity") {
    throw new Unreadable(415, `What is posted here has to be ${FORM}.`);
  }
  const fields = await fieldsOf(request, patience);
  if (fields.length > MOST_FIELDS) throw tooLong();
  if (fields.some(({ name, value }) => longest(name, value) > LONGEST_FIELD)) {
    throw tooLong();
  }
  return fields;
}

/** @param {string[]} texts */
const longest = (...texts) => Math.max(...texts.map(({ length }) => length));

const tooLong = () =>
  new Unreadable(413, `At most ${MOST_BYTES} bytes are read.`);

/**
 * @param {import("node:http").IncomingMessage & { body?: any }} request
 * @param {number} patience
 * @returns {Promise<Field[]>}
 */
async function fieldsOf(request, patience) {
  const { body } = request;
  if (typeof body === "string" || Buffer.isBuffer(body)) return parsed(body);
  // What the app has parsed already, by express.urlencoded().
  if (typeof body === "object" && body !== null) return entriesOf(body);
  return parsed(await bytesOf(request, patience));
}

/** @param {string | Buffer} body */
function parsed(body) {
  if (body.length > MOST_BYTES) throw tooLong();
  const fields = new URLSearchParams(body.toString("utf8"));
  return [...fields].map(([name, value]) => ({ name, value }));
}

/** @param {object} body */
function entriesOf(body) {
  let bytes = 0;
  return Object.entries(body).flatMap(([name, value]) =>
    [value].flat().map((one) => {
      if (typeof one !== "string") {
        throw new Unreadable(400, "A field has to be text.");
      }
      bytes += name.length + one.length;
      if (bytes > MOST_BYTES) throw tooLong();
      return { name, value: one };
    }),
  );
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {number} patience
 * @returns {Promise<Buffer>}
 */
function bytesOf(request, patience) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const chunks = [];
    let length = 0;
    /** @param {() => void} settle */
    const end = (settle) => {
      clearTimeout(timer);
      request.off("data", take).off("end", whole).off("close", broken);
      request.off("error", broken);
      request.pause();
      settle();
    };
    /** @param {Unreadable} error */
    const refuse = (error) => end(() => reject(error));
    const broken = () =>
      refuse(new Unreadable(400, "The request was cut off."));
    const whole = () => end(() => resolve(Buffer.concat(chunks)));
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      length += chunk.length;
      if (length > MOST_BYTES) return refuse(tooLong());
      chunks.push(chunk);
    };
    const timer = setTimeout(
      () => refuse(new Unreadable(408, "The request took too long.")),
      patience,
    );
    if (Number(request.headers["content-length"]) > MOST_BYTES) {
      return refuse(tooLong());
    }
    // Somebody else has read it, and kept nothing.
    if (request.readableEnded || request.destroyed) return broken();
    request.on("data", take).on("end", whole);
    request.on("close", broken).on("error", broken);
  });
}

module.exports = { readForm, Unreadable };
