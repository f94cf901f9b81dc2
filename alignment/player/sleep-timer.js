/** Pauses after a while, or at the end of something; before that the sound fades. */

/** @import { Sound } from "./audio.js" */

/**
 * @typedef {number | "chapter" | "episode"} Wish minutes of playing, or the end of what is being played
 */

/** The sound fades over this long, seconds. */
const FADE_S = 10;

/** It gets quieter at such steps, milliseconds. */
const FADE_STEP_MS = 80;

/** What is given at a time beyond the wish, by any press while the sound fades, too; minutes. */
const MORE_MIN = 5;

export class SleepTimer {
  /** @type {Wish | null} null: off */
  wish = null;
  /** Seconds that are left, as time passes for the listener. */
  left = 0;
  #timer = 0;
  #lookedAt = 0;
  /** @type {number | null} the end of the chapter or episode, seconds */
  #end = null;
  /** @type {AbortController | null} while the sound fades */
  #fading = null;

  /**
   * @param {Sound} sound
   * @param {object} on
   * @param {(wish: "chapter" | "episode") => number | null} on.endOf in seconds, for where the playback is
   * @param {() => void} on.changed
   * @param {() => void} on.fades
   * @param {() => void} on.slept
   * @param {() => void} on.more a press has given more time
   * @param {AbortSignal} signal
   */
  constructor(sound, on, signal) {
    this.sound = sound;
    this.on = on;
    this.signal = signal;
    const { element: audio } = sound;
    audio.addEventListener("play", () => (this.#lookedAt = performance.now()), { signal });
    for (const type of ["timeupdate", "ratechange"]) {
      audio.addEventListener(type, () => this.#look(), { signal });
    }
    audio.addEventListener("pause", () => this.#pass(), { signal });
    audio.addEventListener("ended", () => this.wish === "episode" && this.#sleep(), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** @param {Wish | null} wish */
  set(wish) {
    this.#wake();
    this.wish = wish;
    this.#lookedAt = performance.now();
    this.left = typeof wish === "number" ? 60 * wish : 0;
    this.refresh();
    this.on.changed();
  }

  /** Give more time than there was. */
  extend() {
    const left = typeof this.wish === "number" ? this.left : 0;
    this.set(typeof this.wish === "number" ? this.wish : MORE_MIN);
    this.left = left + 60 * MORE_MIN;
    this.on.changed();
  }

  /** The listener has gone elsewhere, or the chapters are other ones. */
  refresh() {
    this.#end = typeof this.wish === "string" ? this.on.endOf(this.wish) : null;
    this.#pass();
  }

  /** Let the time count that has passed. */
  #pass() {
    const now = performance.now();
    if (this.#end !== null) this.left = (this.#end - this.sound.position) / this.sound.element.playbackRate;
    else if (this.sound.playing) this.left -= (now - this.#lookedAt) / 1000;
    this.left = Math.max(0, this.left);
    this.#lookedAt = now;
  }

  #look() {
    clearTimeout(this.#timer);
    if (this.wish === null || !this.sound.playing) return;
    this.#pass();
    this.on.changed();
    const isNear = this.left < FADE_S && (this.#end !== null || typeof this.wish === "number");
    if (!isNear) this.#wake();
    else if (this.left === 0) this.#sleep();
    else {
      if (!this.#fading) this.#fade();
      // As loudness is heard: evenly quieter.
      this.sound.fade = (this.left / FADE_S) ** 2;
      this.#timer = setTimeout(() => this.#look(), FADE_STEP_MS);
    }
  }

  #fade() {
    this.#fading = new AbortController();
    const watch = { signal: AbortSignal.any([this.signal, this.#fading.signal]), capture: true };
    const more = () => {
      this.extend();
      this.on.more();
    };
    for (const type of ["keydown", "pointerdown"]) document.addEventListener(type, more, watch);
    this.on.fades();
  }

  #sleep() {
    const { element: audio } = this.sound;
    clearTimeout(this.#timer);
    this.wish = null;
    // Loud again only when nothing is heard any more.
    if (this.sound.playing) {
      audio.addEventListener("pause", () => this.#wake(), { once: true, signal: this.signal });
    } else this.#wake();
    this.sound.pause();
    this.on.changed();
    this.on.slept();
  }

  #wake() {
    this.#fading?.abort();
    this.#fading = null;
    this.sound.fade = 1;
  }
}
