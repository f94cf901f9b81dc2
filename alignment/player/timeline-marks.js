/** What is drawn on the timeline: loudness, who speaks, chapters, hits, and a line under what is in doubt. */

/** @import { Transcript } from "./transcript.js" */
/** @import { Finding } from "./findings.js" */

import { COLOURS } from "./note.js";
import { barsOf } from "./peaks.js";

/**
 * @typedef {object} Drawn
 * @property {number} duration seconds
 * @property {Transcript | null} transcript
 * @property {Uint8Array | null} peaks
 * @property {Finding[]} findings
 * @property {number[]} hits seconds
 * @property {import("./note-places.js").PlacedNote[]} notes
 * @property {import("./loop.js").Stretch | null} loop
 * @property {TimeRanges} buffered
 */

/** A bar and the gap after it, pixels. */
const BAR = 2;
const STEP = 3;

/** The lowest that a bar is on either side of the axis, pixels: silence is a row of dots. */
const LOWEST = 0.75;

/** What the line of doubts takes, with the space above it, and its own height, pixels. */
const FOOT = 4;
const DOUBT = 2;

/** A mark narrower than this would be overlooked, pixels. */
const NARROWEST = 3;

/** How far down a note's sign hangs, pixels. */
const SIGN = 9;

/** Chapters nearer to each other than this cut no gap into the bars, pixels. */
const CROWDED = 24;

/**
 * How far a speaker's bars reach above and below the axis: who speaks can be told without colours.
 * One voice alone has both.
 */
const REACHES = [[1, 0.3], [0.3, 1], [0.62, 0.62], [1, 0]];
const BOTH = [1, 1];

/** So long after a line, nobody in particular is heard: seconds. */
const PAUSE_S = 2;

/** Dashes of the line of doubts: pixels on, and pixels of each period. As the text underlines them. */
const DASHES = { uncertain: [1, 1], interpolated: [2, 4], not_in_text: [6, 8], not_in_audio: [0, 1] };

export class TimelineMarks {
  /**
   * @param {HTMLElement} track its size and its colours are taken
   * @param {HTMLCanvasElement} canvas everything
   * @param {HTMLCanvasElement} played the bars once more as played ones; CSS shows its part of them
   */
  constructor(track, canvas, played) {
    this.track = track;
    this.canvas = canvas;
    this.played = played;
  }

  /** @param {Drawn} drawn */
  draw(drawn) {
    const width = this.track.clientWidth;
    const height = this.track.clientHeight;
    if (!width || !drawn.duration) return;
    const paint = fresh(this.canvas, width, height);
    const over = fresh(this.played, width, height);
    if (!paint || !over) return;
    const style = getComputedStyle(this.track);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(`--vt-${name}`);
    const x = (/** @type {number} */ seconds) => (seconds / drawn.duration) * width;
    const bottom = drawn.peaks ? height - FOOT : height;

    paint.fillStyle = colour("loaded");
    const thick = drawn.peaks ? 1 : 4;
    for (let index = 0; index < drawn.buffered.length; index++) {
      const from = x(drawn.buffered.start(index));
      paint.fillRect(from, bottom / 2 - thick / 2, x(drawn.buffered.end(index)) - from, thick);
    }
    if (drawn.peaks) {
      paintBars(
        paint,
        barsOf(drawn.peaks, Math.floor(width / STEP)),
        bottom,
        colour,
        speakerOf(drawn, width),
      );
      over.drawImage(this.canvas, 0, 0, width, height);
      over.globalCompositeOperation = "source-in";
      over.fillStyle = colour("tint");
      over.fillRect(0, 0, width, height);
      over.globalCompositeOperation = "source-over";
    }
    const starts = (drawn.transcript?.chapters ?? []).map(({ start }) => start).filter((start) => start > 0);
    const space = width / (starts.length + 1) < CROWDED ? 0.5 : 2.5;
    for (const at of starts.map(x)) {
      for (const layer of [paint, over]) layer.clearRect(at - space, 0, 2 * space, bottom);
      if (!drawn.peaks) continue;
      paint.fillStyle = colour("tick");
      paint.fillRect(at - 0.75, 0, 1.5, bottom);
    }
    if (drawn.loop) paintLoop(paint, drawn.loop, x, bottom, colour("loop"));
    paint.fillStyle = colour("hit-tick");
    for (const at of drawn.hits.map(x)) {
      over.clearRect(at - 1, 0, 2, bottom);
      paint.fillRect(at - 1, bottom / 2 - 9, 2, 18);
    }
    for (const { note, start } of drawn.notes) {
      for (const layer of [paint, over]) {
        layer.fillStyle = colour(`note-${COLOURS.indexOf(note.colour) + 1}`);
        paintSign(layer, x(start));
      }
    }
    paint.fillStyle = colour("doubt");
    paintDoubts(paint, drawn.findings, x, width, drawn.peaks ? height - DOUBT : height / 2 + FOOT);
  }
}

/**
 * The canvas, empty and as fine as the screen.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width pixels
 * @param {number} height
 */
function fresh(canvas, width, height) {
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  const paint = canvas.getContext("2d");
  paint?.scale(devicePixelRatio, devicePixelRatio);
  return paint;
}

/**
 * Which speaker a bar belongs to; -1 for nobody in particular. Chapters say more than turns: where there are
 * some, the speakers are left out, and so is one who speaks alone.
 * @param {Drawn} drawn
 * @param {number} width pixels
 * @returns {(bar: number) => number}
 */
function speakerOf({ transcript, duration }, width) {
  if (!transcript || transcript.chapters.length || transcript.speakers.size < 2) return () => -1;
  return (bar) => {
    const time = ((bar + 0.5) * STEP * duration) / width;
    const line = transcript.lines[transcript.lineAt(time)];
    if (!line || time > (line.end ?? 0) + PAUSE_S) return -1;
    return transcript.speakers.get(line.speaker ?? "") ?? -1;
  };
}

/**
 * @param {CanvasRenderingContext2D} paint
 * @param {Float32Array} bars
 * @param {number} height
 * @param {(name: string) => string} colour
 * @param {(bar: number) => number} speakerOf
 */
function paintBars(paint, bars, height, colour, speakerOf) {
  /** @type {Map<number, Path2D>} */
  const paths = new Map();
  for (const [bar, share] of bars.entries()) {
    const speaker = speakerOf(bar);
    const [up, down] = speaker < 0 ? BOTH : REACHES[speaker % REACHES.length];
    const top = Math.max(LOWEST, (share * up * height) / 2);
    const whole = top + Math.max(LOWEST, (share * down * height) / 2);
    let path = paths.get(speaker);
    if (!path) paths.set(speaker, path = new Path2D());
    path.roundRect(bar * STEP, height / 2 - top, BAR, whole, BAR / 2);
  }
  for (const [speaker, path] of paths) {
    paint.fillStyle = colour(speaker < 0 ? "wave" : `speaker-${speaker % REACHES.length}`);
    paint.fill(path);
  }
}

/**
 * A small flag that hangs from the upper edge.
 * @param {CanvasRenderingContext2D} paint
 * @param {number} at pixels
 */
function paintSign(paint, at) {
  paint.beginPath();
  for (const [dx, y] of [[-3, 0], [3, 0], [3, SIGN], [0, SIGN - 3], [-3, SIGN]]) paint.lineTo(at + dx, y);
  paint.fill();
}

/**
 * @param {CanvasRenderingContext2D} paint
 * @param {import("./loop.js").Stretch} loop
 * @param {(seconds: number) => number} x
 * @param {number} height
 * @param {string} colour
 */
function paintLoop(paint, { start, end }, x, height, colour) {
  const middle = height / 2;
  paint.fillStyle = colour;
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

/**
 * Pixel by pixel, so that thousands of lines cost no more than the width of the screen.
 * @param {CanvasRenderingContext2D} paint
 * @param {Finding[]} findings
 * @param {(seconds: number) => number} x
 * @param {number} width
 * @param {number} top
 */
function paintDoubts(paint, findings, x, width, top) {
  /** @type {(Finding["kind"] | undefined)[]} */
  const columns = new Array(Math.ceil(width));
  for (const { kind, start, end } of findings) {
    if (start === null || end === null) continue;
    const from = Math.floor(x(start));
    columns.fill(kind, from, Math.max(from + NARROWEST, Math.ceil(x(end))));
  }
  for (const [column, kind] of columns.entries()) {
    if (kind && column % DASHES[kind][1] < DASHES[kind][0]) paint.fillRect(column, top, 1, DOUBT);
  }
}
