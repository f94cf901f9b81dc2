/** The list of what a reader may want to check, beside the text; what is chosen in it is gone to. */

/** @import { Finding } from "./findings.js" */

import { element, iconButton } from "./dom.js";
import { KIND_NAMES } from "./findings.js";
import { placeOfKey, reveal, SCROLL_KEYS } from "./list-keys.js";
import { formatClock } from "./time.js";

export class CheckList {
  /** Index of the finding that one is at, -1 before the first. */
  #at = -1;
  /** @type {HTMLButtonElement[]} made when the list is opened first */
  #items = [];
  /** @type {Element | null} what had the focus before */
  #before = null;

  /**
   * @param {Finding[]} findings
   * @param {object} on
   * @param {() => number} on.place index of the line that the reader is at
   * @param {(finding: Finding) => void} on.go
   * @param {() => void} on.opened
   * @param {() => void} on.closed
   */
  constructor(findings, on) {
    this.findings = findings;
    this.on = on;
    this.opener = element(
      "button",
      {
        type: "button",
        class: "vt-open-checks",
        "aria-expanded": "false",
        title: "Lines in doubt, not in the audio, or not in the transcript (x)",
        hidden: !findings.length,
      },
      `${findings.length.toLocaleString("en")} to check`,
    );
    this.count = element("output", { class: "vt-checks-count" });
    this.list = element("ol", {});
    const previous = iconButton("up", "Previous to check", { class: "vt-button" });
    const next = iconButton("down", "Next to check", { class: "vt-button" });
    const close = iconButton("close", "Close the list", { class: "vt-button" });
    this.root = element(
      "section",
      { class: "vt-checks", "aria-label": "To check", hidden: true },
      element("header", {}, element("h2", {}, "To check"), this.count, previous, next, close),
      this.list,
    );
    this.opener.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    previous.addEventListener("click", () => this.step(-1));
    next.addEventListener("click", () => this.step(1));
    close.addEventListener("click", () => this.close());
    this.list.addEventListener("click", ({ target }) => {
      const index = this.#items.findIndex((item) => item.contains(/** @type {Node} */ (target)));
      if (index >= 0) this.#goTo(index);
    });
    this.root.addEventListener("keydown", (event) => this.#key(event));
    // To scroll in the list is not to leave the line that is read.
    for (const type of ["wheel", "touchmove"]) {
      this.root.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
    }
  }

  get isOpen() {
    return !this.root.hidden;
  }

  open() {
    if (this.isOpen || !this.findings.length) return;
    this.#before = document.activeElement;
    this.on.opened();
    this.#show();
    this.#items[this.#next()].focus({ preventScroll: true });
    reveal(this.list, this.#items[this.#next()]);
  }

  close() {
    if (!this.isOpen) return;
    const had = this.root.contains(document.activeElement);
    this.root.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
    const back = this.#before instanceof HTMLElement && this.#before.isConnected ? this.#before : this.opener;
    if (had) back.focus({ preventScroll: true });
    this.on.closed();
  }

  /**
   * Go on with the list of the same lines with other times.
   * @param {CheckList} other
   * @param {boolean} focused whether the focus was in it
   */
  resume(other, focused) {
    if (!other.isOpen || !this.findings.length) return;
    const cue = other.findings[other.#at]?.cue;
    this.#show();
    this.#mark(this.findings.findIndex((finding) => finding.cue === cue));
    const at = this.#next();
    reveal(this.list, this.#items[at]);
    if (focused) this.#items[at].focus({ preventScroll: true });
  }

  /** @param {1 | -1} step to the next one or the previous one, around the end */
  step(step) {
    const count = this.findings.length;
    const from = this.#at >= 0 ? this.#at : this.#next() - (step > 0 ? 1 : 0);
    this.#goTo((from + step + count) % count);
  }

  /** The one that one is at; before the first step, the first one from the reader's place on. */
  #next() {
    if (this.#at >= 0) return this.#at;
    const place = this.on.place();
    return Math.max(0, this.findings.findIndex(({ cue }) => cue >= place));
  }

  #show() {
    if (!this.#items.length) {
      this.#items = this.findings.map(itemOf);
      this.list.replaceChildren(...this.#items.map((item) => element("li", {}, item)));
    }
    this.root.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    this.#mark(this.#at);
  }

  /** @param {number} index */
  #goTo(index) {
    this.#mark(index);
    reveal(this.list, this.#items[index]);
    this.on.go(this.findings[index]);
  }

  /** @param {number} index -1 for none */
  #mark(index) {
    this.#items[this.#at]?.removeAttribute("aria-current");
    this.#at = index;
    this.#items[index]?.setAttribute("aria-current", "true");
    const total = this.findings.length.toLocaleString("en");
    this.count.value = index < 0 ? total : `${index + 1} of ${total}`;
    for (const stop of this.list.querySelectorAll("[tabindex='0']")) stop.setAttribute("tabindex", "-1");
    this.#items[this.#next()].tabIndex = 0;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
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
    const to = Math.max(0, Math.min(last, place));
    this.#items[at].tabIndex = -1;
    this.#items[to].tabIndex = 0;
    this.#items[to].focus({ preventScroll: true });
    reveal(this.list, this.#items[to]);
    return true;
  }
}

/** @param {Finding} finding */
function itemOf({ kind, start, text }) {
  return element(
    "button",
    { type: "button", tabindex: -1 },
    element("span", { class: "vt-check-time" }, start === null ? "–" : formatClock(start)),
    element("span", { class: `vt-kind vt-kind-${kind}` }, KIND_NAMES[kind]),
    element("span", { class: "vt-check-text", dir: "auto" }, text),
  );
}
