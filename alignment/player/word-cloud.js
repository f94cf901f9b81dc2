/** The words that tell what a text is about. */

/** @import { Line } from "./transcript.js" */

import { functionWords } from "./function-words.js";
import { joint } from "./paragraphs.js";
import { safeLocale, UNSPACED } from "./text-pieces.js";

/**
 * @typedef {object} CloudWord
 * @property {string} word as it is written most often
 * @property {number} count
 *
 * @typedef {object} Met a word as the text has it
 * @property {number} count
 * @property {Map<string, number>} forms how it is written, and how often
 * @property {number} inside times that it is not the first of its sentence
 * @property {number} capital of those, with a capital
 * @property {Set<number>} parts of the text that have it
 */

/** So many words make a cloud. */
const MOST = 60;

/** The text is cut into so many parts: a word that tells is here and there, one that holds sentences everywhere. */
const PARTS = 24;

/** Spread over this share of the parts in which chance would put it, a word is everywhere. */
const EVERYWHERE = 0.8;

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’ʼ][\p{L}\p{N}\p{M}]+)*/gu;
const LETTER = /\p{L}/u;
const CAPITAL = /^\p{Lu}/u;
const ENDS_SENTENCE = /[.!?…。！？"“”«»„\n]/u;

/**
 * The words that tell most, in alphabetical order.
 * @param {Pick<Line, "text">[]} lines
 * @param {string | null} language ISO 639-1, null where it is not known
 * @returns {CloudWord[]}
 */
export function tellingWords(lines, language) {
  const text = lines.map((line, index) => (index ? joint(lines[index - 1].text, line.text) : "") + line.text);
  const { words, total, shout } = meet(text.join(""), language);
  const counts = new Map([...words].map(([key, { count }]) => [key, count]));
  const listed = functionWords(language, counts);
  /** @type {(CloudWord & {weight: number})[]} */
  const candidates = [];
  for (const [key, met] of words) {
    if (met.count < 2 || isFunctionWord(key, listed)) continue;
    const isName = !shout && met.inside > 0 && met.capital / met.inside > 0.6;
    const spread = evenness(met);
    if (!isName && listed.size === 0 && holdsSentences(key, met.count / total, met.count, spread)) continue;
    const length = isName || UNSPACED.test(key) ? 1 : Math.min(1, key.length / 5);
    // With no list to trust, what is said everywhere counts for less.
    const heard = listed.size ? met.count * (1.5 - spread) : Math.sqrt(met.count) * (1.2 - spread);
    const weight = heard * length * (isName ? 2 : 1);
    candidates.push({ word: usual(met.forms), count: met.count, weight });
  }
  const collator = new Intl.Collator(safeLocale(language));
  return candidates
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST)
    .sort((a, b) => collator.compare(a.word, b.word))
    .map(({ word, count }) => ({ word, count }));
}

/**
 * Count the words of a text.
 * @param {string} text
 * @param {string | null} language
 */
function meet(text, language) {
  /** @type {Map<string, Met>} */
  const words = new Map();
  /** @type {Intl.Segmenter | null} */
  let segmenter = null;
  let [total, inside, capitals, until] = [0, 0, 0, 0];
  const add = (/** @type {string} */ form, /** @type {number} */ at, /** @type {boolean} */ begins) => {
    total++;
    if (!LETTER.test(form)) return;
    const key = form.toLowerCase().replaceAll(/[’ʼ]/g, "'");
    if (key.length < 2) return;
    let met = words.get(key);
    if (!met) words.set(key, met = { count: 0, forms: new Map(), inside: 0, capital: 0, parts: new Set() });
    met.count++;
    met.forms.set(form, (met.forms.get(form) ?? 0) + (begins ? 0.01 : 1));
    met.parts.add(Math.floor((PARTS * at) / text.length));
    if (begins) return;
    const capital = CAPITAL.test(form) ? 1 : 0;
    inside++;
    capitals += capital;
    met.inside++;
    met.capital += capital;
  };
  for (const { 0: form, index } of text.matchAll(WORD)) {
    if (UNSPACED.test(form)) {
      segmenter ??= new Intl.Segmenter(safeLocale(language), { granularity: "word" });
      for (const part of segmenter.segment(form)) {
        if (part.isWordLike) add(part.segment, index + part.index, false);
      }
    } else add(form, index, until === 0 || ENDS_SENTENCE.test(text.slice(until, index)));
    until = index + form.length;
  }
  return { words, total, shout: capitals > inside / 2 };
}

/**
 * Whether it is listed; "it's" and "qu'il" are where a part of them is.
 * @param {string} key
 * @param {Set<string>} listed
 */
function isFunctionWord(key, listed) {
  if (listed.has(key)) return true;
  const at = key.indexOf("'");
  if (at < 0 || !listed.size) return false;
  return key.endsWith("n't") || listed.has(key.slice(0, at)) || listed.has(key.slice(at + 1));
}

/**
 * In how many parts a word is, beside the number that chance would bring it to.
 * @param {Met} met
 */
function evenness({ count, parts }) {
  return Math.min(1, parts.size / (PARTS * (1 - (1 - 1 / PARTS) ** count)));
}

/**
 * Function words, in every language, are short, frequent and everywhere.
 * @param {string} key
 * @param {number} share of all words
 * @param {number} count
 * @param {number} spread
 */
function holdsSentences(key, share, count, spread) {
  if (count < 5 || spread < EVERYWHERE) return false;
  return share > (key.length <= 4 ? 1 / 1000 : 1 / 200);
}

/** @param {Map<string, number>} forms */
function usual(forms) {
  return [...forms].reduce((best, form) => (form[1] > best[1] ? form : best))[0];
}
