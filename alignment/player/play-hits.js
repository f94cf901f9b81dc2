/** Plays what a search has found, hit after hit: by timer and `timeupdate`, so that a hidden tab goes on, too. */

/** @import { Transcript } from "./transcript.js" */
/** @import { Hit } from "./search.js" */
/** @import { Sound } from "./audio.js" */

/**
 * @typedef {object} Stretch hits that are heard in one go
 * @property {number} start seconds
 * @property {number} end seconds
 * @property {{index: number, start: number}[]} hits index: among all that were found
 */

/** What is heard before and after a hit, seconds. */
const AROUND_S = 1;

/** Nearer than this is there, seconds. */
const NEAR_S = 0.012;

/**
 * The stretches to play, in order of time; hits in lines without a time are passed over.
 * @param {Transcript} transcript
 * @param {Hit[]} hits
 * @returns {Stretch[]}
 */
export function stretchesOf(transcript, hits) {
  /** @type {Stretch[]} */
  const stretches = [];
  for (const [index, { line, from, endLine, to }] of hits.entries()) {
    const start = transcript.timeOfPlace(line, from);
    const end = transcript.endOfPlace(endLine, to);
    if (start === null || end === null) continue;
    const last = stretches.at(-1);
    const begin = Math.max(0, start - AROUND_S);
    if (last && begin <= last.end) {
      last.hits.push({ index, start });
      last.end = Math.max(last.end, end + AROUND_S);
    } else stretches.push({ start: begin, end: end + AROUND_S, hits: [{ index, start }] });
  }
  return stretches;
}

export class HitPlayer {
  /** @type {Stretch[]} */
  #stretches = [];
  /** Which stretch is played, and which of its hits was told of last. */
  #at = 0;
  #hit = 0;
  #timer = 0;
  /** @type {AbortController | null} null while no hits are played */
  #playing = null;

  /**
   * @param {Sound} sound
   * @param {object} on
   * @param {(index: number) => void} on.reached the hit that is heard now
   * @param {() => void} on.ended after the last one, or because the listener went elsewhere
   * @param {AbortSignal} signal
   */
  constructor(sound, on, signal) {
    this.sound = sound;
    this.on = on;
    this.signal = signal;
  }

  get active() {
    return this.#playing !== null;
  }

  /**
   * Play from a hit on.
   * @param {Stretch[]} stretches at least one
   * @param {number} index of the hit; one without a time gives way to the next
   */
  start(stretches, index) {
    this.#begin(stretches);
    this.goTo(index);
    this.sound.play();
  }

  /**
   * Go on where the playback is, after the same hits got other times.
   * @param {Stretch[]} stretches
   * @param {number} index of the hit that was played
   */
  resume(stretches, index) {
    this.#begin(stretches);
    const { position } = this.sound;
    const here = stretches.findIndex(({ start, end }) => position >= start - NEAR_S && position < end);
    if (here < 0) {
      this.goTo(index);
      return;
    }
    this.#at = here;
    this.#hit = -1;
    this.#look();
  }

  /** @param {number} index of a hit */
  goTo(index) {
    const isThere = (/** @type {Stretch} */ { hits }) => Number(hits.at(-1)?.index) >= index;
    const at = Math.max(0, this.#stretches.findIndex(isThere));
    const hit = this.#stretches[at].hits.findIndex((one) => one.index >= index);
    this.#enter(at, Math.max(0, hit));
  }

  /**
   * The listener goes to a time: that may be elsewhere.
   * @param {number} seconds
   */
  leave(seconds) {
    const stretch = this.#stretches[this.#at];
    if (this.active && !(seconds >= stretch.start - NEAR_S && seconds < stretch.end)) this.stop();
  }

  /** Hits are played no longer; the sound goes on. */
  stop() {
    if (!this.active) return;
    this.#playing?.abort();
    this.#playing = null;
    this.on.ended();
  }

  /** @param {Stretch[]} stretches */
  #begin(stretches) {
    this.#playing?.abort();
    this.#playing = new AbortController();
    this.#stretches = stretches;
    const watch = { signal: AbortSignal.any([this.signal, this.#playing.signal]) };
    for (const type of ["play", "playing", "pause", "seeked", "ratechange", "timeupdate"]) {
      this.sound.element.addEventListener(type, () => this.#look(), watch);
    }
    this.sound.element.addEventListener("ended", () => this.stop(), watch);
    watch.signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /**
   * @param {number} at which stretch
   * @param {number} hit which of its hits
   */
  #enter(at, hit) {
    this.#at = at;
    this.#hit = hit;
    const { start, hits } = this.#stretches[at];
    this.sound.seek(Math.max(start, hits[hit].start - AROUND_S));
    this.on.reached(hits[hit].index);
    this.#look();
  }

  /** Tell of the hit that is heard, go to the next stretch where this one ends, and look again in time. */
  #look() {
    clearTimeout(this.#timer);
    const { end, hits } = this.#stretches[this.#at];
    const { position } = this.sound;
    const before = this.#hit;
    while (this.#hit + 1 < hits.length && hits[this.#hit + 1].start <= position + NEAR_S) this.#hit++;
    if (this.#hit > before) this.on.reached(hits[this.#hit].index);
    if (!this.sound.playing) return;
    if (position >= end - NEAR_S) {
      this.#next();
      return;
    }
    const left = Math.min(end, hits[this.#hit + 1]?.start ?? end) - position;
    this.#timer = setTimeout(() => this.#look(), (1000 * left) / this.sound.element.playbackRate);
  }

  #next() {
    if (this.#at + 1 < this.#stretches.length) {
      this.#enter(this.#at + 1, 0);
      return;
    }
    this.sound.pause();
    this.stop();
  }
}
