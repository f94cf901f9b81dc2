/** A small page to write a note on: its passage, its colour, its text. */

/** @import { Note } from "./note.js" */

import { element, iconButton } from "./dom.js";
import { COLOURS, MOST_CHARACTERS } from "./note.js";
import { formatClock } from "./time.js";

export class NoteEditor {
  /** @type {Note | null} as it was opened */
  #note = null;
  #settled = true;

  /**
   * @param {object} on
   * @param {(note: Note) => void} on.save
   * @param {(note: Note) => void} on.remove
   * @param {(draft: Note, isNew: boolean) => void} on.left closed with something written that is not saved
   */
  constructor(on) {
    this.on = on;
    this.title = element("h2", {});
    this.quote = element("blockquote", { class: "vt-quote", dir: "auto" });
    this.text = element("textarea", {
      rows: 5,
      maxlength: MOST_CHARACTERS,
      "aria-label": "Note",
      placeholder: "Write a note, or leave this a highlight",
      dir: "auto",
    });
    this.colours = COLOURS.map((colour) =>
      element("input", { type: "radio", name: "colour", value: colour, "data-colour": colour })
    );
    this.delete = element("button", { type: "button", class: "vt-plain" }, "Delete");
    const close = iconButton("close", "Close", { class: "vt-button" });
    const save = element("button", { class: "vt-main", title: "Save (Ctrl+Enter)" }, "Save");
    const form = element(
      "form",
      { method: "dialog" },
      element("header", {}, this.title, close),
      this.quote,
      this.text,
      element(
        "div",
        { class: "vt-editor-end" },
        element(
          "fieldset",
          { class: "vt-colours" },
          element("legend", {}, "Colour"),
          ...this.colours.map((input) =>
            element("label", { title: named(input.value) }, input, element("span", {}, named(input.value)))
          ),
        ),
        this.delete,
        save,
      ),
    );
    this.dialog = element("dialog", { class: "vt-help vt-editor", "aria-label": "Note" }, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#settle(this.on.save, { ...this.#draft(), modified: new Date().toISOString() });
    });
    this.delete.addEventListener("click", () => this.#settle(this.on.remove, this.#draft()));
    close.addEventListener("click", () => this.#leave());
    this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.#leave());
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#leave();
    });
    this.dialog.addEventListener("close", () => this.#closed());
    this.dialog.addEventListener("keydown", (event) => {
      // What is typed here is nobody else's: Streamlit takes bare letters.
      event.stopPropagation();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
  }

  /**
   * @param {Note} note
   * @param {boolean} isNew
   */
  open(note, isNew) {
    this.#note = note;
    this.#settled = false;
    this.isNew = isNew;
    this.title.textContent = `${isNew ? "New note" : "Note"} at ${formatClock(note.start)}`;
    this.quote.textContent = note.quote;
    this.quote.dataset.colour = note.colour;
    this.text.value = note.text;
    this.delete.hidden = isNew;
    for (const input of this.colours) {
      input.checked = input.value === note.colour;
      input.onchange = () => (this.quote.dataset.colour = input.value);
    }
    this.dialog.showModal();
    this.text.focus();
  }

  /** @returns {Note} */
  #draft() {
    const note = /** @type {Note} */ (this.#note);
    const colour = this.colours.find(({ checked }) => checked)?.value ?? note.colour;
    return { ...note, colour, text: this.text.value.trim() };
  }

  /**
   * @param {(note: Note) => void} act
   * @param {Note} note
   */
  #settle(act, note) {
    this.#settled = true;
    this.#leave();
    act(note);
  }

  /** Where nothing had the focus before, the browser leaves it in the closed page until it next draws. */
  #leave() {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    this.dialog.close();
  }

  #closed() {
    if (this.#settled || !this.#note) return;
    const draft = this.#draft();
    if (draft.text !== this.#note.text) this.on.left(draft, Boolean(this.isNew));
  }
}

/** @param {string} colour */
export function named(colour) {
  return colour[0].toUpperCase() + colour.slice(1);
}
