/** Acts when the playback comes to a time, to within 50 ms, in a hidden tab too: by timer, not by frames. */

/** @import { Sound } from "./audio.js" */

/** Nearer to a time than this is there, seconds. */
export const NEAR_S = 0.012;

export class Arrival {
  #timer = 0;

  /**
   * @param {Sound} sound
   * @param {() => number | null} next when there is something to do, seconds; null for never. A time that lies
   *   behind the playback is come to at once.
   * @param {(seconds: number) => void} act
   * @param {AbortSignal} signal
   */
  constructor(sound, next, act, signal) {
    this.sound = sound;
    this.next = next;
    this.act = act;
    for (const type of ["play", "playing", "pause", "seeked", "ratechange", "timeupdate"]) {
      sound.element.addEventListener(type, () => this.look(), { signal });
    }
    sound.element.addEventListener("ended", () => this.#end(), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** What comes next may be something else now. */
  look() {
    clearTimeout(this.#timer);
    if (!this.sound.playing) return;
    const at = this.next();
    if (at === null) return;
    const left = at - this.sound.position;
    if (left <= NEAR_S) this.act(at);
    else this.#timer = setTimeout(() => this.look(), (1000 * left) / this.sound.element.playbackRate);
  }

  /** The recording may be over before its last moment is come to; who is sent back from there plays on. */
  #end() {
    const at = this.next();
    const { position } = this.sound;
    if (at === null || at - position > 10 * NEAR_S) return;
    this.act(at);
    if (this.sound.position < position - NEAR_S) this.sound.play();
  }
}
