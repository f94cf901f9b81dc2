/**
 * Search in all episodes, as one types: a field, and below it the lines that say it, each a link to its second.
 *
 * Keys: `/` to the field; arrows through what was found; Enter opens the best, or the one with the focus; Escape
 * back to the field, and there empties it.
 */

import { keepWayBack } from "./way-back.js";

/**
 * @typedef {object} Line a line of a transcript; marks count code points of its text
 * @property {number} id
 * @property {number | null} start
 * @property {string | null} speaker
 * @property {string} text
 * @property {[number, number][]} marks
 * @property {string} address
 */

/**
 * @typedef {object} Hit an episode
 * @property {string} id
 * @property {string} title
 * @property {string | null} channel
 * @property {string} address
 * @property {number} count of its lines with what is sought
 * @property {Line[]} lines the best of them
 */

/**
 * @typedef {object} Found
 * @property {Hit[]} hits
 * @property {number | null} next where to go on
 * @property {number} pending episodes that cannot be searched yet
 */

const TYPING_MS = 120;
const HINT = 'Words, "a phrase", channel:, speaker:, after:2023, before:2024-05';

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {(Node | string)[]} children text goes in as text: no transcript can become markup
 */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {number} seconds */
function clock(seconds) {
  const whole = Math.floor(seconds + 1e-6);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = String(rest).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${padded}` : `${minutes}:${padded}`;
}

/** @param {Line} line */
function markedText({ text, marks }) {
  const characters = Array.from(text);
  const words = element("span", { class: "ls-text", dir: "auto" });
  let last = 0;
  for (const [from, to] of marks) {
    words.append(
      characters.slice(last, from).join(""),
      element("mark", {}, characters.slice(from, to).join("")),
    );
    last = to;
  }
  words.append(characters.slice(last).join(""));
  return words;
}

/** @param {Line} line */
function lineLink(line) {
  const when = line.start === null ? "–:––" : clock(line.start);
  const link = element("a", { href: line.address, class: "ls-line" }, element("time", {}, when), " ");
  if (line.speaker) link.append(element("b", {}, line.speaker), " ");
  link.append(markedText(line));
  return element("li", {}, link);
}

/** @param {Hit} hit */
function episodeItem(hit) {
  const title = element("a", { href: hit.address, class: "ls-title", dir: "auto" }, hit.title);
  const more = hit.count - hit.lines.length;
  const facts = [hit.channel, more > 0 ? `${more.toLocaleString("en")} more lines` : null].filter(Boolean);
  const item = element("li", { class: "ls-episode" }, title);
  if (facts.length) item.append(element("span", { class: "ls-facts" }, facts.join(" · ")));
  if (hit.lines.length) item.append(element("ul", {}, ...hit.lines.map(lineLink)));
  return item;
}

/** The field, what it finds, and the keys. */
class SearchBox {
  /** @param {Element | ShadowRoot} host */
  constructor(host) {
    this.input = element("input", {
      type: "search",
      "aria-label": "Search in all episodes",
      "aria-describedby": "ls-hint",
      "aria-keyshortcuts": "/",
      placeholder: "Search in all episodes",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      enterkeyhint: "go",
      maxlength: "400",
    });
    this.hint = element("p", { class: "ls-hint", id: "ls-hint" }, HINT);
    this.status = element("p", { class: "ls-status", role: "status" });
    this.list = element("ol", { class: "ls-found", "aria-label": "Found" });
    this.more = element("button", { type: "button", class: "ls-more" }, "More");
    this.more.hidden = true;
    this.root = element("search", { class: "ls" }, this.input, this.hint, this.status, this.list, this.more);
    this.timer = 0;
    this.sought = "";
    /** @type {number | null} */
    this.next = null;
    this.asking = new AbortController();
    this.listening = new AbortController();
    const { signal } = this.listening;
    this.input.addEventListener("input", () => this.later(), { signal });
    this.more.addEventListener("click", () => this.ask(this.next ?? 0), { signal });
    this.root.addEventListener("keydown", (event) => this.onKey(event), { signal });
    document.addEventListener("keydown", (event) => this.onSlash(event), { signal });
    host.append(this.root);
    const scroller = this.root.closest("[data-testid=stMain]");
    if (scroller) keepWayBack(scroller, signal);
    this.input.value = new URL(location.href).searchParams.get("q") ?? "";
    if (this.input.value) this.ask(0);
  }

  destroy() {
    clearTimeout(this.timer);
    this.asking.abort();
    this.listening.abort();
    this.root.remove();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(0), TYPING_MS);
  }

  /**
   * Ask the server; an older question is given up.
   * @param {number} offset 0 for a new list, else what is added to the one there is
   */
  async ask(offset) {
    clearTimeout(this.timer);
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    const sought = this.input.value;
    this.remember(sought);
    if (!sought.trim()) return this.show({ hits: [], next: null, pending: 0 }, 0, "");
    const url = new URL("search.json", document.baseURI);
    url.search = String(new URLSearchParams({ q: sought, offset: String(offset) }));
    try {
      const answer = await fetch(url, { signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = /** @type {Found} */ (await answer.json());
      if (!signal.aborted) this.show(found, offset, sought);
    } catch {
      if (!signal.aborted) this.status.textContent = "The search did not get through. Type on to try again.";
    }
  }

  /**
   * @param {Found} found
   * @param {number} offset
   * @param {string} sought
   */
  show(found, offset, sought) {
    const items = found.hits.map(episodeItem);
    const first = items[0]?.querySelector("a");
    const held = [...this.list.querySelectorAll("a")].findIndex((link) => link === document.activeElement);
    if (offset) this.list.append(...items);
    else this.list.replaceChildren(...items);
    if (held >= 0 && !offset) (this.list.querySelectorAll("a")[held] ?? this.input).focus();
    this.sought = sought;
    this.next = found.next;
    this.more.hidden = found.next === null;
    if (offset && found.next === null) first?.focus();
    const episodes = this.list.children.length;
    const some = `${episodes}${found.next === null ? "" : "+"} ${episodes === 1 ? "episode" : "episodes"}`;
    const later = found.pending
      ? ` ${found.pending.toLocaleString("en")} episodes are still being read.`
      : "";
    this.status.textContent = sought ? `${episodes ? `Found in ${some}.` : "Nothing found."}${later}` : "";
    this.root.toggleAttribute("data-sought", Boolean(sought));
  }

  /**
   * The address brings back what was sought, when one comes back to the page.
   * @param {string} sought
   */
  remember(sought) {
    const url = new URL(location.href);
    if (sought) url.searchParams.set("q", sought);
    else url.searchParams.delete("q");
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.target === this.input) event.stopPropagation(); // the page has keys of its own
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...this.list.querySelectorAll("a")];
    const place = links.indexOf(/** @type {HTMLAnchorElement} */ (event.target));
    if (event.key === "ArrowDown") {
      (links[place + 1] ?? (this.more.hidden ? links.at(-1) : this.more))?.focus();
    } else if (event.key === "ArrowUp" && event.target === this.more) links.at(-1)?.focus();
    else if (event.key === "ArrowUp" && place >= 0) (links[place - 1] ?? this.input).focus();
    else if (event.key === "Enter" && event.target === this.input) this.open();
    else if (event.key === "Escape") this.leave();
    else return;
    event.preventDefault();
  }

  /** Open the best line; where the list is that of another text, ask first. */
  async open() {
    if (this.sought !== this.input.value) await this.ask(0);
    const best = this.list.querySelector("a.ls-line") ?? this.list.querySelector("a");
    if (best && this.sought === this.input.value) /** @type {HTMLAnchorElement} */ (best).click();
  }

  leave() {
    if (document.activeElement === this.input) {
      this.input.value = "";
      this.ask(0);
    }
    this.input.focus();
  }

  /** @param {KeyboardEvent} event */
  onSlash(event) {
    const typing = event.target instanceof HTMLElement &&
      (event.target.isContentEditable || event.target.matches("input, textarea, select"));
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.input.focus();
    this.input.select();
  }
}

/** Settles when the stylesheet is there, or cannot be had. */
function styled() {
  const href = new URL("search.css", import.meta.url).href;
  if (document.querySelector(`link[href="${CSS.escape(href)}"]`)) return Promise.resolve();
  return new Promise((resolve) => {
    const link = element("link", { rel: "stylesheet", href });
    link.addEventListener("load", resolve);
    link.addEventListener("error", resolve);
    document.head.append(link);
  });
}

/**
 * Show the search in an element.
 * @param {Element | ShadowRoot} host
 * @returns {Promise<{destroy: () => void}>}
 */
export async function mount(host) {
  await styled();
  return new SearchBox(host);
}
