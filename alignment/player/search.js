/** Finding words in the transcript, across punctuation, accents, case and the ends of lines. */

/** @import { Line } from "./transcript.js" */

/**
 * @typedef {object} Hit offsets are in UTF-16 units; `to` is the first one after the hit
 * @property {number} line
 * @property {number} from
 * @property {number} endLine
 * @property {number} to
 */

/** Letters that Unicode does not take apart but people type in two, or plainly. */
const FOLDS = new Map([
  ["ß", "ss"],
  ["æ", "ae"],
  ["œ", "oe"],
  ["ø", "o"],
  ["đ", "d"],
  ["ð", "d"],
  ["þ", "th"],
  ["ł", "l"],
  ["ı", "i"],
]);

const APOSTROPHES = new Set(["'", "’", "‘", "ʼ", "`", "´"]);
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const MARK = /\p{M}/u;
const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** More hits than this are neither counted nor marked. */
const MOST_HITS = 5000;

/** @type {Map<string, string>} */
const folded = new Map();

/**
 * A character as it is compared: lower case, without accents; "" for none, " " for a separator.
 * @param {string} character one code point
 */
function fold(character) {
  const known = folded.get(character);
  if (known !== undefined) return known;
  let plain = "";
  for (const part of character.normalize("NFKD").toLowerCase()) {
    if (LETTER_OR_DIGIT.test(part)) plain += FOLDS.get(part) ?? part;
    else if (!MARK.test(part) && !APOSTROPHES.has(part)) plain += plain.endsWith(" ") ? "" : " ";
  }
  folded.set(character, plain);
  return plain;
}

/**
 * Fold a text; `onUnit` hears, for each UTF-16 unit of the outcome, which offset of the text it came from.
 * @param {string} text
 * @param {string} before the last unit of what the outcome is put behind, "" for nothing
 * @param {(offset: number) => void} [onUnit]
 */
export function foldText(text, before, onUnit) {
  let outcome = "";
  let last = before;
  let gap = -1;
  let offset = 0;
  for (const character of text) {
    const plain = fold(character);
    if (plain === " ") {
      if (gap < 0) gap = offset;
    } else if (plain) {
      const spaced = gap >= 0 && last && !(WITHOUT_SPACES.test(last) || WITHOUT_SPACES.test(plain));
      if (spaced) {
        outcome += " ";
        onUnit?.(gap);
      }
      gap = -1;
      outcome += plain;
      for (let unit = 0; unit < plain.length; unit++) onUnit?.(offset);
      last = plain;
    }
    offset += character.length;
  }
  return outcome;
}

export class SearchIndex {
  /** @param {Line[]} lines */
  constructor(lines) {
    this.lines = lines;
    /** Where each line begins in the joined text, and last its whole length. */
    this.lineStarts = new Int32Array(lines.length + 1);
    /** @type {number[]} */
    const offsets = [];
    const parts = [];
    let start = 0;
    let last = "";
    for (const [index, { text }] of lines.entries()) {
      this.lineStarts[index] = start;
      const part = foldText(
        index ? `\n${text}` : text,
        last,
        (offset) => offsets.push(start + offset - (index ? 1 : 0)),
      );
      parts.push(part);
      last = part.at(-1) ?? last;
      start += text.length;
    }
    this.lineStarts[lines.length] = start;
    this.text = parts.join("");
    /** For each unit of the folded text, its place in the joined one. */
    this.offsets = Int32Array.from(offsets);
  }

  /**
   * @param {string} query plain words, not a pattern
   * @returns {{hits: Hit[], complete: boolean}} complete: whether there are no more hits than these
   */
  find(query) {
    const sought = foldText(query, "");
    /** @type {Hit[]} */
    const hits = [];
    if (!sought) return { hits, complete: true };
    let line = 0;
    for (let at = this.text.indexOf(sought); at >= 0; at = this.text.indexOf(sought, at + sought.length)) {
      if (hits.length === MOST_HITS) return { hits, complete: false };
      const from = this.offsets[at];
      const last = this.offsets[at + sought.length - 1];
      while (this.lineStarts[line + 1] <= from) line++;
      let endLine = line;
      while (this.lineStarts[endLine + 1] <= last) endLine++;
      const within = last - this.lineStarts[endLine];
      const width = String.fromCodePoint(Number(this.lines[endLine].text.codePointAt(within))).length;
      hits.push({ line, from: from - this.lineStarts[line], endLine, to: within + width });
    }
    return { hits, complete: true };
  }
}

/**
 * Find words in lines once. Whoever asks more than once keeps a SearchIndex.
 * @param {Line[]} lines
 * @param {string} query
 */
export function find(lines, query) {
  return new SearchIndex(lines).find(query);
}
