/** Selecting by keyboard, by the word and by the line, as with Shift in a text that one writes. */

/** @import { Place } from "./note.js" */
/** @import { Piece } from "./text-pieces.js" */
/** @import { Scroller } from "./scrolling.js" */
/** @import { TranscriptView } from "./view.js" */

import { firstWhere } from "./sorted.js";
import { wholeOf, wordsIn } from "./text-pieces.js";

/** The end that moves keeps this far from what covers the text, pixels. */
const MARGIN_PX = 16;

export class KeyboardSelection {
  /**
   * @param {TranscriptView} view
   * @param {Scroller} scroller
   * @param {() => Place} start where to begin while nothing is selected
   */
  constructor(view, scroller, start) {
    this.view = view;
    this.scroller = scroller;
    this.start = start;
  }

  /** @param {1 | -1} step */
  byWord(step) {
    const { language } = this.view.transcript;
    return this.#extend(step, (text) => wordsIn(text, language));
  }

  /** @param {1 | -1} step */
  byLine(step) {
    return this.#extend(step, wholeOf);
  }

  /**
   * Select more on the side that moves, or less.
   * @param {1 | -1} step
   * @param {(text: string) => Piece[]} pieces
   * @returns {string} what is selected now
   */
  #extend(step, pieces) {
    const selection = getSelection();
    if (!selection) return "";
    const had = this.#read(selection);
    const now = had ? this.#moved(had, step, pieces) : this.#begun(step, pieces);
    if (now) {
      const { texts } = this.view;
      selection.setBaseAndExtent(
        texts[now.anchor.line],
        now.anchor.offset,
        texts[now.focus.line],
        now.focus.offset,
      );
      this.#reveal(now.focus);
    } else selection.removeAllRanges();
    return selection.toString();
  }

  /**
   * @param {Selection} selection
   * @returns {{anchor: Place, focus: Place} | null} null where nothing is selected here
   */
  #read({ anchorNode, anchorOffset, focusNode, focusOffset, isCollapsed }) {
    const { root } = this.view;
    if (isCollapsed || !anchorNode || !focusNode) return null;
    if (!root.contains(anchorNode) || !root.contains(focusNode)) return null;
    return { anchor: this.#place(anchorNode, anchorOffset), focus: this.#place(focusNode, focusOffset) };
  }

  /**
   * @param {Node} node
   * @param {number} offset
   * @returns {Place}
   */
  #place(node, offset) {
    const { texts } = this.view;
    const range = document.createRange();
    range.setStart(node, offset);
    const line = firstWhere(texts.length, (line) => range.comparePoint(texts[line], texts[line].length) >= 0);
    if (line === texts.length) return { line: line - 1, offset: texts[line - 1].length };
    return { line, offset: node === texts[line] ? offset : 0 };
  }

  /**
   * @param {1 | -1} step
   * @param {(text: string) => Piece[]} pieces
   */
  #begun(step, pieces) {
    const { line, offset } = this.start();
    const all = pieces(this.view.texts[line]?.data ?? "");
    const piece = all.findLast(({ from }) => from <= offset) ?? all[0];
    if (!piece) return null;
    const [from, to] = [{ line, offset: piece.from }, { line, offset: piece.to }];
    return step > 0 ? { anchor: from, focus: to } : { anchor: to, focus: from };
  }

  /**
   * @param {{anchor: Place, focus: Place}} selected
   * @param {1 | -1} step
   * @param {(text: string) => Piece[]} pieces
   * @returns {{anchor: Place, focus: Place} | null} null where nothing is left of it
   */
  #moved({ anchor, focus }, step, pieces) {
    const side = Math.sign(compare(focus, anchor));
    const next = this.#next(focus, step, pieces, side > 0 ? "to" : "from") ?? focus;
    return Math.sign(compare(next, anchor)) === side ? { anchor, focus: next } : null;
  }

  /**
   * The nearest edge of a piece before or after a place.
   * @param {Place} place
   * @param {1 | -1} step
   * @param {(text: string) => Piece[]} pieces
   * @param {"from" | "to"} edge
   * @returns {Place | null}
   */
  #next(place, step, pieces, edge) {
    const { texts } = this.view;
    for (let { line } = place; line >= 0 && line < texts.length; line += step) {
      const places = pieces(texts[line].data).map((piece) => ({ line, offset: piece[edge] }));
      const isFarther = (/** @type {Place} */ other) => step * compare(other, place) > 0;
      const found = step > 0 ? places.find(isFarther) : places.findLast(isFarther);
      if (found) return found;
    }
    return null;
  }

  /** @param {Place} place */
  #reveal({ line, offset }) {
    const text = this.view.texts[line];
    const range = document.createRange();
    range.setStart(text, Math.max(0, offset - 1));
    range.setEnd(text, Math.min(text.length, offset + 1));
    const rect = range.getBoundingClientRect();
    const { top, bottom } = this.scroller.visible();
    const above = rect.top - top - MARGIN_PX;
    const below = rect.bottom - bottom + MARGIN_PX;
    if (above < 0 || below > 0) {
      this.scroller.outer.scrollBy({ top: above < 0 ? above : below, behavior: "instant" });
    }
  }
}

/**
 * @param {Place} one
 * @param {Place} other
 */
function compare(one, other) {
  return one.line - other.line || one.offset - other.offset;
}
