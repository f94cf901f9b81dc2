/** A note stands at a passage and keeps its words; without a text of its own it is a highlight. */

/** @import { Line } from "./transcript.js" */

import { joint } from "./paragraphs.js";

/**
 * @typedef {object} Place
 * @property {number} line its index
 * @property {number} offset UTF-16 units into its text
 *
 * @typedef {object} Passage
 * @property {Place} from
 * @property {Place} to the first place behind it
 * @property {number} start seconds
 * @property {number} end seconds
 *
 * @typedef {object} NoteValues
 * @property {string} id
 * @property {string} quote the words of the passage when the note was made
 * @property {string} colour one of COLOURS
 * @property {string} text
 * @property {string} created ISO 8601
 * @property {string} modified ISO 8601
 *
 * @typedef {Passage & NoteValues} Note
 */

export const COLOURS = ["green", "blue", "violet", "pink"];

/** Characters of a note's text, and of the words that it stands at. */
export const MOST_CHARACTERS = 20_000;

/**
 * The words from one place to another.
 * @param {Line[]} lines
 * @param {{from: Place, to: Place}} passage
 */
export function wordsOf(lines, { from, to }) {
  if (to.line >= lines.length) return "";
  let words = "";
  for (let line = from.line; line <= to.line; line++) {
    const { text } = lines[line];
    if (line > from.line) words += joint(lines[line - 1].text, text);
    words += text.slice(line === from.line ? from.offset : 0, line === to.line ? to.offset : undefined);
  }
  return words;
}

/**
 * The passage without the blanks at its ends.
 * @param {Line[]} lines
 * @param {Passage} passage
 * @returns {Passage}
 */
export function trimmed(lines, { from, to, start, end }) {
  const first = lines[from.line].text;
  const last = lines[to.line].text;
  let { offset } = from;
  let until = to.offset;
  while (offset < first.length && !first[offset].trim()) offset++;
  while (until > 0 && !last[until - 1].trim()) until--;
  if (from.line === to.line && offset >= until) return { from, to, start, end };
  return { from: { line: from.line, offset }, to: { line: to.line, offset: until }, start, end };
}

/**
 * @param {Passage} passage
 * @param {string} quote
 * @param {string} colour
 * @returns {Note}
 */
export function makeNote({ from, to, start, end }, quote, colour) {
  const now = new Date().toISOString();
  return { id: identifier(), start, end, from, to, quote, colour, text: "", created: now, modified: now };
}

/** A random UUID. `crypto.randomUUID` is missing on a page that came over plain HTTP. */
function identifier() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
