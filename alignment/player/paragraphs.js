/** How lines come together on the page: chapters, speakers' turns as paragraphs, gaps, chunks. */

/** @import { Transcript } from "./transcript.js" */

/**
 * @typedef {{kind: "chapter", title: string, start: number}} ChapterBlock
 * @typedef {{kind: "gap", gap: number}} GapBlock
 * @typedef {{kind: "paragraph", from: number, to: number, speaker: string | null}} ParagraphBlock
 *   the lines `from` to `to` (not included); speaker: where a new one begins to speak
 * @typedef {ChapterBlock | GapBlock | ParagraphBlock} Block
 */

/** A turn is cut at the end of a sentence once a paragraph is this long, in characters. */
const LONG = 420;

/** Where captions come without full stops, a paragraph ends here at the latest. */
const TOO_LONG = 900;

const SENTENCE_END = /[.!?…。！？؟۔।]["'”’»)\]]*\s*$/u;

/** Lines a chunk holds: what the browser lays out, or leaves out while it is far away, as one piece. */
const CHUNK_LINES = 50;

/**
 * The page from top to bottom, in chunks.
 * @param {Transcript} transcript
 * @returns {Block[][]}
 */
export function arrange(transcript) {
  return chunk(blocks(transcript));
}

/**
 * @param {Transcript} transcript
 * @returns {Block[]}
 */
function blocks({ lines, gaps, chapters }) {
  /** @type {Block[]} */
  const made = [];
  /** @type {ParagraphBlock | null} */
  let open = null;
  let gap = 0;
  let chapter = 0;
  let length = 0;
  /** @type {string | null} */
  let speaker = null;

  const addGapsAfter = (/** @type {number} */ line) => {
    for (; gap < gaps.length && gaps[gap].after <= line; gap++) {
      made.push({ kind: "gap", gap });
      open = null;
    }
  };
  addGapsAfter(-1);
  for (const [index, line] of lines.entries()) {
    const starts = line.start !== null && chapter < chapters.length &&
      chapters[chapter].start <= line.start + 0.5;
    if (starts) {
      while (chapter + 1 < chapters.length && chapters[chapter + 1].start <= Number(line.start) + 0.5) {
        chapter++;
      }
      made.push({ kind: "chapter", ...chapters[chapter++] });
      open = null;
    }
    const before = lines[index - 1];
    const turns = before && (before.turn !== line.turn || before.speaker !== line.speaker);
    const full = length >= TOO_LONG || (length >= LONG && before && SENTENCE_END.test(before.text));
    if (!open || turns || full) {
      const named = line.speaker !== speaker || turns ? line.speaker : null;
      open = { kind: "paragraph", from: index, to: index, speaker: named };
      speaker = line.speaker;
      length = 0;
      made.push(open);
    }
    open.to = index + 1;
    length += line.text.length;
    addGapsAfter(index);
  }
  return made;
}

/**
 * @param {Block[]} all
 * @returns {Block[][]}
 */
function chunk(all) {
  /** @type {Block[][]} */
  const chunks = [];
  let count = Infinity;
  for (const block of all) {
    if (count >= CHUNK_LINES) {
      chunks.push([]);
      count = 0;
    }
    chunks[chunks.length - 1].push(block);
    if (block.kind === "paragraph") count += block.to - block.from;
  }
  return chunks;
}

const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}、。，！？]/u;

/**
 * What stands between two lines that run on in a paragraph: a space, save in scripts that write none.
 * @param {string} before
 * @param {string} after
 */
export function joint(before, after) {
  const last = before.at(-1) ?? "";
  const first = after.at(0) ?? "";
  return WITHOUT_SPACES.test(last) && WITHOUT_SPACES.test(first) ? "" : " ";
}
