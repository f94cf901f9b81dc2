/** The whole transcript earlier or later: a correction of all lines at once, made while one listens. */

/** @import { CorrectionStore } from "./corrections.js" */

import { NotCorrected } from "./corrections.js";
import { element } from "./dom.js";
import { formatDistance } from "./time.js";

/** What a press moves by, seconds. */
const STEP_S = 0.1;

export class WholeOffset {
  /** How many steps later are on their way. */
  #waiting = 0;

  /** @param {CorrectionStore} store */
  constructor(store) {
    this.store = store;
    this.earlier = this.#button("−", "Whole transcript earlier", -1);
    this.later = this.#button("+", "Whole transcript later", 1);
    this.sum = element("output", { class: "vt-offset" });
    this.trouble = element("p", { class: "vt-offset-trouble", role: "alert", hidden: true });
    this.root = element(
      "fieldset",
      { hidden: true },
      element("legend", {}, "Whole transcript"),
      element(
        "div",
        { class: "vt-row" },
        element("span", {}, "Earlier or later"),
        element("span", { class: "vt-nudge" }, this.earlier, this.sum, this.later),
      ),
      this.trouble,
      element(
        "p",
        { class: "vt-hint" },
        "Where all lines come too early or too late. It is kept with the episode, for everybody.",
      ),
    );
    store.watch(() => this.#refresh());
  }

  /** Show it where corrections are taken, and ask how much it is. */
  async look() {
    this.root.hidden = this.store.url() === null;
    if (this.root.hidden) return;
    this.#tell(null);
    this.#refresh();
    try {
      await this.store.look();
    } catch (error) {
      this.#tell(error, "It could not be loaded");
    }
  }

  /** @param {1 | -1} direction */
  async #move(direction) {
    this.#tell(null);
    this.#waiting += direction;
    this.#refresh();
    try {
      await this.store.make({ kind: "offset", seconds: direction * STEP_S });
    } catch (error) {
      this.#tell(error, "Not moved");
    } finally {
      this.#waiting -= direction;
      this.#refresh();
    }
  }

  #refresh() {
    const offset = this.store.state?.offset;
    const sum = Math.round(((offset ?? 0) + this.#waiting * STEP_S) * 1000) / 1000;
    const sign = sum > 0 ? "+" : sum < 0 ? "−" : "";
    const text = offset === undefined && !this.#waiting ? "…" : `${sign}${formatDistance(sum)}`;
    if (this.sum.value !== text) this.sum.value = text;
  }

  /**
   * @param {unknown} error null for none
   * @param {string} [what] was not done
   */
  #tell(error, what) {
    this.trouble.hidden = !(error instanceof NotCorrected);
    if (error instanceof NotCorrected) {
      const after = error.outdated ? " Look at what it is now, then try again." : "";
      this.trouble.textContent = `${what}: ${error.message}${after}`;
    } else if (error && !this.store.signal.aborted) throw error;
  }

  /**
   * @param {string} sign
   * @param {string} label
   * @param {1 | -1} direction
   */
  #button(sign, label, direction) {
    const made = element(
      "button",
      { type: "button", class: "vt-choice", "aria-label": label, title: label },
      sign,
    );
    made.addEventListener("click", () => this.#move(direction));
    return made;
  }
}
