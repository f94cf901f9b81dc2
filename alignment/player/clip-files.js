/** Clips to keep: what is selected, cut out by the server as a file of sound or a film, saved by the browser. */

/** @import { Notices } from "./notices.js" */
/** @import { Selected } from "./selection-menu.js" */

import { element } from "./dom.js";

/**
 * @typedef {object} ClipKind
 * @property {string} label
 * @property {"m4a" | "mp3" | "mp4"} ending of the file
 * @property {string} [shape] of the film's picture
 */

/** @type {ClipKind[]} */
const CLIP_KINDS = [
  { label: "Sound (M4A)", ending: "m4a" },
  { label: "Sound (MP3)", ending: "mp3" },
  { label: "Film 16:9", ending: "mp4", shape: "16:9" },
  { label: "Film 1:1", ending: "mp4", shape: "1:1" },
  { label: "Film 9:16", ending: "mp4", shape: "9:16" },
];

export class ClipFiles {
  /** @type {AbortController | null} of the clip that is being made */
  #making = null;
  #notices;
  #url;

  /**
   * @param {string} url with `.m4a` and so on behind it, it gives out clips
   * @param {Notices} notices
   * @param {AbortSignal} signal
   */
  constructor(url, notices, signal) {
    this.#url = url;
    this.#notices = notices;
    signal.addEventListener("abort", () => this.#making?.abort());
  }

  /**
   * What to choose from.
   * @param {(choose: (selected: Selected) => void) => void} chosen
   */
  options(chosen) {
    const buttons = CLIP_KINDS.map((kind) => {
      const button = element("button", { type: "button" }, kind.label);
      button.addEventListener("click", () => chosen((selected) => this.save(selected, kind)));
      return button;
    });
    return element("div", { class: "vt-options", role: "group", "aria-label": "Save clip as" }, ...buttons);
  }

  /**
   * @param {{start: number, end: number}} span seconds
   * @param {ClipKind} kind
   */
  async save(span, kind) {
    this.#making?.abort();
    const making = this.#making = new AbortController();
    const [wait, saved] = kind.shape
      ? ["The film is being drawn; it is saved when it is ready.", "Film saved."]
      : ["The clip is being cut; it is saved when it is ready.", "Clip saved."];
    this.#notices.hold(wait, { label: "Cancel", act: () => making.abort() });
    try {
      const { content, name } = await fetchClip(this.#address(span, kind), making.signal);
      keep(content, name ?? `clip.${kind.ending}`);
      this.#notices.say(saved);
    } catch (error) {
      if (making.signal.aborted) return;
      const why = error instanceof Refusal ? error.message : "The server does not answer.";
      this.#notices.say(why, { label: "Try again", act: () => this.save(span, kind) });
    }
  }

  /**
   * @param {{start: number, end: number}} span
   * @param {ClipKind} kind
   */
  #address({ start, end }, { ending, shape }) {
    const url = new URL(`${this.#url}.${ending}`, document.baseURI);
    url.searchParams.set("t", start.toFixed(2));
    url.searchParams.set("end", end.toFixed(2));
    if (shape) url.searchParams.set("shape", shape);
    return url;
  }
}

/** The server has said why not. */
class Refusal extends Error {}

/**
 * @param {URL} url
 * @param {AbortSignal} signal
 * @returns {Promise<{content: Blob, name: string | null}>}
 */
async function fetchClip(url, signal) {
  const answer = await fetch(url, { signal });
  if (!answer.ok) {
    const said = await answer.json().catch(() => null);
    throw new Refusal(said?.error ?? `The server answered with ${answer.status}.`);
  }
  const named = answer.headers.get("content-disposition")?.match(/filename\*=UTF-8''([^;]+)/i);
  return { content: await answer.blob(), name: named ? decodeURIComponent(named[1]) : null };
}

/**
 * @param {Blob} content
 * @param {string} name
 */
function keep(content, name) {
  const address = URL.createObjectURL(content);
  element("a", { href: address, download: name }).click();
  // Safari reads it after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
