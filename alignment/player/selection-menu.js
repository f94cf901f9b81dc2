/** What can be done with selected text: play it, link to it, quote it, cut it out, highlight it, note something. */

/** @import { TranscriptView } from "./view.js" */
/** @import { Passage } from "./note.js" */
/** @import { ClipFiles } from "./clip-files.js" */

import { element, icon, iconButton } from "./dom.js";
import { firstWhere } from "./sorted.js";
import { listenToToolbar } from "./toolbar-keys.js";

/** @typedef {Passage} Selected */

/**
 * @param {TranscriptView} view
 * @param {object} on
 * @param {(selected: Selected) => void} on.play
 * @param {(selected: Selected) => void} on.link to where it starts
 * @param {(selected: Selected) => void} on.clip from its start to its end
 * @param {(selected: Selected) => void} on.quote
 * @param {HTMLElement} on.quoteOptions how it is quoted
 * @param {ClipFiles | null} on.clipFiles null where there are none
 * @param {(selected: Selected) => void} on.highlight
 * @param {(selected: Selected) => void} on.note
 * @param {(selects: boolean) => void} on.changed
 * @param {AbortSignal} signal
 */
export function selectionMenu(view, on, signal) {
  /** @type {Selected | null} */
  let selected = null;
  /** @param {(selected: Selected) => void} act */
  const actOnSelected = (act) => {
    if (!selected) return;
    const passage = selected;
    giveBack();
    act(passage);
    getSelection()?.removeAllRanges();
  };
  const entry = (
    /** @type {Parameters<typeof icon>[0]} */ name,
    /** @type {string} */ label,
    /** @type {(selected: Selected) => void} */ act,
    says = label,
  ) => {
    const button = element("button", { type: "button", "aria-label": says }, icon(name), label);
    button.addEventListener("click", () => actOnSelected(act));
    return button;
  };
  const howToQuote = iconButton("down", "How to quote", { class: "vt-more" });
  const groups = [{ opener: howToQuote, options: on.quoteOptions }];
  const parts = [];
  if (on.clipFiles) {
    const opener = element("button", { type: "button" }, icon("save"), "Save clip");
    const options = on.clipFiles.options(actOnSelected);
    groups.push({ opener, options });
    parts.push(opener, options);
  }
  const menu = element(
    "div",
    { class: "vt-selection", role: "toolbar", "aria-label": "Selected text", hidden: true },
    // In the bar there is another one.
    entry("play", "Play", on.play, "Play what is selected"),
    entry("link", "Copy link", on.link),
    entry("link", "Copy clip link", on.clip),
    element("span", { class: "vt-split" }, entry("quote", "Copy quote", on.quote), howToQuote),
    on.quoteOptions,
    ...parts,
    entry("mark", "Highlight", on.highlight),
    entry("note", "Note", on.note),
  );
  /** @param {HTMLElement | null} shown the options to show, the others hidden */
  const expand = (shown) => {
    for (const { opener, options } of groups) {
      options.hidden = options !== shown;
      opener.setAttribute("aria-expanded", String(options === shown));
    }
  };
  expand(null);
  for (const { opener, options } of groups) {
    opener.addEventListener("click", () => {
      expand(options.hidden ? options : null);
      place();
    });
  }
  // Pressing anything in it must not take the selection away before the click.
  menu.addEventListener("pointerdown", (event) => event.preventDefault());

  const toolbar = listenToToolbar(
    menu,
    () =>
      [...menu.querySelectorAll("button")].filter((button) =>
        !groups.some(({ options }) => options.hidden && options.contains(button))
      ),
  );
  /** What had the focus before the menu: in the text, or nothing. */
  let before = document.activeElement;
  /** Whether Tab has led here since this was selected: from then on it leads round the page as ever. */
  let entered = false;
  /** Nothing that is hidden keeps the focus. */
  const giveBack = () => {
    const { activeElement } = document;
    if (!(activeElement instanceof HTMLElement) || !menu.contains(activeElement)) return;
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    if (document.activeElement === activeElement) activeElement.blur();
  };

  const place = () => {
    const selection = getSelection();
    selected = selection && readSelection(view, selection);
    if (!selected) giveBack();
    menu.hidden = selected === null;
    if (!selection || !selected) {
      expand(null);
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
    entered = false;
    on.changed(selection !== null && !selection.isCollapsed && view.root.contains(selection.anchorNode));
    if (!pressed) place();
    else menu.hidden = true;
  }, { signal });
  // Tab from the text leads here, and back; Escape lets the selection go.
  document.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey, defaultPrevented, isComposing } = event;
    if (ctrlKey || metaKey || altKey || defaultPrevented || isComposing) return;
    if ((key !== "Tab" && key !== "Escape") || document.querySelector("dialog[open], :popover-open")) return;
    // The event that tells of a new selection may still be on its way.
    place();
    if (menu.hidden) return;
    const { activeElement } = document;
    const inMenu = menu.contains(activeElement);
    const inText = view.root.contains(activeElement) && !activeElement?.closest(".vt-edit");
    if (!inMenu && !inText && activeElement !== document.body) return;
    if (key === "Escape") getSelection()?.removeAllRanges();
    else if (inMenu && shiftKey) {
      giveBack();
      entered = false;
    } else if (!inMenu && !shiftKey && !entered) {
      before = activeElement;
      toolbar.enter();
      entered = true;
    } else return;
    event.preventDefault();
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
  if (!view.root.contains(range.commonAncestorContainer) || !selection.toString().trim()) return null;
  const { texts } = view;
  let first = firstWhere(texts.length, (line) => range.comparePoint(texts[line], texts[line].length) >= 0);
  let last = firstWhere(texts.length, (line) => range.comparePoint(texts[line], 0) > 0) - 1;
  if (first > last) return null;
  let from = range.startContainer === texts[first] ? range.startOffset : 0;
  let to = range.endContainer === texts[last] ? range.endOffset : texts[last].length;
  // A triple click selects a line up to the very beginning of the next.
  for (; first < last && from === texts[first].length; first++) from = 0;
  while (first < last && to === 0) to = texts[--last].length;
  const start = view.transcript.timeOfPlace(first, from);
  const end = view.transcript.endOfPlace(last, to);
  if (start === null || end === null || end <= start) return null;
  return { from: { line: first, offset: from }, to: { line: last, offset: to }, start, end };
}
