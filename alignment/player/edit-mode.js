/** Editing: which line the row stands under, and what becomes of what one does there. */

/** @import { EpisodePlayer } from "./episode-player.js" */
/** @import { ReadingPage } from "./reading-page.js" */
/** @import { Act } from "./edit-row.js" */
/** @import { Line } from "./transcript.js" */
/** @import { Corrections } from "./corrections.js" */

import { NotCorrected } from "./corrections.js";
import { iconButton } from "./dom.js";
import { EditRow } from "./edit-row.js";
import { joint } from "./paragraphs.js";
import { Realigning } from "./realigning.js";
import { formatClock } from "./time.js";

/** What "-0.1" and "+0.1" move a line by, seconds. */
const NUDGE_S = 0.1;

/** What is said when it is done, by the kind of change. */
const SAID = {
  text: "Saved.",
  split: "The line is split.",
  join: "The lines are joined.",
  start: "The line starts here.",
  nudge: null,
  shift: "All from here are moved.",
  absent: "The line is not in the audio.",
};

export class EditMode {
  /** @type {ReadingPage | null} */
  #page = null;
  #isOn = false;
  /** The line edited: its index in the page. */
  #at = -1;
  /** @type {Map<number, string>} texts that are not kept yet, by the line's id */
  #typed = new Map();
  /** @type {{id: number, text: string, done: Promise<boolean>} | null} the text that is on its way */
  #saving = null;
  /** @type {{id: number, caret: number} | null} the line to go to when it is there */
  #next = null;
  /** @type {number | null} id of the line from which to align again */
  #from = null;
  /** @type {Realigning | null} the lines that are being aligned again */
  #work = null;
  /** While the row goes from page to page its focus goes, but not the person's. */
  #isMoving = false;

  /**
   * @param {EpisodePlayer} player
   * @param {AbortSignal} signal
   */
  constructor(player, signal) {
    this.player = player;
    this.signal = signal;
    this.button = iconButton("edit", "Edit the transcript", {
      class: "vt-button vt-edit-switch",
      "aria-pressed": "false",
    });
    this.button.title = "Edit the transcript (w)";
    this.button.addEventListener("click", () => this.toggle());
    this.row = new EditRow((act) => this.#act(act));
    this.row.root.addEventListener("focusin", () => this.#page?.follow.hold("editing", true));
    this.row.root.addEventListener("focusout", ({ relatedTarget }) => {
      const stays = relatedTarget instanceof Node && this.row.root.contains(relatedTarget);
      if (!stays && !this.#isMoving) this.#page?.follow.hold("editing", false);
    });
    player.corrections.watch((state) => {
      this.row.enable("undo", state.undo !== null);
      this.row.enable("redo", state.redo !== null);
      this.row.tellSkipped(player.corrections.log?.skipped.length ?? 0);
    });
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    globalThis.addEventListener("beforeunload", (event) => {
      if (this.#isOn && (this.row.changed || this.#typed.size)) event.preventDefault();
    }, { signal });
    this.allow();
  }

  /** Show the switch where there is something that takes corrections. */
  allow() {
    this.button.hidden = !this.#url;
    if (!this.#url && this.#isOn) this.#end();
  }

  /** The player goes away, to another page of the app: what is typed is saved, as on the way to another line. */
  leave() {
    const line = this.#isOn ? this.#id : null;
    if (line === null || !this.row.changed) return;
    this.player.corrections.makeAtLast({ kind: "text", line, text: this.row.field.value });
  }

  toggle() {
    if (!this.#url) this.player.notices.say("This transcript cannot be edited here.");
    else if (this.#isOn) this.#act("done");
    else if (this.#page) this.#begin(this.#page);
  }

  /**
   * Edit the text at a place.
   * @param {number} line its index
   * @param {number} offset UTF-16 units into its text
   * @returns {boolean} false: there is no editing now
   */
  editAt(line, offset) {
    if (!this.#isOn) return false;
    this.#open(line);
    this.row.focus(offset);
    this.#reveal();
    return true;
  }

  /** What is to be kept while another page takes the place of this one. */
  keep() {
    const { root } = this.row;
    this.#isMoving = true;
    const focused = root.contains(document.activeElement) ? document.activeElement : null;
    const top = this.#page?.scroller.visible().top ?? 0;
    return { focused, offset: root.getBoundingClientRect().top - top, id: this.#id };
  }

  /**
   * @param {ReadingPage} page
   * @param {ReturnType<EditMode["keep"]>} kept
   */
  resume(page, { focused, offset, id }) {
    this.#page = page;
    this.#isMoving = false;
    page.view.root.addEventListener("focusin", ({ target }) => {
      const line = target instanceof HTMLButtonElement && target.matches(".vt-time")
        ? page.view.cueOf(target)
        : null;
      if (this.#isOn && line !== null && line >= 0) this.#open(line);
    });
    if (!this.#isOn) return;
    const { lines } = page.transcript;
    const next = this.#next && lines.findIndex((line) => line.id === this.#next?.id);
    const same = lines.findIndex((line) => line.id === id);
    const arrives = next !== null && next >= 0;
    this.#put(arrives ? next : same >= 0 ? same : Math.min(this.#at, lines.length - 1));
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    if (arrives && this.#next) {
      this.row.focus(this.#next.caret);
      this.#next = null;
      this.#reveal();
    } else if (focused) page.scroller.keep(() => this.row.root.getBoundingClientRect(), offset);
  }

  get #url() {
    return this.player.options.correctionsUrl ?? null;
  }

  get #line() {
    return this.#page?.transcript.lines[this.#at] ?? null;
  }

  get #id() {
    return this.#line?.id ?? null;
  }

  /** @param {ReadingPage} page */
  #begin(page) {
    this.#isOn = true;
    this.button.setAttribute("aria-pressed", "true");
    this.player.root.dataset.editing = "";
    const focused = page.view.cueOf(document.activeElement);
    const played = page.transcript.lineAt(this.player.sound.position);
    this.player.notices.setOffer(null);
    this.#put(Math.max(0, focused !== null && focused >= 0 ? focused : played));
    this.row.focus(0);
    this.#reveal();
    this.#look();
  }

  #end() {
    const time = this.#page?.view.times[this.#at];
    this.player.history.close();
    const had = this.row.root.contains(document.activeElement);
    this.#isOn = false;
    this.#setFrom(null);
    this.button.setAttribute("aria-pressed", "false");
    delete this.player.root.dataset.editing;
    this.#takeAway();
    if (had) time?.focus({ preventScroll: true });
  }

  /** Take the row out of the text: the line stays where it is, and then the page may go along again. */
  #takeAway() {
    const page = this.#page;
    const line = page?.view.lines[this.#at];
    if (!page || !line) return;
    const top = () => line.getBoundingClientRect();
    const offset = top().top - page.scroller.visible().top;
    this.row.root.remove();
    line.removeAttribute("data-edited");
    page.scroller.keep(top, offset);
    // A browser that holds on to what is seen moves the page in its next frame: what is asked for before misses.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (!this.#isOn) page.follow.hold("editing", false);
      })
    );
  }

  /** Ask what there is, and show it. */
  async #look() {
    try {
      const { aside } = await this.player.corrections.look();
      if (aside?.length) {
        this.row.tell(
          `Earlier corrections could not be read. They are kept in the episode's folder as ${
            aside.join(", ")
          }.`,
        );
      }
    } catch (error) {
      this.#tell(error, "The corrections could not be loaded");
    }
  }

  /**
   * Edit another line; what was typed in this one is saved.
   * @param {number} line its index
   */
  #open(line) {
    if (line === this.#at || !this.#page?.transcript.lines[line]) return;
    if (this.row.changed) this.#save();
    this.row.tell(null);
    this.#put(line);
  }

  /**
   * Put the row under a line.
   * @param {number} line its index
   */
  #put(line) {
    const page = /** @type {ReadingPage} */ (this.#page);
    page.view.lines[this.#at]?.removeAttribute("data-edited");
    const typing = page.transcript.lines[line].id === this.row.line && this.row.changed;
    this.#at = line;
    const shown = page.transcript.lines[line];
    if (!typing) this.row.show(shown, this.#typed.get(shown.id) ?? shown.text);
    else this.row.show(shown, this.row.field.value);
    const place = page.view.lines[line];
    place.dataset.edited = "";
    if (place.nextElementSibling !== this.row.root) place.after(this.row.root);
    this.row.enable("join", line > 0);
    this.row.enable("above", line > 0);
    this.row.enable("below", line + 1 < page.transcript.lines.length);
  }

  /** Scroll as far as is needed to see line and row. */
  #reveal() {
    if (!this.#page) return;
    const { scroller, view } = this.#page;
    const { top, bottom } = scroller.visible();
    const first = view.lines[this.#at].getBoundingClientRect().top - top - 12;
    const last = this.row.root.getBoundingClientRect().bottom - bottom + 12;
    const by = first < 0 ? first : Math.min(first, Math.max(0, last));
    if (Math.abs(by) > 1) scroller.outer.scrollBy({ top: by, behavior: "instant" });
  }

  /** @param {Act} act */
  #act(act) {
    const line = this.#line;
    if (!line) return;
    const now = this.player.sound.position;
    const acts = {
      play: () => this.#play(),
      start: () => this.#make({ kind: "start", line: line.id, seconds: now }),
      earlier: () => this.#make({ kind: "nudge", line: line.id, seconds: -NUDGE_S }),
      later: () => this.#make({ kind: "nudge", line: line.id, seconds: NUDGE_S }),
      shift: () => this.#make({ kind: "shift", line: line.id, seconds: now - Number(line.start) }),
      realign: () => this.#realign(line),
      absent: () => this.#make({ kind: "absent", line: line.id }),
      split: () => this.#split(line.id),
      join: () => this.#join(),
      undo: () => this.#tellOf(this.player.corrections.undo(), "Undone."),
      redo: () => this.#tellOf(this.player.corrections.redo(), "Done again."),
      history: () => this.player.history.toggle(),
      skipped: () => this.player.history.open(true),
      above: () => this.#step(-1),
      below: () => this.#step(1),
      save: () => this.#save(),
      cancel: () => {
        this.#typed.delete(line.id);
        this.row.show(line, line.text);
        this.row.tell(null);
      },
      done: async () => {
        if (await this.#save()) this.#end();
      },
    };
    acts[act]();
  }

  #play() {
    const start = this.#line?.start ?? null;
    if (start === null) this.row.tell("This line has no time to play from.");
    else {
      this.player.sound.seek(start);
      this.player.sound.play();
    }
  }

  /** @param {1 | -1} step */
  #step(step) {
    this.#open(this.#at + step);
    this.row.focus(this.row.field.value.length);
    this.#reveal();
  }

  /**
   * Keep what is typed.
   * @returns {Promise<boolean>} whether all is kept
   */
  #save() {
    const id = this.#id;
    const text = this.row.field.value;
    if (id === null || !this.row.changed) return Promise.resolve(true);
    if (this.#saving?.id === id && this.#saving.text === text) return this.#saving.done;
    this.#typed.set(id, text);
    const done = this.#make({ kind: "text", line: id, text }).then((done) => {
      this.#saving = null;
      if (!done) this.#backTo(id);
      return done;
    });
    this.#saving = { id, text, done };
    return done;
  }

  /**
   * To the line whose text could not be saved; what is typed in another one meanwhile is kept, too.
   * @param {number} id
   */
  #backTo(id) {
    const line = this.#page?.transcript.lines.findIndex((line) => line.id === id) ?? -1;
    if (!this.#isOn || line < 0 || line === this.#at) return;
    if (this.row.changed && this.#id !== null) this.#typed.set(this.#id, this.row.field.value);
    this.#put(line);
    this.#reveal();
  }

  /**
   * From this line, then to this line, then stop.
   * @param {Line} line
   */
  async #realign(line) {
    if (this.#work) {
      this.#work.stop();
      return;
    }
    if (this.#from === null || !this.#page?.transcript.lines.some(({ id }) => id === this.#from)) {
      this.#setFrom(line.id);
      this.player.notices.say("Go to the last line that is to be aligned again, then press “To here”.", {
        label: "Never mind",
        act: () => this.#setFrom(null),
      });
      return;
    }
    const { who } = this.player.corrections;
    const lines = { first: this.#from, last: line.id, ...(who === null ? {} : { who }) };
    this.#setFrom(null);
    if (!(await this.#save()) || !this.#url) return;
    this.#work = new Realigning(this.#url, this.signal);
    this.row.showWork("Waiting");
    this.#nameRealign();
    try {
      const work = await this.#work.run(lines, ({ message, fraction }) => {
        this.row.showWork(fraction === null ? message : `${message}, ${Math.round(fraction * 100)} %`);
      });
      if (work.status === "failed") this.row.tell(`Not aligned again: ${work.message}`);
      else if (work.status === "cancelled") this.player.notices.say("Stopped. Nothing was changed.");
      else {
        await this.player.corrections.look();
        this.player.notices.say("The lines are aligned again.");
      }
    } catch (error) {
      this.#tell(error, "Not aligned again");
    } finally {
      this.#work = null;
      this.row.showWork("");
      this.#nameRealign();
    }
  }

  /** @param {number | null} id of a line */
  #setFrom(id) {
    this.#from = id;
    this.#nameRealign();
  }

  #nameRealign() {
    const from = this.#page?.transcript.lines.find(({ id }) => id === this.#from);
    const place = from?.start === null || !from ? "the line chosen" : formatClock(from.start);
    if (this.#work) this.row.rename("realign", "Stop", "Stop aligning again");
    else if (from) this.row.rename("realign", "To here", `Align again from ${place} to this line`);
    else this.row.rename("realign", "Align again", "Align again from this line on");
  }

  /** @param {number} id */
  async #split(id) {
    const { value, selectionStart } = this.row.field;
    // The server counts characters, and of a text without white space around it.
    const offset = [...value.slice(0, selectionStart).trimStart()].length;
    if (await this.#save()) await this.#make({ kind: "split", line: id, offset });
  }

  async #join() {
    const above = this.#page?.transcript.lines[this.#at - 1];
    const { value } = this.row.field;
    if (!above || !(await this.#save())) return;
    this.#next = { id: above.id, caret: above.text.length + joint(above.text, value).length };
    if (!(await this.#make({ kind: "join", line: above.id }))) this.#next = null;
  }

  /** @param {{kind: keyof typeof SAID, line: number, [more: string]: unknown}} change */
  #make(change) {
    return this.#tellOf(this.player.corrections.make(change), SAID[change.kind], (state) => {
      if (change.kind === "text" && this.#typed.get(change.line) === change.text) {
        this.#typed.delete(change.line);
        if (this.#id === change.line) this.row.kept(String(change.text));
      }
      if (typeof state.part === "number") this.#next = { id: state.part, caret: 0 };
    });
  }

  /**
   * @param {Promise<Corrections>} change that is on its way
   * @param {string | null} said when it is done
   * @param {(state: Corrections) => void} [then]
   * @returns {Promise<boolean>} whether it was done
   */
  async #tellOf(change, said, then) {
    try {
      const state = await change;
      this.row.tell(null);
      then?.(state);
      if (said) this.player.notices.say(said);
      return true;
    } catch (error) {
      this.#tell(error, "Not saved");
      return false;
    }
  }

  /**
   * @param {unknown} error
   * @param {string} what was not done
   */
  #tell(error, what) {
    if (this.signal.aborted) return;
    if (!(error instanceof NotCorrected)) throw error;
    const after = error.outdated ? " Look at what it is now, then try again." : "";
    this.row.tell(`${what}: ${error.message}${after}`);
  }

  /**
   * Keys of the whole page; those of the row are its own.
   * @param {KeyboardEvent} event
   */
  #key(event) {
    const { key, ctrlKey, metaKey, shiftKey, altKey, target } = event;
    if (!this.#isOn || event.defaultPrevented || altKey || !(ctrlKey || metaKey)) return;
    const inside = target === document.body || this.player.root.contains(/** @type {Node} */ (target));
    const typing = target instanceof Element && target.matches("input:not([type=range]), textarea");
    if (!inside || typing || document.querySelector("dialog[open]")) return;
    const letter = key.toLowerCase();
    /** @type {Act | null} */
    const act = letter === "z"
      ? shiftKey ? "redo" : "undo"
      : letter === "y"
      ? "redo"
      : key === " "
      ? "play"
      : null;
    if (!act) return;
    event.preventDefault();
    this.#act(act);
  }
}
