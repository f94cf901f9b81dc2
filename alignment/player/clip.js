/** Stops at the end of a clip, to within 50 ms, in a hidden tab too: by timer and `timeupdate`, not by frames. */

/** @import { Sound } from "./audio.js" */

/** Nearer to the end than this is the end, seconds. */
const NEAR_S = 0.012;

export class Clip {
  #timer = 0;

  /**
   * @param {Sound} sound
   * @param {{start: number, end: number}} span seconds
   * @param {() => void} onEnd
   * @param {AbortSignal} signal
   */
  constructor(sound, span, onEnd, signal) {
    this.sound = sound;
    this.span = span;
    this.onEnd = onEnd;
    this.controller = new AbortController();
    const watch = { signal: AbortSignal.any([signal, this.controller.signal]) };
    for (const type of ["play", "playing", "seeked", "ratechange", "timeupdate"]) {
      sound.element.addEventListener(type, () => this.#schedule(), watch);
    }
    watch.signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** It is a clip no longer. */
  drop() {
    this.controller.abort();
  }

  #schedule() {
    clearTimeout(this.#timer);
    if (!this.sound.playing) return;
    const left = this.span.end - this.sound.position;
    if (left <= NEAR_S) this.#stop();
    else this.#timer = setTimeout(() => this.#schedule(), (1000 * left) / this.sound.element.playbackRate);
  }

  #stop() {
    this.sound.pause();
    this.drop();
    this.onEnd();
  }
}
