/** Notes and highlights: made from the text, drawn into it, listed, kept. */

/** @import { EpisodePlayer } from "./episode-player.js" */
/** @import { ReadingPage } from "./reading-page.js" */
/** @import { Note, Passage } from "./note.js" */
/** @import { PlacedNote } from "./note-places.js" */

import { COLOURS, makeNote, MOST_CHARACTERS, trimmed, wordsOf } from "./note.js";
import { NoteEditor } from "./note-editor.js";
import { EXPORTS } from "./note-export.js";
import { NoteMarks } from "./note-marks.js";
import { placeNote } from "./note-places.js";
import { NoteStore } from "./note-store.js";
import { notesButton, NotesPanel } from "./notes-panel.js";
import { SearchIndex } from "./search.js";
import { readSelection } from "./selection-menu.js";
import { recall, remember } from "./storage.js";

export class Notes {
  /** @type {ReadingPage | null} */
  #page = null;
  #marks = new NoteMarks();
  /** @type {WeakMap<Note, PlacedNote>} of the page that is shown */
  #places = new WeakMap();
  /** @type {SearchIndex | null} */
  #index = null;
  /** @type {Note | null} */
  #removed = null;
  /** @type {{page: ReadingPage, notes: Note[]} | null} */
  #drawn = null;
  /** @type {PlacedNote[]} by time */
  placed = [];

  /**
   * @param {EpisodePlayer} player
   * @param {AbortSignal} signal
   */
  constructor(player, signal) {
    this.player = player;
    this.signal = signal;
    this.store = new NoteStore(player.options.episodeId, {
      changed: () => this.#draw(),
      failed: (message) => player.notices.say(message, { label: "Try again", act: () => this.store.retry() }),
      recovered: () => player.notices.say("The notes are saved."),
    }, signal);
    this.panel = new NotesPanel(this.store, {
      position: () => player.sound.position,
      go: ({ start }) => player.playFrom(start),
      edit: ({ note }) => this.editor.open(note, false),
      remove: ({ note }) => this.#remove(note),
      undo: () => this.#undo(),
      export: (ending, notes) => this.#export(/** @type {keyof typeof EXPORTS} */ (ending), notes),
      toggled: () => this.#toggled(),
    });
    this.button = notesButton(() => this.panel.toggle());
    this.editor = new NoteEditor({
      save: (note) => {
        remember("note-colour", note.colour);
        this.store.keep(note);
      },
      remove: (note) => this.#remove(note),
      left: (draft, isNew) => {
        const writeOn = { label: "Write on", act: () => this.editor.open(draft, isNew) };
        player.notices.say("The note was not saved.", writeOn);
      },
    });
    signal.addEventListener("abort", () => this.#marks.clear());
  }

  /** @param {string | null} url of the notes on the server; null for none */
  take(url) {
    this.store.take(url);
    this.#draw();
  }

  /** @param {ReadingPage} page in place of the one before */
  show(page) {
    this.#page = page;
    this.#places = new WeakMap();
    this.#index = null;
    this.#draw();
  }

  /**
   * Highlight a passage in the colour used last.
   * @param {Passage | null} [passage] else what is selected, else the current line
   */
  highlight(passage) {
    const note = this.#noteAt(passage ?? this.#passage());
    if (!note) return;
    const write = { label: "Write a note", act: () => this.editor.open(note, false) };
    if (this.store.notes.includes(note)) this.player.notices.say("This is highlighted already.", write);
    else {
      this.store.keep(note);
      this.player.notices.say("Highlighted.", write);
    }
  }

  /**
   * Write a note at a passage.
   * @param {Passage | null} [passage] else what is selected, else the current line
   */
  write(passage) {
    const note = this.#noteAt(passage ?? this.#passage());
    if (note) this.editor.open(note, !this.store.notes.includes(note));
  }

  /** @returns {Passage | null} */
  #passage() {
    const page = this.#page;
    if (!page) return null;
    const selection = getSelection();
    const selected = selection && readSelection(page.view, selection);
    if (selected) {
      selection.removeAllRanges();
      return selected;
    }
    const focused = page.view.times.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const line = focused >= 0 ? focused : page.transcript.lineAt(this.player.sound.position);
    if (line < 0) {
      this.player.notices.say("No line is said here. Select the words that the note is to stand at.");
      return null;
    }
    const { text, start, end } = page.transcript.lines[line];
    if (start === null) {
      this.player.notices.say("This line has no time, so no note can stand at it.");
      return null;
    }
    return { from: { line, offset: 0 }, to: { line, offset: text.length }, start, end: end ?? start };
  }

  /**
   * The note at exactly this passage, else a new one.
   * @param {Passage | null} passage
   * @returns {Note | null}
   */
  #noteAt(passage) {
    if (!passage || !this.#page) return null;
    const { lines } = this.#page.transcript;
    const { from, to, start, end } = trimmed(lines, passage);
    const same = this.placed.find(({ passage: other }) =>
      other?.from.line === from.line && other.from.offset === from.offset &&
      other.to.line === to.line && other.to.offset === to.offset
    );
    if (same) return same.note;
    const quote = wordsOf(lines, { from, to });
    if (quote.length > MOST_CHARACTERS) {
      this.player.notices.say("That is too much for one note. Select less.");
      return null;
    }
    const last = recall("note-colour");
    return makeNote({ from, to, start, end }, quote, COLOURS.includes(last) ? last : COLOURS[0]);
  }

  /** @param {Note} note */
  #remove(note) {
    this.#removed = note;
    this.store.remove(note.id);
    const what = note.text ? "Note deleted." : "Highlight deleted.";
    this.player.notices.say(what, { label: "Undo", act: () => this.#undo() });
  }

  #undo() {
    if (!this.#removed) return;
    this.store.keep(this.#removed);
    this.#removed = null;
    this.player.notices.say("It is back.");
  }

  #draw() {
    const page = this.#page;
    if (!page || this.signal.aborted) return;
    const { notes } = this.store;
    const isDrawn = this.#drawn?.page === page && this.#drawn.notes.length === notes.length &&
      notes.every((note, at) => note === this.#drawn?.notes[at]);
    if (!isDrawn) {
      this.#drawn = { page, notes };
      const index = () => (this.#index ??= new SearchIndex(page.transcript.lines));
      this.placed = notes.map((note) => {
        const known = this.#places.get(note) ?? placeNote(note, page.transcript, index);
        this.#places.set(note, known);
        return known;
      }).sort((a, b) => a.start - b.start || a.note.from.offset - b.note.from.offset);
      this.#marks.show(page.view, this.placed, (placed) => this.panel.open(placed));
      this.panel.show(this.placed);
      this.player.timeline.setNotes(this.placed);
    }
    this.panel.sayTrouble();
    this.#toggled();
  }

  #toggled() {
    if (this.panel.isOpen) this.player.history.close();
    // While the parts are put together the button is not there yet.
    this.button?.show(this.store.notes.length, this.store.unsaved, this.panel.isOpen);
  }

  /**
   * A file with the notes, each where its words stand now.
   * @param {keyof typeof EXPORTS} ending
   * @param {PlacedNote[]} notes
   */
  #export(ending, notes) {
    const { episodeId: episode, title } = this.player.options;
    const { kind, write } = EXPORTS[ending];
    const address = URL.createObjectURL(new Blob([write({ episode, title, notes })], { type: kind }));
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    return { name: `${title} – notes.${ending}`, address };
  }
}
