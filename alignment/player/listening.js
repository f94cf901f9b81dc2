/** The tools for listening, and how they get along. They outlive the reading page: new times leave them as they are. */

/** @import { EpisodePlayer } from "./episode-player.js" */
/** @import { Settings } from "./listening-settings.js" */
/** @import { Transcript } from "./transcript.js" */

import { LineByLine } from "./line-by-line.js";
import { LAG_MOST_MS, recallSettings, rememberSettings } from "./listening-settings.js";
import { Loop } from "./loop.js";
import { Rewind } from "./rewind.js";
import { SkipSilence } from "./skip-silence.js";
import { SleepTimer } from "./sleep-timer.js";
import { lastAtOrBefore } from "./sorted.js";
import { formatClock } from "./time.js";

/** Ends as near to each other as this are the same, seconds. */
const SAME_S = 0.02;

export class Listening {
  settings = recallSettings();
  /** @type {Transcript | null} */
  transcript = null;
  /** What is to be shown has changed; for the panel. */
  onChange = () => {};

  /**
   * @param {EpisodePlayer} player
   * @param {AbortSignal} signal
   */
  constructor(player, signal) {
    this.player = player;
    const { sound, notices } = player;
    this.loop = new Loop(sound, {
      changed: () => {
        player.timeline.setLoop(this.loop.stretch);
        this.onChange();
      },
      turn: (span) => this.#turn(span),
    }, signal);
    const limit = () => Math.min(this.loop.span?.end ?? Infinity, player.clip?.span.end ?? Infinity);
    this.lines = new LineByLine(sound, limit, signal);
    this.silence = new SkipSilence(sound, limit, signal);
    this.rewind = new Rewind(sound, () => this.#floor(), signal);
    this.sleep = new SleepTimer(sound, {
      endOf: (wish) => this.#endOf(wish),
      changed: () => this.onChange(),
      fades: () => notices.say("The sleep timer lets the sound fade. Any press gives 5 more minutes."),
      slept: () =>
        notices.say("The sleep timer has paused.", { label: "Play on", act: () => player.sound.play() }),
      more: () =>
        notices.say("5 more minutes.", { label: "No sleep timer", act: () => this.sleep.set(null) }),
    }, signal);
    this.#apply();
  }

  /** @param {Transcript} transcript */
  setTranscript(transcript) {
    this.transcript = transcript;
    this.lines.setTranscript(transcript);
    this.silence.setTranscript(transcript);
    this.sleep.refresh();
    this.onChange();
  }

  /** @param {Partial<Settings>} changes */
  set(changes) {
    this.settings = { ...this.settings, ...changes };
    rememberSettings(this.settings);
    this.#apply();
    this.onChange();
  }

  #apply() {
    const { pauses, times, skipsSilence, rewinds, lag } = this.settings;
    if (pauses !== this.lines.pauses || times !== this.lines.times) this.lines.set({ pauses, times });
    this.silence.set(skipsSilence);
    this.rewind.on = rewinds;
    this.player.sound.lag = lag / 1000;
  }

  /** @param {number} step milliseconds */
  nudge(step) {
    this.set({ lag: Math.max(-LAG_MOST_MS, Math.min(LAG_MOST_MS, this.settings.lag + step)) });
  }

  /**
   * The listener has gone to a time.
   * @param {number} seconds
   */
  moved(seconds) {
    const { span } = this.loop;
    if (span && this.loop.isOutside(seconds)) {
      this.loop.set(null);
      this.player.notices.say("The loop has ended.", { label: "Back to it", act: () => this.#enter(span) });
    }
    this.lines.forget();
    this.rewind.forget();
    queueMicrotask(() => this.sleep.refresh());
  }

  /** Set A, then B, then neither. */
  stepLoop() {
    const { notices, sound } = this.player;
    if (!this.loop.step(sound.position)) {
      notices.say("That is too near to the start of the loop.");
      return;
    }
    const { stretch, span } = this.loop;
    if (stretch) this.player.dropClip();
    if (span) this.#tell("Loop", span);
    else notices.say(stretch ? `The loop starts at ${formatClock(stretch.start)}.` : "The loop is off.");
  }

  /** Hear the line again and again that is being said; or no longer. */
  repeatLine() {
    const { notices, sound } = this.player;
    if (this.repeatsLine) {
      this.loop.set(null);
      notices.say("The line is no longer repeated.");
      return;
    }
    const span = this.#spanHere();
    if (!span) {
      notices.say("There is no line here that could be repeated.");
      return;
    }
    this.player.dropClip();
    this.loop.set({ start: span.start, end: span.end });
    this.#tell("This line again and again:", span);
    if (!sound.playing) this.#enter(span);
  }

  /** Whether the loop is a line. */
  get repeatsLine() {
    const { span } = this.loop;
    return span !== null && this.#isLineEnd(span.end) &&
      this.transcript?.spans.some(({ start, end }) => start === span.start && end === span.end) === true;
  }

  endLoop() {
    if (this.loop.stretch) this.loop.set(null);
  }

  /** What is on, in few words. */
  get summary() {
    const { pauses, times, skipsSilence, lag } = this.settings;
    const { stretch } = this.loop;
    const { wish, left } = this.sleep;
    const end = stretch?.end ?? null;
    return [
      wish !== null && `Sleep in ${formatClock(Math.ceil(left))}`,
      stretch && `Loop ${formatClock(stretch.start)} – ${end === null ? "…" : formatClock(end)}`,
      times > 1 && `Each line ${times} times`,
      pauses && "Pause after each line",
      skipsSilence && "Silence skipped",
      lag !== 0 && `Mark ${formatLag(lag)}`,
    ].filter((text) => typeof text === "string");
  }

  /**
   * @param {string} what
   * @param {{start: number, end: number}} span
   */
  #tell(what, { start, end }) {
    this.player.notices.say(`${what} ${formatClock(start)} – ${formatClock(end)}.`, {
      label: "Stop",
      act: () => this.endLoop(),
    });
  }

  /** @param {{start: number, end: number}} span */
  #enter({ start, end }) {
    this.player.playFrom(start);
    this.loop.set({ start, end });
  }

  /** The line that is being said, or the last one before. */
  #spanHere() {
    const line = this.transcript?.lineAt(this.player.sound.heard);
    return this.transcript?.spans.find((span) => span.line === line) ?? null;
  }

  /** @param {{start: number, end: number}} span */
  #turn({ start, end }) {
    const { sound } = this.player;
    if (this.settings.pauses && this.#isLineEnd(end)) sound.pause();
    sound.seek(start);
    this.lines.forget();
  }

  /** @param {number} seconds */
  #isLineEnd(seconds) {
    if (!this.transcript) return false;
    const { spanEnds } = this.transcript;
    return Math.abs(spanEnds[lastAtOrBefore(spanEnds, seconds + SAME_S)] - seconds) <= SAME_S;
  }

  /** What a resumed playback does not go back behind. */
  #floor() {
    const { position } = this.player.sound;
    const starts = [this.loop.span?.start, this.player.clip?.span.start]
      .map((start) => start !== undefined && start <= position ? start : 0);
    return Math.max(...starts, this.settings.pauses ? this.lines.doneUntil : 0);
  }

  /**
   * Where the chapter that is being played ends, or the episode; null where that is not known.
   * @param {"chapter" | "episode"} wish
   */
  #endOf(wish) {
    const { sound, timeline } = this.player;
    const next = this.transcript?.chapters.find(({ start }) => start > sound.position + SAME_S);
    return (wish === "chapter" ? next?.start : null) ?? (timeline.duration || null);
  }
}

/**
 * @param {number} lag milliseconds
 */
export function formatLag(lag) {
  return lag > 0 ? `+${lag} ms` : lag < 0 ? `−${-lag} ms` : "0 ms";
}
