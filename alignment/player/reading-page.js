/** The transcript at work: shown, in step with the sound, followed, searched, selected, linked to. */

/** @import { EpisodePlayer } from "./episode-player.js" */
/** @import { Hit } from "./search.js" */
/** @import { Transcript } from "./transcript.js" */
/** @import { Finding } from "./findings.js" */

import { CheckList } from "./check-list.js";
import { Clip } from "./clip.js";
import { ClipFiles } from "./clip-files.js";
import { Follow } from "./follow.js";
import { WordMark } from "./highlight.js";
import { KeyboardSelection } from "./keyboard-selection.js";
import { lineTools } from "./line-tools.js";
import { PlaceKeeper } from "./place-keeper.js";
import { Scroller } from "./scrolling.js";
import { originalLink, saidIn } from "./quotation.js";
import { QuoteOptions } from "./quote-options.js";
import { SearchPanel } from "./search-panel.js";
import { listenToClicks, listenToRoving } from "./seeking.js";
import { readSelection, selectionMenu } from "./selection-menu.js";
import { readLink } from "./sharing.js";
import { Sync } from "./sync.js";
import { TranscriptView } from "./view.js";
import { WordSteps } from "./word-steps.js";

/** Deeper in a line than this, "previous line" means its own beginning, seconds. */
const INTO_S = 1.5;

/** A list as wide as this share of the player covers the text; a narrower one stands beside it. */
const COVERING = 0.6;

/** A line that is gone to stays where it is if it begins in this share of what can be seen. */
const IN_SIGHT = { top: 0.05, bottom: 0.6 };

/** More characters of what is selected are not told. */
const MOST_TOLD = 80;

/** Of a line that is in its place as a whole, one word of so many is looked at. */
const WORDS_UNSEEN = 8;

export class ReadingPage {
  #mark = new WordMark();
  /** Whether the page need not move for any word of the current line. */
  #sits = false;
  #signal;
  #quoteOptions;
  #words;
  #selecting;
  /** What was said of the selection last. */
  #told = "";
  /** @type {Clip | null} the clip that a link asked for, until the listener goes elsewhere */
  clip = null;

  /**
   * @param {EpisodePlayer} player
   * @param {Transcript} transcript
   * @param {Finding[]} findings what there is to check in it
   * @param {AbortSignal} signal
   */
  constructor(player, transcript, findings, signal) {
    this.player = player;
    this.transcript = transcript;
    this.#signal = signal;
    this.view = new TranscriptView(transcript, Math.min(player.body.clientWidth, 640));
    player.body.replaceChildren(this.view.root);
    this.scroller = new Scroller(this.view.root, () => this.#edges(), signal);
    this.sync = new Sync(player.sound, transcript, (sync, changed) => this.#moved(sync, changed), signal);
    this.follow = new Follow(
      this.scroller,
      () => this.#currentRect(),
      (state) => player.notices.setBack(state),
      signal,
    );
    this.places = new PlaceKeeper(this.view, this.scroller, this.follow, signal);
    this.search = this.#addSearch();
    this.#quoteOptions = new QuoteOptions(originalLink(transcript.url, 0) !== null);
    this.checks = this.#addChecks(findings);
    this.roving = listenToRoving(this.view, signal);
    this.#words = new WordSteps(transcript);
    this.#selecting = new KeyboardSelection(this.view, this.scroller, () => this.#placeToSelect());
    this.#listen();
    this.#fillHeight();
    signal.addEventListener("abort", () => this.#mark.clear());
  }

  /** What covers the transcript above and below. */
  #edges() {
    const { options, top, dock } = this.player;
    const bar = options.topBar ? document.querySelector(options.topBar) : null;
    const searchEdge = this.search?.isOpen ? top.getBoundingClientRect().bottom : 0;
    const below = dock.getBoundingClientRect();
    const list = this.checks?.root.getBoundingClientRect();
    const covers = list && list.width > below.width * COVERING;
    return {
      top: Math.max(bar?.getBoundingClientRect().bottom ?? 0, searchEdge),
      bottom: covers ? list.top : below.top,
    };
  }

  /**
   * @param {Sync} sync
   * @param {{cue: boolean, word: boolean}} changed
   */
  #moved({ cue, word }, changed) {
    const { transcript, view } = this;
    // Before anything is changed in the page: to ask for places afterwards makes the browser lay it out at once.
    if (changed.cue || !this.#sits || word % WORDS_UNSEEN === 0) {
      this.follow?.moved();
      const said = cue === null ? null : view.elementOf(cue);
      this.#sits = said !== null && this.follow?.staysFor(said.getBoundingClientRect()) === true;
    }
    if (changed.cue) {
      view.mark(cue);
      if (cue !== null && cue >= 0) this.roving?.suggest(cue);
    }
    if (word < 0) this.#mark.clear();
    else {this.#mark.show(
        view.texts[transcript.wordLines[word]],
        transcript.wordFroms[word],
        transcript.wordTos[word],
      );}
  }

  /** Where what is said stands on the screen; before the first line that is the head of the page. */
  #currentRect() {
    const { cue, word } = this.sync;
    if (cue !== null) return this.view.rectOf(cue, word);
    if (this.player.sound.heard > this.transcript.knownUntil) return null;
    return this.player.header.getBoundingClientRect();
  }

  #listen() {
    const { player, view } = this;
    listenToClicks(view, {
      playFromCue: (cue) => {
        if (cue >= 0) this.#playFrom(cue, this.transcript.lines[cue].start);
        else player.playFrom(this.transcript.gaps[~cue].start);
      },
      edit: (line, offset) => player.editing.editAt(line, offset),
      playFromPlace: (line, offset) => this.#playFrom(line, this.transcript.timeOfPlace(line, offset)),
    }, this.#signal);
    lineTools(view, (line) => {
      const { start, text } = this.transcript.lines[line];
      const place = { line, from: 0, endLine: line, to: text.length };
      player.share(Number(start), null, {
        label: "Copy quote",
        act: () => player.quote(this.quotation(place, Number(start)), this.#quoteOptions.format),
      });
    }, this.#signal);
    const options = this.#quoteOptions;
    const { clipsUrl } = player.options;
    const menu = selectionMenu(view, {
      play: ({ start }) => player.playFrom(start),
      link: ({ start }) => player.share(start),
      clip: ({ start, end }) => player.share(start, end),
      quote: ({ from, to, start }) => {
        const place = { line: from.line, from: from.offset, endLine: to.line, to: to.offset };
        player.quote(this.quotation(place, start), options.format);
      },
      quoteOptions: options.root,
      clipFiles: clipsUrl ? new ClipFiles(clipsUrl, player.notices, this.#signal) : null,
      highlight: (selected) => player.notes.highlight(selected),
      note: (selected) => player.notes.write(selected),
      changed: (selects) => {
        this.follow.hold("selection", selects);
        if (!selects) player.notices.takeBack(this.#told);
      },
    }, this.#signal);
    player.body.append(menu);
  }

  /**
   * @param {number} line
   * @param {number | null} seconds
   */
  #playFrom(line, seconds) {
    if (seconds !== null) this.player.playFrom(seconds);
    else if (this.transcript.lines[line].status === "pending") {
      this.player.notices.say("This line has no time yet.");
    } else this.player.notices.say("This line is not in the audio.");
  }

  #addSearch() {
    const { player, view } = this;
    const search = new SearchPanel(view, player.sound, {
      place: () => this.transcript.lineAt(player.sound.position),
      found: (hits) =>
        player.timeline.setHits(hits.flatMap((hit) => this.transcript.timeOfPlace(hit.line, hit.from) ?? [])),
      go: (range, playing) => {
        if (playing) this.follow.rejoin();
        else this.follow.leave();
        this.scroller.glide(() => range.getBoundingClientRect(), 0.3);
      },
      toggled: (open) => this.follow.hold("search", open),
      played: () => {
        this.clip?.drop();
        this.clip = null;
      },
    }, this.#signal);
    player.top.replaceChildren(search.root);
    return search;
  }

  /** @param {Finding[]} findings */
  #addChecks(findings) {
    const { player, view } = this;
    const checks = new CheckList(findings, {
      place: () => this.transcript.lineAt(player.sound.position),
      go: ({ cue, start }) => {
        if (start === null) this.follow.leave();
        else player.goTo(start);
        view.point(cue);
        const { top, height } = this.scroller.visible();
        const place = (view.rectOf(cue, -1).top - top) / height;
        if (place >= IN_SIGHT.top && place <= IN_SIGHT.bottom) return;
        this.scroller.glide(() => view.rectOf(cue, -1), 0.25);
      },
      opened: () => player.history.close(),
      closed: () => view.point(null),
    });
    player.checks.replaceChildren(checks.opener);
    player.aside.replaceChildren(checks.root);
    return checks;
  }

  /** Let the bar be at the bottom of the window also where the text is short. */
  #fillHeight() {
    const { root } = this.player;
    const { outer, isPage } = this.scroller;
    const fill = () => {
      const top = root.getBoundingClientRect().top - (isPage ? 0 : outer.getBoundingClientRect().top) +
        outer.scrollTop;
      const height = isPage ? "100dvh" : `${outer.clientHeight}px`;
      root.style.minBlockSize = `max(20rem, calc(${height} - ${Math.ceil(top)}px))`;
      const bar = this.player.options.topBar ? document.querySelector(this.player.options.topBar) : null;
      root.style.setProperty("--vt-covered", `${bar?.getBoundingClientRect().height ?? 0}px`);
    };
    const observer = new ResizeObserver(fill);
    observer.observe(outer);
    this.#signal.addEventListener("abort", () => observer.disconnect());
  }

  /** @param {string} search the address's query */
  readLink(search) {
    return readLink(search, this.transcript);
  }

  /**
   * @param {Hit} place
   * @param {number} start seconds
   */
  quotation(place, start) {
    const { lines, url } = this.transcript;
    const original = this.#quoteOptions.original ? originalLink(url, start) : null;
    return {
      said: saidIn(lines, place),
      title: this.player.options.title,
      start,
      link: original ?? this.player.linkTo(start),
    };
  }

  /** @param {{start: number, end: number}} span seconds */
  playClip(span) {
    this.player.listening.endLoop();
    this.clip = new Clip(this.player.sound, span, () => {
      this.clip = null;
      this.player.notices.say("The clip ends here.", {
        label: "Play on",
        act: () => this.player.sound.play(),
      });
    }, this.#signal);
  }

  /**
   * The listener goes to a time; outside the clip it is none any more, and outside a hit no hits are played.
   * @param {number} seconds
   */
  leaveTo(seconds) {
    this.search.player.leave(seconds);
    const span = this.clip?.span;
    if (!span || (seconds >= span.start - 0.01 && seconds < span.end)) return;
    this.dropClip();
  }

  dropClip() {
    this.clip?.drop();
    this.clip = null;
  }

  /**
   * @param {1 | -1} step
   * @returns {number | null} seconds
   */
  startOfNeighbour(step) {
    const { position } = this.player.sound;
    const line = this.transcript.lineAt(position);
    const start = line >= 0 ? this.transcript.lines[line].start : null;
    if (step < 0 && start !== null && position - start > INTO_S) return start;
    const next = this.transcript.neighbour(line, step);
    return next >= 0 ? this.transcript.lines[next].start : null;
  }

  /**
   * @param {1 | -1} step
   * @returns {number | null} seconds
   */
  startOfNextWord(step) {
    const { sound } = this.player;
    return this.#words.from(sound.heard, step, sound.playing);
  }

  /** @param {1 | -1} step */
  selectWord(step) {
    this.#tellSelected(this.#selecting.byWord(step));
  }

  /** @param {1 | -1} step */
  selectLine(step) {
    this.#tellSelected(this.#selecting.byLine(step));
  }

  /** @param {string} selected */
  #tellSelected(selected) {
    const words = selected.trim();
    const start = words.slice(0, MOST_TOLD / 2);
    const shown = words.length > MOST_TOLD ? `${start} … ${words.slice(-MOST_TOLD / 2)}` : words;
    const selection = getSelection();
    const leads = selection && readSelection(this.view, selection) ? " Tab leads to what to do with it." : "";
    if (words) this.#told = `“${shown}” is selected.${leads}`;
    this.player.notices.say(words ? this.#told : "Nothing is selected.");
  }

  /** Where selecting by keyboard begins: the line whose time has the focus, else the word that is current. */
  #placeToSelect() {
    const { sync, transcript, view } = this;
    const focused = view.times.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    if (focused >= 0) return { line: focused, offset: 0 };
    if (sync.word < 0) return { line: Math.max(0, transcript.lineAt(this.player.sound.heard)), offset: 0 };
    return { line: transcript.wordLines[sync.word], offset: transcript.wordFroms[sync.word] };
  }

  /**
   * The text of the line at a time.
   * @param {number} seconds
   * @returns {string | null}
   */
  textAt(seconds) {
    const line = this.transcript.lineAt(seconds);
    return line >= 0 ? this.transcript.lines[line].text : null;
  }
}
