/** Marking words without touching the elements: the CSS Custom Highlight API, or a <mark> where it is missing. */

/** Highlights belong to the document; two players in one page share them, each with its own ranges. */
export const SUPPORTED = typeof Highlight === "function" && "highlights" in CSS;

/**
 * The document's highlight of that name, made at its first use.
 * @param {string} name
 * @param {number} priority the greater one is painted on top
 */
export function highlightNamed(name, priority) {
  const known = CSS.highlights.get(name);
  if (known) return known;
  const made = new Highlight();
  made.priority = priority;
  CSS.highlights.set(name, made);
  return made;
}

/** Marks one word at a time. */
export class WordMark {
  #range = document.createRange();
  /** @type {HTMLElement | null} */
  #mark = null;

  /**
   * @param {Text} text a line's text node
   * @param {number} from
   * @param {number} to
   */
  show(text, from, to) {
    this.clear();
    this.#range.setStart(text, from);
    this.#range.setEnd(text, to);
    if (SUPPORTED) {
      highlightNamed("vt-word", 1).add(this.#range);
    } else {
      this.#mark = document.createElement("mark");
      this.#mark.className = "vt-word";
      this.#range.surroundContents(this.#mark);
    }
  }

  clear() {
    if (SUPPORTED) {
      highlightNamed("vt-word", 1).delete(this.#range);
    } else if (this.#mark) {
      // The line's text node is the one before the mark: everything goes back into it.
      const parent = /** @type {HTMLElement} */ (this.#mark.parentElement);
      this.#mark.replaceWith(...this.#mark.childNodes);
      this.#mark = null;
      parent.normalize();
    }
  }
}

/** Marks what a search has found. Without the API the hits are not marked; going to one still works. */
export class HitMarks {
  /** @type {Range[]} */
  #ranges = [];
  #current = -1;

  /** @param {Range[]} ranges */
  show(ranges) {
    this.clear();
    this.#ranges = ranges;
    if (!SUPPORTED) return;
    const hits = highlightNamed("vt-hit", 0);
    for (const range of ranges) hits.add(range);
  }

  /** @param {number} index */
  showCurrent(index) {
    if (!SUPPORTED) return;
    const current = highlightNamed("vt-hit-current", 2);
    if (this.#ranges[this.#current]) current.delete(this.#ranges[this.#current]);
    if (this.#ranges[index]) current.add(this.#ranges[index]);
    this.#current = index;
  }

  clear() {
    this.showCurrent(-1);
    if (SUPPORTED) {
      const hits = highlightNamed("vt-hit", 0);
      for (const range of this.#ranges) hits.delete(range);
    }
    this.#ranges = [];
  }
}
