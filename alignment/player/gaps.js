/** Where the text is silent: music, pauses, and speech that the transcript lacks. */

/** @import { Line, Passage } from "./transcript.js" */

/**
 * @typedef {object} Gap
 * @property {number} start seconds
 * @property {number} end seconds
 * @property {string | null} heard what the recogniser made of the speech in it; null where nobody speaks
 * @property {number} after index of the line that it follows, -1 at the very beginning
 * @property {boolean} isCue whether nothing else is current during it
 */

/** A pause shorter than this is part of how people talk. */
const QUIET_S = 4;

/** Speech shorter than this (a "yes", a cough) is not worth a place on the page. */
const SPEECH_S = 1.5;

/**
 * The gaps worth showing, in the order of the page.
 * @param {Line[]} lines
 * @param {Passage[]} passages
 * @param {number | null} duration seconds
 * @returns {Gap[]}
 */
export function findGaps(lines, passages, duration) {
  /** @type {Set<Passage>} */
  const shown = new Set();
  const gaps = holes(lines, duration).flatMap((hole) => fill(hole, passages, shown));
  for (const passage of passages) {
    if (shown.has(passage) || passage.end - passage.start < SPEECH_S) continue;
    gaps.push({ ...passage, after: lineBefore(lines, passage.start), isCue: false });
  }
  return gaps.sort((a, b) => a.after - b.after || a.start - b.start);
}

/**
 * The stretches between one timed line's end and the next one's start.
 * @param {Line[]} lines
 * @param {number | null} duration
 */
function holes(lines, duration) {
  const found = [];
  let end = 0;
  let after = -1;
  for (const [index, line] of lines.entries()) {
    if (line.start === null || line.end === null) continue;
    if (line.start > end) found.push({ start: end, end: line.start, after });
    end = Math.max(end, line.end);
    after = index;
  }
  const isWhole = lines.at(-1)?.status !== "pending";
  if (isWhole && duration !== null && duration > end) found.push({ start: end, end: duration, after });
  return found;
}

/**
 * @param {{start: number, end: number, after: number}} hole
 * @param {Passage[]} passages
 * @param {Set<Passage>} shown those that found a place are added to it
 * @returns {Gap[]}
 */
function fill(hole, passages, shown) {
  /** @type {Gap[]} */
  const gaps = [];
  let start = hole.start;
  const addQuiet = (/** @type {number} */ end) => {
    if (end - start >= QUIET_S) gaps.push({ start, end, heard: null, after: hole.after, isCue: true });
  };
  for (const passage of passages) {
    const from = Math.max(passage.start, start);
    const to = Math.min(passage.end, hole.end);
    if (to - from < SPEECH_S) continue;
    addQuiet(from);
    shown.add(passage);
    gaps.push({ start: from, end: to, heard: passage.heard, after: hole.after, isCue: true });
    start = to;
  }
  addQuiet(hole.end);
  return gaps;
}

/**
 * @param {Line[]} lines
 * @param {number} seconds
 */
function lineBefore(lines, seconds) {
  let before = -1;
  for (const [index, line] of lines.entries()) {
    if (line.start === null) continue;
    if (line.start > seconds) break;
    before = index;
  }
  return before;
}
