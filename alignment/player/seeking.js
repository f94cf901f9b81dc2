/** Playing from where one clicks, and moving through the lines with the keyboard. */

/** @import { TranscriptView } from "./view.js" */

/** A pointer that moves farther than this between down and up has dragged, pixels. */
const DRAG_PX = 6;

/**
 * A click plays from the word under the pointer; its time button from the start of the line. A drag selects,
 * and a click that takes a selection away does only that.
 * @param {TranscriptView} view
 * @param {object} actions
 * @param {(line: number, offset: number) => void} actions.playFromPlace
 * @param {(cue: number) => void} actions.playFromCue
 * @param {(line: number, offset: number) => boolean} actions.edit false: there is no editing now
 * @param {AbortSignal} signal
 */
export function listenToClicks(view, actions, signal) {
  let down = { x: 0, y: 0, selected: false };
  view.root.addEventListener("pointerdown", ({ clientX, clientY }) => {
    down = { x: clientX, y: clientY, selected: hasSelection() };
  }, { signal });
  view.root.addEventListener("click", (event) => {
    const cue = view.cueOf(event.target);
    if (cue === null) return;
    if (event.target instanceof HTMLButtonElement) {
      actions.playFromCue(cue);
      return;
    }
    const dragged = Math.hypot(event.clientX - down.x, event.clientY - down.y) > DRAG_PX;
    const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (dragged || modified || down.selected || hasSelection() || event.detail > 1) return;
    if (cue < 0) actions.playFromCue(cue);
    else {
      const offset = offsetAt(view.texts[cue], event.clientX, event.clientY);
      if (!actions.edit(cue, offset)) actions.playFromPlace(cue, offset);
    }
  }, { signal });
}

function hasSelection() {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed;
}

/**
 * The place in a text node that is under a point; 0 where the browser cannot tell.
 * @param {Text} text
 * @param {number} x
 * @param {number} y
 */
function offsetAt(text, x, y) {
  const caret = document.caretPositionFromPoint?.(x, y);
  if (caret) return caret.offsetNode === text ? caret.offset : 0;
  const range = document.caretRangeFromPoint?.(x, y);
  return range?.startContainer === text ? range.startOffset : 0;
}

/**
 * The sign of the line's notes, where there is one, is come to after its time.
 * @param {HTMLButtonElement} time
 * @param {0 | -1} tabIndex
 */
function setTabIndex(time, tabIndex) {
  for (const button of [time, time.parentElement?.querySelector(".vt-sign")]) {
    if (button instanceof HTMLButtonElement) button.tabIndex = tabIndex;
  }
}

/**
 * One tab stop for all lines and gaps; Up and Down move it, Enter or Space on it plays from there.
 * @param {TranscriptView} view
 * @param {AbortSignal} signal
 */
export function listenToRoving(view, signal) {
  const { stops } = view;
  const places = new Map(stops.map((stop, place) => [stop, place]));
  let at = 0;
  const move = (/** @type {number} */ place) => {
    setTabIndex(stops[at], -1);
    setTabIndex(stops[place], 0);
    at = place;
  };
  if (stops.length) move(0);
  view.root.addEventListener("focusin", ({ target }) => {
    const place = places.get(/** @type {HTMLButtonElement} */ (target));
    if (place !== undefined) move(place);
  }, { signal });
  view.root.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const place = places.get(/** @type {HTMLButtonElement} */ (event.target));
    const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!step || place === undefined || modified) return;
    event.preventDefault();
    event.stopPropagation();
    stops[place + step]?.focus();
  }, { signal });
  return {
    /**
     * Tab comes to this line from now on, unless the reader is among the lines already.
     * @param {number} line
     */
    suggest(line) {
      if (!view.root.contains(document.activeElement)) move(Number(places.get(view.times[line])));
    },
  };
}
