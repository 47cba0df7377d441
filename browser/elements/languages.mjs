// @ts-check

import english from "./texts.mjs";

/** @typedef {typeof english} Texts */

/**
 * A file for each language but English, fetched when an element is in it. An app's bundler finds them here as well.
 * @type {Record<string, () => Promise<{default: Texts}>>}
 */
export const languages = {
  bg: () => import("./lang/bg.mjs"),
  de: () => import("./lang/de.mjs"),
  es: () => import("./lang/es.mjs"),
  fr: () => import("./lang/fr.mjs"),
  it: () => import("./lang/it.mjs"),
  ja: () => import("./lang/ja.mjs"),
  pt: () => import("./lang/pt.mjs"),
  zh: () => import("./lang/zh.mjs"),
};

/**
 * The texts in a language, or else in English.
 * @param {string} tag `de`, `pt-BR`
 * @returns {Promise<Texts>}
 */
export async function textsIn(tag) {
  const load = languages[tag.toLowerCase().split(/[-_]/)[0]];
  try {
    return load ? (await load()).default : english;
  } catch {
    // A file that cannot be had must not keep anybody out.
    return english;
  }
}

/**
 * The language that an element is in: its own, or that of what is around it.
 * @param {Element} element
 */
export function languageOf(element) {
  const { lang } = /** @type {HTMLElement} */ (element);
  if (lang) return lang;
  for (let at = /** @type {any} */ (element); at; at = at.getRootNode().host) {
    const around = at.closest("[lang]");
    if (around) return /** @type {string} */ (around.lang);
  }
  return "";
}

export { english };
