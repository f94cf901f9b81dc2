/** The row under a line that is edited: its text, and a button for all that can be done with it. */

/** @import { Line } from "./transcript.js" */

import { element, icon } from "./dom.js";
import { formatTenths } from "./time.js";

/**
 * @typedef {"play" | "start" | "earlier" | "later" | "shift" | "realign" | "absent" | "split" | "join" | "undo" |
 *   "redo" | "history" | "skipped" | "above" | "below" | "save" | "cancel" | "done"} Act
 */

/** @type {{name: Act, label: string, says?: string, keys?: string, icon?: Parameters<typeof icon>[0]}[][]} */
const GROUPS = [
  [
    { name: "play", label: "Play", says: "Play from this line", keys: "Ctrl+Space", icon: "play" },
    { name: "earlier", label: "−0.1", says: "A tenth of a second earlier" },
    { name: "later", label: "+0.1", says: "A tenth of a second later" },
    { name: "start", label: "Start now", says: "Let the line start at what is played now" },
    {
      name: "shift",
      label: "Shift all from here",
      says: "Move this line and all after it to what is played now",
    },
    { name: "realign", label: "Align again", says: "Align again from this line on" },
  ],
  [
    { name: "split", label: "Split", says: "Split at the caret", keys: "Ctrl+Enter" },
    { name: "join", label: "Join", says: "Join with the line above", keys: "Backspace at the beginning" },
    { name: "absent", label: "Not in the audio" },
  ],
  [
    { name: "above", label: "", says: "Edit the line above", keys: "Alt+↑", icon: "up" },
    { name: "below", label: "", says: "Edit the line below", keys: "Alt+↓", icon: "down" },
    { name: "undo", label: "Undo", keys: "Ctrl+Z" },
    { name: "redo", label: "Redo", keys: "Ctrl+Shift+Z" },
    { name: "history", label: "History", says: "All that was corrected" },
  ],
  [
    { name: "cancel", label: "Cancel", says: "Leave the text as it was", keys: "Esc" },
    { name: "save", label: "Save", says: "Save the text", keys: "Enter" },
    { name: "done", label: "Done", says: "End editing", keys: "w" },
  ],
];

export class EditRow {
  /** @type {Map<Act, HTMLButtonElement>} */
  #buttons = new Map();
  /** The line's text as it is kept. */
  #kept = "";
  /** @type {number | null} id of the line that is shown */
  line = null;

  /** @param {(act: Act) => void} onAct */
  constructor(onAct) {
    this.onAct = onAct;
    this.field = element("textarea", {
      class: "vt-edit-text",
      rows: 1,
      "aria-label": "Text of the line",
      autocomplete: "off",
      dir: "auto",
    });
    this.time = element("output", { class: "vt-edit-time", "aria-label": "Start of the line" });
    this.trouble = element("p", { class: "vt-edit-trouble", role: "alert", hidden: true });
    this.work = element("span", { class: "vt-edit-work", hidden: true });
    this.skipped = element("span", {});
    const showSkipped = element("button", { type: "button" }, "Show them");
    showSkipped.addEventListener("click", () => onAct("skipped"));
    this.misfits = element("p", { class: "vt-edit-misfits", hidden: true }, this.skipped, showSkipped);
    const groups = GROUPS.map((group) =>
      element("div", { class: "vt-edit-group" }, ...group.map((entry) => this.#button(entry)))
    );
    this.#buttons.get("earlier")?.after(this.time);
    this.#buttons.get("realign")?.after(this.work);
    this.expand("history", false);
    this.root = element(
      "div",
      { class: "vt-edit", role: "group", "aria-label": "Edit the line", dir: "ltr" },
      this.field,
      this.trouble,
      this.misfits,
      element("div", { class: "vt-edit-tools" }, ...groups),
    );
    this.field.addEventListener("input", () => this.#refresh());
    this.root.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Whether something is typed that is not kept yet. */
  get changed() {
    return this.field.value !== this.#kept;
  }

  /**
   * Show a line.
   * @param {Line} line
   * @param {string} typed what is to stand in the field
   */
  show(line, typed) {
    this.line = line.id;
    this.#kept = line.text;
    if (this.field.value !== typed) this.field.value = typed;
    this.time.value = line.start === null ? "no time" : formatTenths(line.start);
    this.enable("shift", line.start !== null);
    this.enable("earlier", line.start !== null);
    this.enable("later", line.start !== null);
    this.enable("absent", line.status !== "not_in_audio");
    this.#refresh();
  }

  /**
   * The line says this now; it need not be what stands in the field meanwhile.
   * @param {string} text
   */
  kept(text) {
    this.#kept = text;
    this.#refresh();
  }

  /**
   * @param {string | null} trouble what was not done, and why; null for none
   */
  tell(trouble) {
    this.trouble.hidden = trouble === null;
    this.trouble.textContent = trouble ?? "";
  }

  /** @param {number} count of the earlier corrections that do not fit any more */
  tellSkipped(count) {
    const isOne = count === 1;
    this.misfits.hidden = count === 0;
    this.skipped.textContent = `${count.toLocaleString("en")} earlier ${
      isOne ? "correction no longer fits" : "corrections no longer fit"
    }.`;
  }

  /**
   * @param {Act} act
   * @param {boolean} isOpen whether what the button opens is
   */
  expand(act, isOpen) {
    this.#buttons.get(act)?.setAttribute("aria-expanded", String(isOpen));
  }

  /**
   * A button that can do nothing now keeps its place and the focus.
   * @param {Act} act
   * @param {boolean} can
   */
  enable(act, can) {
    this.#buttons.get(act)?.setAttribute("aria-disabled", String(!can));
  }

  /**
   * Let a button be called something else.
   * @param {Act} act
   * @param {string} label
   * @param {string} says
   */
  rename(act, label, says) {
    const button = /** @type {HTMLButtonElement} */ (this.#buttons.get(act));
    if (button.title === says) return;
    button.lastChild?.replaceWith(label);
    button.title = says;
    button.setAttribute("aria-label", label === says ? says : `${label}: ${says}`);
  }

  /**
   * Show how far the server's work is.
   * @param {string} progress "" for no work
   */
  showWork(progress) {
    this.work.hidden = !progress;
    this.work.textContent = progress;
  }

  /** @param {number} caret UTF-16 units into the text */
  focus(caret) {
    this.field.focus({ preventScroll: true });
    this.field.setSelectionRange(caret, caret);
  }

  /** @param {typeof GROUPS[number][number]} entry */
  #button({ name, label, says, keys, icon: picture }) {
    const spoken = says ?? label;
    const button = element(
      "button",
      {
        type: "button",
        "data-act": name,
        "aria-label": label && spoken !== label ? `${label}: ${spoken}` : spoken,
        title: keys ? `${spoken} (${keys})` : spoken,
      },
      ...(picture ? [icon(picture)] : []),
      label,
    );
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") this.onAct(name);
    });
    // The caret stays where the split shall be.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    this.#buttons.set(name, button);
    return button;
  }

  #refresh() {
    this.enable("save", this.changed);
    this.enable("cancel", this.changed);
    // Where the stylesheet's `field-sizing` is unknown.
    if (CSS.supports("field-sizing", "content")) return;
    this.field.style.blockSize = "auto";
    this.field.style.blockSize = `${this.field.scrollHeight + 2}px`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const typing = event.target === this.field;
    // What is typed here is nobody else's: Streamlit takes bare letters.
    if (typing) event.stopPropagation();
    if (event.isComposing) return;
    const act = this.#actOf(event, typing);
    if (act === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (act) this.onAct(act);
  }

  /**
   * What a key does; "" for nothing at all, null for what it always does.
   * @param {KeyboardEvent} event
   * @param {boolean} typing
   * @returns {Act | "" | null}
   */
  #actOf({ key, ctrlKey, metaKey, altKey, shiftKey, repeat }, typing) {
    const command = ctrlKey || metaKey;
    if (key === " " && ctrlKey) return "play";
    if (key === "Escape") return typing && this.changed ? "cancel" : "done";
    if (altKey && key === "ArrowUp") return "above";
    if (altKey && key === "ArrowDown") return "below";
    if (!typing) return null;
    if (key === "Enter") return command || shiftKey ? "split" : "save";
    const { selectionStart, selectionEnd } = this.field;
    if (key !== "Backspace" || command || altKey || selectionStart !== 0 || selectionEnd !== 0) return null;
    // A key that is held would join all lines up to the first.
    return repeat ? "" : "join";
  }
}
