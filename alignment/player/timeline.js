/** The whole recording as one slider, over what is drawn of it; the part that has been played shows by CSS. */

/** @import { Transcript } from "./transcript.js" */
/** @import { Sound } from "./audio.js" */
/** @import { Finding } from "./findings.js" */

import { element } from "./dom.js";
import { formatClock, spokenTime } from "./time.js";
import { TimelineHover } from "./timeline-hover.js";
import { TimelineMarks } from "./timeline-marks.js";

/** Steps of the slider over the whole recording; finer than pixels. */
const STEPS = 10_000;

export class Timeline {
  /** @type {Transcript | null} */
  transcript = null;
  /** @type {Uint8Array | null} */
  #peaks = null;
  /** @type {Finding[]} */
  #findings = [];
  /** @type {number[]} seconds */
  #hits = [];
  /** @type {import("./note-places.js").PlacedNote[]} */
  #notes = [];
  /** @type {import("./loop.js").Stretch | null} */
  #loop = null;
  #marks;
  #dragging = false;
  #shownSecond = -1;
  /** Whether the slider's keys have moved it, and it still has the focus. */
  #stepping = false;

  /**
   * @param {Sound} sound
   * @param {(seconds: number) => void} onSeek
   * @param {AbortSignal} signal
   */
  constructor(sound, onSeek, signal) {
    this.sound = sound;
    this.onSeek = onSeek;
    this.elapsed = element("span", { class: "vt-elapsed" }, "0:00");
    this.total = element("span", { class: "vt-total" }, "–:––");
    this.input = element("input", {
      type: "range",
      min: 0,
      max: STEPS,
      step: 1,
      value: 0,
      "aria-label": "Position in the recording",
      "aria-valuetext": "0 seconds",
    });
    const canvas = element("canvas", { class: "vt-marks", "aria-hidden": "true" });
    const played = element("canvas", { class: "vt-played", "aria-hidden": "true" });
    this.hover = new TimelineHover();
    this.track = element(
      "div",
      { class: "vt-track" },
      element("div", { class: "vt-rail" }),
      canvas,
      played,
      this.input,
      this.hover.root,
    );
    this.#marks = new TimelineMarks(this.track, canvas, played);
    this.root = element("div", { class: "vt-timeline" }, this.elapsed, this.track, this.total);
    this.#listen(signal);
  }

  /** Seconds; from the transcript until the audio tells. */
  get duration() {
    return this.sound.duration ?? this.transcript?.duration ?? 0;
  }

  /**
   * @param {Transcript} transcript
   * @param {Finding[]} findings of it, to be marked
   */
  setTranscript(transcript, findings) {
    this.transcript = transcript;
    this.#findings = findings;
    this.refresh();
    this.#draw();
  }

  /** @param {Uint8Array} peaks how loud it is */
  setPeaks(peaks) {
    this.#peaks = peaks;
    this.track.dataset.wave = "";
    this.#draw();
  }

  /** The colours may have changed. */
  repaint() {
    this.#draw();
  }

  /** @param {number[]} seconds where a search has found something */
  setHits(seconds) {
    this.#hits = seconds;
    this.#draw();
  }

  /** @param {import("./note-places.js").PlacedNote[]} notes */
  setNotes(notes) {
    this.#notes = notes;
    this.#draw();
  }

  /** @param {import("./loop.js").Stretch | null} stretch that is heard again and again */
  setLoop(stretch) {
    this.#loop = stretch;
    this.#draw();
  }

  /** Show where the playback is. */
  refresh() {
    const { duration } = this;
    const position = this.sound.position;
    if (!this.#dragging) {
      const share = duration ? Math.min(1, position / duration) : 0;
      this.input.value = String(Math.round(share * STEPS));
      this.track.style.setProperty("--vt-played", `${(share * 100).toFixed(2)}%`);
    }
    const second = Math.floor(position) + duration;
    if (second === this.#shownSecond) return;
    this.#shownSecond = second;
    this.#tell();
    this.elapsed.textContent = formatClock(position);
    this.total.textContent = duration ? formatClock(duration) : "–:––";
  }

  /** Say where the playback is; to who goes there by the slider's keys, also the line, as to who points at it. */
  #tell() {
    const { duration, sound: { position, playing } } = this;
    const where = `${spokenTime(position)} of ${spokenTime(duration)}`;
    // While it plays the line is heard.
    const line = this.#stepping && !playing ? this.hover.lineAt(this.transcript, position) : "";
    this.input.setAttribute("aria-valuetext", line ? `${where}. ${line}` : where);
    if (this.#stepping && duration) this.hover.show(this.transcript, position, position / duration);
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const { element: audio } = this.sound;
    for (const type of ["timeupdate", "seeking", "seeked", "durationchange", "ended"]) {
      audio.addEventListener(type, () => this.refresh(), { signal });
    }
    for (const type of ["progress", "durationchange"]) {
      audio.addEventListener(type, () => this.#draw(), { signal });
    }
    this.input.addEventListener("input", () => {
      this.#dragging = true;
      this.track.style.setProperty("--vt-played", `${(Number(this.input.value) / STEPS) * 100}%`);
    }, { signal });
    this.input.addEventListener("change", () => {
      this.#dragging = false;
      this.onSeek((Number(this.input.value) / STEPS) * this.duration);
    }, { signal });
    // The player's own keys move by seconds; the slider's would by ten-thousandths.
    this.input.addEventListener("keydown", (event) => this.#step(event), { signal });
    this.track.addEventListener("pointermove", (event) => this.#hover(event), { signal });
    this.track.addEventListener("pointerleave", () => this.hover.hide(), { signal });
    this.input.addEventListener("blur", () => {
      this.#stepping = false;
      this.hover.hide();
      this.#tell();
    }, { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw(), { signal });
    const observer = new ResizeObserver(() => this.#draw());
    observer.observe(this.track);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const steps = new Map([
      ["ArrowLeft", this.sound.position - 5],
      ["ArrowDown", this.sound.position - 5],
      ["ArrowRight", this.sound.position + 5],
      ["ArrowUp", this.sound.position + 5],
      ["PageUp", this.sound.position + 60],
      ["PageDown", this.sound.position - 60],
      ["Home", 0],
      ["End", this.duration],
    ]);
    const seconds = steps.get(event.key);
    if (seconds === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#stepping = true;
    this.onSeek(seconds);
    this.#tell();
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    if (!this.duration) return;
    const rect = this.track.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - rect.left) / rect.width));
    this.hover.show(this.transcript, share * this.duration, share);
  }

  /** Everything that does not move while the recording plays; never in a frame of its playing. */
  #draw() {
    this.#marks.draw({
      duration: this.duration,
      transcript: this.transcript,
      peaks: this.#peaks,
      findings: this.#findings,
      hits: this.#hits,
      notes: this.#notes,
      loop: this.#loop,
      buffered: this.sound.element.buffered,
    });
  }
}
