/** Keeps the current line in sight, until the reader goes elsewhere, and from when the reader is back. */

/** @import { Scroller } from "./scrolling.js" */

/** Where the current line is put, as a share of the visible height from the top. */
const PLACE = 0.25;

/** It may wander between these before the page scrolls again. */
const BAND = { top: 0.08, bottom: 0.62 };

const SCROLL_KEYS = new Set(["PageUp", "PageDown"]);

export class Follow {
  following = true;
  /** Whether the current line has been out of sight since the reader went elsewhere. */
  #parted = false;
  /** @type {Set<string>} reasons for which the page must not move */
  #holds = new Set();
  #looking = 0;

  /**
   * @param {Scroller} scroller
   * @param {() => DOMRect | null} current where the current word or line is on the screen
   * @param {(state: {following: boolean, direction: "up" | "down" | null}) => void} onChange
   *   direction: where the current line is, null while it is in sight
   * @param {AbortSignal} signal
   */
  constructor(scroller, current, onChange, signal) {
    this.scroller = scroller;
    this.current = current;
    this.onChange = onChange;
    this.#watchGestures(signal);
    signal.addEventListener("abort", () => cancelAnimationFrame(this.#looking));
  }

  /**
   * Whether the page stays as it is while what is said stands there.
   * @param {DOMRect} rect
   */
  staysFor(rect) {
    return this.following && this.#isInBand(rect, this.scroller.visible());
  }

  /** The current word or line has changed. */
  moved() {
    const rect = this.current();
    if (!rect) return;
    const visible = this.scroller.visible();
    const { top, bottom } = visible;
    const inBand = this.#isInBand(rect, visible);
    const inSight = rect.bottom > top && rect.top < bottom;
    if (this.following) {
      if (!inBand && this.#holds.size === 0 && this.#canMove(rect)) this.#bring();
      return;
    }
    if (!inSight) this.#parted = true;
    if (this.#parted && inBand && this.#holds.size === 0) {
      this.following = true;
      this.onChange({ following: true, direction: null });
    } else this.onChange({ following: false, direction: inSight ? null : rect.top < top ? "up" : "down" });
  }

  /** Go to the current line and stay with it. */
  rejoin() {
    this.following = true;
    this.#parted = false;
    this.onChange({ following: true, direction: null });
    this.moved();
  }

  /** The page has been opened: its head stays in sight where the current line is in its place below. */
  begin() {
    const rect = this.current();
    if (rect && !this.staysFor(rect)) this.settle();
  }

  /** The lines have been laid out anew: put the current one in its place, if it is followed. */
  settle() {
    const rect = () => this.current() ?? new DOMRect();
    if (this.following && this.current() && this.#canMove(rect())) this.scroller.jump(rect, PLACE);
  }

  /** The reader goes elsewhere. */
  leave() {
    this.scroller.stop();
    if (!this.following) return;
    this.following = false;
    this.#parted = false;
    this.moved();
  }

  /**
   * While any reason holds, the page does not move.
   * @param {string} reason
   * @param {boolean} holds
   */
  hold(reason, holds) {
    if (holds) this.#holds.add(reason);
    else if (this.#holds.delete(reason)) this.moved();
  }

  /**
   * @param {DOMRect} rect
   * @param {{top: number, height: number}} visible
   */
  #isInBand(rect, { top, height }) {
    return rect.top >= top + BAND.top * height && rect.bottom <= top + BAND.bottom * height;
  }

  #bring() {
    this.scroller.glide(() => this.current() ?? new DOMRect(), PLACE);
  }

  /**
   * At the end of the text the line can come no higher: no use in trying at every word.
   * @param {DOMRect} rect
   */
  #canMove(rect) {
    const { outer } = this.scroller;
    const { top, height } = this.scroller.visible();
    const distance = rect.top - (top + PLACE * height);
    const room = distance > 0 ? outer.scrollHeight - outer.clientHeight - outer.scrollTop : outer.scrollTop;
    return Math.abs(distance) > 1 && room > 1;
  }

  /** Gestures, not `scroll` events: those come from this module's own scrolling, too. */
  #watchGestures(/** @type {AbortSignal} */ signal) {
    const { scroller } = this;
    const passive = { signal, passive: true };
    const leave = () => {
      if (this.following) scroller.halt();
      this.leave();
    };
    scroller.target.addEventListener("wheel", (event) => {
      const { deltaY, ctrlKey } = /** @type {WheelEvent} */ (event);
      if (deltaY !== 0 && !ctrlKey) leave();
    }, passive);
    scroller.target.addEventListener("touchmove", ({ target }) => {
      if (!(target instanceof Element && target.closest("input"))) leave();
    }, passive);
    scroller.target.addEventListener("pointerdown", (event) => {
      if (onScrollbar(/** @type {PointerEvent} */ (event), scroller.outer)) leave();
    }, passive);
    document.addEventListener("keydown", ({ key, defaultPrevented }) => {
      if (!defaultPrevented && SCROLL_KEYS.has(key)) leave();
    }, { signal });
    scroller.target.addEventListener("scroll", () => {
      if (this.following) return;
      cancelAnimationFrame(this.#looking);
      this.#looking = requestAnimationFrame(() => this.moved());
    }, passive);
  }
}

/**
 * @param {PointerEvent} event
 * @param {HTMLElement} outer
 */
function onScrollbar(event, outer) {
  const bare = event.target === outer || event.target === document.documentElement;
  return bare && event.clientX >= outer.getBoundingClientRect().left + outer.clientLeft + outer.clientWidth;
}
