/** Stops at the end of a clip. */

/** @import { Sound } from "./audio.js" */

import { Arrival } from "./arrival.js";

export class Clip {
  #controller = new AbortController();

  /**
   * @param {Sound} sound
   * @param {{start: number, end: number}} span seconds
   * @param {() => void} onEnd
   * @param {AbortSignal} signal
   */
  constructor(sound, span, onEnd, signal) {
    this.span = span;
    const stop = () => {
      sound.pause();
      this.drop();
      onEnd();
    };
    new Arrival(sound, () => span.end, stop, AbortSignal.any([signal, this.#controller.signal]));
  }

  /** It is a clip no longer. */
  drop() {
    this.#controller.abort();
  }
}
