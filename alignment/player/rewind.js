/** After a long pause the playback resumes a little earlier, so that one finds back into it. */

/** @import { Sound } from "./audio.js" */

/** How far back after how long a pause, seconds. */
const STEPS = [{ pause: 600, back: 5 }, { pause: 30, back: 2 }];

export class Rewind {
  on = true;
  /** @type {number | null} by the clock on the wall, milliseconds: other clocks stop while a computer sleeps */
  #pausedAt = null;

  /**
   * @param {Sound} sound
   * @param {() => number} floor it never goes back behind this, seconds
   * @param {AbortSignal} signal
   */
  constructor(sound, floor, signal) {
    this.sound = sound;
    this.floor = floor;
    sound.element.addEventListener("pause", () => (this.#pausedAt = Date.now()), { signal });
    sound.element.addEventListener("play", () => this.#resume(), { signal });
  }

  /** The listener has chosen where to go on. */
  forget() {
    this.#pausedAt = null;
  }

  #resume() {
    const seconds = this.#pausedAt === null ? 0 : (Date.now() - this.#pausedAt) / 1000;
    this.#pausedAt = null;
    const step = STEPS.find(({ pause }) => seconds > pause);
    if (!this.on || !step) return;
    const to = Math.max(0, this.floor(), this.sound.position - step.back);
    if (to < this.sound.position) this.sound.seek(to);
  }
}
