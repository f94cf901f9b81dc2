/** What can be done with selected text: play it, link to it, highlight it, note something. */

/** @import { TranscriptView } from "./view.js" */

import { element, icon } from "./dom.js";

/**
 * @typedef {object} Selected
 * @property {{line: number, offset: number}} from where it starts
 * @property {{line: number, offset: number}} to where it ends
 * @property {number} start seconds
 * @property {number} end seconds
 */

/**
 * @param {TranscriptView} view
 * @param {object} on
 * @param {(selected: Selected) => void} on.play
 * @param {(selected: Selected) => void} on.link to where it starts
 * @param {(selected: Selected) => void} on.clip from its start to its end
 * @param {(selected: Selected) => void} on.highlight
 * @param {(selected: Selected) => void} on.note
 * @param {(selects: boolean) => void} on.changed
 * @param {AbortSignal} signal
 */
export function selectionMenu(view, on, signal) {
  /** @type {Selected | null} */
  let selected = null;
  const entry = (
    /** @type {Parameters<typeof icon>[0]} */ name,
    /** @type {string} */ label,
    /** @type {(selected: Selected) => void} */ act,
  ) => {
    const button = element("button", { type: "button" }, icon(name), label);
    // Pressing it must not take the selection away before the click.
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      if (!selected) return;
      act(selected);
      getSelection()?.removeAllRanges();
    });
    return button;
  };
  const menu = element(
    "div",
    { class: "vt-selection", role: "toolbar", "aria-label": "Selected text", hidden: true },
    entry("play", "Play", on.play),
    entry("link", "Copy link", on.link),
    entry("link", "Copy clip link", on.clip),
    entry("mark", "Highlight", on.highlight),
    entry("note", "Note", on.note),
  );

  const place = () => {
    const selection = getSelection();
    selected = selection && readSelection(view, selection);
    menu.hidden = selected === null;
    if (!selection || !selected) return;
    const range = selection.getRangeAt(0);
    const first = caretRect(range, true);
    const last = caretRect(range, false);
    const outer = /** @type {HTMLElement} */ (menu.offsetParent ?? view.root).getBoundingClientRect();
    const above = first.top - menu.offsetHeight - 8;
    const top = (above > 70 ? above : last.bottom + 8) - outer.top;
    const left = Math.max(8, Math.min(outer.width - menu.offsetWidth - 8, first.left - outer.left));
    menu.style.transform = `translate(${left.toFixed(0)}px, ${top.toFixed(0)}px)`;
  };
  let pressed = false;
  view.root.addEventListener("pointerdown", () => (pressed = true), { signal });
  for (const type of ["pointerup", "pointercancel"]) {
    document.addEventListener(type, () => {
      pressed = false;
      place();
    }, { signal });
  }
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    on.changed(selection !== null && !selection.isCollapsed && view.root.contains(selection.anchorNode));
    if (!pressed) place();
    else menu.hidden = true;
  }, { signal });
  return menu;
}

/**
 * Where a range starts or ends on the screen.
 * @param {Range} range
 * @param {boolean} atStart
 */
function caretRect(range, atStart) {
  const caret = range.cloneRange();
  caret.collapse(atStart);
  return caret.getClientRects()[0] ?? range.getBoundingClientRect();
}

/**
 * What is selected in the transcript, null for nothing that has a time.
 * @param {TranscriptView} view
 * @param {Selection} selection
 * @returns {Selected | null}
 */
export function readSelection(view, selection) {
  if (selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(view.root) || !selection.toString().trim()) return null;
  const first = view.cueOf(range.startContainer);
  const last = view.cueOf(range.endContainer);
  if (first === null || first < 0 || last === null || last < 0) return null;
  const from = { line: first, offset: range.startContainer === view.texts[first] ? range.startOffset : 0 };
  const { length } = view.texts[last];
  const to = { line: last, offset: range.endContainer === view.texts[last] ? range.endOffset : length };
  const start = view.transcript.timeOfPlace(from.line, from.offset);
  const end = view.transcript.endOfPlace(to.line, to.offset);
  return start === null || end === null || end <= start ? null : { from, to, start, end };
}
