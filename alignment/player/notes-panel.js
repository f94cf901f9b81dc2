/** All notes by time: to go to, to look through, to change, to take along. */

/** @import { PlacedNote } from "./note-places.js" */
/** @import { NoteStore } from "./note-store.js" */

import { element, icon, iconButton } from "./dom.js";
import { named } from "./note-editor.js";
import { EXPORTS } from "./note-export.js";
import { foldText } from "./search.js";
import { formatClock } from "./time.js";

/** Characters of a note by which its buttons are told from another's. */
const SAID = 40;

export class NotesPanel {
  /** @type {PlacedNote[]} */
  #placed = [];
  /** @type {Map<string, HTMLLIElement>} by the note's id */
  #items = new Map();
  /** @type {Element | null} what had the focus before */
  #before = null;

  /**
   * @param {NoteStore} store
   * @param {object} on
   * @param {() => number} on.position seconds
   * @param {(placed: PlacedNote) => void} on.go
   * @param {(placed: PlacedNote) => void} on.edit
   * @param {(placed: PlacedNote) => void} on.remove
   * @param {() => void} on.undo
   * @param {(ending: string, notes: PlacedNote[]) => {name: string, address: string}} on.export a file
   * @param {() => void} on.toggled
   */
  constructor(store, on) {
    this.store = store;
    this.on = on;
    this.count = element("output", { class: "vt-notes-count" });
    this.filter = element("input", {
      type: "search",
      placeholder: "Filter notes",
      "aria-label": "Filter notes",
      autocomplete: "off",
      spellcheck: "false",
      dir: "auto",
    });
    this.trouble = element("div", { class: "vt-notes-trouble", role: "status", hidden: true });
    this.list = element("ul", { class: "vt-note-list", "aria-label": "Notes" });
    this.empty = element("p", { class: "vt-notes-empty" });
    this.exports = element("p", { class: "vt-note-exports" }, element("span", {}, "Save as"));
    for (const [ending, { label }] of Object.entries(EXPORTS)) {
      const link = element("a", { href: "#", download: "" }, label);
      // The file is made when it is wanted: the notes may have changed.
      link.addEventListener("click", () => {
        const { name, address } = on.export(ending, this.#placed);
        link.download = name;
        link.href = address;
      });
      link.dataset.ending = ending;
      this.exports.append(link);
    }
    this.closer = iconButton("close", "Close notes", { class: "vt-button" });
    this.closer.addEventListener("click", () => this.close());
    this.root = element(
      "section",
      { class: "vt-notes", "aria-label": "Notes", hidden: true },
      element("header", {}, element("h2", {}, "Notes"), this.count, this.filter, this.closer),
      this.trouble,
      this.list,
      this.empty,
      this.exports,
    );
    this.filter.addEventListener("input", () => this.#narrow());
    this.root.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("focusin", ({ target }) => {
      const item = /** @type {Element} */ (target).closest("li");
      if (item) this.#moveStop(item);
    });
  }

  get isOpen() {
    return !this.root.hidden;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  /** @param {PlacedNote} [at] the one to be at; else the last one before the playback's place */
  open(at) {
    if (!this.isOpen) this.#before = document.activeElement;
    this.root.hidden = false;
    this.on.toggled();
    if (at) this.filter.value = "";
    this.#draw();
    const position = this.on.position();
    const shown = this.#placed.filter(({ note }) => !this.#items.get(note.id)?.hidden);
    const chosen = at ?? shown.findLast(({ start }) => start <= position + 0.01) ?? shown[0];
    const item = chosen && this.#items.get(chosen.note.id);
    if (item) this.#enter(item);
    else (this.#placed.length ? this.filter : this.closer).focus();
  }

  close() {
    const within = this.root.contains(document.activeElement);
    this.root.hidden = true;
    this.on.toggled();
    if (within && this.#before instanceof HTMLElement) this.#before.focus({ preventScroll: true });
  }

  /** @param {PlacedNote[]} placed by time */
  show(placed) {
    this.#placed = placed;
    if (this.isOpen) this.#draw();
  }

  #draw() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest?.("[data-note]"));
    const { id, act } = { id: focused?.dataset.note, act: document.activeElement?.className };
    const place = focused ? [...this.list.children].indexOf(focused) : -1;
    this.#items = new Map(this.#placed.map((placed) => [placed.note.id, this.#item(placed)]));
    const scrolled = this.list.scrollTop;
    this.list.replaceChildren(...this.#items.values());
    this.list.scrollTop = scrolled;
    this.#narrow();
    this.sayTrouble();
    if (!focused || !id) return;
    // Whoever was at a note stays there; where it is gone, at the one that took its place.
    const same = this.#items.get(id);
    const shown = this.#shown();
    const item = same ?? shown[Math.min(place, shown.length - 1)];
    const button = same && act ? same.getElementsByClassName(act)[0] : null;
    if (button instanceof HTMLElement) button.focus({ preventScroll: true });
    else if (item) this.#enter(item);
    else (this.#placed.length ? this.filter : this.closer).focus();
  }

  /** @param {PlacedNote} placed */
  #item(placed) {
    const { note, start, passage } = placed;
    const colour = element("span", { class: "vt-swatch", role: "img", "aria-label": named(note.colour) });
    const go = element(
      "button",
      { type: "button", class: "vt-note-go", title: "Play from here" },
      element("span", { class: "vt-note-time" }, colour, formatClock(start)),
    );
    if (note.text) go.append(element("span", { class: "vt-note-text", dir: "auto" }, note.text));
    go.append(element("span", { class: "vt-quote", dir: "auto", "data-colour": note.colour }, note.quote));
    if (!passage) go.append(element("span", { class: "vt-note-changed" }, "The text has changed"));
    // Each says of which note it is.
    const words = (note.text || note.quote).slice(0, SAID);
    const edit = iconButton("edit", `Edit note: ${words}`, { class: "vt-button vt-note-edit" });
    const remove = iconButton("delete", `Delete note: ${words}`, { class: "vt-button vt-note-delete" });
    go.addEventListener("click", () => this.on.go(placed));
    edit.addEventListener("click", () => this.on.edit(placed));
    remove.addEventListener("click", () => this.on.remove(placed));
    return element(
      "li",
      { "data-note": note.id, "data-colour": note.colour },
      go,
      element("span", { class: "vt-note-acts" }, edit, remove),
    );
  }

  /** Show those with the words in the filter. */
  #narrow() {
    const sought = foldText(this.filter.value, "");
    let found = 0;
    for (const { note } of this.#placed) {
      const item = /** @type {HTMLLIElement} */ (this.#items.get(note.id));
      item.hidden = sought !== "" && !foldText(`${note.quote}\n${note.text}`, "").includes(sought);
      if (!item.hidden) found++;
    }
    const total = this.#placed.length;
    this.count.value = found === total ? `${total}` : `${found} of ${total}`;
    this.empty.hidden = found > 0;
    this.empty.textContent = total
      ? "No note has these words."
      : "Select text to highlight it or to write a note, or press n for a note at the current line.";
    this.exports.hidden = total === 0;
    this.filter.hidden = total === 0;
    const [first] = this.#shown();
    if (first) this.#moveStop(first);
  }

  /** What keeps the notes from being saved or read. */
  sayTrouble() {
    const { trouble, aside } = this.store;
    /** @type {Node[]} */
    const said = [];
    if (trouble) {
      const again = element("button", { type: "button" }, "Try again");
      again.addEventListener("click", () => this.store.retry());
      said.push(element("span", {}, trouble), again);
    }
    if (aside.length) {
      said.push(
        element(
          "span",
          {},
          `Earlier notes could not be read. They lie with the episode as ${aside.join(", ")}.`,
        ),
      );
    }
    if (this.trouble.textContent === said.map(({ textContent }) => textContent).join("")) return;
    this.trouble.hidden = !said.length;
    this.trouble.replaceChildren(...said);
  }

  /** @returns {HTMLLIElement[]} */
  #shown() {
    return [...this.#items.values()].filter((item) => !item.hidden);
  }

  /**
   * One tab stop for all notes, and their buttons behind it.
   * @param {HTMLLIElement} item
   */
  #moveStop(item) {
    for (const other of this.#items.values()) {
      const tabIndex = other === item ? 0 : -1;
      for (const button of other.querySelectorAll("button")) button.tabIndex = tabIndex;
    }
  }

  /** @param {HTMLLIElement} item */
  #enter(item) {
    item.querySelector("button")?.focus();
    item.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const typing = event.target === this.filter;
    if (typing) event.stopPropagation();
    if (event.isComposing) return;
    const item = /** @type {Element} */ (event.target).closest("li");
    const shown = this.#shown();
    const at = item ? shown.indexOf(/** @type {HTMLLIElement} */ (item)) : -1;
    const placed = this.#placed.find(({ note }) => note.id === item?.dataset.note);
    const undoes = event.key === "z" && (event.ctrlKey || event.metaKey) && !typing;
    if (event.key === "Escape") this.close();
    else if (undoes) this.on.undo();
    else if (event.key === "ArrowDown" && shown[at + 1]) this.#enter(shown[at + 1]);
    else if (event.key === "ArrowUp" && item) {
      if (shown[at - 1]) this.#enter(shown[at - 1]);
      else this.filter.focus();
    } else if (event.key === "Enter" && typing && shown.length) shown[0].querySelector("button")?.click();
    else if (event.key === "Delete" && placed) this.on.remove(placed);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/**
 * The button that opens the panel and says how many notes there are.
 * @param {() => void} onOpen
 */
export function notesButton(onOpen) {
  const button = element(
    "button",
    { type: "button", class: "vt-button vt-open-notes", "aria-label": "Notes", title: "Notes (N)" },
    icon("note"),
  );
  button.addEventListener("click", onOpen);
  return {
    root: button,
    /**
     * @param {number} count
     * @param {number} unsaved
     * @param {boolean} isOpen
     */
    show(count, unsaved, isOpen) {
      const parts = ["Notes", count && String(count), unsaved && `${unsaved} not saved`].filter(Boolean);
      button.setAttribute("aria-label", parts.join(", "));
      button.setAttribute("aria-expanded", String(isOpen));
      button.dataset.count = count ? String(count) : "";
      button.toggleAttribute("data-unsaved", unsaved > 0);
    },
  };
}
