/** The whole recording as one slider: what has been played and loaded, chapters, search hits, the line under it. */

/** @import { Transcript } from "./transcript.js" */
/** @import { Sound } from "./audio.js" */

import { element } from "./dom.js";
import { formatClock, spokenTime } from "./time.js";

/** Steps of the slider over the whole recording; finer than pixels. */
const STEPS = 10_000;

export class Timeline {
  /** @type {Transcript | null} */
  transcript = null;
  /** @type {number[]} seconds */
  #hits = [];
  /** @type {import("./loop.js").Stretch | null} */
  #loop = null;
  #dragging = false;
  #shownSecond = -1;

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
    this.canvas = element("canvas", { class: "vt-marks", "aria-hidden": "true" });
    this.hover = element("div", { class: "vt-hover", hidden: true, "aria-hidden": "true" });
    this.track = element(
      "div",
      { class: "vt-track" },
      element("div", { class: "vt-rail" }),
      this.canvas,
      this.input,
      this.hover,
    );
    this.root = element("div", { class: "vt-timeline" }, this.elapsed, this.track, this.total);
    this.#listen(signal);
  }

  /** Seconds; from the transcript until the audio tells. */
  get duration() {
    return this.sound.duration ?? this.transcript?.duration ?? 0;
  }

  /** @param {Transcript} transcript */
  setTranscript(transcript) {
    this.transcript = transcript;
    this.refresh();
    this.#draw();
  }

  /** @param {number[]} seconds where a search has found something */
  setHits(seconds) {
    this.#hits = seconds;
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
    this.elapsed.textContent = formatClock(position);
    this.total.textContent = duration ? formatClock(duration) : "–:––";
    this.input.setAttribute("aria-valuetext", `${spokenTime(position)} of ${spokenTime(duration)}`);
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
    this.track.addEventListener("pointerleave", () => (this.hover.hidden = true), { signal });
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
    this.onSeek(seconds);
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    const rect = this.track.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - rect.left) / rect.width));
    const seconds = share * this.duration;
    const line = this.transcript?.lineAt(seconds) ?? -1;
    const time = element("b", {}, formatClock(seconds));
    const text = line >= 0 ? this.transcript?.lines[line].text.slice(0, 160) ?? "" : "";
    this.hover.replaceChildren(time, element("span", { dir: "auto" }, text));
    this.hover.hidden = !this.duration;
    const half = this.hover.offsetWidth / 2;
    const left = Math.max(half, Math.min(rect.width - half, share * rect.width));
    this.hover.style.transform = `translateX(${(left - half).toFixed(0)}px)`;
  }

  /** Everything on the rail that is not the thumb. */
  #draw() {
    const { canvas, duration } = this;
    const width = this.track.clientWidth;
    const height = this.track.clientHeight;
    const scale = devicePixelRatio;
    if (!width || !duration) return;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const paint = canvas.getContext("2d");
    if (!paint) return;
    const style = getComputedStyle(this.track);
    paint.scale(scale, scale);
    const x = (/** @type {number} */ seconds) => (seconds / duration) * width;
    const middle = height / 2;
    const { buffered } = this.sound.element;
    paint.fillStyle = style.getPropertyValue("--vt-loaded");
    for (let index = 0; index < buffered.length; index++) {
      paint.fillRect(
        x(buffered.start(index)),
        middle - 2,
        x(buffered.end(index)) - x(buffered.start(index)),
        4,
      );
    }
    paint.fillStyle = style.getPropertyValue("--vt-paper");
    for (const { start } of this.transcript?.chapters ?? []) {
      if (start > 0) paint.fillRect(x(start) - 1, 0, 2, height);
    }
    if (this.#loop) {
      const { start, end } = this.#loop;
      paint.fillStyle = style.getPropertyValue("--vt-loop");
      paint.globalAlpha = 0.3;
      if (end !== null) paint.fillRect(x(start), middle - 8, x(end) - x(start), 16);
      paint.globalAlpha = 1;
      // Brackets, so that a loop of a moment in hours can be seen, too.
      const bracket = (/** @type {number} */ left, /** @type {number} */ foot) => {
        paint.fillRect(left, middle - 9, 2, 18);
        for (const edge of [-9, 7]) paint.fillRect(foot, middle + edge, 5, 2);
      };
      bracket(x(start) - 2, x(start) - 2);
      if (end !== null) bracket(x(end), x(end) - 3);
    }
    paint.fillStyle = style.getPropertyValue("--vt-hit-tick");
    for (const seconds of this.#hits) paint.fillRect(x(seconds) - 1, middle - 8, 2, 16);
  }
}
