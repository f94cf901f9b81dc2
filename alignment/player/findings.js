/** What a reader may want to check: lines in doubt, lines that are not said, speech that is not written. */

/** @import { Transcript, Line } from "./transcript.js" */

/**
 * @typedef {"uncertain" | "interpolated" | "not_in_audio" | "not_in_text"} Kind
 *
 * @typedef {object} Finding
 * @property {Kind} kind
 * @property {number} cue a line's index, the complement of a gap's
 * @property {number | null} start seconds; null for a line that is not in the audio
 * @property {number | null} end seconds
 * @property {string} text of the line, or what was heard
 */

/** Confidence below which a line is in doubt, as in the report. */
const DOUBTFUL = 0.8;

/**
 * What the kinds are called before people.
 * @type {Record<Kind, string>}
 */
export const KIND_NAMES = {
  uncertain: "uncertain",
  interpolated: "time estimated",
  not_in_audio: "not in the audio",
  not_in_text: "not in the transcript",
};

/**
 * Every place to check, in the order of the page.
 * @param {Transcript} transcript
 * @returns {Finding[]}
 */
export function findingsOf({ lines, gaps }) {
  /** @type {Finding[]} */
  const findings = [];
  let gap = 0;
  const addGapsAfter = (/** @type {number} */ line) => {
    for (; gap < gaps.length && gaps[gap].after <= line; gap++) {
      const { start, end, heard } = gaps[gap];
      if (heard !== null) findings.push({ kind: "not_in_text", cue: ~gap, start, end, text: heard });
    }
  };
  addGapsAfter(-1);
  for (const [cue, line] of lines.entries()) {
    const kind = kindOf(line);
    if (kind) findings.push({ kind, cue, start: line.start, end: line.end, text: line.text });
    addGapsAfter(cue);
  }
  return findings;
}

/**
 * @param {Line} line
 * @returns {Kind | null}
 */
function kindOf({ status, confidence }) {
  if (status === "not_in_audio" || status === "interpolated") return status;
  return status === "aligned" && confidence !== null && confidence < DOUBTFUL ? "uncertain" : null;
}
