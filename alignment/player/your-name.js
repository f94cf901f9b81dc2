/** The name that somebody gives, or not, to what they correct: kept in this browser. */

import { recall, remember } from "./storage.js";

const NAME = "name";

/** Of a name, characters; the server takes no more. */
export const MOST_OF_NAME = 100;

/**
 * A name as the server takes it: what can be printed, in one line.
 * @param {string} text
 * @returns {string | null} null for none
 */
export function cleanName(text) {
  const printed = text.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
  return [...printed].slice(0, MOST_OF_NAME).join("").trim() || null;
}

/** @returns {string | null} null for none */
export function recallName() {
  const kept = recall(NAME);
  return typeof kept === "string" ? cleanName(kept) : null;
}

/** @param {string | null} name null: none any more */
export function rememberName(name) {
  remember(NAME, name);
}
