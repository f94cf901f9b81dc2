/** The transcript as the player needs it: flat ascending arrays, so that a time finds its word in O(log n). */

import { findGaps } from "./gaps.js";
import { findSilences } from "./silences.js";
import { lastAtOrBefore } from "./sorted.js";

/**
 * @typedef {"aligned" | "interpolated" | "not_in_audio" | "pending" | null} Status pending: not placed yet
 *
 * @typedef {"text" | "lines" | "time" | "absent"} Corrected what people have corrected of a line
 *
 * @typedef {object} Line
 * @property {number} id names the line, whatever comes before it
 * @property {string} text
 * @property {number | null} start seconds; null where the line is not in the audio, or not placed yet
 * @property {number | null} end seconds
 * @property {string | null} speaker
 * @property {number} turn
 * @property {Status} status
 * @property {number | null} confidence 0 to 1, that it begins within 200 ms of its start
 * @property {Corrected[]} corrected
 *
 * @typedef {object} Passage speech that the text lacks
 * @property {number} start seconds
 * @property {number} end seconds
 * @property {string} heard
 *
 * @typedef {object} Span when a line is the one that is said
 * @property {number} line index
 * @property {number} start seconds
 * @property {number} end seconds; no later than the next one's start
 *
 * @typedef {object} Chapter
 * @property {number} start seconds
 * @property {string} title
 *
 * @typedef {object} Comment
 * @property {string} text
 * @property {string | null} [author]
 * @property {string | null} [date] ISO 8601, or as it was given
 * @property {number | null} [votes]
 * @property {number | null} [replies]
 */

/**
 * A seek lands on a microsecond, at times just before the start that it aimed at; a line counts from here on.
 */
const EARLY_S = 0.004;

/** The version of the native JSON that this player reads. */
const VERSION = 1;

/** What is wrong, in words for the person at the player. */
export class TranscriptError extends Error {}

/**
 * @param {string} url
 * @param {AbortSignal} signal
 * @returns {Promise<Transcript>}
 * @throws {TranscriptError} where it cannot be fetched or is none
 */
export async function fetchTranscript(url, signal) {
  let response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new TranscriptError("The transcript could not be loaded: the server does not answer.");
  }
  if (response.status === 404) {
    throw new TranscriptError(
      "The transcript could not be loaded: this episode is no longer in the library.",
    );
  }
  if (!response.ok) {
    throw new TranscriptError(`The transcript could not be loaded: the server answered ${response.status}.`);
  }
  let json;
  try {
    json = await response.json();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new TranscriptError("The transcript could not be read: what the server sent is not JSON.");
  }
  return new Transcript(json);
}

export class Transcript {
  /**
   * @param {any} json the native JSON
   * @throws {TranscriptError}
   */
  constructor(json) {
    if (json?.version !== VERSION || !Array.isArray(json.segments)) {
      throw new TranscriptError(
        `The transcript could not be read: it is of version ${json?.version}, this player reads ${VERSION}.`,
      );
    }
    /** @type {string | null} */
    this.title = json.title ?? null;
    /** @type {string | null} */
    this.language = json.language ?? null;
    /** @type {number | null} */
    this.duration = json.duration ?? null;
    /** @type {number | null} as its source states it, seconds */
    this.length = json.source?.length ?? null;
    /** @type {"captions" | "automatic captions" | "recognised" | null} where the text is from that nobody gave */
    this.origin = json.origin ?? null;
    /** @type {string | null} */
    this.channel = json.source?.channel ?? null;
    /** @type {string | null} */
    this.published = json.source?.published ?? null;
    /** @type {string | null} */
    this.description = json.source?.description ?? null;
    /** @type {string | null} where the recording is from */
    this.url = json.source?.url ?? null;
    /** @type {number | null} */
    this.views = json.about?.views ?? null;
    /** @type {Comment[]} */
    this.comments = json.about?.comments ?? [];
    /** @type {string | null} */
    this.thumbnail = json.source?.thumbnail ?? null;
    /** @type {Chapter[]} */
    this.chapters = [...json.source?.chapters ?? []].sort((a, b) => a.start - b.start);
    /** When each chapter begins, seconds, ascending. */
    this.chapterStarts = Float64Array.from(this.chapters, ({ start }) => start);
    /** @type {Line[]} */
    this.lines = json.segments.map((/** @type {any} */ segment, /** @type {number} */ index) => ({
      id: segment.id ?? index,
      text: segment.text,
      start: segment.start ?? null,
      end: segment.end ?? segment.start ?? null,
      speaker: segment.speaker ?? null,
      turn: segment.turn ?? 0,
      status: segment.status ?? ((segment.start ?? null) === null ? "pending" : null),
      confidence: segment.confidence ?? null,
      corrected: segment.corrected ?? [],
    }));
    /** Who speaks, numbered in the order of the page. */
    this.speakers = numbered(this.lines);
    /** Until when it is known what is said, seconds: the lines of an episode in the making come in order. */
    this.knownUntil = this.lines.at(-1)?.status === "pending"
      ? this.lines.reduce((latest, { end }) => Math.max(latest, end ?? 0), 0)
      : Infinity;
    this.gaps = findGaps(this.lines, json.untranscribed ?? [], this.duration);
    const cues = indexCues(this.lines, this.gaps);
    /** When each cue begins, seconds, ascending. */
    this.cueStarts = Float64Array.from(cues, ({ start }) => start);
    /** What each cue is: a line's index, or the complement of a gap's. */
    this.cueTargets = Int32Array.from(cues, ({ target }) => target);
    this.spans = findSpans(this.lines);
    /** When each of them ends, seconds, ascending. */
    this.spanEnds = Float64Array.from(this.spans, ({ end }) => end);
    this.silences = findSilences(
      this.lines,
      json.segments.map((/** @type {any} */ segment) => segment.words ?? []),
      json.untranscribed ?? [],
    );
    /** When each of them ends, seconds, ascending. */
    this.silenceEnds = Float64Array.from(this.silences, ({ end }) => end);
    const words = indexWords(json.segments);
    /** When each word with a time begins, seconds, ascending. */
    this.wordStarts = Float64Array.from(words, ({ start }) => start);
    this.wordLines = Int32Array.from(words, ({ line }) => line);
    /** Where each word stands in its line's text, in UTF-16 units, and the first unit after it. */
    this.wordFroms = Int32Array.from(words, ({ from }) => from);
    this.wordTos = Int32Array.from(words, ({ to }) => to);
    /** For each line the number of words before it, and last the number of all. */
    this.firstWordOfLine = Int32Array.from(
      { length: this.lines.length + 1 },
      (_, line) => lastAtOrBefore(this.wordLines, line - 1) + 1,
    );
  }

  /**
   * What is current at a time: a line's index, the complement of a gap's, or null before the first and where
   * that is not known yet.
   * @param {number} seconds
   * @returns {number | null}
   */
  cueAt(seconds) {
    if (seconds > this.knownUntil) return null;
    const cue = lastAtOrBefore(this.cueStarts, seconds + EARLY_S);
    return cue < 0 ? null : this.cueTargets[cue];
  }

  /**
   * The line at a time, or the last one before it; -1 before the first.
   * @param {number} seconds
   */
  lineAt(seconds) {
    for (let cue = lastAtOrBefore(this.cueStarts, seconds + EARLY_S); cue >= 0; cue--) {
      if (this.cueTargets[cue] >= 0) return this.cueTargets[cue];
    }
    return -1;
  }

  /**
   * When something else than at a time begins to be current, seconds; Infinity where nothing does.
   * @param {number} seconds
   */
  startAfter(seconds) {
    return this.cueStarts[lastAtOrBefore(this.cueStarts, seconds + EARLY_S) + 1] ?? Infinity;
  }

  /**
   * @param {number} seconds
   * @returns {Chapter | null} null before the first
   */
  chapterAt(seconds) {
    return this.chapters[lastAtOrBefore(this.chapterStarts, seconds + EARLY_S)] ?? null;
  }

  /**
   * The word of the line that is being said, -1 where none of its words has begun.
   * @param {number} seconds
   * @param {number} line
   */
  wordAt(seconds, line) {
    const word = lastAtOrBefore(this.wordStarts, seconds + EARLY_S);
    return word >= 0 && this.wordLines[word] === line ? word : -1;
  }

  /**
   * The time to play from for a place in a line's text: its word's start, else the line's.
   * @param {number} line
   * @param {number} offset UTF-16 units into the line's text
   * @returns {number | null}
   */
  timeOfPlace(line, offset) {
    const first = this.firstWordOfLine[line];
    const froms = this.wordFroms.subarray(first, this.firstWordOfLine[line + 1]);
    const word = Math.max(0, lastAtOrBefore(froms, offset));
    return froms.length ? this.wordStarts[first + word] : this.lines[line].start;
  }

  /**
   * The time at which a place in a line's text has been said: its word's successor's start, at most its line's end.
   * @param {number} line
   * @param {number} offset
   * @returns {number | null}
   */
  endOfPlace(line, offset) {
    const first = this.firstWordOfLine[line];
    const froms = this.wordFroms.subarray(first, this.firstWordOfLine[line + 1]);
    const next = first + lastAtOrBefore(froms, offset - 1) + 1;
    return next < this.firstWordOfLine[line + 1] ? this.wordStarts[next] : this.lines[line].end;
  }

  /**
   * The nearest line after or before one that has a time; the line given where there is none.
   * @param {number} line
   * @param {1 | -1} step
   */
  neighbour(line, step) {
    for (let other = line + step; other >= 0 && other < this.lines.length; other += step) {
      if (this.lines[other].start !== null) return other;
    }
    return line;
  }
}

/**
 * @param {Line[]} lines
 * @returns {Map<string, number>}
 */
function numbered(lines) {
  /** @type {Map<string, number>} */
  const speakers = new Map();
  for (const { speaker } of lines) {
    if (speaker !== null && !speakers.has(speaker)) speakers.set(speaker, speakers.size);
  }
  return speakers;
}

/**
 * @param {Line[]} lines
 * @param {import("./gaps.js").Gap[]} gaps
 */
function indexCues(lines, gaps) {
  /** @type {{start: number, target: number}[]} */
  const cues = [];
  let latest = -Infinity;
  for (const [index, { start }] of lines.entries()) {
    if (start === null || start < latest) continue;
    latest = start;
    cues.push({ start, target: index });
  }
  for (const [index, { start, isCue }] of gaps.entries()) {
    if (isCue) cues.push({ start, target: ~index });
  }
  return cues.sort((a, b) => a.start - b.start);
}

/**
 * @param {Line[]} lines
 * @returns {Span[]} ascending; without the lines that have no time, or none of their own
 */
function findSpans(lines) {
  /** @type {Span[]} */
  const spans = [];
  for (const [line, { start, end }] of lines.entries()) {
    const before = spans.at(-1);
    if (start === null || end === null || (before && start < before.start)) continue;
    if (before) before.end = Math.min(before.end, start);
    spans.push({ line, start, end });
  }
  return spans.filter(({ start, end }) => end > start);
}

/**
 * The words that have a time, each with its place in its line's text.
 * @param {any[]} segments of the native JSON
 */
function indexWords(segments) {
  /** @type {{start: number, line: number, from: number, to: number}[]} */
  const words = [];
  let latest = -Infinity;
  for (const [line, segment] of segments.entries()) {
    let after = 0;
    for (const { text, start } of segment.words ?? []) {
      const from = segment.text.indexOf(text, after);
      if (from < 0) continue;
      after = from + text.length;
      if (start === null || start === undefined || start < latest) continue;
      latest = start;
      words.push({ start, line, from, to: after });
    }
  }
  return words;
}
