// @ts-check
"use strict";

/**
 * Keeps what the core answered before a save until Parse has saved. The two triggers of a save share nothing but the request's context,
 * which Parse copies from one to the other. A client writes into it as well (`X-Parse-Cloud-Context`), but as JSON, so never under a
 * symbol. Saves of one batch share a context, so each has a symbol of its own.
 */

const { numberOf } = require("./parse/column.js");

/** @typedef {import("../pkg/parse_two_factor.cjs").LetThrough} LetThrough */

/** A change that Parse is saving. */
class Save {
  isOver = false;

  /** @param {LetThrough} change */
  constructor(change) {
    this.change = change;
  }

  /**
   * Whether it is this one that has been saved.
   * @param {any} request of `afterSave`
   * @param {Readonly<import("./parse/columns.js").Columns>} columns
   */
  is({ object, original }, columns) {
    const { user, phoneNumber } = this.change;
    // Before the save nobody knows the id of a new user.
    if (this.isOver || user !== (original ? object.id : "")) return false;
    return (
      typeof phoneNumber !== "string" ||
      phoneNumber === numberOf(object.get(columns.phoneNumber))
    );
  }
}

/**
 * @param {any} request of `beforeSave`
 * @param {LetThrough} change
 */
function hold(request, change) {
  request.context[Symbol("parse-two-factor")] = new Save(change);
}

/**
 * @param {any} request of `afterSave`
 * @param {Readonly<import("./parse/columns.js").Columns>} columns
 * @returns {LetThrough[]} the change that was saved, if the core has to hear of it
 */
function release(request, columns) {
  const { context, object } = request;
  const held = Object.getOwnPropertySymbols(context ?? {})
    .map((symbol) => context[symbol])
    .filter((value) => value instanceof Save);
  const save = held.find((save) => save.is(request, columns));
  if (!save) return [];
  save.isOver = true;
  return [{ ...save.change, user: object.id }];
}

module.exports = { hold, release };
