/** Passages of the transcript that a comment quotes, whether it says so or only uses the same words. */

/** @import { Hit } from "./search.js" */

import { foldText, SearchIndex, WITHOUT_SPACES } from "./search.js";

/** So many words in a row that stand in the transcript are taken from it; fewer are chance. */
const RUN = 6;

/** Between quotation marks so few are enough, where they stand in the transcript only once. */
const QUOTED = 3;

/** In scripts without spaces the words are characters, and this much of a word each. */
const CHARACTER = 0.6;

/** A comment leads to no more passages than these. */
const MOST = 4;

/** A run that stands in the transcript more often is looked up at no more places. */
const PLACES = 64;

const QUOTES = /“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|»([^«»]+)«|"([^"\n]+)"|「([^「」]+)」|『([^『』]+)』/gu;
const QUOTE_LINES = /^(?:\s*(?:>|&gt;).*(?:\n|$))+/gm;
const LEFT_OUT = /…|\.{3}|\[[^\]\w]*\]/u;

/** Where every run of so many words stands: chains of places, by hash. */
class Runs {
  static #BITS = 18;

  /**
   * @param {Int32Array} words
   * @param {number} length
   */
  constructor(words, length) {
    this.words = words;
    this.length = length;
    this.first = new Int32Array(1 << Runs.#BITS).fill(-1);
    this.next = new Int32Array(words.length).fill(-1);
    // Backwards, so that a chain begins with the place that comes first.
    for (let at = words.length - length; at >= 0; at--) {
      const hash = this.#hash(words, at);
      this.next[at] = this.first[hash];
      this.first[hash] = at;
    }
  }

  /**
   * Where a run of words stands that begins like these, from the first place on.
   * @param {Int32Array} sought
   * @param {number} from
   */
  *places(sought, from) {
    if (from + this.length > sought.length) return;
    for (let at = this.first[this.#hash(sought, from)]; at >= 0; at = this.next[at]) {
      if (this.shared(sought, from, at) >= this.length) yield at;
    }
  }

  /**
   * How many words are the same from two places on.
   * @param {Int32Array} sought
   * @param {number} from
   * @param {number} at
   */
  shared(sought, from, at) {
    let length = 0;
    while (
      from + length < sought.length && at + length < this.words.length &&
      sought[from + length] === this.words[at + length]
    ) length++;
    return length;
  }

  /**
   * @param {Int32Array} words
   * @param {number} from
   */
  #hash(words, from) {
    let hash = 0;
    for (let at = from; at < from + this.length; at++) {
      hash = Math.imul(hash ^ words[at], 0x9e3779b1) + at - from;
    }
    return (hash ^ (hash >>> 15)) >>> (32 - Runs.#BITS);
  }
}

export class PassageIndex {
  /** @type {Map<string, number>} */
  #numbers = new Map();

  /** @param {SearchIndex} index */
  constructor(index) {
    this.index = index;
    const { words, starts, ends } = split(index.text, (word) => {
      const known = this.#numbers.get(word) ?? this.#numbers.size;
      this.#numbers.set(word, known);
      return known;
    });
    this.words = words;
    /** Where each word begins in the folded text, and the first unit after it. */
    this.starts = starts;
    this.ends = ends;
    this.runs = new Runs(words, RUN);
    this.short = new Runs(words, QUOTED);
  }

  /**
   * The passages that a text quotes, in its order.
   * @param {string} text
   * @returns {Hit[]}
   */
  quotedIn(text) {
    /** @type {{at: number, length: number}[]} */
    const found = [];
    const add = (/** @type {{at: number, length: number}} */ passage) => {
      const isNew = found.every(({ at, length }) =>
        passage.at >= at + length || at >= passage.at + passage.length
      );
      if (isNew && found.length < MOST) found.push(passage);
    };
    for (const quote of quotes(text)) {
      const passage = this.#findWhole(quote);
      if (passage) add(passage);
    }
    for (const passage of this.#findRuns(text)) add(passage);
    return found.map(({ at, length }) => this.index.hit(this.starts[at], this.ends[at + length - 1]));
  }

  /** @param {string} text */
  #read(text) {
    return split(foldText(text), (word) => this.#numbers.get(word) ?? -1);
  }

  /**
   * All of a quotation; a short one only where it stands once.
   * @param {string} quote
   */
  #findWhole(quote) {
    const { words, size } = this.#read(quote);
    if (size(0, words.length) < QUOTED) return null;
    let found = null;
    for (const at of this.short.places(words, 0)) {
      if (this.short.shared(words, 0, at) < words.length) continue;
      if (found) return null;
      found = { at, length: words.length };
      if (size(0, words.length) >= RUN) break;
    }
    return found;
  }

  /**
   * The longest run from each word on, then from the word after it.
   * @param {string} text
   */
  *#findRuns(text) {
    const { words, size } = this.#read(text);
    for (let from = 0; from + RUN <= words.length;) {
      let best = { at: -1, length: 1 };
      let left = PLACES;
      for (const at of this.runs.places(words, from)) {
        const length = this.runs.shared(words, from, at);
        if (length > best.length) best = { at, length };
        if (--left === 0) break;
      }
      const isRun = best.at >= 0 && size(from, from + best.length) >= RUN;
      if (isRun) yield best;
      from += isRun ? best.length : 1;
    }
  }
}

/**
 * A folded text as the numbers of its words.
 * @param {string} text
 * @param {(word: string) => number} number
 */
function split(text, number) {
  /** @type {number[]} */
  const words = [];
  /** @type {number[]} */
  const starts = [];
  /** @type {number[]} */
  const ends = [];
  const add = (/** @type {number} */ start, /** @type {number} */ end) => {
    words.push(number(text.slice(start, end)));
    starts.push(start);
    ends.push(end);
  };
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = text.charCodeAt(at);
    const stops = at === text.length || code === 32;
    const alone = !stops && code > 0x2e7f && WITHOUT_SPACES.test(text[at]);
    if (!stops && !alone) continue;
    if (at > start) add(start, at);
    if (alone) add(at, at + 1);
    start = at + 1;
  }
  /** How many words' worth there is between two of them. */
  const size = (/** @type {number} */ from, /** @type {number} */ to) => {
    let sum = 0;
    for (let at = from; at < to; at++) sum += WITHOUT_SPACES.test(text[starts[at]]) ? CHARACTER : 1;
    return sum + 1e-9;
  };
  return {
    words: Int32Array.from(words),
    starts: Int32Array.from(starts),
    ends: Int32Array.from(ends),
    size,
  };
}

/**
 * What a text marks as said by another; where something is left out, its pieces.
 * @param {string} text
 */
function* quotes(text) {
  for (const [lines] of text.matchAll(QUOTE_LINES)) {
    yield* lines.replaceAll(/^\s*(?:>|&gt;)+/gm, "").split(LEFT_OUT);
  }
  for (const [, ...groups] of text.matchAll(QUOTES)) {
    yield* (groups.find((group) => group !== undefined) ?? "").split(LEFT_OUT);
  }
}

/**
 * The passages of lines that a text quotes. Whoever asks more than once keeps a PassageIndex.
 * @param {import("./transcript.js").Line[]} lines
 * @param {string} text
 */
export function quotedPassages(lines, text) {
  return new PassageIndex(new SearchIndex(lines)).quotedIn(text);
}
