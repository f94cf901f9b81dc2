/** What is copied when somebody quotes: the words as they stand, who says them, when, in what, and a link. */

/** @import { Line } from "./transcript.js" */
/** @import { Hit } from "./search.js" */

import { joint } from "./paragraphs.js";
import { formatClock } from "./time.js";

/**
 * @typedef {"text" | "markdown" | "html"} QuoteFormat
 *
 * @typedef {object} Said
 * @property {string | null} speaker null where it is not known, or still the same
 * @property {string} text
 *
 * @typedef {object} Quotation
 * @property {Said[]} said turn by turn
 * @property {string} title of the episode
 * @property {number} start seconds
 * @property {string} link
 */

/** The formats on offer, as they are called. */
export const QUOTE_FORMATS =
  /** @type {const} */ ({ text: "Plain text", markdown: "Markdown", html: "HTML" });

/**
 * What is said from one place to another, turn by turn.
 * @param {Line[]} lines
 * @param {Hit} place
 * @returns {Said[]}
 */
export function saidIn(lines, { line: first, from, endLine, to }) {
  /** @type {Said[]} */
  const said = [];
  /** @type {Line | null} */
  let before = null;
  for (let index = first; index <= endLine; index++) {
    const line = lines[index];
    const text = line.text.slice(index === first ? from : 0, index === endLine ? to : undefined);
    if (!text.trim()) continue;
    if (before && before.turn === line.turn && before.speaker === line.speaker) {
      said[said.length - 1].text += joint(before.text, text) + text;
    } else said.push({ speaker: line.speaker === before?.speaker ? null : line.speaker, text });
    before = line;
  }
  return said.map(({ speaker, text }) => ({ speaker, text: text.trim() }));
}

/**
 * A quotation in a format; `html` is null where that format is text.
 * @param {QuoteFormat} format
 * @param {Quotation} quotation
 * @returns {{text: string, html: string | null}}
 */
export function writeQuotation(format, quotation) {
  if (format === "markdown") return { text: asMarkdown(quotation), html: null };
  return { text: asText(quotation), html: format === "html" ? asHtml(quotation) : null };
}

/**
 * One voice is named below the words, several before their own.
 * @param {Said[]} said
 */
function onlySpeaker(said) {
  return said.some(({ speaker }, index) => index > 0 && speaker) ? null : said[0]?.speaker ?? null;
}

/** @param {Quotation} quotation */
function asText({ said, title, start, link }) {
  const only = onlySpeaker(said);
  const words = said.map(({ speaker, text }) => `${speaker && !only ? `${speaker}: ` : ""}“${text}”`);
  const source = [only, title, formatClock(start)].filter(Boolean).join(", ");
  return `${words.join("\n")}\n— ${source}\n${link}`;
}

/** @param {Quotation} quotation */
function asMarkdown({ said, title, start, link }) {
  const only = onlySpeaker(said);
  const words = said.map(({ speaker, text }) =>
    `> ${speaker && !only ? `**${plainMarkdown(speaker)}:** ` : ""}${plainMarkdown(text)}`
  );
  const address = link.replaceAll("(", "%28").replaceAll(")", "%29");
  const source = `[${plainMarkdown(title)}, ${formatClock(start)}](${address})`;
  return `${words.join("\n>\n")}\n\n— ${only ? `${plainMarkdown(only)}, ` : ""}${source}`;
}

/** @param {Quotation} quotation */
function asHtml({ said, title, start, link }) {
  const only = onlySpeaker(said);
  const words = said.map(({ speaker, text }) =>
    `<p dir="auto">${speaker && !only ? `<b>${plainHtml(speaker)}:</b> ` : ""}${plainHtml(text)}</p>`
  );
  const source = `<cite>${plainHtml(title)}</cite>, <a href="${plainHtml(link)}">${formatClock(start)}</a>`;
  return `<blockquote cite="${plainHtml(link)}">${words.join("")}</blockquote>` +
    `<p>— ${only ? `${plainHtml(only)}, ` : ""}${source}</p>`;
}

/**
 * Text that Markdown shows as it is.
 * @param {string} text
 */
export function plainMarkdown(text) {
  return text
    .replaceAll(/\s*[\r\n\u2028\u2029]+\s*/g, " ")
    .replaceAll(/[\\`*_[\]<>~|]|&(?=[#\w])/g, "\\$&")
    .replace(/^([#+=-])/, "\\$1")
    .replace(/^(\d+)([.)])(?=\s|$)/, "$1\\$2");
}

/**
 * Text that HTML shows as it is, between tags and in attributes.
 * @param {string} text
 */
export function plainHtml(text) {
  const marks = new Map([["&", "&amp;"], ["<", "&lt;"], [">", "&gt;"], ['"', "&quot;"], ["'", "&#39;"]]);
  return text.replaceAll(/[&<>"']/g, (mark) => marks.get(mark) ?? mark);
}

/**
 * A link to a time in the original video, null where that is not on YouTube.
 * @param {string | null} address where the recording is from
 * @param {number} seconds
 * @returns {string | null}
 */
export function originalLink(address, seconds) {
  const url = address && URL.canParse(address) ? new URL(address) : null;
  if (!url || !["http:", "https:"].includes(url.protocol)) return null;
  const host = url.hostname.replace(/^(?:www|m|music)\./, "");
  const path = url.pathname.split("/");
  const named = ["shorts", "embed", "live", "v"].includes(path[1]) ? path[2] : url.searchParams.get("v");
  const isYouTube = host === "youtube.com" || host === "youtube-nocookie.com";
  const id = host === "youtu.be" ? path[1] : isYouTube ? named : null;
  if (!id || !/^[\w-]{11}$/.test(id)) return null;
  return `https://www.youtube.com/watch?v=${id}&t=${Math.floor(seconds + 1e-6)}s`;
}
