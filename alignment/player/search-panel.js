/** The search field: count, next and previous, hits marked in the text and on the timeline. Playback goes on. */

/** @import { TranscriptView } from "./view.js" */
/** @import { Hit } from "./search.js" */

import { element, iconButton } from "./dom.js";
import { HitMarks } from "./highlight.js";
import { SearchIndex } from "./search.js";

export class SearchPanel {
  /** @type {Hit[]} */
  hits = [];
  /** Index of the hit that one is at, -1 before the first step. */
  #at = -1;
  #marks = new HitMarks();
  /** @type {Element | null} what had the focus before */
  #before = null;
  /** Whether only whole words are meant, until the person types. */
  #whole = false;
  /** @type {SearchIndex | null} */
  #index = null;

  /**
   * @param {TranscriptView} view
   * @param {object} on
   * @param {() => number} on.place index of the line that the reader is at
   * @param {(hits: Hit[]) => void} on.found
   * @param {(hit: Hit, range: Range) => void} on.go
   * @param {(open: boolean) => void} on.toggled
   */
  constructor(view, on) {
    this.view = view;
    this.on = on;
    this.field = element("input", {
      type: "search",
      placeholder: "Search the transcript",
      "aria-label": "Search the transcript",
      autocomplete: "off",
      spellcheck: "false",
      dir: "auto",
    });
    this.count = element("output", { class: "vt-count" });
    const previous = iconButton("up", "Previous hit", { class: "vt-button" });
    const next = iconButton("down", "Next hit", { class: "vt-button" });
    const close = iconButton("close", "Close search", { class: "vt-button" });
    previous.addEventListener("click", () => this.step(-1));
    next.addEventListener("click", () => this.step(1));
    close.addEventListener("click", () => this.close());
    this.field.addEventListener("input", () => {
      this.#whole = false;
      this.#find();
    });
    this.root = element(
      "form",
      { class: "vt-search", role: "search", hidden: true },
      this.field,
      this.count,
      previous,
      next,
      close,
    );
    this.root.addEventListener("submit", (event) => event.preventDefault());
    this.root.addEventListener("keydown", (event) => this.#key(event));
  }

  get isOpen() {
    return !this.root.hidden;
  }

  /** Built when it is asked for first. */
  get index() {
    return this.#index ??= new SearchIndex(this.view.transcript.lines);
  }

  /**
   * @param {string} [query] searched at once
   * @param {boolean} [whole] only where it is not a part of a longer word
   */
  open(query, whole = false) {
    if (!this.isOpen) this.#before = document.activeElement;
    this.root.hidden = false;
    this.on.toggled(true);
    if (query !== undefined) {
      this.field.value = query;
      this.#whole = whole;
    }
    this.#find();
    this.field.focus();
    this.field.select();
  }

  /**
   * Go on with a search in another view of the same lines.
   * @param {SearchPanel} other
   */
  resume(other) {
    if (!other.isOpen) return;
    this.#before = null;
    this.root.hidden = false;
    this.field.value = other.field.value;
    this.#whole = other.#whole;
    this.on.toggled(true);
    this.#find();
    this.#at = other.#at;
    if (this.#at >= 0) this.#marks.showCurrent(this.#at);
    this.#say();
  }

  close() {
    this.root.hidden = true;
    if (this.#before instanceof HTMLElement) this.#before.focus({ preventScroll: true });
    this.hits = [];
    this.#marks.clear();
    this.on.found([]);
    this.on.toggled(false);
  }

  /** @param {1 | -1} step to the next hit or the previous one, around the end */
  step(step) {
    const { hits } = this;
    if (!hits.length) return;
    if (this.#at < 0) this.#at = step > 0 ? this.#first() : this.#first() - 1;
    else this.#at += step;
    this.#at = (this.#at + hits.length) % hits.length;
    this.#marks.showCurrent(this.#at);
    this.#say();
    this.on.go(hits[this.#at], this.#range(hits[this.#at]));
  }

  /** The first hit at or after the reader's place; the first of all where there is none after it. */
  #first() {
    const place = this.on.place();
    return Math.max(0, this.hits.findIndex((hit) => hit.line >= place));
  }

  #find() {
    const { hits, complete } = this.index.find(this.field.value, this.#whole);
    this.hits = hits;
    this.complete = complete;
    this.#at = -1;
    this.#marks.show(hits.map((hit) => this.#range(hit)));
    this.on.found(hits);
    this.#say();
  }

  /** @param {Hit} hit */
  #range({ line, from, endLine, to }) {
    const range = document.createRange();
    range.setStart(this.view.texts[line], from);
    range.setEnd(this.view.texts[endLine], to);
    return range;
  }

  #say() {
    const { hits } = this;
    const total = `${hits.length.toLocaleString("en")}${this.complete ? "" : "+"}`;
    if (!this.field.value.trim()) this.count.value = "";
    else if (!hits.length) this.count.value = "Not found";
    else this.count.value = this.#at < 0 ? total : `${this.#at + 1} of ${total}`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // What is typed here is nobody else's: Streamlit takes bare letters.
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && event.target === this.field) this.step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  }
}
