/** Keeps the reader's place when the window or the pane gets another size. */

/** @import { TranscriptView } from "./view.js" */
/** @import { Scroller } from "./scrolling.js" */
/** @import { Follow } from "./follow.js" */

export class PlaceKeeper {
  /** @type {{cue: number, offset: number} | null} the line at the top, and how far below the edge it begins */
  #top = null;
  #frame = 0;

  /**
   * @param {TranscriptView} view
   * @param {Scroller} scroller
   * @param {Follow} follow
   * @param {AbortSignal} signal
   */
  constructor(view, scroller, follow, signal) {
    this.view = view;
    this.scroller = scroller;
    this.follow = follow;
    const note = () => {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => this.#note());
    };
    // A page that goes along with the voice is put where the voice is: it is enough to know where it stopped.
    scroller.target.addEventListener("scroll", () => follow.following || note(), { signal, passive: true });
    scroller.target.addEventListener("scrollend", note, { signal, passive: true });
    let width = view.root.clientWidth;
    const observer = new ResizeObserver(() => {
      if (view.root.clientWidth === width) return;
      width = view.root.clientWidth;
      this.restore();
    });
    observer.observe(view.root);
    signal.addEventListener("abort", () => {
      observer.disconnect();
      cancelAnimationFrame(this.#frame);
    });
  }

  /** After the lines have moved: back to where the reader was. */
  restore() {
    if (this.follow.following) {
      this.follow.settle();
    } else if (this.#top) {
      const { cue, offset } = this.#top;
      this.scroller.keep(() => this.view.rectOf(cue, -1), offset);
    }
  }

  /** The line at the top, or before the gap there, and how far below the edge it begins; null at the start. */
  get place() {
    if (!this.#top) return null;
    const { cue, offset } = this.#top;
    return { line: cue >= 0 ? cue : Math.max(0, this.view.transcript.gaps[~cue].after), offset };
  }

  /** @param {{line: number, offset: number} | null} place where the reader was in other lines */
  resume(place) {
    if (place) this.#top = { cue: place.line, offset: place.offset };
    this.restore();
  }

  #note() {
    const { top } = this.scroller.visible();
    const rect = this.view.root.getBoundingClientRect();
    const there = document.elementFromPoint(rect.left + rect.width / 2, top + 24);
    const cue = this.view.cueOf(there);
    if (cue !== null) this.#top = { cue, offset: this.view.rectOf(cue, -1).top - top };
  }
}
