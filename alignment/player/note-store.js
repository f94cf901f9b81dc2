/**
 * The notes of an episode: on the server where there is one, and in this browser until the server has them.
 *
 * A change counts at once. It waits in the browser's storage, one note for itself, until the server has taken it;
 * without a server it stays there. So nothing is lost by a failure, a reload or a closed page.
 */

/** @import { Note } from "./note.js" */

import { recall, remember } from "./storage.js";

/** Between two tries, milliseconds: at first, and at most. */
const RETRY_MS = { first: 1000, most: 30_000 };

/** The server will not take it, however often it is asked. */
class Refusal extends Error {}

export class NoteStore {
  /** @type {Map<string, Note>} what the server has */
  #known = new Map();
  /** @type {Map<string, Note | null>} changes that the server does not have yet; null for a note taken away */
  #waiting = new Map();
  /** @type {Map<string, Note | null>} those of them that it refuses */
  #refused = new Map();
  /** @type {URL | null} */
  url = null;
  /** @type {string[]} files of notes that the server could not read and has put aside */
  aside = [];
  /** @type {string | null} what keeps the notes from being saved, as a sentence */
  trouble = null;
  #stale = false;
  #working = false;
  #timer = 0;
  #delay = RETRY_MS.first;

  /**
   * @param {string} episode
   * @param {object} on
   * @param {() => void} on.changed the notes, or how it is about their saving
   * @param {(message: string) => void} on.failed for the first time, or for good
   * @param {() => void} on.recovered
   * @param {AbortSignal} signal
   */
  constructor(episode, on, signal) {
    this.name = `notes:${episode}`;
    this.on = on;
    this.signal = signal;
    this.#recall();
    addEventListener("storage", ({ key }) => {
      if (!key?.endsWith(this.name)) return;
      this.#recall();
      this.refresh();
      on.changed();
    }, { signal });
    addEventListener("online", () => this.retry(), { signal });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.refresh();
    }, { signal });
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** @returns {Note[]} */
  get notes() {
    const all = new Map(this.#known);
    for (const [id, note] of this.#waiting) {
      if (note) all.set(id, note);
      else all.delete(id);
    }
    return [...all.values()];
  }

  /** How many changes the server lacks. */
  get unsaved() {
    return this.url ? this.#waiting.size : 0;
  }

  /** @param {string | null} url of the notes on the server; null for none */
  take(url) {
    this.url = url === null ? null : new URL(url, document.baseURI);
    this.refresh();
  }

  /** Ask the server what it has. */
  refresh() {
    this.#stale = this.url !== null;
    this.retry();
  }

  /** Try at once what is to be done. */
  retry() {
    clearTimeout(this.#timer);
    this.#work();
  }

  /** @param {Note} note new, or in place of the one with its id */
  keep(note) {
    this.#change(note.id, note);
  }

  /** @param {string} id */
  remove(id) {
    this.#change(id, null);
  }

  /**
   * @param {string} id
   * @param {Note | null} note
   */
  #change(id, note) {
    this.#refused.delete(id);
    if (note || this.url) this.#waiting.set(id, note);
    else this.#waiting.delete(id);
    this.#remember(id);
    this.on.changed();
    this.retry();
  }

  #recall() {
    const kept = recall(this.name);
    if (kept === null && !this.#waiting.size) return;
    this.#waiting = new Map(Object.entries(kept ?? {}));
  }

  /**
   * Other pages of this browser write there, too: one note is changed, the others stay.
   * @param {string} id
   */
  #remember(id) {
    const kept = recall(this.name) ?? {};
    if (this.#waiting.has(id)) kept[id] = this.#waiting.get(id);
    else delete kept[id];
    remember(this.name, kept);
    const isKept = JSON.stringify(recall(this.name)?.[id]) === JSON.stringify(kept[id]);
    if (!isKept && !this.url) {
      this.#fail("This browser keeps nothing more: the note is gone when the page is closed.");
    }
  }

  /** Load and send, one after the other: what is loaded is never older than what was sent. */
  async #work() {
    if (this.#working || !this.url) return;
    this.#working = true;
    try {
      while (!this.signal.aborted) {
        if (this.#stale) await this.#load(this.url);
        else {
          const next = [...this.#waiting].find(([id, note]) => this.#refused.get(id) !== note);
          if (!next) break;
          await this.#send(this.url, ...next);
        }
        this.on.changed();
      }
      this.#delay = RETRY_MS.first;
      if (this.trouble && !this.#refused.size) {
        this.trouble = null;
        this.on.changed();
        this.on.recovered();
      }
    } catch {
      if (this.signal.aborted) return;
      this.#fail(
        this.#waiting.size
          ? "The notes cannot be saved: the server does not answer. They are kept in this browser meanwhile."
          : "The notes cannot be loaded: the server does not answer.",
      );
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#work(), this.#delay);
      this.#delay = Math.min(RETRY_MS.most, this.#delay * 2);
    } finally {
      this.#working = false;
    }
  }

  /** @param {string} message */
  #fail(message) {
    const isNew = this.trouble !== message;
    this.trouble = message;
    this.on.changed();
    if (isNew) this.on.failed(message);
  }

  /** @param {URL} url */
  async #load(url) {
    // Whoever finds it stale from here on means what comes after this.
    this.#stale = false;
    let json;
    try {
      const response = await fetch(url, { cache: "no-cache", signal: this.signal });
      if (!response.ok) throw new Error(`${response.status}`);
      json = await response.json();
    } catch (error) {
      this.#stale = true;
      throw error;
    }
    this.aside = json.aside ?? [];
    // One that has not changed stays the same object: nothing is to be drawn anew for it.
    const before = this.#known;
    this.#known = new Map(json.notes.map((/** @type {Note} */ note) => {
      const known = before.get(note.id);
      return [note.id, known && JSON.stringify(known) === JSON.stringify(note) ? known : note];
    }));
  }

  /**
   * @param {URL} url
   * @param {string} id
   * @param {Note | null} note
   */
  async #send(url, id, note) {
    const body = note && JSON.stringify(note);
    try {
      const response = await fetch(new URL(`notes/${id}`, url), {
        method: body ? "PUT" : "DELETE",
        headers: body ? { "Content-Type": "application/json" } : {},
        body,
      });
      await check(response);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#refused.set(id, note);
      this.#fail(`A note is kept in this browser only. ${error.message}`);
      return;
    }
    if (note) this.#known.set(id, note);
    else this.#known.delete(id);
    // It may have been changed again meanwhile.
    if (this.#waiting.get(id) !== note) return;
    this.#waiting.delete(id);
    this.#remember(id);
  }
}

/** @param {Response} response */
async function check(response) {
  if (response.ok) return;
  const passing = response.status >= 500 || [408, 425, 429].includes(response.status);
  if (passing) throw new Error(`${response.status}`);
  const said = await response.json().catch(() => null);
  throw new Refusal(said?.error ?? `The server answered ${response.status}.`);
}
