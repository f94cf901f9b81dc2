/** For who learns a language: each line several times, and a pause after it to say it oneself. */

/** @import { Sound } from "./audio.js" */
/** @import { Span, Transcript } from "./transcript.js" */

import { Arrival, NEAR_S } from "./arrival.js";
import { lastAtOrBefore } from "./sorted.js";

/** It pauses at least this long before the next line, so that the one that was heard stays marked, seconds. */
const BEFORE_NEXT_S = 0.03;

export class LineByLine {
  /** How often each line is heard. */
  times = 1;
  /** Whether it pauses after each line. */
  pauses = false;
  /** @type {Transcript | null} */
  #transcript = null;
  /** @type {Span | null} the line that is being heard */
  #span = null;
  /** How often it has been heard. */
  #heard = 0;
  /** The last line done with, -1 for none. */
  #done = -1;
  #arrival;

  /**
   * @param {Sound} sound
   * @param {() => number} limit lines that end there or later are not stopped at, seconds
   * @param {AbortSignal} signal
   */
  constructor(sound, limit, signal) {
    this.sound = sound;
    this.limit = limit;
    this.#arrival = new Arrival(sound, () => this.#next()?.end ?? null, () => this.#end(), signal);
  }

  /** @param {Transcript} transcript the same lines as before, perhaps with other times */
  setTranscript(transcript) {
    this.#transcript = transcript;
    const line = this.#span?.line;
    this.#span = transcript.spans.find((span) => span.line === line) ?? null;
    this.#arrival.look();
  }

  /** @param {{times?: number, pauses?: boolean}} wish */
  set({ times = this.times, pauses = this.pauses }) {
    this.times = times;
    this.pauses = pauses;
    this.forget();
  }

  /** The playback has been sent elsewhere: what was heard so far does not count. */
  forget() {
    this.#span = null;
    this.#heard = 0;
    this.#done = -1;
    this.#arrival.look();
  }

  /** Until when the lines are done with, seconds. */
  get doneUntil() {
    return this.#transcript?.lines[this.#done]?.end ?? 0;
  }

  /** The line whose end comes next. */
  #next() {
    if (!this.#transcript || (this.times === 1 && !this.pauses)) return null;
    if (!this.#span) {
      const { spans, spanEnds } = this.#transcript;
      const next = lastAtOrBefore(spanEnds, this.sound.position + NEAR_S) + 1;
      // It may stand in a line that is done with, just before its end.
      this.#span = spans[spans[next]?.line === this.#done ? next + 1 : next] ?? null;
    }
    return this.#span && this.#span.end < this.limit() - NEAR_S ? this.#span : null;
  }

  #end() {
    const span = this.#next();
    if (!span) return;
    this.#heard++;
    if (this.#heard < this.times) {
      this.sound.seek(span.start);
      return;
    }
    this.#heard = 0;
    this.#done = span.line;
    this.#span = null;
    if (this.pauses) {
      this.sound.pause();
      this.#stayIn(span);
    } else this.#arrival.look();
  }

  /** @param {Span} span */
  #stayIn(span) {
    const last = Number(this.#transcript?.startAfter(span.start)) - BEFORE_NEXT_S;
    if (this.sound.position > last) this.sound.seek(Math.max(span.start, last));
  }
}
