/** Notes as files to take along: Markdown, a table, JSON; each note with a link to its moment. */

/** @import { PlacedNote } from "./note-places.js" */

import { linkTo } from "./sharing.js";
import { formatClock } from "./time.js";

const COLUMNS = ["time", "start", "end", "quote", "note", "colour", "link", "created", "modified"];

/** A table's program takes a cell that begins so for something to work out. */
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/u;
const LINE_END = /\r\n|\r|\n/;

/**
 * @typedef {object} Exported
 * @property {string} episode
 * @property {string} title
 * @property {PlacedNote[]} notes
 */

/** By a file name's ending: its label, its kind, and what writes it. */
export const EXPORTS = {
  md: { label: "Markdown", kind: "text/markdown", write: markdown },
  csv: { label: "CSV", kind: "text/csv", write: table },
  json: { label: "JSON", kind: "application/json", write: json },
};

/** @param {Exported} exported */
function markdown({ episode, title, notes }) {
  const blocks = [`# Notes on ${title.split(LINE_END).map(escapedLine).join(" ")}`];
  for (const placed of notes) {
    const { quote, text } = placed.note;
    blocks.push(`## [${formatClock(placed.start)}](${link(episode, placed)})`);
    if (quote) blocks.push(escaped(quote).split("\n").map((line) => `> ${line}`.trimEnd()).join("\n"));
    if (text) blocks.push(escaped(text));
  }
  return `${blocks.join("\n\n")}\n`;
}

/** @param {Exported} exported */
function table({ episode, notes }) {
  const rows = notes.map((placed) => {
    const { quote, text, colour, created, modified } = placed.note;
    const times = [formatClock(placed.start), placed.start.toFixed(3), placed.end.toFixed(3)];
    return [...times, cell(quote), cell(text), colour, link(episode, placed), created, modified];
  });
  const written = [COLUMNS, ...rows].map((row) =>
    row.map((value) => `"${value.replaceAll('"', '""')}"`).join()
  );
  // By the mark a table's program knows that it is UTF-8.
  return `\ufeff${written.join("\r\n")}\r\n`;
}

/** @param {Exported} exported */
function json({ episode, title, notes }) {
  const listed = notes.map((placed) => {
    const { note, start, end } = placed;
    return { ...note, start, end, link: link(episode, placed) };
  });
  return `${JSON.stringify({ version: 1, title, notes: listed }, null, 1)}\n`;
}

/**
 * @param {string} episode
 * @param {PlacedNote} placed
 */
function link(episode, { start, end }) {
  return linkTo(location.href, { episode, start, end: end > start ? end : null });
}

/** @param {string} text */
function cell(text) {
  return FORMULA.test(text) ? `'${text}` : text;
}

/**
 * The text as Markdown that shows it as it is.
 * @param {string} text
 */
function escaped(text) {
  const lines = text.split(LINE_END).map(escapedLine);
  // A line that ends in the middle of a paragraph ends there on the page, too.
  return lines.map((line, index) => line && lines[index + 1] ? `${line}\\` : line).join("\n");
}

/** @param {string} line */
function escapedLine(line) {
  const shown = line.trim().replace(/[\\`*_[\]<>&~|!$]/g, "\\$&");
  return shown.replace(/^(\d*)([#+\-=.)])/, (whole, digits, sign) => {
    const isMarkup = digits ? ".)".includes(sign) : "#+-=".includes(sign);
    return isMarkup ? `${digits}\\${sign}` : whole;
  });
}
