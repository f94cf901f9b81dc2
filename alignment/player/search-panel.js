/** The search field: count, next and previous, hits marked in the text and on the timeline. Playback goes on. */

/** @import { TranscriptView } from "./view.js" */
/** @import { Hit } from "./search.js" */
/** @import { Sound } from "./audio.js" */
/** @import { Stretch } from "./play-hits.js" */

import { element, iconButton } from "./dom.js";
import { HitMarks } from "./highlight.js";
import { HitPlayer, stretchesOf } from "./play-hits.js";
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
  /** @type {Stretch[]} */
  #stretches = [];

  /**
   * @param {TranscriptView} view
   * @param {Sound} sound
   * @param {object} on
   * @param {() => number} on.place index of the line that the reader is at
   * @param {(hits: Hit[]) => void} on.found
   * @param {(range: Range, playing: boolean) => void} on.go playing: the voice goes there, too
   * @param {(open: boolean) => void} on.toggled
   * @param {() => void} on.played the hits are played from now on, nothing else that was
   * @param {AbortSignal} signal
   */
  constructor(view, sound, on, signal) {
    this.view = view;
    this.on = on;
    this.player = new HitPlayer(sound, {
      reached: (index) => this.#show(index),
      ended: () => this.#sayPlaying(),
    }, signal);
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
    this.toggle = iconButton("hits", "Play the hits", { class: "vt-button", "aria-pressed": "false" });
    this.toggle.addEventListener("click", () => this.#toggle());
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
      this.toggle,
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
   * @param {boolean} playing whether it played its hits
   */
  resume(other, playing) {
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
    if (!playing || !this.#stretches.length) return;
    this.player.resume(this.#stretches, this.#at);
    this.#sayPlaying();
  }

  close() {
    this.player.stop();
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
    const from = this.#at >= 0 ? this.#at : this.#first() - (step > 0 ? 1 : 0);
    const next = (from + step + hits.length) % hits.length;
    if (this.player.active) this.player.goTo(next);
    else this.#show(next);
  }

  /** @param {number} index of the hit to go to in the text */
  #show(index) {
    this.#at = index;
    this.#marks.showCurrent(index);
    this.#say();
    this.on.go(this.#range(this.hits[index]), this.player.active);
  }

  /** Play the hits from the one that one is at, or stop. */
  #toggle() {
    if (this.player.active) {
      this.player.sound.pause();
      this.player.stop();
      return;
    }
    if (!this.#stretches.length) return;
    this.on.played();
    this.player.start(this.#stretches, this.#at >= 0 ? this.#at : this.#first());
    this.#sayPlaying();
  }

  #sayPlaying() {
    this.toggle.setAttribute("aria-pressed", String(this.player.active));
  }

  /** The first hit at or after the reader's place; the first of all where there is none after it. */
  #first() {
    const place = this.on.place();
    return Math.max(0, this.hits.findIndex((hit) => hit.line >= place));
  }

  #find() {
    if (this.player.active) this.#toggle();
    const { hits, complete } = this.index.find(this.field.value, this.#whole);
    this.hits = hits;
    this.complete = complete;
    this.#at = -1;
    this.#marks.show(hits.map((hit) => this.#range(hit)));
    this.#stretches = stretchesOf(this.view.transcript, hits);
    this.toggle.hidden = !this.#stretches.length;
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
