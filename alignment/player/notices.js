/** What the player has to say, just above its bar: one offer that stays, one notice that passes, one trouble. */

import { element, icon, iconButton } from "./dom.js";

/** How long a notice is shown, milliseconds; long enough to be read twice. Who is at it is not hurried. */
const SHOWN_MS = 5000;

export class Notices {
  #timer = 0;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.notice = element("div", { class: "vt-notice", role: "status", hidden: true });
    this.trouble = element("div", { class: "vt-trouble", role: "alert", hidden: true });
    this.offer = element("div", { class: "vt-offer", hidden: true });
    this.back = element(
      "button",
      { type: "button", class: "vt-pill vt-back", hidden: true, title: "Back to current (b)" },
      element("span", {}, "Back to current"),
    );
    this.root = element("div", { class: "vt-notices" }, this.trouble, this.offer, this.back, this.notice);
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /**
   * @param {string} text
   * @param {{label: string, act: () => void}} [action]
   */
  say(text, action) {
    this.hold(text, action);
    this.#passLater();
  }

  /**
   * Say it until it is taken back, or something else is said.
   * @param {string} text
   * @param {{label: string, act: () => void}} [action]
   */
  hold(text, action) {
    clearTimeout(this.#timer);
    this.notice.replaceChildren(element("span", {}, text));
    if (action) {
      const button = element("button", { type: "button", title: `${action.label} (u)` }, action.label);
      button.addEventListener("click", () => {
        this.notice.hidden = true;
        action.act();
      });
      this.notice.append(button);
    }
    this.notice.hidden = false;
  }

  /**
   * Say no longer what is no longer so.
   * @param {string} text
   */
  takeBack(text) {
    if (this.notice.firstElementChild?.textContent === text) this.notice.hidden = true;
  }

  #passLater() {
    this.#timer = setTimeout(() => {
      if (this.notice.matches(":hover, :focus-within")) this.#passLater();
      else this.notice.hidden = true;
    }, SHOWN_MS);
  }

  /** Do what is offered: by the notice that passes, else by what stays. */
  accept() {
    const [button] = [this.notice, this.trouble, this.offer].flatMap((root) =>
      root.hidden ? [] : [...root.querySelectorAll("button")]
    );
    button?.click();
  }

  /**
   * Something is wrong, until it is not.
   * @param {string | null} text null: it is over
   * @param {() => void} [retry]
   */
  setTrouble(text, retry) {
    this.trouble.hidden = text === null;
    if (text === null) return;
    this.trouble.replaceChildren(element("span", {}, text));
    if (!retry) return;
    const button = element("button", { type: "button" }, "Try again");
    button.addEventListener("click", retry);
    this.trouble.append(button);
  }

  /**
   * Offer to play from a place that a link leads to.
   * @param {string | null} label null: no offer
   * @param {() => void} [accept]
   */
  setOffer(label, accept) {
    this.offer.hidden = label === null;
    if (label === null || !accept) return;
    const button = element("button", { type: "button", class: "vt-pill vt-accept" }, icon("play"), label);
    button.addEventListener("click", accept);
    const dismiss = iconButton("close", "Dismiss", { class: "vt-dismiss" });
    dismiss.addEventListener("click", () => this.setOffer(null));
    this.offer.replaceChildren(button, dismiss);
  }

  /** @param {{following: boolean, direction: "up" | "down" | null}} state of the following */
  setBack({ following, direction }) {
    this.back.hidden = following;
    const shown = direction ?? "";
    if (following || this.back.dataset.direction === shown) return;
    this.back.dataset.direction = shown;
    this.back.querySelector("svg")?.remove();
    if (direction) this.back.append(icon(direction));
    const where = direction === "up" ? ", above" : direction === "down" ? ", below" : "";
    this.back.setAttribute("aria-label", `Back to current${where}`);
  }
}
