// @ts-check
"use strict";

/**
 * The elements of one kind in a column of `TwoFactorAccount`.
 * @param {any[] | undefined} column
 * @param {"challenge" | "code" | "attempt" | "delivered" | "factor" | "confirmed" | "recoveryCode"} kind
 * @returns {any[]}
 */
function elements(column, kind) {
  return (column ?? []).flatMap((element) => element[kind] ?? []);
}

module.exports = { elements };
