/** Links that open at a line, and the address bar's `t`, which is this module's alone. */

/** @import { Transcript } from "./transcript.js" */

import { parseTime } from "./time.js";

/**
 * @typedef {object} Place where a link leads
 * @property {number} start seconds
 * @property {number | null} end seconds; where a clip stops
 */

/**
 * A few letters that tell a line's text from another's, whatever becomes of its time. FNV-1a over the letters
 * and digits, so that a corrected comma keeps it.
 * @param {string} text
 */
export function shortHash(text) {
  let hash = 0x811c9dc5;
  for (const character of text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "")) {
    hash = Math.imul(hash ^ Number(character.codePointAt(0)), 0x01000193) >>> 0;
  }
  return hash.toString(36);
}

/**
 * Seconds for a link: upwards to a hundredth, so that a line's own start never falls into the line before.
 * @param {number} seconds
 */
function linkSeconds(seconds) {
  return String(Math.ceil(seconds * 100 - 1e-6) / 100);
}

/**
 * @param {string} href the page's address
 * @param {object} place
 * @param {string} place.episode
 * @param {number} place.start seconds
 * @param {number | null} [place.end] seconds; makes it a clip
 * @param {string | null} [place.text] of the line that it is in
 */
export function linkTo(href, { episode, start, end = null, text = null }) {
  const url = new URL(href);
  for (const name of ["end", "h", "q"]) url.searchParams.delete(name);
  url.searchParams.set("v", episode);
  url.searchParams.set("t", linkSeconds(start));
  if (end !== null) url.searchParams.set("end", linkSeconds(end));
  if (text !== null) url.searchParams.set("h", shortHash(text));
  return url.href;
}

/**
 * Where the page's address leads. Where the line at `t` is not the one whose hash the link carries, the episode
 * has been aligned anew: the nearest line with that hash is meant.
 * @param {string} search the address's query
 * @param {Transcript} transcript
 * @returns {{place: Place | null, malformed: string | null}} malformed: a `t` or `end` that is no time
 */
export function readLink(search, transcript) {
  const query = new URLSearchParams(search);
  const given = query.get("t");
  if (given === null) return { place: null, malformed: null };
  const asked = parseTime(given);
  if (asked === null) return { place: null, malformed: given };
  const hash = query.get("h");
  const start = (hash === null ? null : startOfHash(hash, asked, transcript)) ?? asked;
  const until = query.get("end");
  const end = until === null ? null : parseTime(until);
  if (until !== null && (end === null || end <= asked)) {
    return { place: { start, end: null }, malformed: until };
  }
  return { place: { start, end: end === null ? null : end + start - asked }, malformed: null };
}

/**
 * The time asked for where its line has that hash, else the start of the nearest line that has.
 * @param {string} hash
 * @param {number} seconds
 * @param {Transcript} transcript
 * @returns {number | null}
 */
function startOfHash(hash, seconds, transcript) {
  const there = transcript.lineAt(seconds);
  if (there >= 0 && shortHash(transcript.lines[there].text) === hash) return seconds;
  /** @type {number | null} */
  let nearest = null;
  for (const { start, text } of transcript.lines) {
    const nearer = start !== null &&
      (nearest === null || Math.abs(start - seconds) < Math.abs(nearest - seconds));
    if (nearer && shortHash(text) === hash) nearest = start;
  }
  return nearest;
}

/**
 * Let the address bar say where the playback is, so that a reload or a bookmark comes back to it.
 * @param {number} seconds
 */
export function keepInAddress(seconds) {
  const url = new URL(location.href);
  for (const name of ["end", "h"]) url.searchParams.delete(name);
  url.searchParams.set("t", linkSeconds(Math.floor(seconds * 10) / 10));
  history.replaceState(history.state, "", url);
}

/**
 * @param {string} text
 * @param {string | null} [html] the same, for whoever takes it
 * @returns {Promise<boolean>} whether it is on the clipboard
 */
export async function copyText(text, html = null) {
  try {
    if (html === null) await navigator.clipboard.writeText(text);
    else {
      const typed = (/** @type {string} */ type, /** @type {string} */ content) =>
        new Blob([content], { type });
      const item = { "text/plain": typed("text/plain", text), "text/html": typed("text/html", html) };
      await navigator.clipboard.write([new ClipboardItem(item)]);
    }
    return true;
  } catch {
    return copyBySelection(text, html);
  }
}

/**
 * The way without the clipboard's permission, as on a page that came over plain HTTP.
 * @param {string} text
 * @param {string | null} html
 */
function copyBySelection(text, html) {
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.style.cssText = "position:fixed;opacity:0";
  document.body.append(field);
  field.select();
  field.addEventListener("copy", (event) => {
    if (html === null || !event.clipboardData) return;
    event.clipboardData.setData("text/plain", text);
    event.clipboardData.setData("text/html", html);
    event.preventDefault();
  });
  const copied = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return copied;
}
