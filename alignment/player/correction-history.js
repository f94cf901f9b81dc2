/** All that was corrected, the latest first: by whom, when, and what has become of it. */

/** @import { Correction, CorrectionStore } from "./corrections.js" */

import { sayDone, sayState } from "./correction-words.js";
import { NotCorrected } from "./corrections.js";
import { placeOfKey, reveal, SCROLL_KEYS } from "./list-keys.js";
import { element, iconButton } from "./dom.js";
import { formatMoment } from "./time.js";
import { cleanName, MOST_OF_NAME } from "./your-name.js";

/** So many are shown, and so many more each time that one wants more: there may be thousands. */
const STEP = 100;

export class CorrectionHistory {
  /** @type {Correction[]} that could be shown, the latest first */
  #listed = [];
  #shown = STEP;
  /** @type {HTMLButtonElement[]} of those that are shown */
  #items = [];
  /** @type {string | null} id of the one that one is at */
  #at = null;
  #onlyMisfits = false;
  /** @type {string | null} why the list is not what there is */
  #trouble = null;
  /** @type {Element | null} what had the focus before */
  #before = null;

  /**
   * @param {CorrectionStore} store
   * @param {object} on
   * @param {(correction: Correction) => void} on.go
   * @param {(isOpen: boolean) => void} on.toggled
   */
  constructor(store, on) {
    this.store = store;
    this.on = on;
    this.count = element("output", { class: "vt-history-count" });
    this.misfits = element("button", { type: "button", class: "vt-choice", hidden: true });
    this.said = element("p", { class: "vt-history-said", role: "status" });
    this.list = element("ol", { "aria-label": "Corrections, the latest first" });
    this.more = element("button", { type: "button", class: "vt-choice", hidden: true });
    this.name = element("input", {
      type: "text",
      maxlength: MOST_OF_NAME,
      autocomplete: "name",
      spellcheck: "false",
      dir: "auto",
    });
    this.name.value = store.who ?? "";
    const close = iconButton("close", "Close the history", { class: "vt-button" });
    this.root = element(
      "section",
      { class: "vt-history", "aria-label": "History of corrections", tabindex: -1, hidden: true },
      element("header", {}, element("h2", {}, "History"), this.count, close),
      this.misfits,
      this.said,
      this.list,
      this.more,
      element(
        "footer",
        {},
        element("label", {}, element("span", {}, "Your name"), this.name),
        element("p", { class: "vt-hint" }, "If you give one, it stands with what you correct from now on."),
      ),
    );
    close.addEventListener("click", () => this.close());
    this.more.addEventListener("click", () => this.#showMore());
    this.misfits.addEventListener("click", () => this.#narrow(!this.#onlyMisfits));
    this.name.addEventListener("input", () => (store.who = cleanName(this.name.value)));
    this.name.addEventListener("change", () => (this.name.value = store.who ?? ""));
    this.list.addEventListener("click", ({ target }) => {
      const index = this.#items.findIndex((item) => item.contains(/** @type {Node} */ (target)));
      if (index >= 0) this.#goTo(index);
    });
    this.root.addEventListener("keydown", (event) => this.#key(event));
    // To scroll in the list is not to leave the line that is read.
    for (const type of ["wheel", "touchmove"]) {
      this.root.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
    }
    store.watch(() => this.isOpen && this.#draw());
  }

  get isOpen() {
    return !this.root.hidden;
  }

  /** Whether it lies below the text, which it leaves little room, and not beside it. */
  get isSheet() {
    return getComputedStyle(this.root).position === "static";
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  /**
   * @param {boolean} [onlyMisfits] only what does not fit any more
   * @returns {Promise<void>} when the list is there, and the focus in it unless it is empty
   */
  async open(onlyMisfits = false) {
    if (!this.isOpen) this.#before = document.activeElement;
    this.#onlyMisfits = onlyMisfits;
    this.#shown = STEP;
    this.root.hidden = false;
    this.store.keepsLog = true;
    this.on.toggled(true);
    this.root.focus({ preventScroll: true });
    this.#trouble = null;
    this.#draw();
    if (this.store.log) this.#focusList();
    try {
      await this.store.look();
    } catch (error) {
      if (!(error instanceof NotCorrected)) return;
      this.#trouble = `The corrections could not be loaded: ${error.message}`;
      this.#draw();
    }
    if (this.isOpen && document.activeElement === this.root) this.#focusList();
  }

  close() {
    if (!this.isOpen) return;
    const had = this.root.contains(document.activeElement);
    this.root.hidden = true;
    this.store.keepsLog = false;
    this.on.toggled(false);
    if (had && this.#before instanceof HTMLElement) this.#before.focus({ preventScroll: true });
  }

  #focusList() {
    const item = this.#items.find(({ tabIndex }) => tabIndex === 0);
    if (!item) return;
    item.focus({ preventScroll: true });
    reveal(this.list, item);
  }

  #draw() {
    const { corrections, skipped } = this.store.log ?? { corrections: [], skipped: [] };
    const reasons = new Map(skipped.map(({ id, reason }) => [id, reason]));
    if (!reasons.size) this.#onlyMisfits = false;
    const all = corrections.toReversed();
    this.#listed = this.#onlyMisfits ? all.filter(({ id }) => reasons.has(id)) : all;
    const focused = this.#items.find((item) => item === document.activeElement)?.dataset.correction;
    const scrolled = this.list.scrollTop;
    const shown = this.#listed.slice(0, this.#shown);
    this.#items = shown.map((correction) => itemOf(correction, reasons.get(correction.id) ?? null));
    this.list.replaceChildren(...this.#items.map((item) => element("li", {}, item)));
    this.list.scrollTop = scrolled;
    this.list.hidden = !shown.length;
    this.count.value = count(all.length);
    const said = this.store.log ? all.length ? "" : "Nothing has been corrected yet." : "Loading …";
    if (this.said.textContent !== (this.#trouble ?? said)) this.said.textContent = this.#trouble ?? said;
    this.misfits.hidden = !reasons.size;
    this.misfits.textContent = `${count(reasons.size)} no longer ${reasons.size === 1 ? "fits" : "fit"}`;
    this.misfits.setAttribute("aria-pressed", String(this.#onlyMisfits));
    const left = this.#listed.length - shown.length;
    this.more.hidden = left === 0;
    this.more.textContent = `Show ${count(Math.min(left, STEP))} more of ${count(left)}`;
    this.#mark(this.#at);
    if (!focused) return;
    const same = this.#items.findIndex(({ dataset }) => dataset.correction === focused);
    if (this.#items.length) this.#stop(Math.max(0, same));
    else this.root.focus({ preventScroll: true });
  }

  /** @param {boolean} onlyMisfits */
  #narrow(onlyMisfits) {
    this.#onlyMisfits = onlyMisfits;
    this.#shown = STEP;
    this.#draw();
    this.list.scrollTop = 0;
  }

  #showMore() {
    const first = this.#items.length;
    this.#shown += STEP;
    this.#draw();
    this.#stop(first);
  }

  /** @param {number} index */
  #goTo(index) {
    const correction = this.#listed[index];
    this.#mark(correction.id);
    this.on.go(correction);
  }

  /** @param {string | null} id */
  #mark(id) {
    this.#at = id;
    const at = this.#items.findIndex(({ dataset }) => dataset.correction === id);
    for (const [index, item] of this.#items.entries()) {
      item.tabIndex = index === Math.max(0, at) ? 0 : -1;
      if (index === at) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
  }

  /**
   * One tab stop for all; the focus goes to it.
   * @param {number} index
   */
  #stop(index) {
    const item = this.#items[index];
    for (const other of this.#items) other.tabIndex = other === item ? 0 : -1;
    item.focus({ preventScroll: true });
    reveal(this.list, item);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // What is typed here is nobody else's: Streamlit takes bare letters.
    if (event.target === this.name) event.stopPropagation();
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (SCROLL_KEYS.has(event.key)) event.stopPropagation();
    if (event.key === "Escape") this.close();
    else if (!this.#move(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * Move the focus through the list.
   * @param {string} key
   * @returns {boolean} whether the key does that
   */
  #move(key) {
    const at = this.#items.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    if (at < 0) return false;
    const last = this.#items.length - 1;
    const place = placeOfKey(key, at, last);
    if (place === undefined) return false;
    if (place > last && !this.more.hidden) this.#showMore();
    else this.#stop(Math.max(0, Math.min(last, place)));
    return true;
  }
}

/**
 * @param {Correction} correction
 * @param {string | null} reason why it does not fit any more
 */
function itemOf(correction, reason) {
  const { id, who, when, was, change, state } = correction;
  const facts = element("span", { class: "vt-history-facts" });
  if (who !== null) facts.append(element("span", { class: "vt-history-who", dir: "auto" }, who));
  facts.append(
    element("time", { datetime: when }, formatMoment(when)),
    element("span", { class: "vt-history-state" }, sayState(correction, reason)),
  );
  const done = sayDone(correction);
  // A text that is told in full need not be told again.
  const text = change.kind !== "text" ? was.join(" / ") : done.includes("…") ? change.text : "";
  return element(
    "button",
    { type: "button", tabindex: -1, "data-correction": id, "data-state": reason === null ? state : "misfit" },
    element("span", { class: "vt-history-done", dir: "auto" }, done),
    ...(text ? [element("span", { class: "vt-history-line", dir: "auto" }, text)] : []),
    facts,
  );
}

/** @param {number} number */
function count(number) {
  return number.toLocaleString("en");
}
