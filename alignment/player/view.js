/** The transcript's elements: paragraphs of lines, each line with one text node and one button for its time. */

/** @import { Transcript, Line } from "./transcript.js" */
/** @import { Gap } from "./gaps.js" */
/** @import { Block, ParagraphBlock } from "./paragraphs.js" */

import { element } from "./dom.js";
import { arrange, joint } from "./paragraphs.js";
import { formatClock, formatLength, spokenTime } from "./time.js";

/** Line height of the text in em, as in the stylesheet; to foretell how high a chunk will be. */
const ROW_EM = 1.7;

/** Characters of a line that are said where it has no time to be called by. */
const SAID = 40;

/** How a line got its time; null where it was found in the audio. */
const REMARKS = {
  aligned: null,
  interpolated: "Time estimated from the lines around it",
  not_in_audio: "Not in the audio",
  pending: "No time yet",
};

const CORRECTED = { text: "words", lines: "beginning or end", time: "time", absent: "not in the audio" };

/**
 * What a line says of itself on hover; null where there is nothing to say.
 * @param {Line} line
 */
function remarkOn({ status, corrected }) {
  const what = corrected.map((mark) => CORRECTED[mark]).join(", ");
  return [REMARKS[status ?? "aligned"], what && `Corrected: ${what}`].filter(Boolean).join(". ") || null;
}

export class TranscriptView {
  /** @type {HTMLElement[]} */
  lines = [];
  /** @type {Text[]} */
  texts = [];
  /** @type {HTMLElement[]} */
  gaps = [];
  /** @type {HTMLButtonElement[]} one a line */
  times = [];
  /** @type {HTMLButtonElement[]} those of the lines and the gaps, from top to bottom */
  stops = [];
  #range = document.createRange();
  /** @type {HTMLElement | null} */
  #current = null;
  /** @type {HTMLElement | null} */
  #pointed = null;

  /**
   * @param {Transcript} transcript
   * @param {number} width pixels that a row of text may take
   */
  constructor(transcript, width) {
    this.transcript = transcript;
    this.root = element("div", { class: "vt-transcript", lang: transcript.language });
    const rowLength = Math.max(20, Math.min(66, width / 8.4));
    for (const blocks of arrange(transcript)) {
      const rows = blocks.reduce((sum, block) => sum + this.#rows(block, rowLength), 0);
      const chunk = element("div", { class: "vt-chunk" }, ...blocks.map((block) => this.#block(block)));
      chunk.style.containIntrinsicBlockSize = `auto ${(rows * ROW_EM).toFixed(1)}em`;
      this.root.append(chunk);
    }
  }

  /**
   * @param {Block} block
   * @param {number} rowLength characters
   */
  #rows(block, rowLength) {
    if (block.kind === "chapter") return 3;
    if (block.kind === "gap") return 2;
    let length = 0;
    for (let line = block.from; line < block.to; line++) {
      length += this.transcript.lines[line].text.length + 1;
    }
    return Math.ceil(length / rowLength) + 0.7 + (block.speaker ? 1 : 0);
  }

  /** @param {Block} block */
  #block(block) {
    if (block.kind === "chapter") return element("h2", { class: "vt-chapter", dir: "auto" }, block.title);
    if (block.kind === "gap") return this.#gap(block.gap, this.transcript.gaps[block.gap]);
    return this.#paragraph(block);
  }

  /** @param {ParagraphBlock} block */
  #paragraph({ from, to, speaker }) {
    const { lines } = this.transcript;
    const paragraph = element("p", { class: "vt-paragraph", dir: "auto" });
    // A <bdi> does not take part in finding the paragraph's direction.
    if (speaker) paragraph.append(element("bdi", { class: "vt-speaker" }, speaker));
    for (let index = from; index < to; index++) {
      if (index > from) paragraph.append(joint(lines[index - 1].text, lines[index].text));
      paragraph.append(this.#line(index, lines[index]));
    }
    return paragraph;
  }

  /**
   * @param {number} index
   * @param {Line} line
   */
  #line(index, line) {
    const remark = remarkOn(line);
    const flags = [
      REMARKS[line.status ?? "aligned"] && `vt-${line.status}`,
      line.corrected[0] && "vt-corrected",
    ];
    const text = document.createTextNode(line.text);
    const time = line.start === null
      ? element("button", {
        type: "button",
        class: "vt-time",
        tabindex: -1,
        "aria-disabled": "true",
        // Without a time it is told from others by how it begins.
        "aria-label": `${remark}: ${line.text.slice(0, SAID)}`,
        "data-time": "–",
      })
      : element("button", {
        type: "button",
        class: "vt-time",
        tabindex: -1,
        "aria-label": `Play from ${spokenTime(line.start)}${remark ? `. ${remark}` : ""}`,
        "data-time": formatClock(line.start),
      });
    const made = element(
      "span",
      {
        class: ["vt-line", ...flags].filter(Boolean).join(" "),
        "data-line": index,
        title: remark,
      },
      time,
      text,
    );
    this.lines.push(made);
    this.texts.push(text);
    this.times.push(time);
    this.stops.push(time);
    return made;
  }

  /**
   * @param {number} index
   * @param {Gap} gap
   */
  #gap(index, gap) {
    const length = formatLength(gap.end - gap.start);
    const time = element("button", {
      type: "button",
      class: "vt-time",
      tabindex: -1,
      "aria-label": `Play from ${spokenTime(gap.start)}`,
      "data-time": formatClock(gap.start),
    });
    const made = element("p", { class: "vt-gap", "data-gap": index }, time);
    if (gap.heard === null) {
      made.append(element("span", {}, `No speech for ${length}`));
    } else {
      made.classList.add("vt-unwritten");
      made.append(element("span", {}, `Not in the transcript, ${length}`));
      if (gap.heard) {
        made.append(element("q", { dir: "auto", title: "As the recogniser heard it" }, gap.heard));
      }
    }
    this.gaps.push(made);
    this.stops.push(time);
    return made;
  }

  /**
   * Mark what is current.
   * @param {number | null} cue a line's index, the complement of a gap's, or null for nothing
   */
  mark(cue) {
    this.#current?.removeAttribute("aria-current");
    this.#current = cue === null ? null : this.elementOf(cue);
    this.#current?.setAttribute("aria-current", "true");
  }

  /**
   * Frame what is to be looked at, until something else is.
   * @param {number | null} cue null for nothing
   */
  point(cue) {
    this.#pointed?.removeAttribute("data-checked");
    this.#pointed = cue === null ? null : this.elementOf(cue);
    this.#pointed?.setAttribute("data-checked", "");
  }

  /** @param {number} cue */
  elementOf(cue) {
    return cue >= 0 ? this.lines[cue] : this.gaps[~cue];
  }

  /**
   * Where a cue, or a word in it, is on the screen. For a line without a word given: its first row.
   * @param {number} cue
   * @param {number} word index of a word of that line, or -1
   */
  rectOf(cue, word) {
    if (cue < 0) return this.gaps[~cue].getBoundingClientRect();
    const text = this.texts[cue];
    const [from, to] = word >= 0
      ? [this.transcript.wordFroms[word], this.transcript.wordTos[word]]
      : [0, Math.min(1, text.length)];
    this.#range.setStart(text, Math.min(from, text.length));
    this.#range.setEnd(text, Math.min(to, text.length));
    const rect = this.#range.getBoundingClientRect();
    return rect.height ? rect : this.lines[cue].getBoundingClientRect();
  }

  /**
   * The line or gap that an event's target is in, as a cue; null where it is in none.
   * @param {EventTarget | null} target
   * @returns {number | null}
   */
  cueOf(target) {
    const inside = target instanceof Element ? target : target instanceof Text ? target.parentElement : null;
    /** @type {HTMLElement | null | undefined} */
    const found = inside?.closest("[data-line], [data-gap]");
    if (!found || !this.root.contains(found)) return null;
    return found.dataset.line === undefined ? ~Number(found.dataset.gap) : Number(found.dataset.line);
  }
}
