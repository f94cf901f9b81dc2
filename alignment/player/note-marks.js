/** The notes in the text: their passages coloured and underlined, a small sign at the side of their line. */

/** @import { PlacedNote } from "./note-places.js" */
/** @import { TranscriptView } from "./view.js" */

import { iconButton } from "./dom.js";
import { highlightNamed, SUPPORTED } from "./highlight.js";
import { COLOURS } from "./note.js";

/** Characters of a note that its sign says. */
const SAID = 300;

export class NoteMarks {
  /** @type {[string, Range][]} names of highlights, and what was added to them */
  #ranges = [];
  /** @type {HTMLElement[]} */
  #signs = [];

  /**
   * In place of what was shown before.
   * @param {TranscriptView} view
   * @param {PlacedNote[]} placed
   * @param {(note: PlacedNote) => void} onOpen
   */
  show(view, placed, onOpen) {
    this.clear();
    /** @type {Map<number, PlacedNote[]>} */
    const byLine = new Map();
    for (const note of placed) {
      this.#colour(view, note);
      const beside = byLine.get(note.line);
      if (beside) beside.push(note);
      else byLine.set(note.line, [note]);
    }
    for (const [line, notes] of byLine) this.#sign(view, line, notes, onOpen);
  }

  clear() {
    for (const [name, range] of this.#ranges) CSS.highlights.get(name)?.delete(range);
    for (const sign of this.#signs) sign.remove();
    this.#ranges = [];
    this.#signs = [];
  }

  /**
   * @param {TranscriptView} view
   * @param {PlacedNote} placed
   */
  #colour(view, { note, passage }) {
    if (!passage || !SUPPORTED) return;
    const range = document.createRange();
    range.setStart(view.texts[passage.from.line], passage.from.offset);
    range.setEnd(view.texts[passage.to.line], passage.to.offset);
    const name = `vt-note-${COLOURS.indexOf(note.colour) + 1}`;
    // Under the word that is said and what a search has found.
    highlightNamed(name, -1).add(range);
    this.#ranges.push([name, range]);
  }

  /**
   * @param {TranscriptView} view
   * @param {number} line
   * @param {PlacedNote[]} notes
   * @param {(note: PlacedNote) => void} onOpen
   */
  #sign(view, line, notes, onOpen) {
    const [first] = notes;
    const written = notes.filter(({ note }) => note.text);
    const texts =
      (written.length ? written.map(({ note }) => note.text) : notes.map(({ note }) => note.quote))
        .join(" · ").slice(0, SAID);
    const kind = written.length ? "Note" : "Highlight";
    const label = notes.length > 1 ? `${notes.length} notes: ${texts}` : `${kind}: ${texts}`;
    const sign = iconButton("note", label, {
      class: "vt-sign",
      // With its line's time it is a tab stop, else none.
      tabindex: String(view.times[line].tabIndex),
      "data-colour": first.note.colour,
    });
    if (!written.length) sign.dataset.plain = "";
    sign.addEventListener("click", (event) => {
      // Not a click on the line.
      event.stopPropagation();
      onOpen(first);
    });
    view.lines[line].insertBefore(sign, view.texts[line]);
    this.#signs.push(sign);
  }
}
