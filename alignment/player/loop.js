/** A stretch that is heard again and again, from A to B. */

/** @import { Sound } from "./audio.js" */

import { Arrival } from "./arrival.js";

/** @typedef {{start: number, end: number | null}} Stretch seconds; end: null until B is set */

/** Shorter than this a loop is a slip of the finger, seconds. */
const SHORTEST_S = 0.3;

export class Loop {
  /** @type {Stretch | null} */
  stretch = null;
  #arrival;

  /**
   * @param {Sound} sound
   * @param {object} on
   * @param {() => void} on.changed
   * @param {(stretch: {start: number, end: number}) => void} on.turn the end is come to
   * @param {AbortSignal} signal
   */
  constructor(sound, on, signal) {
    this.on = on;
    const turn = () => {
      if (this.span) on.turn(this.span);
    };
    this.#arrival = new Arrival(sound, () => this.stretch?.end ?? null, turn, signal);
  }

  /** From A to B; null while either is missing. */
  get span() {
    const { start, end } = this.stretch ?? { start: 0, end: null };
    return end === null ? null : { start, end };
  }

  /** @param {Stretch | null} stretch null: no loop */
  set(stretch) {
    this.stretch = stretch;
    this.on.changed();
    this.#arrival.look();
  }

  /**
   * A, then B, then neither.
   * @param {number} seconds where the playback is
   * @returns {boolean} false where B is too near to A
   */
  step(seconds) {
    const { stretch } = this;
    if (!stretch) this.set({ start: seconds, end: null });
    else if (stretch.end !== null) this.set(null);
    else if (Math.abs(seconds - stretch.start) < SHORTEST_S) return false;
    else this.set({ start: Math.min(seconds, stretch.start), end: Math.max(seconds, stretch.start) });
    return true;
  }

  /**
   * Whether a time is neither in the loop nor at one of its ends.
   * @param {number} seconds
   */
  isOutside(seconds) {
    const { span } = this;
    return span !== null && (seconds < span.start - 0.01 || seconds > span.end + 0.01);
  }
}
