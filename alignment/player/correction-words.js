/** Corrections in words: what each did, and what has become of it. */

/** @import { Correction } from "./corrections.js" */

import { formatDistance, formatTenths } from "./time.js";

/** More of a text says nothing more, characters. */
const MOST = 120;

/** So many words tell where a line was split. */
const WORDS = 3;

/** @type {Record<string, (correction: Correction) => string>} */
const DONE = {
  text: ({ change, was }) => {
    const [before, after] = changedPart(was[0], change.text);
    return `Text: “${before}” → “${after}”`;
  },
  split: ({ change, was }) => `Split after “${lastWords([...was[0]].slice(0, change.offset).join(""))}”`,
  join: () => "Joined with the next line",
  start: ({ change }) => `Start set to ${formatTenths(change.seconds)}`,
  nudge: ({ change }) => moved(change.seconds),
  shift: ({ change }) => `All from here ${moved(change.seconds)}`,
  absent: () => "Not in the audio",
  realign: ({ was }) =>
    was.length > 1 ? `${was.length.toLocaleString("en")} lines aligned again` : "Aligned again",
  offset: ({ change }) => `Whole transcript ${moved(change.seconds)}`,
};

/**
 * What a correction did: "0.1 s later".
 * @param {Correction} correction
 */
export function sayDone(correction) {
  return DONE[correction.change.kind]?.(correction) ?? `Changed (${correction.change.kind})`;
}

/**
 * What has become of a correction.
 * @param {Correction} correction
 * @param {string | null} reason why it does not fit any more; null where it does
 */
export function sayState({ state }, reason) {
  if (reason !== null) return `Does not fit any more: ${reason}`;
  return { done: "Done", undone: "Undone", dropped: "Replaced" }[state];
}

/**
 * Two texts without the words that both begin and end with, but for one at either side.
 * @param {string} before
 * @param {string} after
 * @returns {[string, string]}
 */
export function changedPart(before, after) {
  /** @type {string[]} */
  const old = before.match(/\S+/gu) ?? [];
  /** @type {string[]} */
  const now = after.match(/\S+/gu) ?? [];
  const shorter = Math.min(old.length, now.length);
  let first = 0;
  while (first < shorter && old[first] === now[first]) first++;
  let last = 0;
  while (last < shorter - first && old.at(-1 - last) === now.at(-1 - last)) last++;
  const from = Math.max(0, first - 1);
  const end = Math.max(0, last - 1);
  const part = (/** @type {string[]} */ words) => {
    const kept = cut(words.slice(from, words.length - end).join(" "));
    return `${from ? "… " : ""}${kept}${end ? " …" : ""}`;
  };
  return [part(old), part(now)];
}

/** @param {string} text */
function lastWords(text) {
  const words = text.match(/\S+/gu) ?? [];
  return `${words.length > WORDS ? "… " : ""}${cut(words.slice(-WORDS).join(" "))}`;
}

/** @param {number} seconds */
function moved(seconds) {
  return `${formatDistance(seconds)} ${seconds < 0 ? "earlier" : "later"}`;
}

/** @param {string} text */
function cut(text) {
  const characters = [...text];
  return characters.length > MOST ? `${characters.slice(0, MOST).join("")}…` : text;
}
