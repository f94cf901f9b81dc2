/** Keeps the mark on what is being said. Tells only of changes: in most frames there is nothing to do. */

/** @import { Transcript } from "./transcript.js" */
/** @import { Sound } from "./audio.js" */

/** What moves the position without playing, or ends the playing. */
const EVENTS = ["seeking", "seeked", "pause", "ended", "loadedmetadata"];

export class Sync {
  /** @type {number | null} a line's index, the complement of a gap's, null before the first */
  cue = null;
  /** index of a word, -1 for none */
  word = -1;
  #frame = 0;

  /**
   * @param {Sound} sound
   * @param {Transcript} transcript
   * @param {(sync: Sync, changed: {cue: boolean, word: boolean}) => void} onChange
   * @param {AbortSignal} signal
   */
  constructor(sound, transcript, onChange, signal) {
    this.sound = sound;
    this.transcript = transcript;
    this.onChange = onChange;
    sound.element.addEventListener("play", () => this.#run(), { signal });
    for (const type of EVENTS) sound.element.addEventListener(type, () => this.update(), { signal });
    // Frames stop in a hidden tab: catch up when it is seen again.
    document.addEventListener("visibilitychange", () => this.update(), { signal });
    signal.addEventListener("abort", () => cancelAnimationFrame(this.#frame));
    if (sound.playing) this.#run();
  }

  /** Look once. */
  update() {
    const seconds = this.sound.heard;
    const cue = this.transcript.cueAt(seconds);
    const word = cue !== null && cue >= 0 ? this.transcript.wordAt(seconds, cue) : -1;
    const changed = { cue: cue !== this.cue, word: word !== this.word };
    if (!changed.cue && !changed.word) return;
    this.cue = cue;
    this.word = word;
    this.onChange(this, changed);
  }

  #run() {
    cancelAnimationFrame(this.#frame);
    const step = () => {
      this.update();
      if (this.sound.playing) this.#frame = requestAnimationFrame(step);
    };
    step();
  }
}
