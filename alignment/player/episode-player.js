/** One episode: the parts put together. */

/** @import { Options } from "./main.js" */
/** @import { Actions } from "./keys.js" */
/** @import { Correction } from "./corrections.js" */
/** @import { Quotation, QuoteFormat } from "./quotation.js" */

import { AboutPanel } from "./about-panel.js";
import { Sound, SPEEDS } from "./audio.js";
import { Controls } from "./controls.js";
import { CorrectionHistory } from "./correction-history.js";
import { CorrectionStore } from "./corrections.js";
import { element, iconButton } from "./dom.js";
import { EditMode } from "./edit-mode.js";
import { keepReading, resumeReading, selectionGone } from "./handover.js";
import { findingsOf } from "./findings.js";
import { helpDialog } from "./help.js";
import { listenToKeys } from "./keys.js";
import { Listening } from "./listening.js";
import { ListeningPanel } from "./listening-panel.js";
import { mediaSession } from "./media-session.js";
import { Notes } from "./notes.js";
import { Notices } from "./notices.js";
import { fetchPeaks } from "./peaks.js";
import { QUOTE_FORMATS, writeQuotation } from "./quotation.js";
import { ReadingPage } from "./reading-page.js";
import { copyText, keepInAddress, linkTo } from "./sharing.js";
import { recall, recallPlace, remember, rememberPlace } from "./storage.js";
import { formatClock, formatDay, formatLength } from "./time.js";
import { stylesheet } from "./stylesheet.js";
import { Timeline } from "./timeline.js";
import { fetchTranscript, TranscriptError } from "./transcript.js";

/** The listener's place is kept at least this often, milliseconds. */
const KEEP_MS = 5000;

/** The address bar changes at most this often, milliseconds: browsers stop a page that changes it at every seek. */
const ADDRESS_MS = 600;

/** How a text that nobody gave is marked. */
const ORIGINS = {
  given: null,
  captions: "Captions of the source",
  "automatic captions": "Automatic captions, not checked",
  recognised: "Recognised text, not checked",
};

/** Titles of more characters are set smaller, so that the text begins on the first screen. */
const LONG_TITLE = 90;

/** The end of a recording that is as good as all of it, seconds. */
const OUTRO_S = 5;

export class EpisodePlayer {
  #controller = new AbortController();
  #signal = this.#controller.signal;
  /** @type {ReadingPage | null} null until the transcript is here */
  #page = null;
  #pageController = new AbortController();
  /** @type {string | null} where the transcript that is shown came from */
  #shownUrl = null;
  /** Whether the person has played or moved; until then nothing is kept. */
  #used = false;
  #loading = false;
  #hasPeaks = false;
  #keptAt = 0;
  #addressTimer = 0;

  /**
   * @param {HTMLElement} host
   * @param {Options} options
   */
  constructor(host, options) {
    this.options = options;
    const signal = this.#signal;
    this.sound = new Sound(new URL(options.audioUrl, document.baseURI).href, signal);
    this.notices = new Notices(signal);
    this.timeline = new Timeline(this.sound, (seconds) => this.goTo(seconds), signal);
    this.corrections = new CorrectionStore(() => this.options.correctionsUrl ?? null, signal);
    this.corrections.watch(() => this.#load());
    this.editing = new EditMode(this, signal);
    this.history = new CorrectionHistory(this.corrections, {
      go: (correction) => this.#goToCorrection(correction),
      toggled: (isOpen) => {
        this.editing.row.expand("history", isOpen);
        if (!isOpen) return;
        this.#page?.checks.close();
        if (this.notes.panel.isOpen) this.notes.panel.close();
      },
    });
    this.actions = this.#actions();
    this.listening = new Listening(this, signal);
    this.panel = new ListeningPanel(this.listening, this.actions, signal);
    this.notes = new Notes(this, signal);
    const tools = [this.panel.button, this.notes.button.root, this.panel.state];
    this.controls = new Controls(this.sound, this.timeline, this.actions, tools, signal);
    this.help = helpDialog();
    this.about = new AboutPanel({
      play: (seconds) => this.playFrom(seconds),
      search: (word) => this.#page?.search.open(word, true),
      duration: () => this.timeline.duration || null,
    });
    this.facts = element("span", { class: "vt-known" });
    this.openAbout = element("button", { type: "button", class: "vt-open-about", hidden: true }, "About");
    this.title = element("h1", { dir: "auto" });
    this.#entitle(options.title);
    this.checks = element("span", {});
    const facts = element(
      "div",
      { class: "vt-head-facts" },
      element("p", { class: "vt-about" }, this.facts, this.openAbout),
      this.checks,
    );
    this.header = element(
      "header",
      { class: "vt-header" },
      this.title,
      facts,
      this.editing.button,
      this.#layouts(),
    );
    this.top = element("div", { class: "vt-top" });
    this.body = element("div", { class: "vt-body" });
    this.aside = element("div", { class: "vt-aside" });
    this.dock = element(
      "div",
      { class: "vt-dock" },
      this.notices.root,
      this.aside,
      this.history.root,
      this.notes.panel.root,
      this.controls.root,
    );
    this.root = element(
      "div",
      { class: "vt" },
      this.header,
      this.top,
      this.body,
      this.dock,
      this.panel.root,
      this.help,
      this.about.root,
      this.notes.editor.dialog,
      this.sound.element,
    );
    host.append(this.root);
    this.root.style.visibility = "hidden";
    stylesheet().then(() => this.root.style.removeProperty("visibility"));
    this.tellSession = mediaSession(this.sound, this.actions, (seconds) => this.goTo(seconds), signal);
    this.notices.back.addEventListener("click", () => this.actions.backToCurrent());
    // A click with the mouse leaves the focus where it was, so that Space goes on to play and pause.
    this.openAbout.addEventListener("mousedown", (event) => event.preventDefault());
    this.openAbout.addEventListener("click", () => this.about.open());
    listenToKeys(this.root, this.actions, signal);
    this.#restoreSettings();
    this.#watchSound();
    this.notes.take(options.notesUrl ?? null);
    this.#load();
  }

  destroy() {
    if (this.#used) this.#keepPlace();
    this.editing.leave();
    this.#controller.abort();
    clearTimeout(this.#addressTimer);
    this.root.remove();
  }

  /** @param {string} title */
  #entitle(title) {
    this.title.textContent = this.about.title.textContent = title;
    this.title.classList.toggle("vt-long", title.length > LONG_TITLE);
  }

  /**
   * Take the same episode's new title, and its new times if its transcript is at another address now; playback
   * goes on.
   * @param {Options} options
   */
  take(options) {
    if (options.notesUrl !== this.options.notesUrl) this.notes.take(options.notesUrl ?? null);
    const aligned = options.transcriptUrl !== this.options.transcriptUrl;
    this.options = options;
    this.#entitle(options.title);
    // Some corrections may not fit what is aligned now.
    if (aligned && this.corrections.state) this.corrections.look().catch(() => {});
    // Streamlit calls for a change of theme, too.
    requestAnimationFrame(() => this.timeline.repaint());
    this.editing.allow();
    this.#load();
  }

  /**
   * Go to a time because the person said where; the page goes along.
   * @param {number} seconds
   */
  goTo(seconds) {
    this.#seek(seconds);
    this.#page?.follow.rejoin();
  }

  /** @param {number} seconds */
  playFrom(seconds) {
    this.goTo(seconds);
    this.sound.play();
  }

  /** The clip that a link asked for, while it is one. */
  get clip() {
    return this.#page?.clip ?? null;
  }

  dropClip() {
    this.notices.setOffer(null);
    this.#page?.dropClip();
  }

  /** @param {number} seconds */
  #seek(seconds) {
    this.#used = true;
    this.notices.setOffer(null);
    this.#page?.leaveTo(seconds);
    this.listening.moved(seconds);
    this.sound.seek(seconds);
    // Before anyone asks where to scroll to: the `seeking` event comes later.
    this.#page?.sync.update();
  }

  /** @returns {Actions} */
  #actions() {
    const audio = this.sound.element;
    return {
      toggle: () => this.sound.toggle(),
      skip: (seconds) => this.#seek(this.sound.position + seconds),
      goToShare: (share) => this.goTo(share * this.timeline.duration),
      changeSpeed: (step) => {
        const at = SPEEDS.indexOf(audio.playbackRate);
        audio.playbackRate = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + step))];
        this.notices.say(`Speed ${audio.playbackRate}×`);
      },
      changeVolume: (step) => {
        audio.muted = false;
        this.sound.volume = Math.max(0, Math.min(1, Math.round((this.sound.volume + step) * 100) / 100));
        this.notices.say(`Volume ${Math.round(this.sound.volume * 100)} %`);
      },
      toggleMute: () => (audio.muted = !audio.muted),
      goToLine: (step) => {
        const start = this.#page?.startOfNeighbour(step);
        if (start !== null && start !== undefined) this.goTo(start);
      },
      goToWord: (step) => {
        const start = this.#page?.startOfNextWord(step);
        if (start !== null && start !== undefined) this.goTo(start);
      },
      stepLoop: () => this.listening.stepLoop(),
      repeatLine: () => this.listening.repeatLine(),
      toggleListening: () => this.panel.toggle(),
      shareNow: () => this.share(this.sound.position),
      backToCurrent: () => this.#page?.follow.rejoin(),
      selectWord: (step) => this.#page?.selectWord(step),
      selectLine: (step) => this.#page?.selectLine(step),
      takeOffer: () => this.notices.accept(),
      highlight: () => this.notes.highlight(),
      writeNote: () => this.notes.write(),
      openNotes: () => this.notes.panel.toggle(),
      openSearch: () => this.#page?.search.open(),
      openChecks: () => this.#page?.checks.open(),
      openHelp: () => this.help.showModal(),
      toggleEditing: () => this.editing.toggle(),
    };
  }

  /**
   * @param {number} start seconds
   * @param {number | null} [end] seconds
   */
  linkTo(start, end = null) {
    return linkTo(location.href, {
      episode: this.options.episodeId,
      start,
      end,
      text: this.#page?.textAt(start) ?? null,
    });
  }

  /**
   * Copy a link to a moment or a clip.
   * @param {number} start seconds
   * @param {number | null} [end] seconds
   * @param {{label: string, act: () => void}} [further] what one may want besides
   */
  async share(start, end = null, further) {
    const link = this.linkTo(start, end);
    const what = end === null
      ? `It opens at ${formatClock(start)}.`
      : `It plays ${formatClock(start)} – ${formatClock(end)}.`;
    if (await copyText(link)) this.notices.say(`Link copied. ${what}`, further);
    else globalThis.prompt("Copy this link", link);
  }

  /**
   * Copy a quotation.
   * @param {Quotation} quotation
   * @param {QuoteFormat} format
   */
  async quote(quotation, format) {
    const { text, html } = writeQuotation(format, quotation);
    if (await copyText(text, html)) this.notices.say(`Quote copied as ${QUOTE_FORMATS[format]}.`);
    else globalThis.prompt("Copy this quote", text);
  }

  /**
   * Edit the line that somebody has corrected.
   * @param {Correction} correction
   */
  #goToCorrection({ change }) {
    if (change.kind === "offset") {
      this.notices.say("This moved the whole transcript.");
      return;
    }
    const line = this.#page?.transcript.lines.findIndex(({ id }) => id === change.line) ?? -1;
    if (line < 0) {
      this.notices.say("This line is no longer there. It may have been joined with the one before.");
      return;
    }
    if (this.history.isSheet) this.history.close();
    this.editing.editAt(line, 0);
  }

  async #load() {
    if (this.#loading) return;
    this.#loading = true;
    if (!this.#page) {
      this.body.replaceChildren(
        element("p", { class: "vt-loading", role: "status" }, "Loading the transcript …"),
      );
    }
    try {
      while (this.#shownUrl !== this.corrections.addressed(this.options.transcriptUrl)) {
        const address = this.corrections.addressed(this.options.transcriptUrl);
        const url = new URL(address, document.baseURI).href;
        const [transcript] = await Promise.all([fetchTranscript(url, this.#signal), stylesheet()]);
        if (this.#page) await selectionGone(this.body, this.#signal);
        if (this.#signal.aborted) return;
        this.#show(transcript);
        this.#shownUrl = address;
      }
    } catch (error) {
      if (this.#signal.aborted) return;
      if (!(error instanceof TranscriptError)) throw error;
      if (this.#page) {
        this.notices.say("The new times cannot be loaded.", { label: "Try again", act: () => this.#load() });
      } else this.#showFailure(error.message);
    } finally {
      this.#loading = false;
    }
  }

  /** @param {string} message */
  #showFailure(message) {
    const again = element("button", { type: "button" }, "Try again");
    again.addEventListener("click", () => this.#load());
    this.body.replaceChildren(
      element("div", { class: "vt-failure", role: "alert" }, element("p", {}, message), again),
    );
  }

  /** @param {import("./transcript.js").Transcript} transcript */
  #show(transcript) {
    const published = transcript.published && formatDay(transcript.published);
    const length = transcript.duration === null ? null : formatLength(transcript.duration);
    this.facts.replaceChildren(
      ...[transcript.channel, published, length, ORIGINS[transcript.origin ?? "given"]].flatMap((fact) =>
        fact ? [element("span", {}, fact)] : []
      ),
    );
    this.openAbout.textContent = transcript.comments.length ? "About and comments" : "About";
    this.openAbout.hidden = false;
    const findings = findingsOf(transcript);
    this.timeline.setTranscript(transcript, findings);
    this.listening.setTranscript(transcript);
    const before = this.#page && keepReading(this.#page);
    const edited = this.editing.keep();
    this.#pageController.abort();
    this.#pageController = new AbortController();
    this.#page = new ReadingPage(
      this,
      transcript,
      findings,
      AbortSignal.any([this.#signal, this.#pageController.signal]),
    );
    if (before) resumeReading(this.#page, before);
    else this.#open(this.#page);
    this.about.setPage(this.#page);
    this.notes.show(this.#page);
    this.editing.resume(this.#page, edited);
    this.tellSession({
      title: this.options.title,
      artist: transcript.channel,
      artwork: this.options.artworkUrl ?? transcript.thumbnail,
    });
    this.root.dataset.ready = "";
    this.#loadPeaks();
  }

  /** After the text: nobody waits for a drawing. */
  async #loadPeaks() {
    const { peaksUrl } = this.options;
    if (!peaksUrl || this.#hasPeaks) return;
    this.#hasPeaks = true;
    const peaks = await fetchPeaks(new URL(peaksUrl, document.baseURI).href, this.#signal);
    if (this.#signal.aborted) return;
    if (peaks) this.timeline.setPeaks(peaks);
    this.#hasPeaks = peaks !== null;
  }

  /**
   * Begin where the link says, else where the listener left.
   * @param {ReadingPage} page
   */
  #open(page) {
    const query = new URLSearchParams(location.search);
    const isLink = (query.get("v") ?? this.options.episodeId) === this.options.episodeId;
    const { place, malformed } = isLink ? page.readLink(location.search) : { place: null, malformed: null };
    if (malformed !== null) this.notices.say(`“${malformed}” in the link is not a time; it is left out.`);
    const left = recallPlace(this.options.episodeId);
    if (place) {
      this.sound.seek(place.start);
      if (place.end !== null) page.playClip({ start: place.start, end: place.end });
      const until = place.end === null ? "" : ` – ${formatClock(place.end)}`;
      this.notices.setOffer(`Play from ${formatClock(place.start)}${until}`, () => this.sound.play());
    } else if (left !== null && !this.#used) {
      this.sound.seek(left);
      const again = { label: "From the beginning", act: () => this.goTo(0) };
      this.notices.say(`You left at ${formatClock(left)}.`, again);
    }
    page.sync.update();
    page.follow.begin();
  }

  #watchSound() {
    const { element: audio } = this.sound;
    const listen = (/** @type {string} */ type, /** @type {() => void} */ act) =>
      audio.addEventListener(type, act, { signal: this.#signal });
    listen("play", () => {
      this.#used = true;
      this.notices.setOffer(null);
    });
    listen("pause", () => this.#keepPlace());
    listen("seeked", () => this.#keepPlace());
    listen("timeupdate", () => {
      if (performance.now() - this.#keptAt > KEEP_MS) this.#keepPlace();
    });
    listen("ratechange", () => remember("speed", audio.playbackRate));
    listen("volumechange", () => remember("volume", this.sound.volume));
    listen("error", () => this.#sayTrouble(audio.error?.code));
    listen("recovered", () => {
      this.notices.setTrouble(null);
      if (!this.#page) this.#load();
    });
    globalThis.addEventListener("pagehide", () => this.#keepPlace(), { signal: this.#signal });
  }

  /** @param {number | undefined} code of a MediaError */
  #sayTrouble(code) {
    const { pathname, protocol } = new URL(this.sound.element.src, document.baseURI);
    const name = decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1));
    let text = "The audio cannot be loaded: the server does not answer. Trying again by itself …";
    if (code === MediaError.MEDIA_ERR_DECODE) text = "This browser cannot play the audio from here on.";
    else if (protocol === "file:") text = `The audio file “${name}” is not where this page looks for it.`;
    this.notices.setTrouble(text, () => this.sound.retry());
  }

  #keepPlace() {
    if (!this.#used) return;
    const { position, duration } = this.sound;
    this.#keptAt = performance.now();
    const over = duration !== null && position > duration - OUTRO_S;
    rememberPlace(this.options.episodeId, over ? null : position);
    if (this.#page?.clip || this.sound.playing) return;
    clearTimeout(this.#addressTimer);
    this.#addressTimer = setTimeout(() => keepInAddress(this.sound.position), ADDRESS_MS);
  }

  #restoreSettings() {
    const { element: audio } = this.sound;
    const speed = recall("speed");
    const volume = recall("volume");
    if (SPEEDS.includes(speed)) audio.defaultPlaybackRate = audio.playbackRate = speed;
    if (typeof volume === "number" && volume >= 0 && volume <= 1) this.sound.volume = volume;
  }

  /** How the text is set: as paragraphs that run on, or a line a row. */
  #layouts() {
    /** @type {["paragraphs" | "lines", string][]} */
    const kinds = [["paragraphs", "As paragraphs"], ["lines", "One line a row"]];
    const buttons = kinds.map(([kind, label]) => {
      const button = iconButton(kind, label, { class: "vt-button", "data-kind": kind });
      button.addEventListener("click", () => choose(kind));
      return button;
    });
    const choose = (/** @type {string} */ kind) => {
      const changed = this.root?.dataset.layout !== undefined && this.root.dataset.layout !== kind;
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
      remember("layout", kind);
      queueMicrotask(() => {
        this.root.dataset.layout = kind;
        if (changed) this.#page?.places.restore();
      });
    };
    choose(recall("layout") === "lines" ? "lines" : "paragraphs");
    return element("div", { class: "vt-layouts", role: "group", "aria-label": "Layout" }, ...buttons);
  }
}
