/** What stands above the timeline where one points or steps: the time, its chapter or speaker, the line there. */

/** @import { Transcript } from "./transcript.js" */

import { element } from "./dom.js";
import { formatClock } from "./time.js";

/** More of a line than this is never shown. */
const LONGEST = 160;

export class TimelineHover {
  constructor() {
    this.root = element("div", { class: "vt-hover", hidden: true, "aria-hidden": "true" });
  }

  /**
   * @param {Transcript | null} transcript
   * @param {number} seconds
   * @param {number} share where on the timeline, 0 to 1
   */
  show(transcript, seconds, share) {
    const part = transcript ? partAt(transcript, seconds) : null;
    const text = this.lineAt(transcript, seconds);
    this.root.replaceChildren(
      element(
        "div",
        {},
        element("b", {}, formatClock(seconds)),
        part ? element("bdi", { class: "vt-part" }, part) : "",
      ),
      text ? element("span", { dir: "auto" }, text) : "",
    );
    this.root.hidden = false;
    const track = /** @type {HTMLElement} */ (this.root.parentElement);
    const room = /** @type {HTMLElement} */ (track.parentElement).getBoundingClientRect();
    const { left, width } = track.getBoundingClientRect();
    const place = left + share * width - this.root.offsetWidth / 2;
    const within = Math.max(room.left, Math.min(room.right - this.root.offsetWidth, place));
    this.root.style.transform = `translateX(${(within - left).toFixed(0)}px)`;
  }

  hide() {
    this.root.hidden = true;
  }

  /**
   * @param {Transcript | null} transcript
   * @param {number} seconds
   */
  lineAt(transcript, seconds) {
    return transcript ? textAt(transcript, seconds) : "";
  }
}

/**
 * The chapter at a time; where there are no chapters, who speaks.
 * @param {Transcript} transcript
 * @param {number} seconds
 */
function partAt(transcript, seconds) {
  if (transcript.chapters.length) return transcript.chapterAt(seconds)?.title ?? null;
  const cue = transcript.cueAt(seconds);
  return cue !== null && cue >= 0 ? transcript.lines[cue].speaker : null;
}

/**
 * @param {Transcript} transcript
 * @param {number} seconds
 */
function textAt(transcript, seconds) {
  const cue = transcript.cueAt(seconds);
  if (cue === null) return "";
  if (cue >= 0) return transcript.lines[cue].text.slice(0, LONGEST);
  const { heard } = transcript.gaps[~cue];
  if (heard === null) return "No speech";
  return heard ? `Not in the transcript: ${heard.slice(0, LONGEST)}` : "Not in the transcript";
}
