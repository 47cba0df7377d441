// @ts-check
"use strict";

/**
 * What the stand-in has sent: messages and calls as Twilio shows them later, and feedback about them.
 */

const { refusal } = require("./refusal.js");

/** As many as Twilio puts on a page. */
const MOST_ON_A_PAGE = 1000;

/**
 * @typedef {{ sid: string, to: string, status: string, [more: string]: any }} Resource
 * @typedef {{ resource: Resource, isCall: boolean, takesFeedback: boolean, feedback: string[] }} Sent
 */

class SentBox {
  /** Oldest first. @type {Map<string, Sent>} */
  #sent = new Map();
  /** What becomes of what goes to a number; the rest arrives. @type {Map<string, { status: string, error: number | null }>} */
  #fates = new Map();

  /**
   * @param {Resource} resource
   * @param {URLSearchParams} fields what it was made of
   */
  add(resource, fields) {
    this.#sent.set(resource.sid, {
      resource,
      isCall: resource.sid.startsWith("CA"),
      takesFeedback: fields.get("ProvideFeedback") === "true",
      feedback: [],
    });
  }

  /**
   * Says what becomes of what goes to a number from now on.
   * @param {string} to the plain number
   * @param {string} status
   * @param {number | null} error
   */
  decide(to, status, error) {
    this.#fates.set(to, { status, error });
  }

  /**
   * What becomes of what goes to a number.
   * @param {string} to the plain number
   * @param {boolean} isCall a call is never "undelivered"
   * @returns {{ status: string, error: number | null } | undefined} nothing where it arrives
   */
  fateOf(to, isCall) {
    const fate = this.#fates.get(to);
    return isCall && fate?.status === "undelivered" ? undefined : fate;
  }

  /** The feedback that came, by SID. */
  feedback() {
    const given = [...this.#sent].filter(([, { feedback }]) => feedback.length);
    return Object.fromEntries(
      given.map(([sid, { feedback }]) => [sid, feedback]),
    );
  }

  /**
   * Answers what is not about making something.
   * @param {string | undefined} method
   * @param {string} path below the account, without `.json`
   * @param {URLSearchParams} query
   * @param {URLSearchParams} fields
   * @returns {{ body: object, created?: true } | { refused: import("./refusal.js").Refusal } | undefined} nothing where the path is none of
   *   these
   */
  answer(method, path, query, fields) {
    const [kind, sid, more, ...rest] = path.split("/");
    if (rest.length > 0 || !["Messages", "Calls"].includes(kind)) return;
    if (sid === undefined) {
      if (kind === "Messages" && method === "GET") return this.#list(query);
      return;
    }
    const sent = this.#sent.get(sid);
    if (!sent || sent.isCall !== (kind === "Calls")) {
      const message = `The requested resource /${path} was not found`;
      return { refused: refusal(404, 20404, message) };
    }
    if (more === undefined) {
      if (method !== "GET") return NOT_ALLOWED;
      return { body: this.#shown(sent) };
    }
    if (more !== "Feedback" || sent.isCall) return;
    return method === "POST" ? takeFeedback(sent, fields) : NOT_ALLOWED;
  }

  /** @param {Sent} sent */
  #shown({ resource, isCall }) {
    const fate = this.fateOf(resource.to.replace("whatsapp:", ""), isCall);
    if (isCall) return { ...resource, status: fate?.status ?? "completed" };
    return {
      ...resource,
      status: fate?.status ?? "delivered",
      error_code: fate?.error ?? null,
    };
  }

  /** @param {URLSearchParams} query */
  #list(query) {
    const size = Number(query.get("PageSize") ?? 50);
    if (!Number.isInteger(size) || size < 1 || size > MOST_ON_A_PAGE) {
      const message = `PageSize is not valid: ${size}`;
      return { refused: refusal(400, 20001, message) };
    }
    const messages = [...this.#sent.values()].filter(({ isCall }) => !isCall);
    const newest = messages.reverse().slice(0, size);
    return {
      body: {
        messages: newest.map((sent) => this.#shown(sent)),
        page: 0,
        page_size: size,
        start: 0,
        end: Math.max(0, newest.length - 1),
        uri: "/",
        first_page_uri: "/",
        previous_page_uri: null,
        next_page_uri: null,
      },
    };
  }
}

const NOT_ALLOWED = { refused: refusal(405, 20004, "Method not allowed") };

/**
 * @param {Sent} sent
 * @param {URLSearchParams} fields
 */
function takeFeedback(sent, fields) {
  const outcome = fields.get("Outcome") ?? "";
  if (!["confirmed", "unconfirmed"].includes(outcome)) {
    const message = `Outcome is not valid: ${outcome}`;
    return { refused: refusal(400, 20001, message) };
  }
  // Twilio keeps track of those messages alone that were made so.
  if (!sent.takesFeedback) {
    const message = "The message was made without ProvideFeedback";
    return { refused: refusal(400, 20001, message) };
  }
  sent.feedback.push(outcome);
  const { sid, account_sid, date_created } = sent.resource;
  return {
    created: /** @type {const} */ (true),
    body: {
      account_sid,
      date_created,
      date_updated: date_created,
      message_sid: sid,
      outcome,
      uri: `/2010-04-01/Accounts/${account_sid}/Messages/${sid}/Feedback.json`,
    },
  };
}

module.exports = { SentBox };
