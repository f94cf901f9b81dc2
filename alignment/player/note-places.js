/** Where a note's words stand now: its lines may have been aligned anew, corrected or moved. */

/** @import { Note, Place } from "./note.js" */
/** @import { Line, Transcript } from "./transcript.js" */
/** @import { Hit, SearchIndex } from "./search.js" */

import { wordsOf } from "./note.js";

/** So near a note's own line its words are taken for the same. */
const NEAR_LINES = 12;

/** So near a note's own time, too, seconds. */
const NEAR_S = 60;

/** Words of this many characters that are said but once are the same wherever they are. */
const LONG = 24;

const OPENING = /^[^\p{L}\p{N}]+/u;
const CLOSING = /[^\p{L}\p{N}]+$/u;

/**
 * @typedef {object} PlacedNote
 * @property {Note} note
 * @property {number} line at whose side its sign stands
 * @property {{from: Place, to: Place} | null} passage null where its words are there no more
 * @property {number} start seconds
 * @property {number} end seconds
 */

/**
 * @param {Note} note
 * @param {Transcript} transcript
 * @param {() => SearchIndex} index of its lines
 * @returns {PlacedNote}
 */
export function placeNote(note, transcript, index) {
  const passage = note.quote && wordsOf(transcript.lines, note) === note.quote
    ? { from: note.from, to: note.to }
    : nearest(note, transcript, index().find(note.quote).hits);
  if (!passage) {
    const line = Math.max(0, transcript.lineAt(note.start));
    return { note, line, passage, start: note.start, end: note.end };
  }
  const { from, to } = passage;
  const start = transcript.timeOfPlace(from.line, from.offset) ?? note.start;
  const end = transcript.endOfPlace(to.line, to.offset) ?? note.end;
  return { note, line: from.line, passage, start, end: Math.max(start, end) };
}

/**
 * The words in the note's own line, else in one near by, else near its time, else where they are said but once.
 * @param {Note} note
 * @param {Transcript} transcript
 * @param {Hit[]} hits
 */
function nearest(note, transcript, hits) {
  const { line, offset } = note.from;
  const time = (/** @type {Hit} */ hit) => transcript.timeOfPlace(hit.line, hit.from) ?? Infinity;
  const found = least(hits.filter((hit) => hit.line === line), (hit) => Math.abs(hit.from - offset)) ??
    least(
      hits.filter((hit) => Math.abs(hit.line - line) <= NEAR_LINES),
      (hit) => Math.abs(hit.line - line),
    ) ??
    least(
      hits.filter((hit) => Math.abs(time(hit) - note.start) <= NEAR_S),
      (hit) => Math.abs(time(hit) - note.start),
    ) ?? (hits.length === 1 && note.quote.length >= LONG ? hits[0] : null);
  return found && widened(found, note.quote, transcript.lines);
}

/**
 * A search finds letters; the quotation's punctuation at either end belongs to the passage where it is there.
 * @param {Hit} hit
 * @param {string} quote
 * @param {Line[]} lines
 */
function widened({ line, from, endLine, to }, quote, lines) {
  const before = OPENING.exec(quote)?.[0] ?? "";
  const behind = CLOSING.exec(quote)?.[0] ?? "";
  const opens = lines[line].text.slice(0, from).endsWith(before);
  const closes = lines[endLine].text.startsWith(behind, to);
  return {
    from: { line, offset: opens ? from - before.length : from },
    to: { line: endLine, offset: closes ? to + behind.length : to },
  };
}

/**
 * @param {Hit[]} hits
 * @param {(hit: Hit) => number} distance
 * @returns {Hit | null}
 */
function least(hits, distance) {
  /** @type {Hit | null} */
  let best = null;
  for (const hit of hits) if (!best || distance(hit) < distance(best)) best = hit;
  return best;
}
