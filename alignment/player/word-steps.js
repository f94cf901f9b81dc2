/** From word to word by ear: where each begins, back and on. */

/** @import { Transcript } from "./transcript.js" */

import { lastAtOrBefore } from "./sorted.js";

/** Nearer than this to a start is at it, seconds. */
const AT_S = 0.01;

/** While it plays the word goes on until the key is pressed: no deeper in it than this, "back" means the one before. */
const INTO_S = 0.4;

export class WordSteps {
  /** @type {Float64Array | null} when each word begins, and each line of which no word has a time; ascending */
  #starts = null;

  /** @param {Transcript} transcript */
  constructor(transcript) {
    this.transcript = transcript;
  }

  /**
   * Where the word before or after begins. Back from within a word leads to its own beginning.
   * @param {number} seconds
   * @param {1 | -1} step
   * @param {boolean} playing
   * @returns {number | null} seconds; null where there is none
   */
  from(seconds, step, playing) {
    const starts = this.#starts ??= startsOf(this.transcript);
    const at = lastAtOrBefore(starts, seconds + AT_S);
    if (step > 0) return starts[at + 1] ?? null;
    const isInside = at >= 0 && seconds - starts[at] > (playing ? INTO_S : AT_S);
    return starts[isInside ? at : at - 1] ?? null;
  }
}

/** @param {Transcript} transcript */
function startsOf({ lines, wordStarts, firstWordOfLine }) {
  const wordless = lines.flatMap(({ start }, line) =>
    start !== null && firstWordOfLine[line] === firstWordOfLine[line + 1] ? [start] : []
  );
  const all = Float64Array.from([...wordStarts, ...wordless]).sort();
  let last = -Infinity;
  return all.filter((start) => {
    if (start - last <= AT_S) return false;
    last = start;
    return true;
  });
}
