/** One button that comes to the line under the pointer or with the focus: copy a link to it. */

/** @import { TranscriptView } from "./view.js" */

import { iconButton } from "./dom.js";

/** A pointer crosses other lines on its way to the button; the button moves only to where it rests. */
const REST_MS = 140;

/**
 * @param {TranscriptView} view
 * @param {(line: number) => void} onLink
 * @param {AbortSignal} signal
 */
export function lineTools(view, onLink, signal) {
  const tool = iconButton("link", "Copy a link to this line", { class: "vt-line-link", hidden: "" });
  let line = -1;
  let timer = 0;
  const show = (/** @type {number} */ next) => {
    line = next;
    for (const pointed of view.root.querySelectorAll("[data-pointed]")) {
      pointed.removeAttribute("data-pointed");
    }
    tool.hidden = line < 0 || view.transcript.lines[line].start === null;
    if (line < 0) return;
    view.lines[line].dataset.pointed = "";
    // At the line's end; at its beginning stands its time.
    tool.dir = getComputedStyle(view.lines[line]).direction;
    const rect = view.rectOf(line, -1);
    tool.style.setProperty("--vt-row", `${(rect.top - view.root.getBoundingClientRect().top).toFixed(1)}px`);
  };
  const later = (/** @type {number} */ next) => {
    clearTimeout(timer);
    timer = setTimeout(() => show(next), REST_MS);
  };
  view.root.addEventListener("pointerover", ({ target }) => {
    const cue = view.cueOf(target);
    if (target === tool || tool.contains(/** @type {Node} */ (target))) clearTimeout(timer);
    else if (cue !== null && cue >= 0 && cue !== line) later(cue);
    else clearTimeout(timer);
  }, { signal });
  view.root.addEventListener("pointerleave", () => later(-1), { signal });
  view.root.addEventListener("focusin", ({ target }) => {
    const cue = view.cueOf(target);
    if (cue !== null && cue >= 0) show(cue);
  }, { signal });
  tool.addEventListener("click", () => line >= 0 && onLink(line));
  signal.addEventListener("abort", () => clearTimeout(timer));
  view.root.append(tool);
}
