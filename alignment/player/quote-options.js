/** How to quote: the format, and whether the link leads here or to the original video. Both are remembered. */

/** @import { QuoteFormat } from "./quotation.js" */

import { element } from "./dom.js";
import { QUOTE_FORMATS } from "./quotation.js";
import { recall, remember } from "./storage.js";

export class QuoteOptions {
  /** @type {QuoteFormat} */
  format = "text";
  /** Whether the link leads to the original. */
  original = false;

  /** @param {boolean} hasOriginal whether there is an original to link to */
  constructor(hasOriginal) {
    const kept = recall("quote");
    if (Object.hasOwn(QUOTE_FORMATS, kept?.format)) this.format = kept.format;
    this.original = hasOriginal && kept?.original === true;
    /** @type {{button: HTMLButtonElement, chosen: () => boolean}[]} */
    const choices = [];
    const choice = (
      /** @type {string} */ label,
      /** @type {() => boolean} */ chosen,
      /** @type {() => void} */ choose,
    ) => {
      const button = element("button", { type: "button" }, label);
      button.addEventListener("click", () => {
        choose();
        remember("quote", { format: this.format, original: hasOriginal ? this.original : kept?.original });
        refresh();
      });
      choices.push({ button, chosen });
      return button;
    };
    const refresh = () => {
      for (const { button, chosen } of choices) button.setAttribute("aria-pressed", String(chosen()));
    };
    const formats = /** @type {[QuoteFormat, string][]} */ (Object.entries(QUOTE_FORMATS));
    this.root = element(
      "div",
      { class: "vt-options vt-quote-options", role: "group", "aria-label": "How to quote" },
      ...formats.map(([format, label]) =>
        choice(label, () => this.format === format, () => (this.format = format))
      ),
    );
    if (hasOriginal) {
      const original = choice("Link to YouTube", () => this.original, () => (this.original = !this.original));
      original.classList.add("vt-check");
      this.root.append(original);
    }
    refresh();
  }
}
