/** What can be done with selected text: play it, link to it, quote it. */

/** @import { TranscriptView } from "./view.js" */
/** @import { Hit } from "./search.js" */

import { element, icon, iconButton } from "./dom.js";

/**
 * @typedef {object} Selected
 * @property {Hit} place
 * @property {number} start seconds
 * @property {number} end seconds
 */

/**
 * @param {TranscriptView} view
 * @param {object} on
 * @param {(selected: Selected) => void} on.play
 * @param {(selected: Selected) => void} on.link to where it starts
 * @param {(selected: Selected) => void} on.clip from its start to its end
 * @param {(selected: Selected) => void} on.quote
 * @param {HTMLElement} on.quoteOptions how it is quoted
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
    button.addEventListener("click", () => {
      if (!selected) return;
      act(selected);
      getSelection()?.removeAllRanges();
    });
    return button;
  };
  const more = iconButton("down", "How to quote", { class: "vt-more", "aria-expanded": "false" });
  const menu = element(
    "div",
    { class: "vt-selection", role: "toolbar", "aria-label": "Selected text", hidden: true },
    entry("play", "Play", on.play),
    entry("link", "Copy link", on.link),
    entry("link", "Copy clip link", on.clip),
    element("span", { class: "vt-split" }, entry("quote", "Copy quote", on.quote), more),
    on.quoteOptions,
  );
  const expand = (/** @type {boolean} */ open) => {
    on.quoteOptions.hidden = !open;
    more.setAttribute("aria-expanded", String(open));
  };
  expand(false);
  more.addEventListener("click", () => {
    expand(Boolean(on.quoteOptions.hidden));
    place();
  });
  // Pressing anything in it must not take the selection away before the click.
  menu.addEventListener("pointerdown", (event) => event.preventDefault());

  const place = () => {
    const selection = getSelection();
    selected = selection && readSelection(view, selection);
    menu.hidden = selected === null;
    if (!selection || !selected) {
      expand(false);
      return;
    }
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
 * @param {TranscriptView} view
 * @param {Selection} selection
 * @returns {Selected | null}
 */
function readSelection(view, selection) {
  if (selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(view.root) || !selection.toString().trim()) return null;
  const first = view.cueOf(range.startContainer);
  let last = view.cueOf(range.endContainer);
  if (first === null || first < 0 || last === null || last < 0) return null;
  const from = offsetIn(view.texts[first], range, range.startContainer, range.startOffset);
  let to = offsetIn(view.texts[last], range, range.endContainer, range.endOffset);
  // A triple click selects a line up to the very beginning of the next.
  while (to === 0 && last > first) to = view.texts[--last].length;
  const start = view.transcript.timeOfPlace(first, from);
  const end = view.transcript.endOfPlace(last, to);
  if (start === null || end === null || end <= start) return null;
  return { place: { line: first, from, endLine: last, to }, start, end };
}

/**
 * Where one end of a range is in a line's text, also where it is in an element beside that.
 * @param {Text} text
 * @param {Range} range
 * @param {Node} container
 * @param {number} offset
 */
function offsetIn(text, range, container, offset) {
  if (container === text) return offset;
  const isStart = container === range.startContainer && offset === range.startOffset;
  const isOutside = range.comparePoint(text, isStart ? 0 : text.length) !== 0;
  return isStart === isOutside ? text.length : 0;
}
