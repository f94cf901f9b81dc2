/** What people write into a comment or a description that leads somewhere: times and links. */

import { parseTime } from "./time.js";

/**
 * @typedef {{kind: "text", text: string} | {kind: "link", text: string, href: string}
 *   | {kind: "time", text: string, seconds: number}} Part
 */

const CLOCK = String.raw`\d{1,3}:[0-5]\d(?::[0-5]\d)?`;
const UNITS = String
  .raw`(?:\d{1,3}\s?h\s?)?\d{1,3}\s?m(?:in)?\s?[0-5]?\d\s?s(?:ec)?|\d{1,2}\s?h\s?[0-5]?\d\s?m(?:in)?`;
/** "3:16 pm" is a time of the day. */
const OF_DAY = String.raw`\s?(?:[ap]\.?m\b|uhr|o['’]clock|utc|gmt)`;

const MENTION = new RegExp(
  String.raw`(?<link>https?://[^\s\p{Cc}\p{Cf}<>"“”，。、！？）」』】]+)` +
    String.raw`|(?<![\p{L}\p{N}_:]|\d[.,/])(?<time>${CLOCK}|${UNITS})(?![\p{L}\p{N}_]|[:.,/]\d|${OF_DAY})`,
  "giu",
);

/** What ends a sentence, or a bracket around it, is no part of an address. */
const AFTER_LINK = /[.,;:!?'’»…\]*_]+$/u;

/**
 * A text cut at its times and links; joined again it is the text.
 * @param {string} text
 * @param {number | null} duration of the recording, seconds: a later time is none of its
 * @returns {Part[]}
 */
export function mentions(text, duration) {
  /** @type {Part[]} */
  const parts = [];
  let until = 0;
  for (const { index, groups } of text.matchAll(MENTION)) {
    const part = groups?.link ? link(groups.link) : time(groups?.time ?? "", duration);
    if (!part) continue;
    if (index > until) parts.push({ kind: "text", text: text.slice(until, index) });
    parts.push(part);
    until = index + part.text.length;
  }
  if (until < text.length) parts.push({ kind: "text", text: text.slice(until) });
  return parts;
}

/**
 * @param {string} found
 * @returns {Part | null}
 */
function link(found) {
  let text = found.replace(AFTER_LINK, "");
  while (text.endsWith(")") && text.split(")").length > text.split("(").length) {
    text = text.slice(0, -1).replace(AFTER_LINK, "");
  }
  const href = webAddress(text);
  return href ? { kind: "link", text, href } : null;
}

/**
 * @param {string} written
 * @param {number | null} duration
 * @returns {Part | null}
 */
function time(written, duration) {
  const plain = written.toLowerCase().replaceAll(/\s/g, "").replace("min", "m").replace("sec", "s");
  const seconds = parseTime(plain);
  if (seconds === null || duration === null || seconds > duration) return null;
  return { kind: "time", text: written, seconds };
}

/**
 * The address, if it is one of the web's that hides nothing: no `javascript:`, no name before an "@".
 * @param {string | null} address
 * @returns {string | null}
 */
export function webAddress(address) {
  const url = address && URL.canParse(address) ? new URL(address) : null;
  if (!url || !["http:", "https:"].includes(url.protocol) || url.username || url.password) return null;
  return url.href;
}
