/** What scrolls the transcript, and which part of it can be seen. */

/**
 * The element that scrolls `inner`: the page, Streamlit's main section, or a pane.
 * @param {Element} inner
 * @returns {HTMLElement}
 */
export function scrollParent(inner) {
  for (let outer = inner.parentElement; outer; outer = outer.parentElement) {
    if (outer === document.body || outer === document.documentElement) break;
    const { overflowY } = getComputedStyle(outer);
    if (overflowY === "auto" || overflowY === "scroll") return outer;
  }
  return /** @type {HTMLElement} */ (document.scrollingElement ?? document.documentElement);
}

/** Frames that an arrival may take: chunks far away get their true height only when they come near. */
const SETTLING_FRAMES = 12;

/** Farther than this many screens a glide only makes one dizzy. */
const GLIDE_SCREENS = 1.5;

export class Scroller {
  #settling = 0;

  /**
   * @param {HTMLElement} inner the transcript
   * @param {() => {top: number, bottom: number}} edges of what covers the outer element, in client coordinates
   * @param {AbortSignal} signal
   */
  constructor(inner, edges, signal) {
    this.edges = edges;
    this.outer = scrollParent(inner);
    this.isPage = this.outer === document.scrollingElement || this.outer === document.documentElement;
    this.reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
    signal.addEventListener("abort", () => this.stop());
  }

  /** What receives the outer element's events. */
  get target() {
    return this.isPage ? document : this.outer;
  }

  /**
   * The part of the window in which the transcript can be read, in client coordinates.
   * @returns {{top: number, bottom: number, height: number}}
   */
  visible() {
    const rect = this.outer.getBoundingClientRect();
    const edges = this.edges();
    const top = Math.max(0, this.isPage ? 0 : rect.top, edges.top);
    const bottom = Math.min(innerHeight, this.isPage ? innerHeight : rect.bottom, edges.bottom);
    return { top, bottom, height: Math.max(1, bottom - top) };
  }

  /**
   * Glide until `rect()` begins at `share` of the visible height; jump where it is far or motion is unwelcome.
   * @param {() => DOMRect} rect
   * @param {number} share 0 to 1
   */
  glide(rect, share) {
    const distance = rect().top - this.#place(share);
    const far = Math.abs(distance) > GLIDE_SCREENS * this.visible().height;
    if (far || this.reducedMotion.matches || document.visibilityState === "hidden") {
      this.jump(rect, share);
      return;
    }
    this.stop();
    this.outer.scrollBy({ top: distance, behavior: "smooth" });
  }

  /**
   * Scroll at once until `rect()` begins at `share` of the visible height.
   * @param {() => DOMRect} rect
   * @param {number} share 0 to 1
   */
  jump(rect, share) {
    this.#settle(() => rect().top - this.#place(share));
  }

  /**
   * Scroll at once until `rect()` begins `offset` pixels below the top of what can be seen.
   * @param {() => DOMRect} rect
   * @param {number} offset
   */
  keep(rect, offset) {
    this.#settle(() => rect().top - this.visible().top - offset);
  }

  /** Leave the page where it is now. */
  stop() {
    cancelAnimationFrame(this.#settling);
  }

  /** Leave the page where it is now, a glide under way included. */
  halt() {
    this.stop();
    this.outer.scrollTo({ top: this.outer.scrollTop, behavior: "instant" });
  }

  /** @param {number} share */
  #place(share) {
    const { top, height } = this.visible();
    return top + share * height;
  }

  /** @param {() => number} missing pixels to go */
  #settle(missing) {
    this.stop();
    const step = (/** @type {number} */ frames) => {
      this.outer.scrollBy({ top: missing(), behavior: "instant" });
      if (frames > 0) this.#settling = requestAnimationFrame(() => step(frames - 1));
    };
    step(SETTLING_FRAMES);
  }
}
