/** Where nobody speaks for a while. */

/** @import { Line, Passage } from "./transcript.js" */

/** A pause up to this long belongs to how people talk, seconds. */
const LONGEST_S = 2;

/** So much of a silence is left at either side, for the breath before and after, seconds. */
const LEFT_S = 0.3;

/**
 * The stretches that can be left out, ascending. What is not in the transcript is speech all the same; where a
 * line's time is estimated, all of it counts as speech.
 * @param {Line[]} lines
 * @param {any[][]} words of each line, as in the native JSON
 * @param {Passage[]} passages
 * @returns {{start: number, end: number}[]}
 */
export function findSilences(lines, words, passages) {
  const speech = [...passages, ...lines.flatMap((line, index) => spoken(line, words[index]))];
  speech.sort((a, b) => a.start - b.start);
  const silences = [];
  let until = Infinity;
  for (const { start, end } of speech) {
    if (start - until > LONGEST_S) silences.push({ start: until + LEFT_S, end: start - LEFT_S });
    until = until === Infinity ? end : Math.max(until, end);
  }
  return silences;
}

/**
 * @param {Line} line
 * @param {any[]} words
 * @returns {{start: number, end: number}[]}
 */
function spoken({ start, end, status }, words) {
  if (start === null || end === null) return [];
  const isSure = status !== "interpolated" && words.length > 0 &&
    words.every((word) => typeof word.start === "number" && typeof word.end === "number");
  return isSure ? words : [{ start, end }];
}
