/** What is selected in one go by keyboard: words as they stand in a text, or the whole of it. */

/** @typedef {{from: number, to: number}} Piece UTF-16 units into a text; `to` is the first one after it */

/** Scripts that write no spaces: there the browser tells words apart. */
export const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * The words, each with its punctuation.
 * @param {string} text
 * @param {string | null} language BCP 47
 * @returns {Piece[]}
 */
export function wordsIn(text, language) {
  return [...text.matchAll(/\S+/g)].flatMap(({ 0: word, index }) => {
    if (!UNSPACED.test(word)) return [{ from: index, to: index + word.length }];
    // In scripts without spaces the browser's dictionary tells; what is no word belongs to the one before.
    const starts = [...segmenter(language).segment(word)].filter(({ isWordLike }) => isWordLike)
      .map((part, at) => at ? part.index : 0);
    return starts.map((start, at) => ({ from: index + start, to: index + (starts[at + 1] ?? word.length) }));
  });
}

/**
 * The whole text; nothing where there is none.
 * @param {string} text
 * @returns {Piece[]}
 */
export function wholeOf(text) {
  return text ? [{ from: 0, to: text.length }] : [];
}

/** @type {Map<string | null, Intl.Segmenter>} */
const segmenters = new Map();

/** @param {string | null} language */
function segmenter(language) {
  const known = segmenters.get(language);
  if (known) return known;
  const made = new Intl.Segmenter(safeLocale(language), { granularity: "word" });
  segmenters.set(language, made);
  return made;
}

/**
 * A language that the browser takes, else its own.
 * @param {string | null} language
 */
export function safeLocale(language) {
  try {
    return language ? Intl.getCanonicalLocales(language) : undefined;
  } catch {
    return undefined;
  }
}
