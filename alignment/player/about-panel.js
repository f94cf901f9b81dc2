/** About the episode: where it is from, which words tell what it is about, what listeners say of it. */

/** @import { ReadingPage } from "./reading-page.js" */
/** @import { Comment, Transcript } from "./transcript.js" */
/** @import { CloudWord } from "./word-cloud.js" */

import { element, icon, iconButton } from "./dom.js";
import { mentions, webAddress } from "./mentions.js";
import { PassageIndex } from "./passages.js";
import { formatClock, formatDay, formatLength, spokenTime } from "./time.js";
import { tellingWords } from "./word-cloud.js";

/**
 * @typedef {object} Does
 * @property {(seconds: number) => void} play
 * @property {(word: string) => void} search
 * @property {() => number | null} duration of the recording, seconds
 */

export class AboutPanel {
  /** @type {ReadingPage | null} */
  #page = null;
  /** Whether what it shows is of another page than the present one. */
  #stale = true;

  /** @param {Does} does */
  constructor(does) {
    this.does = does;
    const close = iconButton("close", "Close", { class: "vt-button" });
    this.title = element("p", { dir: "auto" });
    this.body = element("div");
    this.root = element(
      "dialog",
      { class: "vt-about-panel", "aria-label": "About this episode" },
      element("header", {}, element("h2", {}, "About this episode"), close),
      element("div", { class: "vt-about-body" }, this.title, this.body),
    );
    close.addEventListener("click", () => this.root.close());
    this.root.addEventListener("click", ({ target }) => target === this.root && this.root.close());
    // What is done in here is nobody else's: the page behind does not scroll, and Streamlit takes bare letters.
    for (const type of ["wheel", "touchmove", "keydown"]) {
      this.root.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
    }
  }

  open() {
    if (!this.#page) return;
    if (this.#stale) this.#fill(this.#page);
    this.root.showModal();
  }

  /**
   * Be about another page; one who reads here goes on where they are.
   * @param {ReadingPage} page
   */
  setPage(page) {
    this.#page = page;
    this.#stale = true;
    if (!this.root.open) return;
    const controls = () => /** @type {HTMLElement[]} */ ([...this.body.querySelectorAll("button, a")]);
    const focused = controls().indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const { scrollTop } = this.root;
    this.#fill(page);
    this.root.scrollTop = scrollTop;
    if (focused >= 0) {
      (controls()[focused] ?? this.root.querySelector("button"))?.focus({ preventScroll: true });
    }
  }

  /** @param {ReadingPage} page */
  #fill(page) {
    const { transcript } = page;
    const { description, comments } = transcript;
    const words = tellingWords(transcript.lines, transcript.language);
    const passages = comments.length ? new PassageIndex(page.search.index) : null;
    this.body.replaceChildren(
      facts(transcript),
      ...words.length ? [section("Often said", this.#cloud(words, transcript.language))] : [],
      ...description?.trim() ? [section("Description", this.#text(description.trim()))] : [],
      ...passages
        ? [
          section(
            counted(comments.length, "comment", "comments"),
            ...comments.map((comment) => this.#comment(comment, transcript, passages)),
          ),
        ]
        : [],
    );
    this.#stale = false;
  }

  /**
   * @param {CloudWord[]} words
   * @param {string | null} language
   */
  #cloud(words, language) {
    const least = Math.min(...words.map(({ count }) => count));
    const most = Math.max(...words.map(({ count }) => count));
    const items = words.map(({ word, count }) => {
      const times = count === 1 ? "once" : `${count.toLocaleString()} times`;
      const label = `${word}, ${times}`;
      const button = element("button", { type: "button", "aria-label": label, title: times }, word);
      const weight = most > least
        ? (Math.sqrt(count) - Math.sqrt(least)) / (Math.sqrt(most) - Math.sqrt(least))
        : 0;
      button.style.setProperty("--vt-weight", weight.toFixed(3));
      button.addEventListener("click", () => {
        this.root.close();
        this.does.search(word);
      });
      return element("li", {}, button);
    });
    return element("ul", { class: "vt-cloud", role: "list", dir: "auto", lang: language }, ...items);
  }

  /**
   * @param {Comment} comment
   * @param {Transcript} transcript
   * @param {PassageIndex} passages
   */
  #comment({ text, author, date, votes, replies }, transcript, passages) {
    const said = [
      author ? element("bdi", { class: "vt-author" }, author) : "",
      date ? element("time", { datetime: isoDay(date) }, formatDay(date)) : "",
      counted(votes, "vote", "votes"),
      counted(replies, "reply", "replies"),
    ].filter((part) => part !== "");
    const made = element("article", { class: "vt-comment" });
    if (said.length) {
      made.append(element("p", { class: "vt-comment-by" }, ...said.map((part) => element("span", {}, part))));
    }
    made.append(this.#text(text));
    const places = passages.quotedIn(text)
      .map(({ line, from }) => transcript.timeOfPlace(line, from))
      .filter((seconds) => seconds !== null);
    const buttons = [...new Set(places)].map((seconds) => {
      const label = `Play the passage, ${formatClock(seconds)}`;
      const button = element("button", { type: "button", class: "vt-play-passage" }, icon("play"), label);
      button.addEventListener("click", () => this.#play(seconds));
      return button;
    });
    if (buttons.length) made.append(element("p", { class: "vt-passages" }, ...buttons));
    return made;
  }

  /**
   * A text with its links and its times to go to.
   * @param {string} text
   */
  #text(text) {
    const paragraphs = text.split(/\n\s*\n/).map((paragraph) =>
      element("p", { dir: "auto" }, ...this.#parts(paragraph))
    );
    return element("div", { class: "vt-said" }, ...paragraphs);
  }

  /** @param {string} text */
  #parts(text) {
    return mentions(text, this.does.duration()).map((part) => {
      if (part.kind === "text") return part.text;
      if (part.kind === "link") return outside(part.href, part.text);
      const label = `${part.text}: play from ${spokenTime(part.seconds)}`;
      const button = element(
        "button",
        { type: "button", class: "vt-moment", "aria-label": label },
        part.text,
      );
      button.addEventListener("click", () => this.#play(part.seconds));
      return button;
    });
  }

  /** @param {number} seconds */
  #play(seconds) {
    this.root.close();
    this.does.play(seconds);
  }
}

/** @param {Transcript} transcript */
function facts({ channel, published, duration, length, views, url }) {
  const lasts = duration ?? length;
  const address = webAddress(url);
  const source = address && outside(address, new URL(address).hostname.replace(/^www\./, ""), icon("out"));
  /** @type {[string, Node | string | null][]} */
  const all = [
    ["Channel", channel && element("bdi", {}, channel)],
    ["Published", published && element("time", { datetime: isoDay(published) }, formatDay(published))],
    ["Length", lasts === null ? null : formatLength(lasts)],
    ["Views", views === null ? null : views.toLocaleString()],
    ["Source", source],
  ];
  const known = all.flatMap(([name, value]) =>
    value ? [element("div", {}, element("dt", {}, name), element("dd", {}, value))] : []
  );
  return element("dl", { class: "vt-facts" }, ...known);
}

/**
 * @param {string} title
 * @param {Node[]} content
 */
function section(title, ...content) {
  return element("section", {}, element("h3", {}, title), ...content);
}

/**
 * A link that leads away.
 * @param {string} href
 * @param {(Node | string)[]} content
 */
function outside(href, ...content) {
  return element("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...content);
}

/**
 * "21 votes", "1 vote"; "" where the number is not known.
 * @param {number | null | undefined} count
 * @param {string} one
 * @param {string} many
 */
function counted(count, one, many) {
  if (count === null || count === undefined) return "";
  return `${count.toLocaleString()} ${Math.abs(count) === 1 ? one : many}`;
}

/**
 * The day for machines, if it is one.
 * @param {string} date
 */
function isoDay(date) {
  return /^\d{4}-\d{2}-\d{2}/.exec(date)?.[0] ?? null;
}
