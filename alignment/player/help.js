/** The page of keys. */

import { element, iconButton } from "./dom.js";
import { KEYS } from "./keys.js";

const HINTS = [
  "Click a word to play from it, or a time to play from that line.",
  "Drag over text to select it; then play it, highlight it, write a note, or copy a link to it.",
  "While editing: Enter saves, Ctrl+Enter splits, Backspace at the beginning joins, Alt+↑ ↓ change the line.",
  "Tab to a time, then ↑ ↓ to move from line to line and Enter to play.",
  "Shift and arrows select from the word that is said, or from the line whose time has the focus. Tab then leads to what can be done with the words, Esc lets them go.",
];

/** @returns {HTMLDialogElement} closed */
export function helpDialog() {
  const close = iconButton("close", "Close", { class: "vt-button" });
  const dialog = element(
    "dialog",
    { class: "vt-help", "aria-label": "Keys and help" },
    element("header", {}, element("h2", {}, "Keys"), close),
    element(
      "dl",
      {},
      ...KEYS.map(({ shown, does }) =>
        element(
          "div",
          {},
          element("dt", {}, ...shown.split("  ").map((key) => element("kbd", {}, key))),
          element("dd", {}, does),
        )
      ),
    ),
    element("ul", {}, ...HINTS.map((hint) => element("li", {}, hint))),
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  return dialog;
}
