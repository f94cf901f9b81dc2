/** Leaps over the stretches in which nobody speaks. */

/** @import { Sound } from "./audio.js" */
/** @import { Transcript } from "./transcript.js" */

import { Arrival } from "./arrival.js";
import { lastAtOrBefore } from "./sorted.js";

/** A leap shorter than this is not worth the break in the sound, seconds. */
const SHORTEST_S = 0.2;

export class SkipSilence {
  on = false;
  /** @type {Transcript | null} */
  #transcript = null;
  #arrival;

  /**
   * @param {Sound} sound
   * @param {() => number} limit no leap goes farther, seconds
   * @param {AbortSignal} signal
   */
  constructor(sound, limit, signal) {
    this.sound = sound;
    this.limit = limit;
    this.#arrival = new Arrival(sound, () => this.#next()?.start ?? null, () => this.#leap(), signal);
  }

  /** @param {Transcript} transcript */
  setTranscript(transcript) {
    this.#transcript = transcript;
    this.#arrival.look();
  }

  /** @param {boolean} on */
  set(on) {
    this.on = on;
    this.#arrival.look();
  }

  /** The silence that comes next, or that it is in. */
  #next() {
    if (!this.on || !this.#transcript) return null;
    const { silences, silenceEnds } = this.#transcript;
    const silence = silences[lastAtOrBefore(silenceEnds, this.sound.position + SHORTEST_S) + 1];
    if (!silence) return null;
    const end = Math.min(silence.end, this.limit());
    return end > Math.max(silence.start, this.sound.position) + SHORTEST_S
      ? { start: silence.start, end }
      : null;
  }

  #leap() {
    const silence = this.#next();
    if (silence) this.sound.seek(silence.end);
  }
}
